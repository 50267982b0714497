"""Putting a visible mask in place of words, with a keyed token of what they said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b

from qa_pipeline.language.passage import char_times
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, SensitiveKind, Word

_NAMES: dict[Language, dict[SensitiveKind, str]] = {
    "zh": {"card": "卡号", "id": "证件号", "phone": "电话", "email": "邮箱"},
    "en": {"card": "card", "id": "ID", "phone": "phone", "email": "e-mail"},
}
#: Bytes of a token: 128 bits, no two numbers of a store share one.
_TOKEN_BYTES = 16
#: Digits of a number by which people know it again.
TAIL_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Mask:
    """A token in place of `text[start:end]` of a turn; `goes_on` after a turn in between."""

    start: int
    end: int
    masked: Masked
    goes_on: bool


def token_of(kind: SensitiveKind, canonical: str, n_digits: int, key: bytes) -> Masked:
    """Return the typed token of a verified number under `key` (16 to 64 bytes)."""
    tail = canonical if kind == "email" else canonical[-TAIL_DIGITS:]
    return Masked(kind, n_digits, _hash(canonical, b"number", key), _hash(tail, b"tail", key))


def tail_of(number: Masked) -> Masked:
    """Return the token of a number's last four digits said alone: both tokens are the tail's."""
    return replace(number, n_digits=TAIL_DIGITS, token=number.tail_token)


def is_tail(masked: Masked) -> bool:
    """Return whether just the last four digits of a number were said."""
    return masked.token == masked.tail_token


def mask_turn(turn: Turn, masks: Iterable[Mask], language: Language) -> Turn:
    """Return `turn` with one word in place of all that each mask covers."""
    words = tuple(turn.words)
    for mask in sorted(masks, key=lambda mask: -mask.start):
        words = _mask_words(words, mask, language)
    return turn._replace(words=words)


def _mask_words(words: tuple[Word, ...], mask: Mask, language: Language) -> tuple[Word, ...]:
    """Cut the mask's stretch out of the words; marks around it stay, times follow the letters."""
    starts = []
    position = 0
    for word in words:
        starts.append(position)
        position += len(word.text)
    covered = [
        i
        for i, word in enumerate(words)
        if starts[i] < mask.end and mask.start < starts[i] + len(word.text)
    ]
    first, last = covered[0], covered[-1]
    head = _cut(words[first], 0, mask.start - starts[first])
    tail = _cut(words[last], mask.end - starts[last], len(words[last].text))
    start_s = char_times(words[first])[mask.start - starts[first]][0]
    end_s = char_times(words[last])[mask.end - 1 - starts[last]][1]
    said = shown(mask.masked, language, goes_on=mask.goes_on)
    kept_before, kept_after = [head], [tail]
    if not _sounds(head):
        said, kept_before = head.text + said, []
    if not _sounds(tail):
        said, kept_after = said + tail.text, []
    known = [c for i in covered if (c := words[i].confidence) is not None]
    token = replace(mask.masked, n_digits=0) if mask.goes_on else mask.masked
    word = Word(said, start_s, end_s, min(known, default=None), token)
    return (*words[:first], *kept_before, word, *kept_after, *words[last + 1 :])


def _cut(word: Word, start: int, end: int) -> Word:
    """Return the part `text[start:end]` of a word with the time that it takes."""
    times = char_times(word)[start:end]
    if not times:
        return word._replace(text="")
    return word._replace(text=word.text[start:end], start_s=times[0][0], end_s=times[-1][1])


def _sounds(word: Word) -> bool:
    return any(character.isalnum() for character in word.text)


def shown(masked: Masked, language: Language, *, goes_on: bool = False) -> str:
    """Return what stands where the number was, e.g. ［卡号 16 位］ or [card 16 digits]."""
    name, n_digits = _NAMES[language][masked.kind], masked.n_digits
    if masked.kind == "email":
        return f"［{name}］" if language == "zh" else f"[{name}]"
    if goes_on:
        return f"［{name}（续）］" if language == "zh" else f"[{name}, continued]"
    if is_tail(masked):
        return f"［{name}尾号 {n_digits} 位］" if language == "zh" else f"[{name}, last {n_digits}]"
    return f"［{name} {n_digits} 位］" if language == "zh" else f"[{name} {n_digits} digits]"


def _hash(text: str, purpose: bytes, key: bytes) -> str:
    return blake2b(text.encode(), digest_size=_TOKEN_BYTES, key=key, person=purpose).hexdigest()
