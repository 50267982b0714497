"""What a sampling plan comes to in a period: capacity, allocation, and how sure rates will be."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from pathlib import Path

import polars as pl

from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.pipeline.sample_frame import judged_frame, nothing_judged, seen_by_people
from qa_pipeline.sampling.allocation import smoothed_spread
from qa_pipeline.sampling.assign import Work, able_reviewers
from qa_pipeline.sampling.capacity import Days, random_calls, review_min, reviews_a_day
from qa_pipeline.sampling.cells import Cell, cells_of
from qa_pipeline.sampling.expect import Expected, all_expected, groups_expected
from qa_pipeline.sampling.members import design_of, members_of, reason_of, unknown_columns
from qa_pipeline.sampling.plan import SamplingPlan
from qa_pipeline.sampling.plan_load import LoadedPlan
from qa_pipeline.sampling.strata import NO_VALUE
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from qa_pipeline.texts import Text

#: A month whose last call lies further from its end than this is not over.
_OPEN_DAYS = 3
_NOT_REVIEWED = Text(
    en="nobody has reviewed such calls yet: the intervals are the widest that may come out",
    zh="此类通话尚无人工复核：所示区间为可能出现的最宽区间",
)


@dataclass(frozen=True, slots=True)
class PlannedCapacity:
    """What reviewers can hear and what the plan asks of them, in calls of the period.

    `reviews_a_day` and `n_hearings` are None where the plan names no reviewers. `n_targeted` is
    the most that flags may add, None where a flag has no limit.
    """

    n_calls: int
    calls_a_day: float
    mean_min: float
    review_min: float
    reviews_a_day: int | None
    n_hearings: int | None
    n_wanted: int
    n_random: int
    n_double: int
    n_targeted: int | None

    @property
    def n_short(self) -> int:
        """Hearings that the plan asks for beyond what reviewers can do."""
        if self.n_hearings is None:
            return 0
        return max(0, self.n_random + self.n_double + (self.n_targeted or 0) - self.n_hearings)


@dataclass(frozen=True, slots=True)
class PlannedStratum:
    """A stratum's calls and how many of them are (expected to be) drawn, for one reason."""

    stratum: str
    reason: str
    n_population: int
    n_drawn: float


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan for `period`, reckoned with the calls of the month `volume_of`."""

    period: str
    volume_of: str
    capacity: PlannedCapacity
    strata: tuple[PlannedStratum, ...]
    groups: tuple[Expected, ...]
    overall: Expected
    notes: tuple[Text, ...]


def plan_period(
    store_path: Path, period: str, settings: Settings, loaded: LoadedPlan
) -> PlanReport:
    """Reckon what `loaded` comes to in a period; nothing is drawn or written.

    A period that is not over is reckoned with the calls of the month before, where there are any.
    Raises WrongUse where neither has judged calls.
    """
    checked_period(period)
    plan = loaded.plan
    with Store.open(store_path, database_url=settings.database_url) as store:
        calls, volume_of = _volume(store, period)
        if calls.is_empty():
            raise nothing_judged(store_path, period)
        n_days = monthrange(int(period[:4]), int(period[5:]))[1]
        levels = store.ledger.levels_in_force(date.fromisoformat(f"{period}-{n_days:02d}"))
        seen = seen_by_people(store, plan, period)
    members = members_of(calls, plan, levels, loaded.strata_at)
    spreads = {stratum: smoothed_spread(*counts) for stratum, counts in seen.items()}
    mean_min = float(calls.select(pl.col("duration_s").mean()).item()) / 60
    n_wanted = random_calls(plan, mean_min)
    whole = Days(n_days, 0, n_days)
    cells = cells_of(members, n_wanted, design_of(plan, members, {}, spreads, whole))
    rates = {stratum: (x + 1) / (m + 2) for stratum, (x, m) in seen.items()}
    groups = dict(calls.select("call_id", pl.col("group").fill_null(NO_VALUE)).iter_rows())
    capacity = _capacity(plan, calls, mean_min, n_wanted, cells)
    notes = [*_notes(plan, calls, capacity)] + ([] if seen else [_NOT_REVIEWED])
    return PlanReport(
        period=period,
        volume_of=volume_of,
        capacity=capacity,
        strata=_strata(cells),
        groups=groups_expected(cells, groups, rates),
        overall=all_expected(cells, rates, ""),
        notes=tuple(notes),
    )


def _volume(store: Store, period: str) -> tuple[pl.DataFrame, str]:
    calls = judged_frame(store, period)
    n_days = monthrange(int(period[:4]), int(period[5:]))[1]
    last = calls["local_date"].max()
    if isinstance(last, date) and last.day >= n_days - _OPEN_DAYS:
        return calls, period
    before = judged_frame(store, period_before(period))
    return (calls, period) if before.is_empty() else (before, period_before(period))


def _capacity(
    plan: SamplingPlan, calls: pl.DataFrame, mean_min: float, n_wanted: int, cells: Sequence[Cell]
) -> PlannedCapacity:
    a_day = reviews_a_day(mean_min, plan.capacity) if plan.capacity.reviewers else None
    n_random = sum(cell.n_drawn for cell in cells)
    limits = [rule.most for rule in plan.flagged]
    return PlannedCapacity(
        n_calls=calls.height,
        calls_a_day=calls.height / calls["local_date"].n_unique(),
        mean_min=mean_min,
        review_min=review_min(mean_min, plan.capacity),
        reviews_a_day=a_day,
        n_hearings=None if a_day is None else a_day * plan.capacity.days,
        n_wanted=n_wanted,
        n_random=n_random,
        n_double=floor(n_random * plan.double_review + 0.5),
        n_targeted=None if None in limits else sum(most or 0 for most in limits),
    )


def _strata(cells: Sequence[Cell]) -> tuple[PlannedStratum, ...]:
    sizes: Counter[tuple[str, str]] = Counter()
    drawn: dict[tuple[str, str], float] = {}
    for cell in cells:
        for stratum, n in Counter(member.stratum for member in cell.members).items():
            key = stratum, reason_of(cell.block)
            sizes[key] += n
            drawn[key] = drawn.get(key, 0.0) + cell.n_drawn * n / len(cell.members)
    return tuple(PlannedStratum(*key, sizes[key], drawn[key]) for key in sorted(sizes))


def _notes(plan: SamplingPlan, calls: pl.DataFrame, capacity: PlannedCapacity) -> Iterator[Text]:
    if capacity.n_random > capacity.n_wanted:
        yield Text(
            en=f"minimums, quotas and levels take {capacity.n_random} calls at random; the plan "
            f"wants {capacity.n_wanted}: use fewer strata or a lower per_agent, or raise calls",
            zh=f"各层下限、坐席配额与检验等级共需随机听 {capacity.n_random} 通，多于方案的 "
            f"{capacity.n_wanted} 通：请减少分层、降低 per_agent 或提高 calls",
        )
    if capacity.n_short:
        yield Text(
            en=f"reviewers can hear {capacity.n_hearings} calls; the plan asks for "
            f"{capacity.n_short} more: lower calls or double_review, or add hours",
            zh=f"质检员共能听 {capacity.n_hearings} 通，方案还多出 {capacity.n_short} 通："
            "请降低 calls 或 double_review，或增加工时",
        )
    for name in unknown_columns(calls, plan):
        yield Text(
            en=f"focus: no call has the column {name}; its rules find nothing",
            zh=f"重点：没有任何通话含有列 {name}，相关规则不起作用",
        )
    yield from _idle_reviewers(plan, calls)


def _idle_reviewers(plan: SamplingPlan, calls: pl.DataFrame) -> Iterator[Text]:
    """Yield who may hear none of the calls, and the calls that nobody may hear."""
    if not plan.capacity.reviewers:
        return
    kinds = calls.group_by("language", "group").agg(pl.len().alias("n")).iter_rows(named=True)
    n_of: Counter[str] = Counter()
    n_nobody = 0
    for kind in kinds:
        work = Work("", 0.0, kind["language"], kind["group"], None)
        able = able_reviewers(work, plan)
        if isinstance(able, str):
            n_nobody += kind["n"]
        else:
            n_of.update(dict.fromkeys(able, kind["n"]))
    for reviewer in plan.capacity.reviewers:
        if not n_of[reviewer.name]:
            yield Text(
                en=f"{reviewer.name} may hear none of these calls: look at languages and team",
                zh=f"{reviewer.name} 没有可听的通话：请检查 languages 与 team",
            )
    if n_nobody:
        yield Text(
            en=f"{n_nobody} calls may be heard by nobody: look at languages and teams",
            zh=f"{n_nobody} 通没有人可听：请检查 languages 与 team",
        )
