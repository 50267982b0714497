"""The measures of a signal that expressions compare: counts, seconds, rates."""

from dataclasses import dataclass
from typing import assert_never

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Finding
from qa_pipeline.scorecard.expressions import Measure
from qa_pipeline.spans import Span, total_s
from qa_pipeline.texts import Text

#: A rate on less speech says nothing (SCORECARD.md, Expressions).
MIN_RATE_SPEECH_S = 10.0
#: Times are sums of floats, exact to a microsecond: a silence from 10.1 to 22.1 s is 12 s.
_DECIMALS = 6

_NO_TIMES = NotMeasured(Text(en="the dialogue has no times", zh="对话没有时间"))
_NO_SPEECH = NotMeasured(Text(en="who speaks when was not measured", zh="未测量双方的说话时段"))


@dataclass(frozen=True, slots=True)
class Absent:
    """There is nothing whose start or value could be compared."""


def measure(detected: Detected, name: Measure) -> float | Absent | NotMeasured:
    """Return one measure of a signal, rounded to the microsecond or millionth.

    Without findings a count, total, longest, rate or share is 0, however little speech there was.
    """
    measured = _measured(detected, name)
    return round(measured, _DECIMALS) if isinstance(measured, float) else measured


def _measured(detected: Detected, name: Measure) -> float | Absent | NotMeasured:
    findings = detected.findings
    match name:
        case "count":
            return float(len(findings))
        case "thanked":
            return float(sum(finding.value == 1 for finding in findings))
        case "value":
            return Absent() if detected.value is None else detected.value
        case "first_start_s":
            if not findings:
                return Absent()
            starts = [f.start_s for f in findings if f.start_s is not None]
            return min(starts) if starts else _NO_TIMES
        case "per_minute":
            return _per_minute(detected) if findings else 0.0
        case "total_s" | "longest_s" | "share":
            return _length(detected, name) if findings else 0.0
        case _:
            assert_never(name)


def _per_minute(detected: Detected) -> float | NotMeasured:
    if detected.speech_s is None:
        return _NO_SPEECH
    if round(detected.speech_s, _DECIMALS) < MIN_RATE_SPEECH_S:
        speech, least = f"{detected.speech_s:.1f}", f"{MIN_RATE_SPEECH_S:g}"
        return NotMeasured(
            Text(
                en=f"only {speech} s of speech; a rate needs {least} s",
                zh=f"说话仅 {speech} 秒，计算频率至少需要 {least} 秒",
            )
        )
    return len(detected.findings) * 60.0 / detected.speech_s


def _length(detected: Detected, name: Measure) -> float | NotMeasured:
    spans = _spans(detected.findings)
    if spans is None:
        return _NO_TIMES
    if name == "longest_s":
        return max(span.duration_s for span in spans)
    if name == "total_s":
        return total_s(spans)
    if not detected.talk_s:
        return _NO_SPEECH
    return total_s(spans) / detected.talk_s


def _spans(findings: tuple[Finding, ...]) -> tuple[Span, ...] | None:
    """Return the findings' spans, None where one has no times."""
    spans = tuple(
        Span(f.start_s, f.end_s) for f in findings if f.start_s is not None and f.end_s is not None
    )
    return spans if len(spans) == len(findings) else None
