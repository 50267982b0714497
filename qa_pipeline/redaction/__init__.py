"""Masking card numbers, identity numbers, phones and e-mail addresses before anything is stored.

Only what is verified as sensitive is masked (`qa_pipeline.redaction.kinds` says what is not); a
typed, keyed token stays in its place, so that a later evaluation equals the first.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Masked, Turn
from qa_pipeline.redaction.emails import find_emails
from qa_pipeline.redaction.masking import Mask, mask_turn, token_of
from qa_pipeline.redaction.reading import Number, digit_runs, find_numbers
from qa_pipeline.redaction.streams import Piece, Stream, legible, party_of, streams_of
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language

#: blake2b takes no longer key; a shorter one could be guessed.
KEY_BYTES = range(16, 65)
#: Digits from which on a repeated part of a number says something of it.
_ECHO_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Redacted:
    """Turns in which no digit of a verified number is left, and when those were said (tidy)."""

    turns: tuple[Turn, ...]
    spans: tuple[Span, ...]


def redact(turns: Sequence[Turn], key: bytes, language: Language = "zh") -> Redacted:
    """Mask verified numbers and addresses in the words of `turns` (in order of time).

    A number may lie in several words, and in several turns of a party between which the other only
    says back-channels or repeats digits: then the first part carries the digit count, the rest 0,
    and what the other repeated of it is masked too. `spans` are for masking the audio. Redacting
    twice changes nothing.

    Raises
    ------
    ValueError
        Where `key` has fewer than 16 or more than 64 bytes.
    """
    if len(key) not in KEY_BYTES:
        raise ValueError(f"a redaction key has 16 to 64 bytes, not {len(key)}")
    masks: defaultdict[int, list[Mask]] = defaultdict(list)
    echoes: list[tuple[Piece, Masked]] = []
    for stream in streams_of(turns, language):
        for number in _sensitive(stream, language):
            verified = number.verified
            token = token_of(verified.kind, verified.canonical, number.n_digits, key)
            pieces = stream.pieces(number.start, number.end)
            for part, (turn, start, end) in enumerate(pieces):
                masks[turn].append(Mask(start, end, token, goes_on=part > 0))
            if len(pieces) > 1:
                echoes += [(echo, token) for echo in _echoes(turns, pieces, verified.canonical)]
    for (turn, start, end), token in echoes:
        if not any(start < mask.end and mask.start < end for mask in masks[turn]):
            masks[turn].append(Mask(start, end, token, goes_on=True))
    redacted = tuple(mask_turn(turn, masks[i], language) for i, turn in enumerate(turns))
    said = (w for turn in redacted for w in turn.words if w.masked is not None)
    return Redacted(redacted, union(Span(w.start_s, w.end_s) for w in said))


def _sensitive(stream: Stream, language: Language) -> list[Number]:
    """Return the verified numbers and addresses of a stream, none overlapping."""
    plain = normalise(stream.text)
    emails = find_emails(plain)
    numbers = find_numbers(plain, language)
    apart = (n for n in numbers if not any(n.start < e.end and e.start < n.end for e in emails))
    return [*emails, *apart]


def _echoes(turns: Sequence[Turn], pieces: Sequence[Piece], canonical: str) -> Iterator[Piece]:
    """Yield where the other party repeats parts of a number given in several pieces."""
    own = {turn for turn, _, _ in pieces}
    for index in range(min(own), min(max(own) + 2, len(turns))):
        if index in own or party_of(turns[index]) == party_of(turns[min(own)]):
            continue
        for digits, start, end in digit_runs(normalise(legible(turns[index]))):
            if len(digits) >= _ECHO_DIGITS and digits in canonical:
                yield index, start, end
