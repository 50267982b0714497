"""Masking card numbers, identity numbers, phones and e-mail addresses before anything is stored.

Only what is verified as sensitive is masked (`qa_pipeline.redaction.kinds` says what is not); a
typed, keyed token stays in its place, so that a later evaluation equals the first. So that it also
knows what was read back, a number that was verified once is masked in whatever form it is said
again, and where the other party repeats just its last four digits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Turn
from qa_pipeline.redaction.emails import find_emails, has_at
from qa_pipeline.redaction.masking import mask_turn, token_of
from qa_pipeline.redaction.masks import Masks
from qa_pipeline.redaction.reading import Number, find_numbers, has_numerals
from qa_pipeline.redaction.sayings import sayings
from qa_pipeline.redaction.streams import Stream, streams_of, texts_of
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language

#: blake2b takes no longer key; a shorter one could be guessed.
KEY_BYTES = range(16, 65)


@dataclass(frozen=True, slots=True)
class Redacted:
    """Turns in which no digit of a verified number is left, and when those were said (tidy)."""

    turns: tuple[Turn, ...]
    spans: tuple[Span, ...]


def redact(turns: Sequence[Turn], key: bytes, language: Language = "zh") -> Redacted:
    """Mask verified numbers and addresses in the words of `turns` (in order of time).

    A number may lie in several words, and in several turns of a party between which the other only
    says back-channels or repeats digits: then the first part carries the digit count, the rest 0,
    and what the other repeated of it is masked too. Said again in another form (一百三十八), it is
    masked again; where the other party later says just its last four digits, those are. `spans`
    are for masking the audio. Redacting twice changes nothing.

    Raises
    ------
    ValueError
        Where `key` has fewer than 16 or more than 64 bytes.
    """
    if len(key) not in KEY_BYTES:
        raise ValueError(f"a redaction key has 16 to 64 bytes, not {len(key)}")
    masks = Masks(turns, defaultdict(list), {})
    texts = texts_of(turns).values()
    streams = streams_of(turns, language) if any(map(_may_hold_something, texts)) else []
    for stream in streams:
        for number in _sensitive(stream, language):
            verified = number.verified
            token = token_of(verified.kind, verified.canonical, number.n_digits, key)
            pieces = stream.pieces(number.start, number.end)
            masks.add(pieces, token)
            masks.know(verified.canonical, token, pieces)
    if masks.known:
        said = [(stream, saying) for stream in streams for saying in sayings(stream.text)]
        masks.add_other_forms(said)
        masks.add_tails(said)
        masks.add_echoes()
    redacted = tuple(
        mask_turn(turn, masks.of[i], language) if i in masks.of else turn
        for i, turn in enumerate(turns)
    )
    said_s = (w for turn in redacted for w in turn.words if w.masked is not None)
    return Redacted(redacted, union(Span(w.start_s, w.end_s) for w in said_s))


def _may_hold_something(text: str) -> bool:
    """Return whether all that a party says may hold a number to verify, or an address."""
    plain = normalise(text).text
    return has_numerals(plain) or has_at(plain)


def _sensitive(stream: Stream, language: Language) -> list[Number]:
    """Return the verified numbers and addresses of a stream, none overlapping."""
    plain = normalise(stream.text)
    emails = find_emails(plain)
    numbers = find_numbers(plain, language)
    apart = (n for n in numbers if not any(n.start < e.end and e.start < n.end for e in emails))
    return [*emails, *apart]
