"""Run a scorecard's signals over a call: needs, windows, anchors, and what could not be looked at.

"Could not look" never looks like "nothing found": the first comes back as `NotMeasured`.
"""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import TopologicalSorter

from qa_pipeline.detectors import reasons
from qa_pipeline.detectors.needs import lacking
from qa_pipeline.detectors.registry import Detected, Found, NotMeasured, Scope
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.detectors.windows import Anchors, Window, anchors_of, talk_of, window_of
from qa_pipeline.language.asked import Asked, Passages
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.spans import total_s
from qa_pipeline.texts import Language

Outcome = Detected | NotMeasured


class Detection:
    """Signals made ready to be looked for: in what order, and with which lists of phrases.

    Raises ValueError where signals anchor each other in a circle (`scorecard check` refuses those).
    """

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        anchors = {name: {*signal.after, *signal.before} for name, signal in signals.items()}
        self._signals = {name: signals[name] for name in TopologicalSorter(anchors).static_order()}
        self._names = tuple(signals)
        self._asked: dict[Language, Asked] = {}

    def of(self, call: Call) -> Mapping[str, Outcome]:
        """Return what every signal found in `call`, or why it could not look."""
        asked = self._asked.setdefault(call.language, Asked(call.language))
        look = _Look(call, Passages(call.turns or (), call.language, asked))
        outcomes: dict[str, Outcome] = {}
        for name, signal in self._signals.items():
            outcomes[name] = _detect(look, name, signal, outcomes)
        return {name: _as_told(call, outcomes[name]) for name in self._names}


def detect_all(call: Call, signals: Mapping[str, Signal]) -> Mapping[str, Outcome]:
    """Return what every signal found in `call`, or why it could not look.

    For many calls keep one `Detection`. Raises ValueError where signals anchor each other in a
    circle.
    """
    return Detection(signals).of(call)


class _Look:
    """A call with what all its signals ask for, each made ready once."""

    def __init__(self, call: Call, passages: Passages) -> None:
        self.call = call
        self.passages = passages
        self.talk = talk_of(call)
        self._speech_s: dict[Role | None, float | None] = {}

    def speech_s(self, role: Role | None) -> float | None:
        """Return how long the role speaks, None where that was not measured."""
        if role not in self._speech_s:
            speech = self.call.speech_of(role)
            self._speech_s[role] = None if speech is None else total_s(speech)
        return self._speech_s[role]


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
    found = detector.find(call, signal, _scope(look, name, signal, window, anchors))
    if isinstance(found, NotMeasured):
        return found
    return _measured(look, name, found, window, role)


def _scope(look: _Look, name: str, signal: Signal, window: Window, anchors: Anchors) -> Scope:
    def admits(start_s: float, turn: int | None) -> bool:
        return window.admits(start_s, turn) and anchors.admit(start_s)

    def reaches(turn: int) -> bool:
        passage = look.passages(turn)
        return anchors.admit_some and bool(passage.words) and window.reaches(turn, passage.extent_s)

    role: Role | None = None if signal.role == "any" else signal.role
    everywhere = window.is_open and anchors.admit_anything
    reached = None if everywhere else reaches
    return Scope(
        signal=name,
        role=role,
        admits=admits,
        passage=look.passages,
        reaches=reached,
        min_confidence=signal.min_confidence,
        inside=window.inside,
    )


def _measured(look: _Look, name: str, found: Found, window: Window, role: Role | None) -> Detected:
    speech = look.call.speech_of(role)
    if window.is_open or speech is None:
        speech_s = look.speech_s(role)
    else:
        speech_s = total_s(window.inside(speech))
    talk_s = look.talk.duration_s if look.talk else 0.0
    return Detected(
        signal=name,
        findings=found.findings,
        value=found.value,
        speech_s=speech_s,
        talk_s=None if look.call.speech is None else talk_s,
    )


def _as_told(call: Call, outcome: Outcome) -> Outcome:
    """Take away the times of a call that has none: they only kept the turns in order."""
    if call.timed or isinstance(outcome, NotMeasured):
        return outcome
    return replace(outcome, findings=tuple(_timeless(f) for f in outcome.findings))


def _timeless(finding: Finding) -> Finding:
    return replace(finding, start_s=None, end_s=None)
