"""`slow_answer`: somebody keeps the other waiting for an answer."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from qa_pipeline.detectors.announcements import left_unexcused
from qa_pipeline.detectors.listening import deaf, only_listens
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.timing_signals import SlowAnswerSignal
from qa_pipeline.spans import Span
from qa_pipeline.turns import joined

#: Whoever sounds for so long has said something, whatever his words.
_LISTENING_S = 3.0
_OTHER: dict[Role, Role] = {"agent": "customer", "customer": "agent"}


@dataclass(frozen=True, slots=True, order=True)
class _Talk:
    """What somebody says in one go; `is_check`: he only asks whether anybody is there."""

    span: Span
    role: Role
    is_check: bool


def find_slow_answers(call: Call, signal: SlowAnswerSignal, scope: Scope) -> Found | NotMeasured:
    """Find where the agent takes `min_s` or longer to answer what the customer said.

    The span is the wait, from the end of the customer's turn to the start of the agent's; `value`
    its length in seconds; `kind` "wait", or "excess" for what goes beyond `excused_max_s`.
    Back-channels alone, under 3 s of them, answer nothing and ask nothing, and a customer who asks
    whether anybody is there (`line_checks`) is still waiting. With `role: customer` the two change
    places. Does not count: a wait that ends because the customer himself goes on (`dead_air` counts
    the silence); what is never answered; an agent who is speaking when the customer ends; what
    `excused_by` excuses: said within 10 s before the wait with nothing but back-channels in
    between, by the agent, or by the customer of himself. Whether the answer answers the question is
    not asked.

    Examples
    --------
    A back-channel is no answer:

        slow: {detector: slow_answer, min_s: 3}
        customer 0-4: 这款手机怎么退货？
        agent 5-5.4: 嗯
        agent 9-12: 您可以在订单里申请退货。
        customer 12.5-14: 运费谁出？
        agent 15-17: 运费由我们承担。
        finds: 4-9 [wait]

    An "okay" is no answer:

        slow: {detector: slow_answer, min_s: 3}
        customer 0-4: How long is the warranty?
        agent 5-5.4: Okay.
        agent 9-12: Two years from the day you bought it.
        finds: 4-9 [wait]
    """
    role = scope.role or "agent"
    unheard = deaf(call, role) or deaf(call, _OTHER[role])
    waits = _waits(call, signal, role)
    if unheard and (
        waits != _waits(call, signal, role, short_is_talk=True) or (waits and signal.excused_by)
    ):
        return unheard
    findings = []
    for wait in waits:
        left = left_unexcused(call, scope, wait, signal.excused_by, signal.excused_max_s)
        if left is not None and scope.admits(left[0].start_s, None):
            findings.append(_finding(scope, role, *left))
    return Found(tuple(findings))


def _finding(scope: Scope, role: Role, span: Span, is_excess: bool) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="slow_answer",
        role=role,
        start_s=span.start_s,
        end_s=span.end_s,
        value=span.duration_s,
        kind="excess" if is_excess else "wait",
    )


def _waits(
    call: Call, signal: SlowAnswerSignal, role: Role, *, short_is_talk: bool = False
) -> list[Span]:
    """Return the waits of `min_s` or longer for `role`; in order of time."""
    return [
        wait
        for wait in _all_waits(_talk(call, signal, role, short_is_talk=short_is_talk), role)
        if wait.duration_s >= signal.min_s - TOLERANCE_S
    ]


def _all_waits(talk: list[_Talk], role: Role) -> Iterator[Span]:
    """Yield every wait for `role`, from the end of the other's turn to the start of the answer."""
    asked_s: float | None = None
    answering_until_s = -math.inf
    for one in talk:
        span = one.span
        if one.role == role:
            if asked_s is not None and span.start_s >= asked_s:
                yield Span(asked_s, span.start_s)
            answering_until_s = max(answering_until_s, span.end_s)
            if asked_s is not None and span.end_s > asked_s:
                asked_s = None
        elif not (one.is_check and asked_s is not None):
            asked_s = span.end_s if span.end_s > answering_until_s else None


def _talk(call: Call, signal: SlowAnswerSignal, role: Role, *, short_is_talk: bool) -> list[_Talk]:
    """Return what both parties say that is more than listening, in order of time.

    `short_is_talk`: so is what might be listening, of a party whose words were not heard.
    """
    shipped = lexicon(call.language)
    listens = shipped.back_channels if signal.back_channels is None else signal.back_channels
    checks = shipped.line_checks if signal.line_checks is None else signal.line_checks
    talk = []
    for one in (role, _OTHER[role]):
        own, other = call.speech_of(one) or (), call.speech_of(_OTHER[one]) or ()
        passes = partial(_passes, call, one, unheard=None if not deaf(call, one) else short_is_talk)
        for span in joined(own, other):
            if not passes(span, listens):
                is_check = one != role and passes(span, (*listens, *checks))
                talk.append(_Talk(span, one, is_check))
    return sorted(talk)


def _passes(
    call: Call, role: Role, span: Span, words: tuple[str, ...], *, unheard: bool | None
) -> bool:
    """Return whether `span` of the role's speech holds nothing but `words`.

    `unheard`: whether what might hold them is talk, where the words were not heard; else None.
    """
    if span.duration_s >= _LISTENING_S - TOLERANCE_S:
        return False
    return only_listens(call, role, span, words) if unheard is None else not unheard
