"""`hold`: somebody asks the other to wait, and silence follows."""

import math
from collections.abc import Iterator

from qa_pipeline.detectors.announcements import announcements
from qa_pipeline.detectors.listening import is_short
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.search import search
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.timing_signals import HoldSignal
from qa_pipeline.spans import Span, gaps

#: How long after a hold the thanks for it may begin.
_THANKED_WITHIN_S = 15.0


def find_holds(call: Call, signal: HoldSignal, scope: Scope) -> Found:
    """Find silences of `min_s` (default 3 s) or longer that the agent announced.

    The span is the silence, from its start to where somebody says more than a back-channel or 喂,
    还在吗 (which make no second hold); the finding's turn is that of the announcement, which
    ends within 10 s before it with nothing but back-channels in between. `value` is 1 and `kind`
    "thanked" where the agent says one of `thanked_by` within 15 s after it and before the next
    hold, else 0 and "unthanked"; `unthanked: true` leaves the first out. So `hold.thanked >= 1`
    says that the agent gave thanks for at least one hold, and `not hold` of a signal with
    `unthanked: true` that he gave thanks for every one. With `role: customer` the two change
    places. Does not count: silence that nobody announced (`dead_air`), announcements by the other
    party, announcements with no silence after them, silence after the last speech. Music and
    ringing are silence. Whether the line was muted is not asked.

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
    asks = signal.announced_by or shipped.hold_announcements
    thanks = shipped.hold_thanks if signal.thanked_by is None else signal.thanked_by
    holds = list(_holds(call, signal, scope, role, asks))
    findings = []
    for i, (turn, hold) in enumerate(holds):
        later_s = (later.start_s for _, later in holds[i + 1 :])
        until_s = min(hold.end_s + _THANKED_WITHIN_S, next(later_s, math.inf))
        is_thanked = _is_said(call, scope, role, thanks, Span(hold.end_s, until_s))
        if scope.admits(hold.start_s, turn) and not (is_thanked and signal.unthanked):
            findings.append(_finding(scope, role, turn, hold, is_thanked=is_thanked))
    return Found(tuple(findings))


def _finding(scope: Scope, role: Role, turn: int, hold: Span, *, is_thanked: bool) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="hold",
        role=role,
        start_s=hold.start_s,
        end_s=hold.end_s,
        value=1.0 if is_thanked else 0.0,
        kind="thanked" if is_thanked else "unthanked",
        turn=turn,
    )


def _holds(
    call: Call, signal: HoldSignal, scope: Scope, role: Role, asks: tuple[str, ...]
) -> Iterator[tuple[int, Span]]:
    """Yield the holds, each with the index of the turn that announced it."""
    silences = gaps(call.speech_of(None) or ())
    i = 0
    while i < len(silences):
        first = last = silences[i]
        i += 1
        if first.duration_s < signal.min_s - TOLERANCE_S:
            continue
        turn = _announced(call, scope, role, asks, first)
        if turn is None:
            continue
        while i < len(silences) and _waits_on(call, Span(last.end_s, silences[i].start_s)):
            last = silences[i]
            i += 1
        yield turn, Span(first.start_s, last.end_s)


def _waits_on(call: Call, speech: Span) -> bool:
    """Return whether `speech` between two silences leaves the hold as it is."""
    shipped = lexicon(call.language)
    listens = (*shipped.back_channels, *shipped.line_checks)
    start_s, end_s = speech.start_s, speech.end_s
    said = [t for t in call.turns or () if t.start_s < end_s and start_s < t.end_s and t.words]
    if not said:
        return is_short(speech)
    return all(is_back_channel(turn.text, call.language, listens) for turn in said)


def _announced(
    call: Call, scope: Scope, role: Role, asks: tuple[str, ...], silence: Span
) -> int | None:
    """Return the turn in which `role` last asks for patience before `silence`."""
    turns = [
        index
        for index, passage, place in announcements(call, asks, scope, silence)
        if passage.role == role and scope.trusts(passage, place.start, place.end)
    ]
    return max(turns, default=None)


def _is_said(call: Call, scope: Scope, role: Role, phrases: tuple[str, ...], within: Span) -> bool:
    """Return whether `role` begins to say one of `phrases` in that stretch."""
    for index, turn in call.turns_of(role) or ():
        if turn.end_s < within.start_s or turn.start_s > within.end_s:
            continue
        passage = scope.passage(index)
        for place in search(passage, phrases, "text"):
            start_s, _ = passage.span_s(place.start, place.end)
            inside = within.start_s - TOLERANCE_S <= start_s <= within.end_s + TOLERANCE_S
            if inside and scope.trusts(passage, place.start, place.end):
                return True
    return False
