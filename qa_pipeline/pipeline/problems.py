"""A month's common and individual problems from a store, what they call for, and what helped."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa_pipeline.aggregate.followup import (
    CoachingItem,
    FollowUp,
    TrainingNeed,
    coaching_items,
    follow_up,
    training_needs,
)
from qa_pipeline.aggregate.spread import Spread, spread_of, spread_since
from qa_pipeline.aggregate.tally import tally_of
from qa_pipeline.pipeline.month import month_tables, targets_kept
from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.pipeline.sample_frame import nothing_judged
from qa_pipeline.settings import Settings
from qa_pipeline.store import CoachingRow, Store, TrainingRow


@dataclass(frozen=True, slots=True)
class Problems:
    """A month's problems, items for them (`n_new` kept), and last month's items followed up."""

    period: str
    spread: tuple[Spread, ...]
    coaching: tuple[CoachingItem, ...]
    training: tuple[TrainingNeed, ...]
    followed_up: tuple[FollowUp, ...]
    n_new: int


def run_problems(
    store_path: Path, period: str, settings: Settings, *, propose: bool = False
) -> Problems:
    """Tell common from individual problems; with `propose`, keep an item for each.

    Keeping again adds nothing. Raises WrongUse where nothing of the period was judged.
    """
    before = period_before(checked_period(period))
    with Store.open(store_path, database_url=settings.database_url) as store:
        tables = month_tables(store, period)
        tally, last = tally_of(tables), tally_of(month_tables(store, before))
        if tally.verdicts.is_empty():
            raise nothing_judged(store_path, period)
        spread = spread_of(tally)
        if not last.verdicts.is_empty():
            spread = spread_since(spread, spread_of(last), ())
        coaching, training = coaching_items(spread, tables), training_needs(spread)
        found = follow_up(targets_kept(store, before), last, tally)
        n_new = _kept(store, period, coaching, training) if propose else 0
    return Problems(period, spread, coaching, training, found, n_new)


def _kept(
    store: Store, period: str, items: tuple[CoachingItem, ...], needs: tuple[TrainingNeed, ...]
) -> int:
    now = datetime.now(UTC)
    return store.ledger.propose(
        [
            CoachingRow(
                period, item.agent.agent_id, item.scorecard_id, item.criterion, item.call_id,
                asdict(item.agent), now,
            )
            for item in items
        ],
        [
            TrainingRow(
                period, need.scorecard_id, need.criterion, need.severity, asdict(need), now
            )
            for need in needs
        ],
    )  # fmt: skip
