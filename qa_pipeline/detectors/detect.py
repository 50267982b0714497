"""Run a scorecard's signals over a call: needs, windows, anchors, and what could not be looked at.

"Could not look" never looks like "nothing found": the first comes back as `NotMeasured`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from qa_pipeline.detectors import reasons
from qa_pipeline.detectors.needs import lacking
from qa_pipeline.detectors.phrase import lists_needed
from qa_pipeline.detectors.registry import Admits, Detected, Detector, NotMeasured, Scope
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.detectors.windows import Anchors, Window, anchors_of, talk_of, window_of
from qa_pipeline.language.asked import Asked, Passages
from qa_pipeline.language.phrases import Phrases
from qa_pipeline.later import once
from qa_pipeline.records import Call, Finding, Role, Turn
from qa_pipeline.scorecard.signals import PhraseSignal, Signal
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language

Outcome = Detected | NotMeasured


@dataclass(frozen=True, slots=True)
class _Sought:
    """A signal with all that no call changes.

    Signals with the same `needs_key` lack the same in a call, those with the same `window_key` have
    the same window in it; those with the same `ground` have both in common. `lists` are phrases of
    which each list must be said somewhere in the call, or nothing can be found.
    """

    name: str
    signal: Signal
    role: Role | None
    detector: Detector
    needs_key: tuple[object, ...]
    window_key: tuple[object, ...]
    ground: int
    lists: tuple[Phrases, ...]
    is_anchored: bool

    @classmethod
    def of(cls, name: str, signal: Signal, grounds: dict[tuple[object, ...], int]) -> "_Sought":
        """Return the signal made ready; `grounds` numbers those met so far."""
        role: Role | None = None if signal.role == "any" else signal.role
        detector = DETECTORS[signal.detector]
        seconds, turns = (signal.first_s, signal.last_s), (signal.first_turns, signal.last_turns)
        needs_key = (detector.needs, role, signal.min_confidence is None)
        window_key = (role, seconds, turns)
        return cls(
            name=name,
            signal=signal,
            role=role,
            detector=detector,
            needs_key=needs_key,
            window_key=window_key,
            ground=grounds.setdefault((needs_key, window_key), len(grounds)),
            lists=lists_needed(signal) if isinstance(signal, PhraseSignal) else (),
            is_anchored=bool(signal.after or signal.before),
        )


class Detection:
    """Signals made ready to be looked for: in what order, and with which lists of phrases.

    Raises ValueError where signals anchor each other in a circle (`scorecard check` refuses those).
    """

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        anchors = {name: {*signal.after, *signal.before} for name, signal in signals.items()}
        order = TopologicalSorter(anchors).static_order()
        grounds: dict[tuple[object, ...], int] = {}
        self._sought = tuple(_Sought.of(name, signals[name], grounds) for name in order)
        self._names = tuple(signals)
        self._asked: dict[Language, Asked] = {}

    def of(self, call: Call) -> Mapping[str, Outcome]:
        """Return what every signal found in `call`, or why it could not look."""
        if not self._sought:
            return {}
        if call.language not in self._asked:
            self._asked[call.language] = Asked(call.language)
        asked = self._asked[call.language]
        look = _Look(call, Passages(call.turns or (), call.language, asked))
        outcomes: dict[str, Outcome] = {}
        for sought in self._sought:
            outcomes[sought.name] = _detect(look, sought, outcomes)
        if call.timed:
            return {name: outcomes[name] for name in self._names}
        return {name: _untimed(outcomes[name]) for name in self._names}


def detect_all(call: Call, signals: Mapping[str, Signal]) -> Mapping[str, Outcome]:
    """Return what every signal found in `call`, or why it could not look.

    For many calls keep one `Detection`. Raises ValueError where signals anchor each other in a
    circle.
    """
    return Detection(signals).of(call)


class _Look:
    """A call with what several of its signals ask for, each worked out once."""

    def __init__(self, call: Call, passages: Passages) -> None:
        self.call = call
        self.passages = passages
        self.talk = talk_of(call)
        talk_s = self.talk.duration_s if self.talk else 0.0
        self.talk_s = None if call.speech is None else talk_s
        self._lacking: dict[tuple[object, ...], NotMeasured | None] = {}
        self._windows: dict[tuple[object, ...], _View | NotMeasured] = {}
        self._views: dict[int, _View | NotMeasured] = {}

    def view(self, sought: _Sought) -> "_View | NotMeasured":
        """Return the signal's window, or why the call cannot answer it or has no such window."""
        view = self._views.get(sought.ground)
        if view is None:
            view = self._views[sought.ground] = self._lacks(sought) or self._window(sought)
        return view

    def _lacks(self, sought: _Sought) -> NotMeasured | None:
        key = sought.needs_key
        if key not in self._lacking:
            needs = sought.detector.needs
            self._lacking[key] = lacking(self.call, sought.signal, needs, sought.role)
        return self._lacking[key]

    def _window(self, sought: _Sought) -> "_View | NotMeasured":
        key = sought.window_key
        if key not in self._windows:
            window = window_of(self.call, sought.signal, sought.role, self.talk)
            if isinstance(window, Window):
                self._windows[key] = _View(self, window, sought.role)
            else:
                self._windows[key] = window
        return self._windows[key]

    def says(self, lists: tuple[Phrases, ...]) -> bool:
        """Return whether something of each list is said, by whomever."""
        return all(map(self.passages.hits, lists))


class _View:
    """A window of a call: for how long its role speaks there, and in which turns.

    `speech_s` is None where that was not measured.
    """

    def __init__(self, look: _Look, window: Window, role: Role | None) -> None:
        self.window = window
        speech = look.call.speech_of(role)
        self.speech_s = None if speech is None else _seconds(window.inside(speech))
        self._turns = look.call.turns_of(role) or ()
        self._script = look.passages.script

    @once
    def turns(self) -> Mapping[int, Turn]:
        """The role's turns in which a hit can lie in the window, by index."""
        return self.window.reached(self._turns, self._script)


def _seconds(tidy: Sequence[Span]) -> float:
    return sum([span.end_s - span.start_s for span in tidy])


def _detect(look: _Look, sought: _Sought, outcomes: Mapping[str, Outcome]) -> Outcome:
    view = look.view(sought)
    if isinstance(view, NotMeasured):
        return view
    anchors = anchors_of(sought.signal, outcomes) if sought.is_anchored else None
    if isinstance(anchors, NotMeasured):
        return anchors
    if sought.signal.within_s is not None and not look.call.timed:
        return reasons.NO_TIMES
    is_barred = anchors is not None and not anchors.admit_some
    if sought.lists and (is_barred or not look.says(sought.lists)):
        return Detected(sought.name, (), None, view.speech_s, look.talk_s)
    found = sought.detector.find(look.call, sought.signal, _scope(look, sought, view, anchors))
    if isinstance(found, NotMeasured):
        return found
    return Detected(sought.name, found.findings, found.value, view.speech_s, look.talk_s)


def _scope(look: _Look, sought: _Sought, view: _View, anchors: Anchors | None) -> Scope:
    window = view.window
    if anchors is not None:
        admits = _both(window, anchors)
    else:
        admits = _anywhere if window.is_open else window.admits
    return Scope(
        signal=sought.name,
        role=sought.role,
        admits=admits,
        passage=look.passages,
        turns=view.turns if anchors is None or anchors.admit_some else {},
        min_confidence=sought.signal.min_confidence,
        inside=window.inside,
    )


def _both(window: Window, anchors: Anchors) -> Admits:
    return lambda start_s, turn: window.admits(start_s, turn) and anchors.admit(start_s)


def _anywhere(_start_s: float, _turn: int | None) -> bool:
    return True


def _untimed(outcome: Outcome) -> Outcome:
    """Take away the times of a call that has none: they only kept the turns in order."""
    if isinstance(outcome, NotMeasured):
        return outcome
    return outcome._replace(findings=tuple(_timeless(f) for f in outcome.findings))


def _timeless(finding: Finding) -> Finding:
    return finding._replace(start_s=None, end_s=None)
