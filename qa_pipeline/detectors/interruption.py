"""`interruption`: somebody cuts in while the other speaks."""

from bisect import bisect_right
from collections.abc import Iterator

from qa_pipeline.detectors.listening import SHORT_S, deaf, is_short, only_listens
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import InterruptionSignal
from qa_pipeline.spans import Span, union
from qa_pipeline.turns import TURN_GAP_S, joined

_OTHER: dict[Role, Role] = {"agent": "customer", "customer": "agent"}


def find_interruptions(call: Call, signal: InterruptionSignal, scope: Scope) -> Found | NotMeasured:
    """Find where the signal's role (any: either) starts while the other is speaking.

    `value` is the overlap in seconds; the span is the overlap, up to where one of the two pauses;
    the quote is what the interrupter says in it. Does not count: going on after a pause < 1 s of
    one's own; starting in a pause of the other; back-channels alone, or speech without recognised
    words, under 1.5 s; the one who is interrupted.

    Examples
    --------
    A back-channel, then the agent who does not let the customer finish:

        cut_in: {detector: interruption, role: agent, min_other_s: 1, min_overlap_s: 0.5}
        customer 0-8: 我上周买的手机屏幕有一条线
        agent 3-3.5: 嗯
        agent 7-10: 您先报一下订单号
        finds: 7-8 您先报

    The same in English:

        cut_in: {detector: interruption, role: agent, min_other_s: 1, min_overlap_s: 0.5}
        customer 0-8: The kettle that I bought last week has a crack.
        agent 3-3.5: Okay.
        agent 7-10: What is the order number?
        finds: 7-8 What is
    """
    roles: tuple[Role, ...] = ("agent", "customer") if scope.role is None else (scope.role,)
    findings: list[Finding] = []
    for role in roles:
        cuts = list(_cuts(call, signal, role))
        short = any(stretch.duration_s < SHORT_S for stretch, _ in cuts)
        if short and (unheard := deaf(call, role)):
            return unheard
        for _, overlap in cuts:
            finding = _finding(call, scope, role, overlap)
            if scope.admits(overlap.start_s, finding.turn):
                findings.append(finding)
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _cuts(call: Call, signal: InterruptionSignal, role: Role) -> Iterator[tuple[Span, Span]]:
    """Yield (what the interrupter says in one go, the overlap)."""
    heard = call.speech_of(role) or ()
    other = call.speech_of(_OTHER[role]) or ()
    if deaf(call, role):
        own = heard
    else:
        own = tuple(
            span
            for span in heard
            if not (is_short(span) and only_listens(call, role, span, signal.back_channels))
        )
    others_turns = joined(other, heard)
    for stretch in union(own, join_gap_s=TURN_GAP_S):
        start_s = stretch.start_s
        said, spoken = _at(other, start_s), _at(others_turns, start_s)
        piece = _at(own, start_s)
        if said is None or spoken is None or piece is None:
            continue
        overlap = Span(start_s, min(said.end_s, piece.end_s))
        if (
            start_s - spoken.start_s >= signal.min_other_s - TOLERANCE_S
            and overlap.duration_s >= signal.min_overlap_s - TOLERANCE_S
        ):
            yield stretch, overlap


def _at(spans: tuple[Span, ...], at_s: float) -> Span | None:
    """Return the one of tidy `spans` that holds `at_s`."""
    i = bisect_right(spans, at_s, key=lambda span: span.start_s) - 1
    return spans[i] if i >= 0 and at_s < spans[i].end_s else None


def _finding(call: Call, scope: Scope, role: Role, overlap: Span) -> Finding:
    turn = next(
        (
            i
            for i, turn in call.turns_of(role) or ()
            if turn.start_s <= overlap.start_s < turn.end_s
        ),
        None,
    )
    words = call.turns[turn].words if call.turns and turn is not None else ()
    quote = "".join(w.text for w in words if Span(w.start_s, w.end_s).overlap_s(overlap) > 0)
    return Finding(
        signal=scope.signal,
        detector="interruption",
        role=role,
        start_s=overlap.start_s,
        end_s=overlap.end_s,
        quote=quote.strip() or None,
        value=overlap.duration_s,
        turn=turn,
    )
