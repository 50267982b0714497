"""Where a signal may look: its window, and which side of its anchors.

A hit's start counts. Both ends of every window and of `within_s` belong to it.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from qa_pipeline.detectors.reasons import NO_TIMES, anchor_unmeasured, words_unmeasured
from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.script import Script
from qa_pipeline.records import Call, Finding, Role, Turn
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.spans import Span, intersection

_ALWAYS = Span(-math.inf, math.inf)
_NEVER = Span(math.inf, math.inf)
_START, _END = attrgetter("start_s"), attrgetter("end_s")


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time and the turns in which a hit may start; `turns` None: any.

    `begins` says when each turn of the role begins, `(start_s, index)`, in order.
    """

    stretch: Span
    turns: Mapping[int, Span] | None
    begins: Sequence[tuple[float, int]] = ()

    def admits(self, start_s: float, turn: int | None) -> bool:
        """Return whether a hit that starts there lies in the window."""
        within = self.stretch.start_s - TOLERANCE_S <= start_s <= self.stretch.end_s + TOLERANCE_S
        if not within or self.turns is None:
            return within
        return (self._latest(start_s) if turn is None else turn) in self.turns

    def _latest(self, start_s: float) -> int | None:
        """Return the turn of the role that began last: what has no turn, as silence, follows it.

        It need not start inside of the turn's words: speech ends a little after these.
        """
        begun = bisect_right(self.begins, (start_s + TOLERANCE_S, math.inf))
        return self.begins[begun - 1][1] if begun else None

    def reached(self, turns: Iterable[tuple[int, Turn]], script: Script) -> Mapping[int, Turn]:
        """Return which of `turns` of the script a hit can lie in that counts."""
        if self.turns is not None:
            turns = [one for one in turns if one[0] in self.turns]
        if self.stretch is _ALWAYS:
            return dict(turns)
        extents_s = script.extents_s
        earliest_s = self.stretch.start_s - TOLERANCE_S
        latest_s = self.stretch.end_s + TOLERANCE_S
        reached: dict[int, Turn] = {}
        for index, turn in turns:
            begins_s, ends_s = extents_s[index]
            if begins_s <= latest_s and earliest_s <= ends_s:
                reached[index] = turn
        return reached

    @property
    def is_open(self) -> bool:
        """Whether the window is the whole call."""
        return self.stretch is _ALWAYS and self.turns is None

    def inside(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """Return what of `spans` lies in the window."""
        kept = spans if self.stretch is _ALWAYS else _within(self.stretch, spans)
        return kept if self.turns is None else intersection(kept, self.turns.values())


@dataclass(frozen=True, slots=True)
class Anchors:
    """When what a hit must follow ended, and what it must precede began, in order of time.

    None: nothing is asked.
    """

    ends_s: Sequence[float] | None
    starts_s: Sequence[float] | None
    within_s: float

    @property
    def admit_some(self) -> bool:
        """Whether a hit can be admitted: an anchor that was not found admits none."""
        return all(times_s is None or times_s for times_s in (self.ends_s, self.starts_s))

    def admit(self, start_s: float) -> bool:
        """Return whether a hit that starts there has an anchor before and after as asked."""
        return (self.ends_s is None or self._follows(start_s, self.ends_s)) and (
            self.starts_s is None or self._precedes(start_s, self.starts_s)
        )

    def _follows(self, start_s: float, ends_s: Sequence[float]) -> bool:
        """Return whether the latest end until then is near enough."""
        n_before = bisect_right(ends_s, start_s + TOLERANCE_S)
        return n_before > 0 and start_s - ends_s[n_before - 1] <= self.within_s + TOLERANCE_S

    def _precedes(self, start_s: float, starts_s: Sequence[float]) -> bool:
        """Return whether the next start is near enough."""
        n_before = bisect_right(starts_s, start_s)
        if n_before == len(starts_s):
            return False
        return starts_s[n_before] - start_s <= self.within_s + TOLERANCE_S


def window_of(
    call: Call, signal: Signal, role: Role | None, talk: Span | None
) -> Window | NotMeasured:
    """Return the signal's window in `call`; `talk` is from first to last speech of anyone."""
    stretch = _ALWAYS
    if signal.first_s is not None or signal.last_s is not None:
        if not call.timed:
            return NO_TIMES
        stretch = _stretch(talk, signal)
    if signal.first_turns is None and signal.last_turns is None:
        return Window(stretch, None)
    turns = call.turns_of(role)
    if turns is None:
        return words_unmeasured(call, role)
    kept = dict(turns)
    if signal.first_turns is not None:
        kept = _first_spoken(kept.items(), signal.first_turns)
    if signal.last_turns is not None:
        last = _first_spoken(reversed(turns), signal.last_turns)
        kept = {i: turn for i, turn in kept.items() if i in last}
    begins = sorted([(turn.start_s, i) for i, turn in turns])
    return Window(stretch, {i: turn.span for i, turn in kept.items()}, begins)


def _first_spoken(turns: Iterable[tuple[int, Turn]], n: int) -> dict[int, Turn]:
    """Return the first `n` of the turns in which something is said."""
    return dict(islice((one for one in turns if one[1].words), n))


def talk_of(call: Call) -> Span | None:
    """Return the stretch from the first to the last speech of anyone, None without speech.

    Where speech was not measured, the turns' words stand for it.
    """
    spans = call.speech_of(None)
    if spans:
        return Span(spans[0].start_s, spans[-1].end_s)
    spoken = [] if spans is not None else [turn for turn in call.turns or () if turn.words]
    if not spoken:
        return None
    return Span(min(turn.start_s for turn in spoken), max(turn.end_s for turn in spoken))


def anchors_of(
    signal: Signal, outcomes: Mapping[str, Detected | NotMeasured]
) -> Anchors | NotMeasured:
    """Return the findings of the signal's anchors; not measured when one of them was not."""
    for name in (*signal.after, *signal.before):
        outcome = outcomes[name]
        if isinstance(outcome, NotMeasured):
            return anchor_unmeasured(name, outcome)
    return Anchors(
        ends_s=_times_s(signal.after, outcomes, _END),
        starts_s=_times_s(signal.before, outcomes, _START),
        within_s=math.inf if signal.within_s is None else signal.within_s,
    )


def _times_s(
    names: tuple[str, ...],
    outcomes: Mapping[str, Detected | NotMeasured],
    edge: Callable[[Finding], float],
) -> Sequence[float] | None:
    """Return when what the signals of those names found begins or ends, in order of time.

    Times are taken away from untimed calls only after all signals are done.
    """
    if not names:
        return None
    detected = (outcomes[name] for name in names)
    return sorted(edge(f) for one in detected if isinstance(one, Detected) for f in one.findings)


def _stretch(talk: Span | None, signal: Signal) -> Span:
    """Return the times that `first_s` and `last_s` leave; empty when they leave none."""
    if talk is None:
        return _NEVER
    start_s = -math.inf if signal.last_s is None else talk.end_s - signal.last_s
    end_s = math.inf if signal.first_s is None else talk.start_s + signal.first_s
    return Span(start_s, end_s) if start_s <= end_s else _NEVER


def _within(stretch: Span, tidy: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return what of tidy spans lies in the stretch."""
    if stretch.start_s >= stretch.end_s:
        return ()
    first = bisect_right(tidy, stretch.start_s, key=_END)
    last = bisect_left(tidy, stretch.end_s, lo=first, key=_START)
    kept = list(tidy[first:last])
    if kept and kept[0].start_s < stretch.start_s:
        kept[0] = Span(stretch.start_s, kept[0].end_s)
    if kept and kept[-1].end_s > stretch.end_s:
        kept[-1] = Span(kept[-1].start_s, stretch.end_s)
    return tuple(kept)
