"""The shape of a scorecard, as QA leads write it (format version 1).

What a shape alone cannot say (known names, readable expressions, cycles) is checked in `rules`.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.scorecard.signal_keys import NAME, Names
from qa_pipeline.scorecard.signals import AnySignal
from qa_pipeline.texts import Language, Text

MinTier = Literal["imported", "mono_diarised", "dual_channel"]

RESERVED = frozenset(("and", "or", "not"))


def _both(value: object) -> object:
    """Let people write one title for all languages."""
    if value == "":
        raise fault(
            Text(en="an empty text", zh="文本为空"),
            Text(en="write the text, or delete the key", zh="请写出文字，或删除此键"),
            got=value,
        )
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise fault(
            Text(en="and, or, not cannot be names", zh="and、or、not 不能用作名称"),
            Text(en="choose another name", zh="请改用其他名称"),
            got=name,
        )
    return name


def _local_date(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def _is_date(value: object) -> date:
    if not isinstance(value, date):
        raise fault(
            Text(en="not a date", zh="不是日期"),
            Text(en="write it as 2026-10-01", zh="请写成 2026-10-01 的形式"),
            got=value,
        )
    return value


def _column_values(value: object) -> object:
    """Manifest columns hold texts: numbers are compared as they are written."""
    many = value if isinstance(value, list) else [value]
    is_number = [isinstance(v, int | float) and not isinstance(v, bool) for v in many]
    return tuple(str(v) if n else v for v, n in zip(many, is_number, strict=True))


def _examples(value: object) -> object:
    return (
        (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
    )


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
Name = Annotated[str, Field(pattern=NAME, max_length=64), AfterValidator(_not_reserved)]
SectionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
SeverityId = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, Field(min_length=1)]
Title = Annotated[
    dict[Language, Words],
    BeforeValidator(
        _both,
        json_schema_input_type=Words | Annotated[dict[Language, Words], Field(min_length=1)],
    ),
    Field(min_length=1),
]
LocalDate = Annotated[
    Any,
    BeforeValidator(
        _local_date,
        json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")],
    ),
    AfterValidator(_is_date),
]
ColumnValues = Annotated[
    tuple[str, ...],
    BeforeValidator(
        _column_values,
        json_schema_input_type=str | float | Annotated[list[str | float], Field(min_length=1)],
    ),
    Field(min_length=1),
]
Dialogues = Annotated[
    tuple[Words, ...], BeforeValidator(_examples, json_schema_input_type=str | list[Words])
]
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Severity(_Declared):
    """A class of issues. A failed criterion of a fatal severity fails the call."""

    title: Title | None = None
    fatal: bool = False


class Examples(_Declared):
    """Dialogues that a criterion must pass, fail, or not apply to."""

    pass_: Dialogues = Field(default=(), alias="pass")
    fail: Dialogues = ()
    not_applicable: Dialogues = ()


class Criterion(_Declared):
    """One line of a scorecard, judged by the machine (`pass_if`) or by people."""

    id: Name
    title: Title | None = None
    severity: SeverityId
    points: Points
    when: Words | None = None
    pass_if: Words | None = None
    judged_by: Literal["machine", "human"] = "machine"
    guidance: Title | None = None
    hints: Names = ()
    min_tier: MinTier | None = None
    examples: Examples = Examples()

    @model_validator(mode="after")
    def _one_judge(self) -> "Criterion":
        if self.judged_by == "machine" and self.pass_if is None:
            raise fault(
                Text(en="a criterion that nobody judges", zh="此标准没有判定方式"),
                Text(
                    en="add pass_if: ... or judged_by: human",
                    zh="请添加 pass_if: ... 或 judged_by: human",
                ),
                at="pass_if",
            )
        if self.judged_by == "human" and self.pass_if is not None:
            raise fault(
                Text(
                    en="judged_by: human together with pass_if",
                    zh="judged_by: human 不能与 pass_if 同时出现",
                ),
                Text(
                    en="delete one of the two; hints: shows signals to people",
                    zh="请删除其一；可用 hints: 把信号提示给评审人",
                ),
                at="pass_if",
            )
        if self.judged_by == "human" and self.examples != Examples():
            raise fault(
                Text(
                    en="examples of a criterion that people judge",
                    zh="人工评判的标准不能带 examples",
                ),
                Text(
                    en="delete the examples; write guidance instead",
                    zh="请删除 examples，改写 guidance",
                ),
                at="examples",
            )
        return self


class Section(_Declared):
    """A category of the listening standard."""

    id: SectionId
    title: Title | None = None
    criteria: Annotated[tuple[Criterion, ...], BeforeValidator(_examples), Field(min_length=1)]


class Scorecard(_Declared):
    """A scorecard: which calls it is for, what it looks for, and how that is judged."""

    scorecard: Id
    version: Annotated[int, Field(ge=1)]
    title: Title | None = None
    language: Language
    effective_from: LocalDate | None = None
    applies_to: dict[Words, ColumnValues] = Field(default_factory=dict)
    pass_mark: Annotated[float, Field(ge=0, le=100)]
    min_coverage: Annotated[float, Field(ge=0, le=1)] = 0.8
    fatal_on_mono: bool = False
    severities: Annotated[dict[SeverityId, Severity], Field(min_length=1)]
    signals: dict[Name, AnySignal] = Field(default_factory=dict)
    count: Names = ()
    sections: Annotated[tuple[Section, ...], BeforeValidator(_examples), Field(min_length=1)]

    def say(self, title: dict[Language, str] | None, default: str) -> str:
        """Return a title in the scorecard's language, `default` where it has none."""
        return (title or {}).get(self.language, default)
