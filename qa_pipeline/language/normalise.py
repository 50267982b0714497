"""The one normaliser: what a phrase and a turn go through before they are compared.

NFKC, then traditional to simplified (OpenCC t2s), then `variants.yaml`. Every normalised
character knows which stretch of the original it came from, so that a quote shows the original.
Punctuation and case are kept; folding case is the matcher's last step.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, pairwise
from typing import NamedTuple

import opencc
from pydantic import BaseModel, ConfigDict, model_validator

from qa_pipeline.documents import read_document

#: Stands between texts that are read as the lines of one.
BORDER = "\n"

#: Stays as it is: NFKC would make three full stops of a mark of its own.
_ELLIPSIS = "…"
#: What recognisers and keyboards write for an apostrophe, beside U+0027, and for an ellipsis.
_KEYS = {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("⋯‥", _ELLIPSIS)}
#: OpenCC takes it for an old form of 坯 in 打坏, 拉坏 and 一坏: what 打坏了 would not be 坏了.
_BROKEN = "坏"
#: What is written one for one: nothing of this composes, and NFKC makes one character of each.
_ONE_FOR_ONE = re.compile("[\\t\\n -~·—“”…\u3000-\u3002《-】\u4e00-\u9fff！-～\ufffc]*")
_FULL_WIDTH = {"\u3000": " ", **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}}
#: Stand in most Chinese texts, so often that it takes long to find them one by one.
_OFTEN_FULL_WIDTH = "，？！"
_IS_FULL_WIDTH = re.compile("[\u3000！-～]")

#: Cut from, for most texts are aligned with what was written.
_NUMBERS = tuple(range(1 << 14))


class Normalised(NamedTuple):  # every turn of a call is one
    """Normalised `text`; its character i came from `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Variants(BaseModel):
    """Spellings that are equal: `zh` replaces inside text, length kept; `en` replaces words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: dict[str, str]
    en: dict[str, str]

    @model_validator(mode="after")
    def _lengths_stay(self) -> "Variants":
        if bad := [key for key, value in self.zh.items() if len(key) != len(value)]:
            raise ValueError(f"a variant must be as long as what it stands for: {bad}")
        return self


@cache
def variants() -> Variants:
    """Return the shipped `variants.yaml`."""
    raw = resources.files("qa_pipeline.language").joinpath("variants.yaml").read_bytes()
    return Variants.model_validate(read_document(raw, "variants.yaml").data)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts, each normalised by itself, as the lines of one `text`; line i begins at `begins[i]`.

    Line feeds inside of a line are spaces there. `_each` is None where all are aligned with what
    was written.
    """

    text: str
    begins: Sequence[int]
    _each: Sequence[Normalised] | None

    def each(self) -> Sequence[Normalised]:
        """Return every line by itself."""
        if self._each is not None:
            return self._each
        return [_aligned(self.text[a : b - 1]) for a, b in pairwise(self.begins)]

    def place(self, number: int, at: int) -> int:
        """Return where in `text` that begins which a line's original holds from `at` on."""
        begin = self.begins[number]
        if self._each is None:
            return begin + at
        return begin + bisect_left(self._each[number].starts, at)

    def written(self, number: int, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]`, which lies in that line, was written in the original."""
        begin = self.begins[number]
        if self._each is None:
            return start - begin, end - begin
        line = self._each[number]
        return line.starts[start - begin], line.ends[end - begin - 1]


@lru_cache(maxsize=4096)
def normalise(text: str) -> Normalised:
    """Return `text` normalised, with a map from every character back to the original."""
    composed = _compose(_straight(text))
    return Normalised(_usual(_simplify(composed.text)), composed.starts, composed.ends)


def normalise_lines(texts: Sequence[str]) -> Lines:
    """Return `texts` normalised as lines; where all are ordinary, in one go."""
    ordinary = _straight(BORDER.join(texts))
    if not ordinary.isascii():  # which is normal as it stands
        if not _ONE_FOR_ONE.fullmatch(ordinary):
            return _written([normalise(text) for text in texts])
        ordinary = _usual(_simplify(_narrow(ordinary)))
    lines = ordinary.split(BORDER) if texts else []
    if list(map(len, lines)) != list(map(len, texts)):  # something was written over a border
        return _written([normalise(text) for text in texts])
    return Lines(ordinary, _begins(texts), None)


def _written(each: Sequence[Normalised]) -> Lines:
    """Return texts that are normalised already as lines."""
    plain = [one.text.replace(BORDER, " ") for one in each]
    return Lines(BORDER.join(plain), _begins(plain), each)


def _begins(lines: Sequence[str]) -> Sequence[int]:
    """Return where each line begins, and where one more would."""
    return [at + number for number, at in enumerate(accumulate(map(len, lines), initial=0))]


def _straight(text: str) -> str:
    """Return `text` with apostrophes and ellipses as on a keyboard."""
    for written, meant in _KEYS.items():
        text = text.replace(written, meant)
    return text


def _narrow(text: str) -> str:
    """Return `text` with what is written in full width in half; `str.translate` takes longer."""
    for wide in _OFTEN_FULL_WIDTH:
        text = text.replace(wide, _FULL_WIDTH[wide])
    for wide in set(_IS_FULL_WIDTH.findall(text)):
        text = text.replace(wide, _FULL_WIDTH[wide])
    return text


def _usual(simple: str) -> str:
    """Return simplified text in the spellings of `variants.yaml`, as long as it was."""
    if simple.isascii():
        return simple
    for written, meant in variants().zh.items():
        simple = simple.replace(written, meant)
    return simple


def _compose(text: str) -> Normalised:
    """Apply NFKC; characters that compose with each other share one stretch of the original."""
    if _ONE_FOR_ONE.fullmatch(text):
        return _aligned(_narrow(text))
    if unicodedata.is_normalized("NFKC", text):
        return _aligned(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _belongs(text[start:end], text[end]):
            continue
        piece = text[start:end]
        piece = piece if piece == _ELLIPSIS else unicodedata.normalize("NFKC", piece)
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
        start = end
    return Normalised("".join(pieces), tuple(starts), tuple(ends))


def _aligned(text: str) -> Normalised:
    return Normalised(text, *_same_places(len(text)))


@lru_cache(maxsize=512)  # most turns are as long as others
def _same_places(n: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return where `n` characters start and end that stand where they stood."""
    numbers = numbers_to(n)
    return numbers[:n], numbers[1 : n + 1]


def numbers_to(n: int) -> tuple[int, ...]:
    """Return the numbers from 0 to `n`, perhaps more: to be cut from, which makes none anew."""
    return _NUMBERS if n < len(_NUMBERS) else tuple(range(n + 1))


def _belongs(group: str, character: str) -> bool:
    """Return whether `character` composes with, or is a mark upon, the `group` before it."""
    if character.isascii() or "\u4e00" <= character <= "\u9fff":
        return False
    alone = unicodedata.normalize("NFKC", character)
    if unicodedata.combining(alone[0]):
        return True
    together = unicodedata.normalize("NFKC", group[-1] + character)
    return together != unicodedata.normalize("NFKC", group[-1]) + alone


def _unbroken(text: str, converted: str) -> str:
    """Return `converted` with every `_BROKEN` where it stands in `text`."""
    at = text.find(_BROKEN)
    while at >= 0:
        converted = converted[:at] + _BROKEN + converted[at + 1 :]
        at = text.find(_BROKEN, at + 1)
    return converted


def _simplify(text: str) -> str:
    """Return `text` in simplified characters, as long as it was."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return _unbroken(text, converted) if _BROKEN in text else converted
    one_by_one = (_converter().convert(character) for character in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, one_by_one, strict=True))
