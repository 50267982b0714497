"""The figures of a month, as frozen values: every number that a report shows stands here."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

if TYPE_CHECKING:  # figures that stand beside the code that works them out, which needs these here
    from qa_pipeline.aggregate.calibration import Calibration
    from qa_pipeline.aggregate.detail import Listened
    from qa_pipeline.aggregate.followup import CoachingItem, FollowUp, TrainingNeed
    from qa_pipeline.aggregate.forecasts import PastMonth
    from qa_pipeline.aggregate.recordings import AgentRecordings
    from qa_pipeline.aggregate.spread import Spread

#: A change is shown as one only where chance alone would rarely (1 in 20) be its reason.
MAX_FALSE_DISCOVERY = 0.05

HumanStatus = Literal["no_sample", "unfinished", "too_few", "rate"]
CombinedStatus = Literal["no_sample", "unfinished", "too_few", "rate", "classical", "combined"]


@dataclass(frozen=True, slots=True)
class Change:
    """A rate against the month before: the difference with Newcombe's interval.

    `p` is of "nothing changed"; `q` is it after Benjamini-Hochberg over the figures compared.
    """

    before: Interval
    difference: Interval
    p: float
    q: float

    @property
    def direction(self) -> Literal["up", "down"] | None:
        """Which way the rate moved, None without evidence that it did."""
        if self.q > MAX_FALSE_DISCOVERY or self.difference.low <= 0 <= self.difference.high:
            return None
        return "up" if self.difference.value > 0 else "down"


@dataclass(frozen=True, slots=True)
class MachineRate:
    """The machine's verdicts on all calls. Undecided calls leave the rate and are counted.

    `interval` is what chance would do to a month of as many calls; None without decided calls.
    `coverage` is the mean share of applicable points that could be judged, 0-1. `against_rest` is
    the rate against that of all other groups together (its `before` is theirs).
    """

    n_calls: int
    n_passed: int
    n_failed: int
    interval: Interval | None
    coverage: float | None = None
    change: Change | None = None
    against_rest: Change | None = None
    forecast: Interval | None = None

    @property
    def n_decided(self) -> int:
        """Calls that passed or failed."""
        return self.n_passed + self.n_failed

    @property
    def n_undecided(self) -> int:
        """Calls on which the machine gave no verdict."""
        return self.n_calls - self.n_decided

    @property
    def is_enough(self) -> bool:
        """Whether this may be shown as a rate."""
        return self.n_decided >= MIN_EFFECTIVE_N


@dataclass(frozen=True, slots=True)
class HumanRate:
    """People's verdicts on the random sample, weighted to all calls that it was drawn from.

    `n_framed` calls are in closed batches, `n_drawn` of them drawn, `n_reviewed` decided by people,
    `n_passed` of those passed (raw counts). `interval` is None unless `status` is "rate".
    "unfinished": a stratum has drawn calls and nobody has reviewed one yet; "too_few": what was
    reviewed says too little (`n_effective` where it is known), or a part of the group in a stratum
    that cuts through groups was never drawn.
    """

    n_framed: int
    n_drawn: int
    n_reviewed: int
    n_passed: int
    status: HumanStatus
    interval: Interval | None = None
    se: float | None = None
    n_effective: float | None = None
    change: Change | None = None
    forecast: Interval | None = None


@dataclass(frozen=True, slots=True)
class CombinedRate:
    """The rate of machine and people together: post-stratified by stratum and machine verdict.

    "classical": people's weighted rate stands in its place, since `n_thin_cells` cells have fewer
    than two reviews. `gain` is how many more reviews people alone would need for the same error
    (0.5: half as many again); None where an error is not known.
    """

    status: CombinedStatus
    interval: Interval | None = None
    se: float | None = None
    n_effective: float | None = None
    gain: float | None = None
    n_thin_cells: int = 0
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class RawCounts:
    """Calls that people decided, as counted: of the random sample, and targeted ones. No rate."""

    n_reviewed: int
    n_passed: int
    n_targeted: int
    n_targeted_passed: int


@dataclass(frozen=True, slots=True)
class SeverityCount:
    """Criteria failed in a class, and the calls they stand in. `n_before`: failed last month.

    `change` is of the share of calls with a failure of the class (up is worse).
    """

    severity: str
    is_fatal: bool
    n_failed: int
    n_calls: int
    n_before: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class GroupMonth:
    """One ACD group's month; `group` None means all groups together."""

    group: str | None
    n_failures: int
    machine: MachineRate
    human: HumanRate
    combined: CombinedRate
    raw: RawCounts
    severities: tuple[SeverityCount, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A call in which a criterion failed, with the first piece of evidence, if there is any."""

    call_id: str
    group: str
    agent_id: str | None
    local_date: date
    reason: str
    start_s: float | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """Failures of a criterion among the calls it was judged in, in one group."""

    group: str
    n_failed: int
    n_judged: int


@dataclass(frozen=True, slots=True)
class CriterionMonth:
    """One criterion's outcomes over all calls. `change` is of its failure share (up is worse)."""

    scorecard_id: str
    section: str
    criterion: str
    severity: str
    is_fatal: bool
    n_passed: int
    n_failed: int
    n_not_measured: int
    n_not_applicable: int
    n_pending: int
    commonest_reason_not_measured: str | None
    groups: tuple[Share, ...]
    examples: tuple[Example, ...]
    change: Change | None = None

    @property
    def n_judged(self) -> int:
        """Calls in which it passed or failed."""
        return self.n_passed + self.n_failed

    @property
    def failed_share(self) -> float | None:
        """Failures among judged calls, 0-1."""
        return self.n_failed / self.n_judged if self.n_judged else None


@dataclass(frozen=True, slots=True)
class ScorecardMonth:
    """A scorecard version as used: calls judged and the machine's rate under it alone."""

    scorecard_id: str
    version: int
    sha256: str
    machine: MachineRate


@dataclass(frozen=True, slots=True)
class StratumMonth:
    """A stratum of one closed batch: its calls, the drawn, the reviewed, and those that passed."""

    batch: str
    stratum: str
    n_population: int
    n_drawn: int
    n_reviewed: int
    n_passed: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Recordings that could not be evaluated, by reason."""

    stage: str
    code: str
    n_recordings: int
    message_en: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Findings of a counted signal in one group, and the calls they stand in."""

    group: str
    n_findings: int
    n_calls: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Findings of a signal that reports count and nothing judges. `n_before`: last month's."""

    signal: str
    n_findings: int
    n_calls: int
    groups: tuple[GroupCount, ...] = ()
    n_before: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the month the machine could judge.

    `mean_coverage` is over evaluations (points judged / applicable); undecided calls split into
    `n_fatal_unmeasured` (a fatal criterion could not be measured) and `n_thin` (too little could).
    """

    mean_coverage: float | None
    n_fatal_unmeasured: int
    n_thin: int
    tiers: tuple[tuple[str, int], ...]
    notes: tuple[tuple[str, int], ...]
    failures: tuple[FailureCount, ...]


@dataclass(frozen=True, slots=True)
class Engines:
    """What produced a share of the calls; None where no such engine was used."""

    transcriber: str | None
    diariser: str | None
    activity: str | None
    pipeline_version: str
    n_calls: int


@dataclass(frozen=True, slots=True)
class LevelNow:
    """The inspection level of an agent or a group at the end of a period, and why it stands."""

    subject_kind: str
    subject: str
    level: str
    since: date
    reason_en: str
    reason_zh: str
    overridden_by: str | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """The calls of one local day, as the machine judged them."""

    day: date
    machine: MachineRate
    n_reviewed: int


@dataclass(frozen=True, slots=True)
class Month:
    """All figures of a period: a month, a day "YYYY-MM-DD", or a run of days "A..B".

    `period_before` is None where that one has no calls. `past` are the rates of earlier months,
    oldest first; `coaching` and `training` what the problems call for, `followed_up` whether that
    of the period before helped. `days` and `listened` are a week's and a day's alone.
    """

    period: str
    period_before: str | None
    overall: GroupMonth
    groups: tuple[GroupMonth, ...]
    criteria: tuple[CriterionMonth, ...]
    scorecards: tuple[ScorecardMonth, ...]
    strata: tuple[StratumMonth, ...]
    n_unframed: int
    coverage: Coverage
    counted: tuple[Counted, ...]
    engines: tuple[Engines, ...]
    spread: "tuple[Spread, ...]"
    recordings: "tuple[AgentRecordings, ...]"
    calibration: "Calibration"
    past: "tuple[PastMonth, ...]" = ()
    coaching: "tuple[CoachingItem, ...]" = ()
    training: "tuple[TrainingNeed, ...]" = ()
    followed_up: "tuple[FollowUp, ...]" = ()
    levels: tuple[LevelNow, ...] = ()
    days: tuple[DayCount, ...] = ()
    listened: "tuple[Listened, ...]" = ()

    @property
    def problems(self) -> tuple[CriterionMonth, ...]:
        """Criteria that failed anywhere, the most failures first."""
        failed = [criterion for criterion in self.criteria if criterion.n_failed]
        return tuple(sorted(failed, key=lambda c: (-c.n_failed, c.scorecard_id, c.criterion)))
