"""`sensitive_data`: card and identity numbers, phones and e-mail addresses are said."""

from dataclasses import dataclass

from qa_pipeline.detectors.redacted import redacted_turns, turns_masked
from qa_pipeline.detectors.registry import Found, Scope
from qa_pipeline.language.back_channels import is_passing
from qa_pipeline.records import Call, Finding, Turn
from qa_pipeline.redaction.masking import is_tail, shown
from qa_pipeline.redaction.streams import legible, party_of
from qa_pipeline.scorecard.signals import SensitiveDataSignal
from qa_pipeline.words import Masked, Word, Words


@dataclass(slots=True)
class _Said:
    """A number or address with the words that say it, from turn `first` to turn `last`."""

    masked: Masked
    turn: Turn
    first: int
    last: int
    words: list[Word]


def find_sensitive_data(call: Call, signal: SensitiveDataSignal, scope: Scope) -> Found:
    """Find card and identity numbers, phones and e-mail addresses in the turns of the role.

    Verified as redaction verifies (Luhn, ISO 7064, numbering plans); of two kinds that fit, the
    longer number wins. `kind` is "card", "id", "phone" or "email"; the quote is the mask. A number
    given in pieces, over back-channels, is one finding over all of them. The same on a call that
    was redacted before it was stored as on the words themselves.

    Does not count: digits that no check verifies (order and account numbers, codes, service
    lines), parts of a number that the other party repeats, the last four digits alone, and an
    address that is said again with nothing but a back-channel in between.

    Examples
    --------
    A card number counts, an order number does not:

        card: {detector: sensitive_data, role: agent, kinds: card}
        agent 0-34: 订单号20261127，您的卡号是4111111111111111，对吗？
        finds: 16-32 [card] ［卡号 16 位］

    The same in English:

        card: {detector: sensitive_data, role: agent, kinds: card}
        agent 0-8: Order 20261127, and your card is 4111111111111111, right?
        finds: 6-7 [card] [card 16 digits]
    """
    findings = []
    for said in _all(call, scope):
        start_s, end_s = said.words[0].start_s, said.words[-1].end_s
        wanted = said.masked.kind in signal.kinds and _trusted(said, scope)
        if wanted and scope.admits(start_s, said.first):
            findings.append(
                Finding(
                    signal=scope.signal,
                    detector="sensitive_data",
                    role=said.turn.role,
                    start_s=start_s,
                    end_s=end_s,
                    quote=shown(said.masked, call.language),
                    kind=said.masked.kind,
                    turn=said.first,
                )
            )
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _all(call: Call, scope: Scope) -> list[_Said]:
    """Return what the role says (None: anyone), pieces put together."""
    found: list[_Said] = []
    turns = redacted_turns(call)
    for index in turns_masked(call, scope):
        turn = turns[index]
        if scope.role is not None and turn.role != scope.role:
            continue
        for position, masked in Words.of(turn.words).masked():
            if is_tail(masked):
                continue
            word = turn.words[position]
            whole = _begun(found, masked, index, turns, call)
            if whole is not None:
                whole.words.append(word)
                whole.last = index
            elif masked.n_digits or masked.kind == "email":
                found.append(_Said(masked, turn, index, index, [word]))
    return found


def _begun(
    found: list[_Said], masked: Masked, index: int, turns: tuple[Turn, ...], call: Call
) -> _Said | None:
    """Return what `masked` in turn `index` goes on with, None where it begins something."""
    if masked.n_digits:
        return None
    for said in reversed(found):
        if said.masked.token != masked.token or party_of(said.turn) != party_of(turns[index]):
            continue
        between = turns[said.last + 1 : index]
        passes = all(is_passing(legible(turn), call.language) for turn in between)
        return said if masked.kind != "email" or (said.last < index and passes) else None
    return None


def _trusted(said: _Said, scope: Scope) -> bool:
    """Return whether every word is as sure as the signal asks."""
    if scope.min_confidence is None:
        return True
    return all(
        word.confidence is not None and word.confidence >= scope.min_confidence
        for word in said.words
    )
