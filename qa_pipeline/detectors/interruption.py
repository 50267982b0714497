"""`interruption`: somebody cuts in while the other speaks."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import islice

from qa_pipeline.detectors.listening import SHORT_S, deaf, is_short, only_listens
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.back_channels import listening
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import InterruptionSignal
from qa_pipeline.spans import Span
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
        cuts = list(_cuts(call, signal, scope, role))
        if any(is_unsure for _, is_unsure in cuts) and (unheard := deaf(call, role)):
            return unheard
        for overlap, _ in cuts:
            finding = _finding(call, scope, role, overlap)
            if scope.admits(overlap.start_s, finding.turn):
                findings.append(finding)
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _cuts(
    call: Call, signal: InterruptionSignal, scope: Scope, role: Role
) -> Iterator[tuple[Span, bool]]:
    """Yield (the overlap, whether but words say that the interrupter does not just listen)."""
    heard, other = call.speech_of(role) or (), call.speech_of(_OTHER[role]) or ()
    is_deaf = deaf(call, role) is not None
    words = listening(call.language, signal.back_channels)

    def listens(at: int) -> bool:
        may = not is_deaf and is_short(heard[at])
        return may and only_listens(call, scope, role, heard[at], words)

    for at, overlap in _overlaps(heard, other, signal):
        if not listens(at) and not _goes_on(heard, at, listens):
            yield overlap, is_deaf and _in_one_go_s(heard, at) < SHORT_S


def _overlaps(
    heard: tuple[Span, ...], other: tuple[Span, ...], signal: InterruptionSignal
) -> Iterator[tuple[int, Span]]:
    """Yield which of `heard` starts while the other has spoken for long enough, and the overlap."""
    least_other_s = signal.min_other_s - TOLERANCE_S
    for at, said in _starts_within(heard, other):
        start_s = heard[at].start_s
        overlap = Span(start_s, min(said.end_s, heard[at].end_s))
        if overlap.duration_s < signal.min_overlap_s - TOLERANCE_S:
            continue
        if start_s - said.start_s < least_other_s:  # he may have taken a breath
            said = _at(joined(other, heard), start_s) or said
        if start_s - said.start_s >= least_other_s:
            yield at, overlap


def _starts_within(heard: tuple[Span, ...], other: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    """Yield which of `heard` starts in speech of the other, and in which."""
    n_over = 0
    for at, span in enumerate(heard):
        while n_over < len(other) and other[n_over].end_s <= span.start_s:
            n_over += 1
        if n_over < len(other) and other[n_over].start_s <= span.start_s:
            yield at, other[n_over]


def _goes_on(heard: tuple[Span, ...], at: int, listens: Callable[[int], bool]) -> bool:
    """Return whether number `at` goes on after a pause in what was more than listening."""
    for before in range(at - 1, -1, -1):
        if heard[at].start_s - heard[before].end_s >= TURN_GAP_S:
            return False
        if not listens(before):
            return True
    return False


def _in_one_go_s(heard: tuple[Span, ...], at: int) -> float:
    """Return how long the role speaks from number `at` on, over pauses of its own."""
    until_s = heard[at].end_s
    for after in islice(heard, at + 1, None):
        if after.start_s - until_s >= TURN_GAP_S:
            break
        until_s = after.end_s
    return until_s - heard[at].start_s


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
    quote = "".join(
        w.text for w in words if min(w.end_s, overlap.end_s) - max(w.start_s, overlap.start_s) > 0
    )
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
