"""Run a scorecard's signals over a call: needs, windows, anchors, and what could not be looked at.

"Could not look" never looks like "nothing found": the first comes back as `NotMeasured`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter

from qa_pipeline.detectors import reasons
from qa_pipeline.detectors.needs import lacking
from qa_pipeline.detectors.registry import Detected, Found, NotMeasured, Scope
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.detectors.windows import Anchors, Window, anchors_of, talk_of, window_of
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.spans import Span, total_s

Outcome = Detected | NotMeasured


@dataclass(frozen=True, slots=True)
class _Look:
    """A call with what all its signals ask for, each made ready once."""

    call: Call
    passage: Callable[[int], Passage]
    speech: Callable[[Role | None], tuple[Span, ...] | None]
    talk: Span | None


def detect_all(call: Call, signals: Mapping[str, Signal]) -> Mapping[str, Outcome]:
    """Return what every signal found in `call`, or why it could not look.

    Raises
    ------
    ValueError
        Where signals anchor each other in a circle (`scorecard check` refuses those).
    """
    turns = call.turns or ()
    look = _Look(
        call,
        passage=cache(lambda index: passage_of(turns[index], call.language)),
        speech=cache(call.speech_of),
        talk=talk_of(call),
    )
    anchors = {name: {*signal.after, *signal.before} for name, signal in signals.items()}
    outcomes: dict[str, Outcome] = {}
    for name in TopologicalSorter(anchors).static_order():
        outcomes[name] = _detect(look, name, signals[name], outcomes)
    return {name: _as_told(call, outcomes[name]) for name in signals}


def _detect(look: _Look, name: str, signal: Signal, outcomes: Mapping[str, Outcome]) -> Outcome:
    call = look.call
    role: Role | None = None if signal.role == "any" else signal.role
    detector = DETECTORS[signal.detector]
    if unmeasured := lacking(call, signal, detector.needs, role):
        return unmeasured
    window = window_of(call, signal, role, look.talk)
    anchors = anchors_of(signal, outcomes)
    if isinstance(window, NotMeasured):
        return window
    if isinstance(anchors, NotMeasured):
        return anchors
    if signal.within_s is not None and not call.timed:
        return reasons.NO_TIMES
    scope = Scope(
        name, role, _gate(window, anchors), look.passage, signal.min_confidence, window.inside
    )
    found = detector.find(call, signal, scope)
    if isinstance(found, NotMeasured):
        return found
    return _measured(look, name, found, window, role)


def _gate(window: Window, anchors: Anchors) -> Callable[[float, int | None], bool]:
    def admits(start_s: float, turn: int | None) -> bool:
        return window.admits(start_s, turn) and anchors.admit(start_s)

    return admits


def _measured(look: _Look, name: str, found: Found, window: Window, role: Role | None) -> Detected:
    speech = look.speech(role)
    talk_s = look.talk.duration_s if look.talk else 0.0
    return Detected(
        signal=name,
        findings=found.findings,
        value=found.value,
        speech_s=None if speech is None else total_s(window.inside(speech)),
        talk_s=None if look.call.speech is None else talk_s,
    )


def _as_told(call: Call, outcome: Outcome) -> Outcome:
    """Take away the times of a call that has none: they only kept the turns in order."""
    if call.timed or isinstance(outcome, NotMeasured):
        return outcome
    return replace(outcome, findings=tuple(_timeless(f) for f in outcome.findings))


def _timeless(finding: Finding) -> Finding:
    return replace(finding, start_s=None, end_s=None)
