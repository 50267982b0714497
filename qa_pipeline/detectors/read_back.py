"""`read_back`: what one party gave, and the other did not repeat."""

from collections.abc import Iterable

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.detectors.said import Repeats, Said, Sayings
from qa_pipeline.detectors.taken_back import taken_back
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.scorecard.signals import ReadBackSignal

_OTHER: dict[Role, Role] = {"agent": "customer", "customer": "agent"}


def find_unrepeated(call: Call, signal: ReadBackSignal, scope: Scope) -> Found | NotMeasured:
    """Find numbers, order numbers and `of` phrases that the role did not read back to the other.

    The agent, unless the signal's `role` says otherwise, must say in a later turn what the other
    party gave: numbers of five or more digits, in any grouping and form (138, 幺三八, 一百三十八,
    one thirty eight, double five), letters with digits, and the phrases in `of`. `tail: 4` accepts
    the last four digits. A finding stands where it was first given, with the giver's role; its
    `kind` is "number", "order", "phrase", or what redaction verified ("phone", "card", "id": the
    quote is the mask). The same on a redacted call.

    Does not count: what the one who should repeat said first (the other only confirms it); a number
    that its giver takes back at once (`corrected_by` opens what he says next, and the right number
    follows: 12345，不对，是12346) or denies (12346，不是12345); amounts said as such (一万二), or
    written so (12500元, $12,500), after letters too (APP一百块, plan B two thousand); years (2025
    and 2026), dates, prices with decimals; e-mail addresses; a number repeated with a wrong digit
    as repeated; and whether the other party agreed.

    Examples
    --------
    The phone is read back in other groups, the order number is not:

        unrepeated: {detector: read_back}
        customer 0-26: 订单号TY20261127，电话一三八零零一三八零零零
        agent 27-37: 好的，幺三八，零零幺三，八千，对吗？
        finds: 3-13 [order] TY20261127

    The last four digits are enough for the first number:

        unrepeated: {detector: read_back, tail: 4}
        customer 0-7: It is four seven one nine two six.
        agent 8-9: One nine two six.
        customer 10-18: And my phone is five five five zero one four two.
        finds: 12.91-18 [number] five five five zero one four two
    """
    repeaters: tuple[Role, ...] = ("agent", "customer") if scope.role is None else (scope.role,)
    if unmeasured := _unmeasured(call):
        return unmeasured
    said = Sayings(call, scope, signal.of)
    findings = []
    for role in repeaters:
        for given in _unrepeated(said, role, signal):
            if (finding := _finding(said, given, scope)) is not None:
                findings.append(finding)
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _unmeasured(call: Call) -> NotMeasured | None:
    """Return why one of the two parties cannot be understood."""
    roles: tuple[Role, ...] = ("agent", "customer")
    for role in roles:
        if call.turns_of(role) is None:
            return words_unmeasured(call, role)
        if deaf := unheard(call, role):
            return deaf
    return None


def _unrepeated(said: Sayings, role: Role, signal: ReadBackSignal) -> Iterable[Said]:
    """Return what `role` had to repeat, and did not, each once.

    The first time that it was given and not taken back, unless `role` said it before.
    """
    everything = said.given(_OTHER[role])
    if not everything:
        return ()
    own = Repeats(said.like(role, everything))
    repeated: dict[tuple[str, str], bool] = {}
    for given in everything:
        if given.counts and (given.kind, given.what) not in repeated:
            repeated[given.kind, given.what] = _is_repeated(given, own, signal)
    missing = [one for one in everything if one.counts and not repeated[one.kind, one.what]]
    wrong = taken_back(said, everything, signal.corrected_by) if missing else ()
    found: dict[tuple[str, str], Said] = {}
    for given in missing:
        if given not in wrong:
            found.setdefault((given.kind, given.what), given)
    return found.values()


def _is_repeated(given: Said, own: Repeats, signal: ReadBackSignal) -> bool:
    """Return whether what was given first here is said before, or repeated after."""
    first = given.first
    if min(own.turns(given, by_tail=False), default=first) < first:
        return True
    return max(own.turns(given, by_tail=signal.tail is not None), default=first) > first


def _finding(said: Sayings, given: Said, scope: Scope) -> Finding | None:
    """Return the evidence, None outside the signal's window or where the words are unsure."""
    spans, quotes = [], []
    for turn, start, end in given.pieces:
        passage = said.passage(turn)
        if not scope.trusts(passage, start, end):
            return None
        spans.append(passage.span_s(start, end))
        quotes.append(passage.text[start:end])
    if not scope.admits(spans[0][0], given.first):
        return None
    return Finding(
        signal=scope.signal,
        detector="read_back",
        role=said.turns[given.first].role,
        start_s=spans[0][0],
        end_s=max(end_s for _, end_s in spans),
        quote=" … ".join(quotes),
        kind=given.kind,
        turn=given.first,
    )
