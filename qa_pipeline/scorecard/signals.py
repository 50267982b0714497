"""The keys of every signal, detector by detector, exactly as SCORECARD.md names them.

This is declaration only: what each detector does lives in `qa_pipeline.detectors`.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from qa_pipeline.documents import fault
from qa_pipeline.records import SensitiveKind
from qa_pipeline.texts import Text

#: How signals, criteria and steps are called.
NAME = r"^[a-z][a-z0-9_]*$"

Polarity = Literal["fault", "merit", "fact"]
Whose = Literal["agent", "customer", "any"]


def _as_tuple(value: object) -> object:
    """Let people write one name where several are allowed."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _as_groups(value: object) -> object:
    return tuple(_as_tuple(group) for group in value) if isinstance(value, list) else value


_Written = Annotated[str, Field(min_length=1)]
_SomeWritten = _Written | Annotated[list[_Written], Field(min_length=1)]
_one_or_many = BeforeValidator(_as_tuple, json_schema_input_type=_Written | list[_Written])
_one_or_more = BeforeValidator(_as_tuple, json_schema_input_type=_SomeWritten)
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
    """The keys that every signal has: whose speech, which window, which anchors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    polarity: ClassVar[Polarity]
    measures_only: ClassVar[bool] = False
    has_value: ClassVar[bool] = False

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


class PhraseSignal(Signal):
    """`phrase`: any of some phrases, or a phrase of every group."""

    polarity = "fact"
    detector: Literal["phrase"]
    any_of: Phrases | None = None
    all_of: PhraseGroups | None = None
    match: Literal["text", "sound", "regex"] = "text"
    inflect: bool = False
    except_: Lexicon = Field(default=(), alias="except")
    except_within: Literal["hit", "sentence", "turn"] = "turn"

    @model_validator(mode="after")
    def _one_list(self) -> "PhraseSignal":
        if self.any_of is not None and self.all_of is not None:
            raise fault(
                Text(en="any_of together with all_of", zh="any_of 与 all_of 不能同时出现"),
                Text(
                    en="keep one; two signals can say both",
                    zh="只保留一个；需要两者时请写成两个信号",
                ),
                at="all_of",
            )
        if self.any_of is None and self.all_of is None:
            raise fault(
                Text(en="a phrase signal without phrases", zh="phrase 信号没有词句"),
                Text(
                    en="add any_of: [...] or all_of: [[...], [...]]",
                    zh="请添加 any_of: [...] 或 all_of: [[...], [...]]",
                ),
                at="any_of",
            )
        return self

    @model_validator(mode="after")
    def _inflects_text(self) -> "PhraseSignal":
        if self.inflect and self.match != "text":
            raise fault(
                Text(
                    en=f"inflect together with match: {self.match}",
                    zh=f"inflect 不能与 match: {self.match} 同时使用",
                ),
                Text(
                    en="write match: text, or delete inflect", zh="请写 match: text，或删除 inflect"
                ),
                at="inflect",
            )
        return self


class FillerSignal(Signal):
    """`filler`: hesitation words, and ordinary words where they only fill."""

    polarity = "fault"
    detector: Literal["filler"]
    lexicon: Lexicon | None = None
    ambiguous: Lexicon | None = None
    uncovered: bool = False


class DeadAirSignal(Signal):
    """`dead_air`: nobody speaks for `min_s` or longer."""

    polarity = "fault"
    detector: Literal["dead_air"]
    min_s: PositiveSeconds
    excused_by: Lexicon = ()
    excused_max_s: PositiveSeconds | None = None


class InterruptionSignal(Signal):
    """`interruption`: `role` cuts in while the other speaks."""

    polarity = "fault"
    detector: Literal["interruption"]
    min_other_s: PositiveSeconds = 1.0
    min_overlap_s: PositiveSeconds = 0.5
    back_channels: Lexicon | None = None


class SpeechRateSignal(Signal):
    """`speech_rate`: turns of 3 s or longer outside `min`/`max` (characters or words a minute)."""

    polarity = "fault"
    has_value = True
    detector: Literal["speech_rate"]
    min: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    max: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _a_bound(self) -> "SpeechRateSignal":
        if self.min is None and self.max is None:
            raise fault(
                Text(en="speech_rate without min and max", zh="speech_rate 缺少 min 和 max"),
                Text(en="add min:, max: or both", zh="请添加 min: 或 max:"),
                at="min",
            )
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise fault(
                Text(en="min is not below max", zh="min 不小于 max"),
                Text(en="write a min below max", zh="请使 min 小于 max"),
                at="min",
            )
        return self


class RepeatedQuestionSignal(Signal):
    """`repeated_question`: `role` asks again what the other has answered."""

    polarity = "fault"
    detector: Literal["repeated_question"]
    role: Whose = "agent"
    min_similarity: Annotated[float, Field(gt=0, le=1)] = 0.8
    question_words: Lexicon | None = None
    ignored_words: Lexicon | None = None
    not_heard: Lexicon | None = None
    read_back_by: Lexicon | None = None
    except_: Lexicon | None = Field(default=None, alias="except")


class Step(BaseModel):
    """A step of a conversation: any of its phrases stands for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=NAME, max_length=64)]
    any_of: Phrases
    optional: bool = False


Steps = Annotated[
    tuple[Step, ...],
    BeforeValidator(
        lambda value: tuple(value) if isinstance(value, list) else value,
        json_schema_input_type=Annotated[list[Step], Field(min_length=1)],
    ),
    Field(min_length=1),
]


class StepsSignal(Signal):
    """`steps`: what must be said in an order."""

    polarity = "fault"
    detector: Literal["steps"]
    steps: Steps


class ReadBackSignal(Signal):
    """`read_back`: what one party gave, and `role` did not repeat."""

    polarity = "fault"
    detector: Literal["read_back"]
    role: Whose = "agent"
    of: Lexicon = ()
    tail: Annotated[int, Field(ge=4, le=4)] | None = None
    corrected_by: Lexicon | None = None

    @model_validator(mode="after")
    def _windows_in_seconds(self) -> "ReadBackSignal":
        for key in ("first_turns", "last_turns"):
            if getattr(self, key) is not None and self.role != "any":
                raise fault(
                    Text(
                        en="turns of the one who repeats, where it is the other who gives",
                        zh="话轮属于复述的一方，而信息是由对方给出的",
                    ),
                    Text(
                        en="write first_s, last_s, after or before",
                        zh="请改用 first_s、last_s、after 或 before",
                    ),
                    at=key,
                )
        return self


class SensitiveDataSignal(Signal):
    """`sensitive_data`: numbers and addresses that redaction verifies are said."""

    polarity = "fact"
    detector: Literal["sensitive_data"]
    kinds: Annotated[
        tuple[SensitiveKind, ...],
        BeforeValidator(
            _as_tuple,
            json_schema_input_type=SensitiveKind
            | Annotated[list[SensitiveKind], Field(min_length=1)],
        ),
        Field(min_length=1),
    ] = ("card", "id", "phone", "email")


class SuggestionSignal(Signal):
    """`suggestion`: the customer proposes or wishes something."""

    polarity = "fact"
    detector: Literal["suggestion"]
    role: Whose = "customer"
    phrases: Lexicon | None = None
    except_: Lexicon | None = Field(default=None, alias="except")


#: Every detector by the name that scorecards use.
SIGNALS: dict[str, type[Signal]] = {
    "phrase": PhraseSignal,
    "filler": FillerSignal,
    "dead_air": DeadAirSignal,
    "interruption": InterruptionSignal,
    "speech_rate": SpeechRateSignal,
    "repeated_question": RepeatedQuestionSignal,
    "steps": StepsSignal,
    "read_back": ReadBackSignal,
    "sensitive_data": SensitiveDataSignal,
    "suggestion": SuggestionSignal,
}


def detector(value: Any) -> str | None:
    """Return the tag of a signal's kind (`detector=phrase`), None where it names no detector."""
    if isinstance(value, Signal):
        return f"detector={value.detector}"
    if isinstance(value, dict) and "detector" in value:
        return f"detector={value['detector']}"
    return None


if TYPE_CHECKING:
    AnySignal = Signal
else:  # every registered kind of signal, chosen by its key `detector`
    AnySignal = Annotated[
        reduce(or_, (Annotated[kind, Tag(f"detector={name}")] for name, kind in SIGNALS.items())),
        Discriminator(detector),
    ]
