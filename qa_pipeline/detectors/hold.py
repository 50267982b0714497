"""`hold`: somebody asks the other to wait, and silence follows."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

from qa_pipeline.detectors.announcements import announcements
from qa_pipeline.detectors.listening import is_short, plain_of, turns_near
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.back_channels import Listening, listening
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.search import search
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.timing_signals import HoldSignal
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language

#: How long after a hold the thanks for it may begin.
_THANKED_WITHIN_S = 15.0


class _Hold(NamedTuple):
    """A silence that was announced in `turn`."""

    turn: int
    span: Span
    is_thanked: bool


class _Sought(NamedTuple):
    """Which holds are looked for in a call: by whom, how long, and by what words."""

    call: Call
    scope: Scope
    role: Role
    min_s: float
    asks: tuple[str, ...]
    unless: tuple[str, ...]  # where one of `asks` is a part of these, it asks for nothing
    thanks: tuple[str, ...]


def find_holds(call: Call, signal: HoldSignal, scope: Scope) -> Found:
    """Find silences of `min_s` (default 3 s) or longer that the agent announced.

    The span is the silence, from its start to where somebody says more than a back-channel, 谢谢 or
    喂, 还在吗 (which make no second hold); the finding's turn is that of the announcement, which
    ends within 10 s before it with nothing but back-channels and replies like 谢谢 in between.
    `value` is 1 and `kind` "thanked" where the agent says one of `thanked_by` within 15 s after it
    and before the next hold, else 0 and "unthanked"; `unthanked: true` leaves the first out. So
    `hold.thanked >= 1` says that the agent gave thanks for at least one hold, and `not hold` of a
    signal with `unthanked: true` that he gave thanks for every one. With `role: customer` the two
    change places. Does not count: silence that nobody announced (`dead_air`), announcements by the
    other party, announcements with no silence after them, silence after the last speech; with the
    shipped list also words that ask for no patience: that the customer look himself (麻烦您查一下),
    "do you have a moment?". Music and ringing are silence. Whether the line was muted is not asked.

    Examples
    --------
    Two holds, with thanks for the first:

        hold: {detector: hold, announced_by: [请您稍等], thanked_by: [久等]}
        agent 0-2: 请您稍等。
        customer 2.5-3: 好的
        agent 23-26: 让您久等了，请您稍等。
        agent 40-42: 查到了，已经发货。
        customer 43-44: 好的
        finds: 3-23 [thanked]
        finds: 26-40 [unthanked]

    The same in English, and only what was left without thanks:

        no_thanks: {detector: hold, announced_by: [hold], thanked_by: [for holding],
          unthanked: true}
        agent 0-2: Please hold the line.
        agent 23-27: Thank you for holding. Please hold again.
        agent 40-42: It was sent yesterday.
        customer 43-44: Good.
        finds: 27-40 [unthanked]
    """
    role = scope.role or "agent"
    shipped = lexicon(call.language)
    if signal.announced_by is None:
        asks, unless = _announcements(call.language), shipped.no_holds
    else:
        asks, unless = signal.announced_by, ()
    thanks = shipped.hold_thanks if signal.thanked_by is None else signal.thanked_by
    sought = _Sought(call, scope, role, signal.min_s, asks, unless, thanks)
    findings = [
        _finding(scope, role, hold)
        for hold in _holds(sought)
        if scope.admits(hold.span.start_s, hold.turn) and not (hold.is_thanked and signal.unthanked)
    ]
    return Found(tuple(findings))


@cache
def _announcements(language: Language) -> tuple[str, ...]:
    """Return the shipped words that ask for patience, with what of `no_holds` helps makes one."""
    shipped = lexicon(language)
    helped = (first + rest for first in shipped.helps for rest in shipped.no_holds)
    return (*shipped.hold_announcements, *helped)


def _finding(scope: Scope, role: Role, hold: _Hold) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="hold",
        role=role,
        start_s=hold.span.start_s,
        end_s=hold.span.end_s,
        value=1.0 if hold.is_thanked else 0.0,
        kind="thanked" if hold.is_thanked else "unthanked",
        turn=hold.turn,
    )


#: The holds sought last in each call, by what makes its turns ready for searching: all of them
#: and those without thanks are asked for one after the other.
_LATEST: WeakKeyDictionary[Passages, tuple[tuple[object, ...], Sequence[_Hold]]]
_LATEST = WeakKeyDictionary()


def _holds(sought: _Sought) -> Sequence[_Hold]:
    """Return the holds in order of time."""
    scope = sought.scope
    words = (sought.asks, sought.unless, sought.thanks)
    wanted = (sought.role, sought.min_s, words, scope.min_confidence)
    known = _LATEST.get(scope.passage)
    if known is None or known[0] != wanted:
        known = _LATEST[scope.passage] = wanted, list(_look_for(sought))
    return known[1]


def _look_for(sought: _Sought) -> Iterator[_Hold]:
    """Yield the holds in order of time."""
    announced = list(_announced_silences(sought))
    next_s = [*(silence.start_s for _, silence in announced[1:]), math.inf]
    for (turn, silence), begins_s in zip(announced, next_s, strict=False):
        yield _Hold(turn, silence, _is_thanked(sought, silence.end_s, begins_s))


def _announced_silences(sought: _Sought) -> Iterator[tuple[int, Span]]:
    """Yield the silences, over what only waits on, each with the turn that announced it."""
    call, least_s = sought.call, sought.min_s - TOLERANCE_S
    speech = call.speech_of(None) or ()
    shipped = lexicon(call.language)
    waits = (*shipped.back_channels, *shipped.wait_replies, *shipped.line_checks)
    listens = listening(call.language, waits)
    ended_by = 0  # the speech that ends the latest hold
    for i, (before, after) in enumerate(pairwise(speech), start=1):
        if after.start_s - before.end_s < least_s or i <= ended_by:
            continue
        turn = _announced_in(sought, Span(before.end_s, after.start_s))
        if turn is None:
            continue
        ended_by = i
        while ended_by + 1 < len(speech) and _waits_on(sought, speech[ended_by], listens):
            ended_by += 1
        yield turn, Span(before.end_s, speech[ended_by].start_s)


def _waits_on(sought: _Sought, speech: Span, listens: Listening) -> bool:
    """Return whether `speech` between two silences leaves the hold as it is."""
    turns, start_s, end_s = sought.call.turns or (), speech.start_s, speech.end_s
    said = [
        sought.scope.passage(index)
        for index in turns_near(sought.call, sought.scope, speech)
        if turns[index].start_s < end_s and start_s < turns[index].end_s and turns[index].words
    ]
    return all(map(listens.is_all_of, map(plain_of, said))) if said else is_short(speech)


def _announced_in(sought: _Sought, silence: Span) -> int | None:
    """Return the turn in which the role last asks for patience before `silence`."""
    for index, passage, place in announcements(sought.call, sought.asks, sought.scope, silence):
        if passage.role == sought.role:
            others = search(passage, sought.unless, "text")
            if not any(o.start <= place.start and place.end <= o.end for o in others):
                return index
    return None


def _is_thanked(sought: _Sought, from_s: float, next_s: float) -> bool:
    """Return whether the role begins to give thanks for the hold that ended, before the next."""
    until_s = min(from_s + _THANKED_WITHIN_S, next_s)
    turns, scope = sought.call.turns or (), sought.scope
    saying = scope.passage.hits(sought.thanks)
    for index in filter(saying.__contains__, turns_near(sought.call, scope, Span(from_s, until_s))):
        if turns[index].role != sought.role or turns[index].end_s < from_s:
            continue
        passage = scope.passage(index)
        for place in search(passage, sought.thanks, "text"):
            start_s, _ = passage.span_s(place.start, place.end)
            inside = from_s - TOLERANCE_S <= start_s <= until_s + TOLERANCE_S
            if inside and scope.trusts(passage, place.start, place.end):
                return True
    return False
