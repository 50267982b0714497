"""Signals that go by times, levels and the telephone's facts: waits, shares, holds, loudness."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.scorecard.signal_keys import Lexicon, Phrases, PositiveSeconds, Seconds, Signal
from qa_pipeline.texts import Text

#: A level of digital sound: full scale is 0, what no telephone carries -120.
Dbfs = Annotated[float, Field(ge=-120, le=0, allow_inf_nan=False)]
#: Demo recordings that are overdriven by 6 dB have 0.05 % of their samples clipped on average, by
#: 9 dB 0.5 %, by 12 dB 2 %.
_CLIPPED_SHARE = 0.001
_TURNS = frozenset(("first_turns", "last_turns"))
_ANCHORS = frozenset(("after", "before", "within_s"))


class SlowAnswerSignal(Signal):
    """`slow_answer`: the agent takes `min_s` or longer to answer the customer."""

    polarity = "fault"
    detector: Literal["slow_answer"]
    min_s: PositiveSeconds
    excused_by: Lexicon = ()
    excused_max_s: PositiveSeconds | None = None
    back_channels: Lexicon | None = None
    line_checks: Lexicon | None = None


class TalkShareSignal(Signal):
    """`talk_share`: the share of all speech that is the role's; a value, no findings."""

    polarity = "fact"
    measures_only = True
    has_value = True
    meaningless = _TURNS | _ANCHORS | {"min_confidence"}
    detector: Literal["talk_share"]
    role: Literal["agent", "customer"]


class DrawnOutSignal(Signal):
    """`drawn_out`: syllables held for `min_s` or longer."""

    polarity = "fault"
    detector: Literal["drawn_out"]
    min_s: PositiveSeconds


class LoudnessSignal(Signal):
    """`loudness`: turns under `min_dbfs` or over `max_dbfs`, and clipped channels."""

    polarity = "fault"
    has_value = True
    meaningless = frozenset(("min_confidence",))
    detector: Literal["loudness"]
    min_dbfs: Dbfs | None = None
    max_dbfs: Dbfs | None = None
    max_clipped_share: Annotated[float, Field(ge=0, le=1)] = _CLIPPED_SHARE

    @model_validator(mode="after")
    def _some_level_between(self) -> "LoudnessSignal":
        low = -math.inf if self.min_dbfs is None else self.min_dbfs
        high = math.inf if self.max_dbfs is None else self.max_dbfs
        if low >= high:
            raise fault(
                Text(en="min_dbfs is not below max_dbfs", zh="min_dbfs 不小于 max_dbfs"),
                Text(en="write a min_dbfs below max_dbfs", zh="请使 min_dbfs 小于 max_dbfs"),
                at="min_dbfs",
            )
        return self


class HoldSignal(Signal):
    """`hold`: the agent asks the customer to wait, and silence follows."""

    polarity = "fact"
    detector: Literal["hold"]
    min_s: PositiveSeconds = 3.0
    announced_by: Phrases | None = None
    thanked_by: Lexicon | None = None
    unthanked: bool = False


class HangUpSignal(Signal):
    """`hang_up`: the agent hangs up first, as the telephone system says."""

    polarity = "fault"
    meaningless = _TURNS | {"min_confidence"}
    detector: Literal["hang_up"]
    role: Literal["agent", "any"] = "any"


class RingSignal(Signal):
    """`ring`: the call is answered later than `max_s`, as the telephone system says."""

    polarity = "fault"
    has_value = True
    meaningless = _TURNS | _ANCHORS | {"first_s", "last_s", "min_confidence"}
    detector: Literal["ring"]
    role: Literal["agent", "any"] = "any"
    max_s: Seconds
