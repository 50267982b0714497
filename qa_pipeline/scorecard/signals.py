"""The keys of every signal, detector by detector, exactly as SCORECARD.md names them.

This is declaration only: what each detector does lives in `qa_pipeline.detectors`.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Polarity = Literal["fault", "merit", "fact"]


def _as_tuple(value: object) -> object:
    """Let people write one name where several are allowed."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _as_groups(value: object) -> object:
    return tuple(_as_tuple(group) for group in value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Phrases = Annotated[tuple[str, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
PhraseGroups = Annotated[tuple[Phrases, ...], BeforeValidator(_as_groups), Field(min_length=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
PositiveSeconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PositiveCount = Annotated[int, Field(ge=1)]


class Signal(BaseModel):
    """The keys that every signal has: whose speech, which window, which anchors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    polarity: ClassVar[Polarity]
    measures_only: ClassVar[bool] = False

    detector: str
    role: Literal["agent", "customer", "any"] = "any"
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
            raise ValueError("within_s needs after or before")
        return self


class PhraseSignal(Signal):
    """`phrase`: any of some phrases, or a phrase of every group."""

    polarity = "fact"
    detector: Literal["phrase"]
    any_of: Phrases | None = None
    all_of: PhraseGroups | None = None
    match: Literal["text", "sound", "regex"] = "text"
    except_: Names = Field(default=(), alias="except")
    except_within: Literal["hit", "sentence", "turn"] = "turn"

    @model_validator(mode="after")
    def _one_list(self) -> "PhraseSignal":
        if (self.any_of is None) == (self.all_of is None):
            raise ValueError("exactly one of any_of and all_of is needed")
        return self


class FillerSignal(Signal):
    """`filler`: hesitation words, and ordinary words where they only fill."""

    polarity = "fault"
    detector: Literal["filler"]
    lexicon: Names | None = None
    ambiguous: Names | None = None
    uncovered: bool = False


class DeadAirSignal(Signal):
    """`dead_air`: nobody speaks for `min_s` or longer."""

    polarity = "fault"
    detector: Literal["dead_air"]
    min_s: PositiveSeconds
    excused_by: Names = ()
    excused_max_s: PositiveSeconds | None = None


class InterruptionSignal(Signal):
    """`interruption`: `role` cuts in while the other speaks."""

    polarity = "fault"
    detector: Literal["interruption"]
    min_other_s: PositiveSeconds = 1.0
    min_overlap_s: PositiveSeconds = 0.5
    back_channels: Names | None = None


class SpeechRateSignal(Signal):
    """`speech_rate`: turns of 3 s or longer outside `min`/`max` (characters or words a minute)."""

    polarity = "fault"
    detector: Literal["speech_rate"]
    min: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    max: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _a_bound(self) -> "SpeechRateSignal":
        if self.min is None and self.max is None:
            raise ValueError("min or max is needed")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("min must be below max")
        return self


#: Every detector by the name that scorecards use.
SIGNALS: dict[str, type[Signal]] = {
    "phrase": PhraseSignal,
    "filler": FillerSignal,
    "dead_air": DeadAirSignal,
    "interruption": InterruptionSignal,
    "speech_rate": SpeechRateSignal,
}
