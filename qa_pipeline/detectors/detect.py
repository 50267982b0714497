"""Run a scorecard's signals over a call: needs, windows, anchors, and what could not be looked at.

"Could not look" never looks like "nothing found": the first comes back as `NotMeasured`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from graphlib import TopologicalSorter

from qa_pipeline.detectors import reasons
from qa_pipeline.detectors.registry import Detected, Found, NotMeasured, Scope
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.detectors.windows import Anchors, Window, anchors_of, talk_of, window_of
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.spans import total_s

#: Speech of a party, in seconds, from which on a lack of words is no silence but deafness.
_SPEECH_WITHOUT_WORDS_S = 1.0


def detect_all(call: Call, signals: Mapping[str, Signal]) -> Mapping[str, Detected | NotMeasured]:
    """Return what every signal found in `call`, or why it could not look.

    Raises
    ------
    ValueError
        Where signals anchor each other in a circle (`scorecard check` refuses those).
    """
    passage = _passages(call)
    anchors = {name: {*signal.after, *signal.before} for name, signal in signals.items()}
    outcomes: dict[str, Detected | NotMeasured] = {}
    for name in TopologicalSorter(anchors).static_order():
        outcomes[name] = _detect(call, name, signals[name], outcomes, passage)
    return {name: _as_told(call, outcomes[name]) for name in signals}


def _detect(
    call: Call,
    name: str,
    signal: Signal,
    outcomes: Mapping[str, Detected | NotMeasured],
    passage: Callable[[int], Passage],
) -> Detected | NotMeasured:
    role: Role | None = None if signal.role == "any" else signal.role
    detector = DETECTORS[signal.detector]
    unmeasured = _lacks(call, detector.needs, role) or _unsure(call, signal, detector.needs, role)
    if unmeasured:
        return unmeasured
    window = window_of(call, signal, role)
    anchors = anchors_of(signal, outcomes)
    if isinstance(window, NotMeasured):
        return window
    if isinstance(anchors, NotMeasured):
        return anchors
    if signal.within_s is not None and not call.timed:
        return reasons.NO_TIMES
    scope = Scope(name, role, _gate(window, anchors), passage, signal.min_confidence)
    found = detector.find(call, signal, scope)
    if isinstance(found, NotMeasured):
        return found
    return _measured(call, name, found, window, role)


def _lacks(call: Call, needs: frozenset[str], role: Role | None) -> NotMeasured | None:
    """Return what the detector needs and the call has not."""
    if "words" in needs:
        if call.turns_of(role) is None:
            return reasons.words_unmeasured(call, role)
        if unheard := _unheard(call, role):
            return unheard
    if ("speech" in needs or "speech_per_role" in needs) and call.speech is None:
        return reasons.speech_unmeasured(call)
    if "speech_per_role" in needs and call.speech_of("agent") is None:
        return reasons.NO_ROLES
    return None


def _unheard(call: Call, role: Role | None) -> NotMeasured | None:
    """Return that a party speaks without a word of it recognised, where that matters.

    A party's own signals need that party's words; signals of anyone need the agent's, and words
    at all where nobody told the speakers apart.
    """
    whose: Role | None = role or ("agent" if call.turns_of("agent") is not None else None)
    speech = call.speech_of(whose)
    if speech is None:
        whose, speech = None, call.speech_of(None)
    if speech is None or total_s(speech) < _SPEECH_WITHOUT_WORDS_S:
        return None
    if any(turn.words for _, turn in call.turns_of(whose) or ()):
        return None
    return reasons.speech_without_words(whose)


def _unsure(
    call: Call, signal: Signal, needs: frozenset[str], role: Role | None
) -> NotMeasured | None:
    """Return that `min_confidence` asks for what the words do not carry."""
    if signal.min_confidence is None or "words" not in needs:
        return None
    words = (word for _, turn in call.turns_of(role) or () for word in turn.words)
    if any(word.confidence is None and word.masked is None for word in words):
        return reasons.NO_CONFIDENCE
    return None


def _gate(window: Window, anchors: Anchors) -> Callable[[float, int | None], bool]:
    def admits(start_s: float, turn: int | None) -> bool:
        return window.admits(start_s, turn) and anchors.admit(start_s)

    return admits


def _measured(call: Call, name: str, found: Found, window: Window, role: Role | None) -> Detected:
    speech = call.speech_of(role)
    talk = talk_of(call) if call.speech is not None else None
    return Detected(
        signal=name,
        findings=found.findings,
        value=found.value,
        speech_s=None if speech is None else total_s(window.inside(speech)),
        talk_s=None if call.speech is None else (talk.duration_s if talk else 0.0),
    )


def _passages(call: Call) -> Callable[[int], Passage]:
    """Return a reader that makes each turn ready once, however many signals look at it."""
    turns = call.turns or ()

    @cache
    def passage(index: int) -> Passage:
        return passage_of(turns[index], call.language)

    return passage


def _as_told(call: Call, outcome: Detected | NotMeasured) -> Detected | NotMeasured:
    """Take away the times of a call that has none: they only kept the turns in order."""
    if call.timed or isinstance(outcome, NotMeasured):
        return outcome
    return replace(outcome, findings=tuple(_timeless(f) for f in outcome.findings))


def _timeless(finding: Finding) -> Finding:
    return replace(finding, start_s=None, end_s=None)
