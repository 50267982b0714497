"""The keys that every signal has, and the types of those that several detectors share."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.texts import Text

#: How signals, criteria and steps are called.
NAME = r"^[a-z][a-z0-9_]*$"

Polarity = Literal["fault", "merit", "fact"]
Whose = Literal["agent", "customer", "any"]


def as_tuple(value: object) -> object:
    """Let people write one name where several are allowed."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _as_groups(value: object) -> object:
    return tuple(as_tuple(group) for group in value) if isinstance(value, list) else value


_Written = Annotated[str, Field(min_length=1)]
_SomeWritten = _Written | Annotated[list[_Written], Field(min_length=1)]
_one_or_many = BeforeValidator(as_tuple, json_schema_input_type=_Written | list[_Written])
_one_or_more = BeforeValidator(as_tuple, json_schema_input_type=_SomeWritten)
Names = Annotated[tuple[str, ...], _one_or_many]
Lexicon = Annotated[tuple[_Written, ...], _one_or_many]
Phrases = Annotated[tuple[_Written, ...], _one_or_more, Field(min_length=1)]
PhraseGroups = Annotated[
    tuple[Phrases, ...],
    BeforeValidator(
        _as_groups, json_schema_input_type=Annotated[list[_SomeWritten], Field(min_length=1)]
    ),
    Field(min_length=1),
]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
PositiveSeconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PositiveCount = Annotated[int, Field(ge=1)]


class Signal(BaseModel):
    """The keys that every signal has: whose speech, which window, which anchors.

    `measures_only`: it finds nothing, its value is all; `meaningless` are keys of every signal that
    could not change this one's answer, and are refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    polarity: ClassVar[Polarity]
    measures_only: ClassVar[bool] = False
    has_value: ClassVar[bool] = False
    meaningless: ClassVar[frozenset[str]] = frozenset()

    detector: str
    role: Whose = "any"
    first_s: PositiveSeconds | None = None
    last_s: PositiveSeconds | None = None
    first_turns: PositiveCount | None = None
    last_turns: PositiveCount | None = None
    after: Names = ()
    before: Names = ()
    within_s: Seconds | None = None
    min_confidence: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _within_needs_an_anchor(self) -> "Signal":
        if self.within_s is not None and not self.after and not self.before:
            raise fault(
                Text(en="within_s without an anchor", zh="within_s 缺少锚点"),
                Text(
                    en="add after: or before: with a signal",
                    zh="请添加 after: 或 before: 并写信号名",
                ),
                at="within_s",
            )
        return self

    @model_validator(mode="after")
    def _no_key_in_vain(self) -> "Signal":
        for key in sorted(self.meaningless & self.model_fields_set):
            raise fault(
                Text(
                    en=f"{key} means nothing to {self.detector}",
                    zh=f"{key} 对 {self.detector} 没有意义",
                ),
                Text(en="delete it", zh="请删除"),
                at=key,
            )
        return self
