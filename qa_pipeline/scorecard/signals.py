"""The keys of every signal, detector by detector, exactly as SCORECARD.md names them.

This is declaration only: what each detector does lives in `qa_pipeline.detectors`. Signals that go
by times, levels and the telephone's facts are declared in `timing_signals`.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.scorecard.signal_keys import (
    Lexicon,
    Names,
    PhraseGroups,
    Phrases,
    PositiveSeconds,
    Signal,
)
from qa_pipeline.scorecard.timing_signals import (
    DrawnOutSignal,
    HangUpSignal,
    HoldSignal,
    LoudnessSignal,
    RingSignal,
    SlowAnswerSignal,
    TalkShareSignal,
)
from qa_pipeline.scorecard.wording_signals import (
    ReadBackSignal,
    RepeatedQuestionSignal,
    SensitiveDataSignal,
    Step,
    StepsSignal,
    SuggestionSignal,
)
from qa_pipeline.texts import Text

__all__ = [
    "SIGNALS",
    "AnySignal",
    "DeadAirSignal",
    "DrawnOutSignal",
    "FillerSignal",
    "HangUpSignal",
    "HoldSignal",
    "InterruptionSignal",
    "LoudnessSignal",
    "Names",
    "PhraseSignal",
    "ReadBackSignal",
    "RepeatedQuestionSignal",
    "RingSignal",
    "SensitiveDataSignal",
    "Signal",
    "SlowAnswerSignal",
    "SpeechRateSignal",
    "Step",
    "StepsSignal",
    "SuggestionSignal",
    "TalkShareSignal",
]


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


#: Every detector by the name that scorecards use.
SIGNALS: dict[str, type[Signal]] = {
    "phrase": PhraseSignal,
    "filler": FillerSignal,
    "dead_air": DeadAirSignal,
    "interruption": InterruptionSignal,
    "speech_rate": SpeechRateSignal,
    "slow_answer": SlowAnswerSignal,
    "talk_share": TalkShareSignal,
    "drawn_out": DrawnOutSignal,
    "loudness": LoudnessSignal,
    "hold": HoldSignal,
    "hang_up": HangUpSignal,
    "ring": RingSignal,
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
