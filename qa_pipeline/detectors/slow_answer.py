"""`slow_answer`: somebody keeps the other waiting for an answer."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from qa_pipeline.detectors.announcements import left_unexcused
from qa_pipeline.detectors.listening import deaf, only_listens
from qa_pipeline.detectors.needs import unsure
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.back_channels import listening
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding, Role, Turn
from qa_pipeline.scorecard.timing_signals import SlowAnswerSignal
from qa_pipeline.spans import Span
from qa_pipeline.turns import joined

#: Whoever sounds for so long has said something, whatever his words.
_LISTENING_S = 3.0
_OTHER: dict[Role, Role] = {"agent": "customer", "customer": "agent"}


#: What somebody says in one go: from when, until when, who, and whether he only asks whether
#: anybody is there.
_Talk = tuple[float, float, Role, bool]


def find_slow_answers(call: Call, signal: SlowAnswerSignal, scope: Scope) -> Found | NotMeasured:
    """Find where the agent takes `min_s` or longer to answer what the customer said.

    The span is the wait, from the end of the customer's turn to the start of the agent's; `value`
    its length in seconds; `kind` "wait", or "excess" for what goes beyond `excused_max_s`.
    Back-channels alone, under 3 s of them, answer nothing and ask nothing, and a customer who asks
    whether anybody is there (`line_checks`) is still waiting. With `role: customer` the two change
    places. `first_turns` and `last_turns` are about the turn that answers. Does not count: a wait
    that ends because the customer himself goes on (`dead_air` counts the silence); what is never
    answered; an agent who is speaking when the customer ends; what `excused_by` excuses: said
    within 10 s before the wait with nothing but back-channels and replies like "thank you" in
    between, by the agent, or by the customer of himself; words below `min_confidence` excuse
    nothing. Whether the answer answers the question is not asked.

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
    waits = _waits(call, signal, scope, short_is_talk=False)
    if unheard and (
        waits != _waits(call, signal, scope, short_is_talk=True) or (waits and signal.excused_by)
    ):
        return unheard
    if waits and signal.excused_by and (doubt := unsure(call, signal, None)):
        return doubt
    findings, own = [], call.turns_of(role) or ()
    for wait in waits:
        left = left_unexcused(call, scope, wait, signal.excused_by, signal.excused_max_s)
        if left is not None and scope.admits(left[0].start_s, _answering(wait, own)):
            findings.append(_finding(scope, role, *left))
    return Found(tuple(findings))


def _answering(wait: Span, own: Sequence[tuple[int, Turn]]) -> int | None:
    """Return the turn that ends the wait, whose words begin a little after its speech."""
    at = bisect_right(own, wait.end_s, key=lambda one: one[1].end_s)
    return own[at][0] if at < len(own) else None


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
    call: Call, signal: SlowAnswerSignal, scope: Scope, *, short_is_talk: bool
) -> list[Span]:
    """Return the waits of `min_s` or longer for the signal's role; in order of time.

    `short_is_talk`: so is what might be listening, of a party whose words were not heard.
    """
    role, least_s = scope.role or "agent", max(signal.min_s - TOLERANCE_S, 0.0)
    talk: Iterable[_Talk] = list(_telling(_in_one_go(call), role, least_s))
    if not all(map(_is_long, talk)):
        talk = _more_than_listening(talk, call, signal, scope, short_is_talk=short_is_talk)
    return list(_long_waits(talk, role, least_s))


def _long_waits(talk: Iterable[_Talk], role: Role, least_s: float) -> Iterator[Span]:
    """Yield the waits for `role`, from the end of the other's turn to the start of the answer."""
    asked_s: float | None = None
    answering_until_s = -math.inf
    for start_s, end_s, speaker, is_check in talk:
        if speaker == role:
            if asked_s is not None and start_s - asked_s >= least_s:
                yield Span(asked_s, start_s)
            answering_until_s = max(answering_until_s, end_s)
            if asked_s is not None and end_s > asked_s:
                asked_s = None
        elif not (is_check and asked_s is not None):
            asked_s = end_s if end_s > answering_until_s else None


def _in_one_go(call: Call) -> list[_Talk]:
    """Return what both parties say, in order of time."""
    agent, customer = call.speech_of("agent") or (), call.speech_of("customer") or ()
    said: list[_Talk] = [(s.start_s, s.end_s, "agent", False) for s in joined(agent, customer)]
    said += [(s.start_s, s.end_s, "customer", False) for s in joined(customer, agent)]
    return sorted(said)


def _telling(talk: Iterable[_Talk], role: Role, least_s: float) -> Iterator[_Talk]:
    """Yield `talk` without the short speech that neither begins nor ends a wait for `role`.

    Long speech leaves who waits and since when as it does whatever short speech came before it. So
    what is short can tell only where, from one long speech to the next, `role` starts `least_s` or
    more after an end of the other's speech.
    """
    short: list[_Talk] = []
    tells = False
    asked_s = long_asked_s = math.inf  # since when the other may wait, and were all speech long
    for one in talk:
        start_s, end_s, speaker, _ = one
        tells = tells or (speaker == role and start_s - asked_s >= least_s)
        if not _is_long(one):
            short.append(one)
            if speaker != role:
                asked_s = min(asked_s, end_s)
            continue
        if tells:
            yield from short
        yield one
        short, tells = [], False
        if speaker != role:
            long_asked_s = end_s
        elif end_s > long_asked_s:
            long_asked_s = math.inf
        asked_s = long_asked_s
    if tells:
        yield from short


def _more_than_listening(
    talk: Iterable[_Talk],
    call: Call,
    signal: SlowAnswerSignal,
    scope: Scope,
    *,
    short_is_talk: bool,
) -> Iterator[_Talk]:
    """Yield what of `talk` is more than listening."""
    shipped = lexicon(call.language)
    back_channels = shipped.back_channels if signal.back_channels is None else signal.back_channels
    checks = shipped.line_checks if signal.line_checks is None else signal.line_checks
    listens = listening(call.language, back_channels)
    listens_or_checks = listening(call.language, (*back_channels, *checks))
    is_heard = {role: deaf(call, role) is None for role in _OTHER}
    for one in talk:
        start_s, end_s, role, _ = one
        if _is_long(one):
            yield one
        elif not is_heard[role]:
            if short_is_talk:
                yield one
        elif not only_listens(call, scope, role, Span(start_s, end_s), listens_or_checks):
            yield one
        elif not only_listens(call, scope, role, Span(start_s, end_s), listens):
            yield start_s, end_s, role, True


def _is_long(one: _Talk) -> bool:
    """Return whether it says something, whatever its words."""
    return one[1] - one[0] >= _LISTENING_S - TOLERANCE_S
