"""The shape of a sampling plan, as QA leads write it: who is heard how often, and by whom.

Shares are 0-1 and belong to the calls drawn at random; counts are calls of a period (a month).
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.scorecard.model import ColumnValues, Id, LocalDate, Words
from qa_pipeline.texts import Language, Text

Flag = Literal["fatal_failed", "fatal_not_measured", "machine_failed", "undecided"]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
SomeShare = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]
Column = Annotated[str, Field(min_length=1, max_length=128)]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Reviewer(_Declared):
    """A person who hears calls. Without `languages` any; `hours` a day, `pace` against others."""

    name: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^\S(.*\S)?$")]
    team: Words | None = None
    languages: Annotated[tuple[Language, ...], BeforeValidator(_as_tuple)] = ()
    hours: Annotated[float, Field(gt=0, le=24, allow_inf_nan=False)] = 6.0
    pace: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 1.0


class Capacity(_Declared):
    """What reviewers can hear. See `sampling.capacity` for the formula."""

    days: Annotated[int, Field(ge=1, le=31)] = 22
    utilisation: SomeShare = 0.85
    heard_share: SomeShare = 1.0
    speed: Annotated[float, Field(ge=0.5, le=4, allow_inf_nan=False)] = 1.0
    score_min: Minutes = 2.0
    admin_min: Minutes = 0.5
    reviewers: Annotated[tuple[Reviewer, ...], BeforeValidator(_as_tuple)] = ()

    @model_validator(mode="after")
    def _names_once(self) -> "Capacity":
        if name := _repeated(reviewer.name for reviewer in self.reviewers):
            raise fault(
                Text(en="a reviewer stands here twice", zh="质检员重名"),
                Text(
                    en="delete one of the two, or add what tells them apart",
                    zh="请删除其一，或写成可区分的名字",
                ),
                at="reviewers",
                got=name,
            )
        return self


class Focus(_Declared):
    """Calls that get a raised share while it lasts: of new staff, or with values in columns."""

    id: RuleId
    share: SomeShare
    agent_since_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    when: dict[Column, ColumnValues] = Field(default_factory=dict)
    from_: LocalDate | None = Field(default=None, alias="from")
    until: LocalDate | None = None

    @model_validator(mode="after")
    def _says_which(self) -> "Focus":
        if self.agent_since_days is None and not self.when:
            raise fault(
                Text(en="a focus that names no calls", zh="未说明重点针对哪些通话"),
                Text(
                    en="add agent_since_days: 90, or when: {product: [...]}",
                    zh="请添加 agent_since_days: 90，或 when: {product: [...]}",
                ),
                at="id",
                got=self.id,
            )
        if self.from_ and self.until and self.until < self.from_:
            raise fault(
                Text(en="until lies before from", zh="until 早于 from"),
                Text(en="exchange the two dates", zh="请对调两个日期"),
                at="until",
                got=self.until.isoformat(),
            )
        return self

    def days(self) -> tuple[date, date]:
        """Return the first and the last day on which it holds."""
        return self.from_ or date.min, self.until or date.max


class Flagged(_Declared):
    """Calls that people hear because of what the machine found; `most` a period, all without it."""

    rule: Flag
    most: Annotated[int, Field(ge=1)] | None = None


class BackCheck(_Declared):
    """A list (CSV) of calls to hear: complaints, returns. `column` holds values of `match`."""

    id: RuleId
    list: Words
    column: Column = "call_id"
    match: Column = "call_id"


class Levels(_Declared):
    """The share of calls that people hear of a subject on each inspection level but "sampled"."""

    full: SomeShare = 1.0
    half: SomeShare = 0.5
    exempt: SomeShare = 0.02
    exempt_minimum: Annotated[int, Field(ge=1)] = 5

    @model_validator(mode="after")
    def _in_order(self) -> "Levels":
        if not self.full >= self.half >= self.exempt:
            raise fault(
                Text(en="a stricter level hears fewer calls", zh="更严的等级反而听得更少"),
                Text(en="keep full >= half >= exempt", zh="应满足 full >= half >= exempt"),
                at="half" if self.full < self.half else "exempt",
                got=self.half if self.full < self.half else self.exempt,
            )
        return self


class SamplingPlan(_Declared):
    """Which calls people hear in a period, why, and who hears them."""

    sampling: Id
    seed: Annotated[str, Field(max_length=64)] = ""
    calls: Annotated[int, Field(ge=1)] | None = None
    strata: Annotated[tuple[Column, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
    allocation: Literal["proportional", "neyman"] = "proportional"
    minimum: Annotated[int, Field(ge=2)] = 5
    per_agent: Annotated[int, Field(ge=1)] | None = None
    random_floor: SomeShare = 0.3
    focus: Annotated[tuple[Focus, ...], BeforeValidator(_as_tuple)] = ()
    flagged: Annotated[tuple[Flagged, ...], BeforeValidator(_as_tuple)] = ()
    back_checks: Annotated[tuple[BackCheck, ...], BeforeValidator(_as_tuple)] = ()
    targeted_share: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.2
    double_review: Share = 0.0
    blind: bool = True
    exclude_own_team: bool = False
    due_days: Annotated[int, Field(ge=0, le=365)] = 3
    levels: Levels = Levels()
    capacity: Capacity = Capacity()

    @model_validator(mode="after")
    def _holds_together(self) -> "SamplingPlan":
        _refuse_no_size(self)
        _refuse_repeated(self)
        _refuse_too_much_focus(self)
        _refuse_nobody_to_double(self)
        _refuse_no_teams(self)
        return self


def _refuse_no_size(plan: SamplingPlan) -> None:
    if plan.calls is None and not plan.capacity.reviewers:
        raise fault(
            Text(en="nothing says how many calls are heard", zh="未说明听多少通"),
            Text(
                en="add calls: 150 (a period), or capacity: {reviewers: [...]}",
                zh="请添加 calls: 150（每周期），或 capacity: {reviewers: [...]}",
            ),
            at="calls",
        )


def _refuse_repeated(plan: SamplingPlan) -> None:
    lists: tuple[tuple[str, Iterable[str]], ...] = (
        ("strata", plan.strata),
        ("focus", (rule.id for rule in plan.focus)),
        ("flagged", (rule.rule for rule in plan.flagged)),
        ("back_checks", (rule.id for rule in plan.back_checks)),
    )
    for key, names in lists:
        if name := _repeated(names):
            raise fault(
                Text(en="this stands here twice", zh="此项重复"),
                Text(en="delete one of the two, or rename it", zh="请删除其一或改名"),
                at=key,
                got=name,
            )


def _refuse_too_much_focus(plan: SamplingPlan) -> None:
    """The raised shares of one day and the random floor must fit into one whole."""
    for day in sorted({rule.days()[0] for rule in plan.focus}):
        held = [rule for rule in plan.focus if rule.days()[0] <= day <= rule.days()[1]]
        total = sum(rule.share for rule in held) + plan.random_floor
        if total > 1 + 1e-9:
            names = " + ".join([*(rule.id for rule in held), "random_floor"])
            raise fault(
                Text(
                    en=f"{names} are more than all calls on one day",
                    zh=f"{names} 在同一天超过了全部通话",
                ),
                Text(
                    en="lower the shares to 1 in all, or set their dates apart",
                    zh="请把各份额之和降到 1 以内，或错开日期",
                ),
                at="focus",
                got=round(total, 4),
            )


def _refuse_nobody_to_double(plan: SamplingPlan) -> None:
    if plan.double_review and len(plan.capacity.reviewers) == 1:
        raise fault(
            Text(en="double reviews, but only one reviewer", zh="要求双人复核，但只有一名质检员"),
            Text(
                en="add a second reviewer, or write double_review: 0",
                zh="请增加一名质检员，或写 double_review: 0",
            ),
            at="double_review",
            got=plan.double_review,
        )


def _refuse_no_teams(plan: SamplingPlan) -> None:
    reviewers = plan.capacity.reviewers
    if plan.exclude_own_team and reviewers and not any(reviewer.team for reviewer in reviewers):
        raise fault(
            Text(
                en="own teams are excluded, but no reviewer has a team",
                zh="要求回避本组，但质检员都没有写 team",
            ),
            Text(
                en="add team: to the reviewers (as in the manifest's group), or write "
                "exclude_own_team: false",
                zh="请为质检员填写 team（与清单的 group 一致），或写 exclude_own_team: false",
            ),
            at="exclude_own_team",
            got=True,
        )
