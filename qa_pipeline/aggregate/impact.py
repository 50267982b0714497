"""What an edited scorecard does to a month: the same calls judged by two versions, side by side.

Rates are 0-1 and of the calls that both versions decide; what either leaves to people, or does not
apply to, is counted apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from qa_pipeline.records import Outcome, Verdict
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.statistics.multiple import benjamini_hochberg
from qa_pipeline.statistics.paired import Pairs, paired_change, paired_p
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

#: What a version makes of a call; `outside`: its `applies_to` or language does not match.
State = Literal["pass", "fail", "undecided", "outside"]
STATES: tuple[State, ...] = ("pass", "fail", "undecided", "outside")
#: A criterion's outcome, None where the version does not have the criterion.
Judged = Outcome | None
#: How a criterion came to weigh more or less on a call whose outcome it had before, too.
Change = Literal["fatal", "not_fatal", "points"]

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Flow:
    """How many calls went from one state to another (or stayed)."""

    before: State
    now: State
    n: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A criterion's verdict on one call, by both versions; None where a version lacks it."""

    criterion: str
    before: Verdict | None
    now: Verdict | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A call on which the two versions disagree, with the verdicts that are its evidence.

    `moved` are the criteria whose outcome is another one, `weighed` those that decided although
    theirs is not: their class or points are others, or they lost the points that the other version
    could spare. `turns` are those of both that turned the call, empty where a limit alone did.
    `started_at` is aware.
    """

    call_id: str
    group: str | None
    agent_id: str | None
    started_at: datetime | None
    duration_s: float
    before: State
    now: State
    score_before: float | None
    score_now: float | None
    coverage_before: float | None
    coverage_now: float | None
    moved: tuple[Moved, ...]
    weighed: tuple[Moved, ...]
    turns: tuple["Turn", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A criterion's outcomes before and now."""

    criterion: str
    before: Judged
    now: Judged


@dataclass(frozen=True, slots=True)
class Turn:
    """One criterion's part in a cause: its outcomes, and its weight where that changed instead."""

    criterion: str
    before: Judged
    now: Judged
    change: Change | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Calls that flipped the same way for the same criteria; `flips` are a few of those `n`."""

    before: State
    now: State
    steps: tuple[Turn, ...]
    n: int
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class PairedRate:
    """The pass rate of the same calls before and now; `q` is corrected for all groups at once."""

    before: float
    now: float
    difference: Interval
    p: float
    q: float

    @property
    def direction(self) -> Literal["up", "down"] | None:
        """Which way, None without evidence."""
        if self.q >= _ALPHA or self.difference.low <= 0 <= self.difference.high:
            return None
        return "up" if self.difference.value > 0 else "down"


@dataclass(frozen=True, slots=True)
class GroupImpact:
    """One group's calls (None: all groups), those left out that neither version applies to.

    `rate` is None below ten calls that both decide. Mean scores are of the calls that both scored.
    """

    group: str | None
    flows: tuple[Flow, ...]
    rate: PairedRate | None
    mean_score_before: float | None
    mean_score_now: float | None

    def n(self, before: Iterable[State], now: Iterable[State]) -> int:
        """Return the number of calls that went from one of `before` to one of `now`."""
        old, new = set(before), set(now)
        return sum(flow.n for flow in self.flows if flow.before in old and flow.now in new)

    @property
    def pairs(self) -> Pairs:
        """The calls that both decide."""
        return Pairs(
            n_both=self.n(("pass",), ("pass",)),
            n_only_now=self.n(("fail",), ("pass",)),
            n_only_before=self.n(("pass",), ("fail",)),
            n_neither=self.n(("fail",), ("fail",)),
        )

    @property
    def n_calls(self) -> int:
        """Calls that at least one version applies to."""
        return sum(flow.n for flow in self.flows)

    @property
    def n_decided_by_both(self) -> int:
        """Calls in the rates."""
        return self.pairs.n

    @property
    def n_now_pass(self) -> int:
        """Calls that failed before and pass now."""
        return self.pairs.n_only_now

    @property
    def n_now_fail(self) -> int:
        """Calls that passed before and fail now."""
        return self.pairs.n_only_before

    @property
    def n_undecided_before(self) -> int:
        """Calls that the old version leaves to people."""
        return self.n(("undecided",), STATES)

    @property
    def n_undecided_now(self) -> int:
        """Calls that the new version leaves to people."""
        return self.n(STATES, ("undecided",))

    @property
    def n_no_longer_covered(self) -> int:
        """Calls that only the old version applies to."""
        return self.n(("pass", "fail", "undecided"), ("outside",))

    @property
    def n_newly_covered(self) -> int:
        """Calls that only the new version applies to."""
        return self.n(("outside",), ("pass", "fail", "undecided"))


@dataclass(frozen=True, slots=True)
class ClassImpact:
    """Failed criteria of a severity class, and the calls that have one, before and now."""

    severity: str
    is_fatal: bool
    n_failed_before: int
    n_failed_now: int
    n_calls_before: int
    n_calls_now: int


@dataclass(frozen=True, slots=True)
class CriterionImpact:
    """A criterion's verdicts on the calls that both versions apply to; steps that moved first.

    `severity` is the new version's, the old one's where the criterion is gone.
    """

    criterion: str
    severity: str
    is_in_old: bool
    is_in_new: bool
    steps: tuple[tuple[Step, int], ...]

    def n(self, *, before: Judged = None, now: Judged = None) -> int:
        """Return how many calls had this outcome before, or have it now."""
        return sum(
            n
            for step, n in self.steps
            if (before is not None and step.before == before)
            or (now is not None and step.now == now)
        )

    @property
    def n_moved(self) -> int:
        """Verdicts that the two versions give differently; of a new or gone criterion, all."""
        return sum(n for step, n in self.steps if step.before != step.now)

    @property
    def n_failed_before(self) -> int:
        """Calls that failed it before."""
        return self.n(before="fail")

    @property
    def n_failed_now(self) -> int:
        """Calls that fail it now."""
        return self.n(now="fail")

    @property
    def n_judged_before(self) -> int:
        """Calls that it was judged on before."""
        return self.n(before="fail") + self.n(before="pass")

    @property
    def n_judged_now(self) -> int:
        """Calls that it is judged on now."""
        return self.n(now="fail") + self.n(now="pass")

    @property
    def n_not_measured_before(self) -> int:
        """Calls on which it was not measured before."""
        return self.n(before="not_measured")

    @property
    def n_not_measured_now(self) -> int:
        """Calls on which it is not measured now."""
        return self.n(now="not_measured")


@dataclass(frozen=True, slots=True)
class CardName:
    """Which scorecard version it was; `where` is what it was read from."""

    scorecard_id: str
    version: int
    sha256: str
    where: str


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole of it. `n_stored` calls lie in the period; `failed` are those that broke on us.

    Causes stand with the most frequent first, of each kind; `n_causes` counts those not kept too.
    """

    period: str
    old: CardName
    new: CardName
    n_stored: int
    n_outside: int
    failed: tuple[tuple[str, int], ...]
    overall: GroupImpact
    groups: tuple[GroupImpact, ...]
    classes: tuple[ClassImpact, ...]
    criteria: tuple[CriterionImpact, ...]
    causes: tuple[Cause, ...]
    n_causes: int

    @property
    def n_flipped(self) -> int:
        """Calls that pass by one version and fail by the other."""
        return self.overall.n_now_pass + self.overall.n_now_fail

    @property
    def n_moved(self) -> int:
        """Calls on which the versions disagree in any way, undecided ones among them."""
        states: tuple[State, ...] = ("pass", "fail", "undecided")
        same = sum(self.overall.n((state,), (state,)) for state in states)
        return self.overall.n(states, states) - same


def group_impact(
    group: str | None, flows: Mapping[tuple[State, State], int], scores: tuple[int, float, float]
) -> GroupImpact:
    """Return a group's figures; `scores` are the number of calls scored by both, and the sums."""
    n_scored, before, now = scores
    made = GroupImpact(
        group=group,
        flows=tuple(Flow(*key, flows[key]) for key in sorted(flows, key=_in_order)),
        rate=None,
        mean_score_before=before / n_scored if n_scored else None,
        mean_score_now=now / n_scored if n_scored else None,
    )
    pairs = made.pairs
    if pairs.n < MIN_EFFECTIVE_N:
        return made
    p = paired_p(pairs)
    return replace(made, rate=PairedRate(pairs.before, pairs.now, paired_change(pairs), p, p))


def corrected(groups: Sequence[GroupImpact]) -> tuple[GroupImpact, ...]:
    """Return the groups with `q` for looking them all over at once."""
    rates = [group.rate for group in groups if group.rate is not None]
    q = iter(benjamini_hochberg([rate.p for rate in rates]))
    return tuple(
        group if group.rate is None else replace(group, rate=replace(group.rate, q=next(q)))
        for group in groups
    )


def _in_order(flow: tuple[State, State]) -> tuple[int, int]:
    return STATES.index(flow[0]), STATES.index(flow[1])
