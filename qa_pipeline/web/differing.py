"""Where verdicts differ: two people on one call, or a person and the machine.

A reviewer's own last revision counts, not a lead's correction of it; who could not tell, does not
differ.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from qa_pipeline.records import Outcome
from qa_pipeline.store.review.submitting import Review
from qa_pipeline.web.office import Office

Kind = Literal["double", "machine"]
#: Outcomes that say something.
TELLING: Final = ("pass", "fail", "not_applicable")
_CHUNK: Final = 400
MACHINE: Final = ""


@dataclass(frozen=True, slots=True)
class Differing:
    """A criterion of a call that was judged differently. `said` is by reviewer, "" the machine."""

    call_id: str
    scorecard_id: str
    criterion: str
    group: str | None
    agent_id: str | None
    said: tuple[tuple[str, Outcome], ...]

    @property
    def line(self) -> tuple[str, str, str]:
        """What an answer is kept under."""
        return self.call_id, self.scorecard_id, self.criterion


@dataclass(frozen=True, slots=True)
class _Machine:
    outcome: Outcome
    group: str | None
    agent_id: str | None


Sheets = Mapping[tuple[str, str], Mapping[str, Review]]


def own_reviews(office: Office, period: str) -> Sheets:
    """Return each reviewer's own last revision by (call, scorecard), then reviewer."""
    ids = sorted({review.call_id for review in office.store.ledger.reviews(period)})
    found: dict[tuple[str, str], dict[str, Review]] = defaultdict(dict)
    for i in range(0, len(ids), _CHUNK):
        for review in office.reviews.of_calls(ids[i : i + _CHUNK]):
            if review.author is None:
                found[review.call_id, review.scorecard_id][review.reviewer] = review
    return found


def differing_of(office: Office, period: str, kind: Kind) -> list[Differing]:
    """Return what differs in a period, by call."""
    sheets = own_reviews(office, period)
    machine = _machine(office, period, sorted({call_id for call_id, _ in sheets}))
    found: list[Differing] = []
    for (call_id, scorecard_id), by_reviewer in sorted(sheets.items()):
        if kind == "double" and len(by_reviewer) < 2:
            continue
        for criterion, said in _said(by_reviewer):
            judged = machine.get((call_id, scorecard_id, criterion))
            if judged is None:
                continue
            every = [*said, (MACHINE, judged.outcome)]
            compared = said if kind == "double" else every
            if _differ(compared, with_machine=kind == "machine"):
                shown = tuple((who, outcome) for who, outcome in every)
                labels = judged.group, judged.agent_id
                found.append(Differing(call_id, scorecard_id, criterion, *labels, shown))
    return found


def _said(by_reviewer: Mapping[str, Review]) -> Iterator[tuple[str, list[tuple[str, Outcome]]]]:
    criteria = {name for review in by_reviewer.values() for name in review.verdicts}
    for criterion in sorted(criteria):
        yield (
            criterion,
            [
                (reviewer, review.verdicts[criterion])
                for reviewer, review in sorted(by_reviewer.items())
                if criterion in review.verdicts
            ],
        )


def _differ(said: Sequence[tuple[str, Outcome]], *, with_machine: bool) -> bool:
    telling = [(who, outcome) for who, outcome in said if outcome in TELLING]
    if not with_machine:
        return len({outcome for _, outcome in telling}) > 1
    machine = [outcome for who, outcome in telling if who == MACHINE]
    return bool(machine) and any(o != machine[0] for who, o in telling if who != MACHINE)


def _machine(
    office: Office, period: str, call_ids: Sequence[str]
) -> dict[tuple[str, str, str], _Machine]:
    columns = ("call_id", "scorecard_id", "criterion", "outcome", "group", "agent_id")
    rows = office.store.read("verdicts", period, columns=columns)
    wanted = rows.filter(pl.col("call_id").is_in(call_ids))
    return {
        (call_id, scorecard_id, criterion): _Machine(outcome, group, agent_id)
        for call_id, scorecard_id, criterion, outcome, group, agent_id in wanted.iter_rows()
    }
