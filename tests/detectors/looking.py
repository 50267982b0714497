"""Calls as people draw them, and what one signal finds in them."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import FrameType
from typing import Any

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import SIGNALS, Signal
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language


def drawn(text: str, language: Language = "zh") -> Call:
    """Return the call that a dialogue draws."""
    return parse_dialogue(text, "drawing", language)


def with_confidence(call: Call, confidence: float) -> Call:
    """Return `call` with every word heard so surely."""
    turns = tuple(
        turn._replace(words=tuple(word._replace(confidence=confidence) for word in turn.words))
        for turn in call.turns or ()
    )
    return replace(call, turns=turns)


def signal(detector: str, **keys: Any) -> Signal:
    """Return a signal with the keys that YAML would have."""
    return SIGNALS[detector].model_validate({"detector": detector, **keys})


def outcome(call: Call, detector: str, **keys: Any) -> Detected | NotMeasured:
    """Return what one signal gives."""
    return detect_all(call, {"it": signal(detector, **keys)})["it"]


def findings(call: Call, detector: str, **keys: Any) -> tuple[Finding, ...]:
    """Return what one signal finds; it must have been measured."""
    detected = outcome(call, detector, **keys)
    assert isinstance(detected, Detected), detected
    return detected.findings


def shifted(spans: Iterable[Span], offset_s: float) -> tuple[Span, ...]:
    """Return `spans` so many seconds later."""
    return tuple(Span(span.start_s + offset_s, span.end_s + offset_s) for span in spans)


def spans(found: tuple[Finding, ...]) -> list[tuple[float, float]]:
    """Return the findings' times to the millisecond."""
    return [(round(f.start_s or 0.0, 3), round(f.end_s or 0.0, 3)) for f in found]


def quotes(found: tuple[Finding, ...]) -> list[str | None]:
    """Return the findings' quotes."""
    return [f.quote for f in found]


def n_steps(look: Callable[[], object]) -> int:
    """Return how many lines of Python run, in loops each time: no clock, and no machine, in it."""
    n = 0

    def trace(_frame: FrameType, event: str, _given: object) -> Any:
        nonlocal n
        n += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        look()
    finally:
        sys.settrace(before)
    return n
