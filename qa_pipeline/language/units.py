"""What is compared when phrases are looked for: characters in Chinese, words in English.

Punctuation and white space are no units; they live in the joints between units, which say how
strongly two neighbours hold together.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised, normalise, variants
from qa_pipeline.texts import Language

#: Stands where something must not be read (a masked number): no match touches or crosses it.
BLANK = "\ufffc"
#: Stands around every symbol where units are read as one text; no symbol contains it.
EDGE = "\x1f"
#: Marks that no match crosses.
STOPS = frozenset("。!?;…" + BLANK)

#: Stand inside a written word or number, and are nothing that is said.
_WRITING_SIGNS = frozenset(",.'")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_WORD = rf"(?:(?![{_HAN}])[^\W_])+"
_LETTERS = rf"(?:(?![{_HAN}\d])[^\W_])+"
_SIGNS = "[%‰@&+#$£€¥]"
#: What is written in one piece. In Chinese letters part from digits (满100元送iPhone15); in English
#: they do not (5th, 4G).
_TOKEN: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"[{_HAN}]|{_SIGNS}|\d+(?:[.,]\d+)*|{_LETTERS}(?:'{_LETTERS})*"),
    "en": re.compile(rf"[{_HAN}]|{_SIGNS}|{_WORD}(?:(?:'|(?<=\d)[.,](?=\d)){_WORD})*"),
}
#: All that is in no token: of Chinese, every other character is a symbol.
_BETWEEN = re.compile(rf"(?:[^\w{_SIGNS[1:-1]}{_HAN}]|_)+")
_IS_HAN = re.compile(f"[{_HAN}]")
_SPOKEN = {
    **_TOKEN,
    "zh": re.compile(rf"[{_HAN}]|{_SIGNS}|\d|{_LETTERS}(?:'{_LETTERS})*"),
}


class Unit(NamedTuple):  # there are a thousand in a call
    """One unit, from `original[start:end]`, with what stands between it and the one before.

    `marks` are the punctuation marks before it, `stopped` whether one of them ends a sentence;
    `glued` means that it continues a written word or number, at which no match may begin.
    """

    symbol: str
    start: int
    end: int
    marks: str
    stopped: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a text, with the marks after the last one."""

    units: tuple[Unit, ...]
    tail: str
    tail_stopped: bool


def edged(symbols: Iterable[str]) -> str:
    """Return symbols as one text in which each has an edge on both sides."""
    return EDGE.join(("", *symbols, ""))


def is_han(character: str) -> bool:
    """Return whether `character` is a Han character."""
    return _IS_HAN.match(character) is not None


def n_spoken(plain: str, language: Language) -> int:
    """Return how many characters (zh) or words (en) normalised text says.

    In Chinese a digit is one character, and so is a Latin word.
    """
    return len(_SPOKEN[language].findall(plain))


@lru_cache(maxsize=8192)
def units_of(text: str, language: Language) -> Units:
    """Return the units of `text`: characters in zh, words in en, Han characters in both."""
    return units_in(normalise(text), language)


def units_in(plain: Normalised, language: Language) -> Units:
    """Return the units of a text that is normalised already."""
    text, starts, ends = plain.text, plain.starts, plain.ends
    is_zh = language == "zh"
    found: list[Unit] = []
    at = 0
    for token in _TOKEN[language].finditer(text):
        first, last = token.span()
        marks, stopped = "", False
        if first > at and (between := text[at:first]) != " " and not between.isspace():
            before = text[max(0, at - 12) : at]
            marks, stopped = _marks(between), _stops(before, between, token.group(), language)
        at = last
        written = token.group()
        if not is_zh:
            symbol = _word(written)
            found.append(Unit(symbol, starts[first], ends[last - 1], marks, stopped, False))
            continue
        if last - first == 1 and "\u3400" <= written <= "\u9fff":  # most of them
            found.append(Unit(written, starts[first], ends[first], marks, stopped, False))
            continue
        glued = False
        for symbol, i in _symbols(written, first):
            found.append(Unit(symbol, starts[i], ends[i], marks, stopped, glued))
            marks, stopped, glued = "", False, True
    rest = text[at:]
    return Units(tuple(found), _marks(rest), _stops(text[max(0, at - 12) : at], rest, "", language))


def symbols_of(plain: str, language: Language) -> str | list[str]:
    """Return the symbols of the units of normalised text, without the units: one pass in C."""
    if language == "zh":
        return _BETWEEN.sub("", plain).casefold()
    if not plain.isascii():
        return [_word(token) for token in _TOKEN[language].findall(plain)]
    known = variants().en
    return [
        _word(token) if "," in token else known.get(token, token)
        for token in _TOKEN[language].findall(plain.lower())
    ]


def _symbols(written: str, at: int) -> Iterable[tuple[str, int]]:
    """Return the symbols of what is written in Chinese in one piece, and where each stands."""
    return [
        (symbol, i)
        for i, character in enumerate(written, start=at)
        if character not in _WRITING_SIGNS
        for symbol in character.casefold()
    ]


def _word(written: str) -> str:
    folded = written.casefold()
    if written[0].isdigit():
        folded = folded.replace(",", "")
    return variants().en.get(folded, folded)


@lru_cache(maxsize=256)
def _marks(between: str) -> str:
    """Return the punctuation in `between`, without white space."""
    return "".join(c for c in between if c == BLANK or unicodedata.category(c)[0] in "PS")


def _stops(before: str, between: str, after: str, language: Language) -> bool:
    """Return whether `between` ends a sentence; a lone full stop does unless it is a writing sign.

    Writing signs: after an abbreviation or initial (Mr. J. Smith), inside a written word (U.S.).
    """
    if any(mark in STOPS for mark in between):
        return True
    if "." not in between:
        return False
    if between == "." and re.search(r"[a-zA-Z0-9]$", before) and re.match(r"[a-zA-Z0-9]", after):
        return False
    word = re.search(r"[a-z]+$", before.casefold())
    abbreviated = word is not None and (
        len(word.group()) == 1 or word.group() in lexicon(language).abbreviations
    )
    return not (between.strip() == "." and after and abbreviated)
