"""What is compared when phrases are looked for: characters in Chinese, words in English.

Punctuation and white space are no units; they live in the joints between units, which say how
strongly two neighbours hold together.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, repeat
from string import ascii_lowercase
from typing import NamedTuple

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import BORDER, Normalised, normalise, variants
from qa_pipeline.texts import Language

#: Stands where something must not be read (a masked number): no match touches or crosses it.
BLANK = "\ufffc"
#: Stands between symbols where units are read as one text; no symbol contains it.
EDGE = "\x1f"
#: Marks that no match crosses.
STOPS = frozenset("。!?;…" + BLANK)

#: Stand inside a written word or number, and are nothing that is said.
_WRITING_SIGNS = frozenset(",.'")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_SIGNS = "%‰@&+#$£€¥"
_WORD = rf"(?:(?![{_HAN}])[^\W_])++"
_LETTERS = rf"(?:(?![{_HAN}\d])[^\W_])++"
#: What joins two words of English: an apostrophe, and in a number a point or comma.
_JOINED = r"(?=['.,])(?:'|(?<=\d)[.,](?=\d))"
#: What is written in one piece, all of it a unit in English, and any ASCII text in lower case.
_ENGLISH = re.compile(rf"({_WORD}(?:{_JOINED}{_WORD})*+|[{_HAN}{_SIGNS}{BORDER}])")
_ASCII = re.compile(rf"([a-z0-9]++(?:{_JOINED}[a-z0-9]++)*+|[%@&+#${BORDER}])")
#: In Chinese letters part from digits (满100元送iPhone15); in English they do not (5th, 4G).
_PIECE = re.compile(rf"(\d+(?:[.,]\d+)*|{_LETTERS}(?:'{_LETTERS})*+)")
#: All that is not one unit a character in Chinese: such pieces, and what stands between units.
_OTHER = re.compile(f"([^{_HAN}{_SIGNS}{BORDER}]+)")
_BETWEEN = re.compile(rf"(?:[^\w{_HAN}{_SIGNS}]|_)+")
_IS_HAN = re.compile(f"[{_HAN}]")
_SPOKEN: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"[{_HAN}{_SIGNS}]|\d|{_LETTERS}(?:'{_LETTERS})*+"),
    "en": re.compile(rf"[{_HAN}{_SIGNS}]|{_WORD}(?:{_JOINED}{_WORD})*+"),
}
_LETTER = re.compile("[a-zA-Z0-9]")
#: An abbreviation or initial is looked for in so many characters before a full stop.
_NEAR = 12


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


#: `Unit._make`, without a step in Python for each.
_unit: Callable[[Iterable[object]], Unit] = partial(tuple.__new__, Unit)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a text, with the marks after the last one."""

    units: tuple[Unit, ...]
    tail: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The units of a normalised text, field by field; `Unit` says what the fields are.

    `symbols[i]` stands at `text[starts[i]:ends[i]]`. What few units have is kept by their number;
    number `len(symbols)` stands for the end of the text.
    """

    symbols: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    marks: Mapping[int, str]
    stopped: Set[int]
    glued: Set[int]

    def units(self, first: int, last: int, plain: Normalised, begin: int = 0) -> Units:
        """Return the units `first` to `last` (excluded), of the text `plain` that begins there."""
        numbers = range(first, last)
        fields = zip(
            self.symbols[first:last],
            [plain.starts[start - begin] for start in self.starts[first:last]],
            [plain.ends[end - begin - 1] for end in self.ends[first:last]],
            map(self.marks.get, numbers, repeat("")),
            map(self.stopped.__contains__, numbers),
            map(self.glued.__contains__, numbers),
            strict=True,
        )
        return Units(tuple(map(_unit, fields)), self.marks.get(last, ""))


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
    plain = normalise(text)
    columns = columns_of(plain.text.replace(BORDER, " "), language)
    return columns.units(0, len(columns.symbols), plain)


def columns_of(text: str, language: Language) -> Columns:
    """Return the units of normalised text; a `BORDER` is one by itself."""
    return _characters(text) if language == "zh" else _words(text)


def symbols_of(plain: str, language: Language) -> Sequence[str]:
    """Return the symbols of the units of normalised text, without the units: one pass in C."""
    plain = plain.replace(BORDER, " ")
    if language == "zh":
        return _BETWEEN.sub("", plain).casefold()
    is_ascii = plain.isascii()
    tokens = _ASCII.findall(plain.lower()) if is_ascii else _ENGLISH.findall(plain)
    return _meant(tokens, is_ascii)


def _characters(text: str) -> Columns:
    """Return the units of Chinese text."""
    joints = _Joints(text, "zh")
    symbols: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    glued: set[int] = set()
    parts = _OTHER.split(text)
    at = 0
    for alike, other in zip(parts[::2], (*parts[1::2], ""), strict=True):
        first, at = at, at + len(alike)
        symbols.append(alike)
        starts += range(first, at)
        ends += range(first + 1, at + 1)
        between, pieces = _taken_apart(other)
        at = joints.note(len(starts), at, between)
        for piece, between in pieces:
            n = len(starts)
            for symbol, i in _symbols(piece, at):
                symbols.append(symbol)
                starts.append(i)
                ends.append(i + 1)
            glued.update(range(n + 1, len(starts)))
            at = joints.note(len(starts), at + len(piece), between)
    return Columns("".join(symbols), starts, ends, joints.marks, joints.stopped, glued)


def _words(text: str) -> Columns:
    """Return the units of English text."""
    is_ascii = text.isascii()
    parts = _ASCII.split(text.lower()) if is_ascii else _ENGLISH.split(text)
    at = list(accumulate(map(len, parts)))
    joints = _Joints(text, "en")
    for unit, between in enumerate(parts[::2]):
        if between not in ("", " "):
            joints.note(unit, at[2 * unit] - len(between), between)
    symbols = _meant(parts[1::2], is_ascii)
    return Columns(symbols, at[:-1:2], at[1::2], joints.marks, joints.stopped, frozenset())


def _meant(tokens: Sequence[str], is_ascii: bool) -> Sequence[str]:
    """Return the symbols of English words; those that are ASCII are in lower case already."""
    known = variants().en
    if is_ascii and "," not in "".join(tokens):  # most calls
        return list(map(known.get, tokens, tokens))
    return [
        known.get(token, token) if is_ascii and "," not in token else _word(token)
        for token in tokens
    ]


class _Joints:
    """What stands between the units of a text, by the number of the unit after it."""

    def __init__(self, text: str, language: Language) -> None:
        self._text, self._language = text, language
        self.marks: dict[int, str] = {}
        self.stopped: set[int] = set()

    def note(self, unit: int, first: int, between: str) -> int:
        """Keep what stands `between` units from offset `first` on; return where it ends."""
        last = first + len(between)
        marks, ends = _told(between)
        if marks:
            self.marks[unit] = marks
            if ends is None:
                before = self._text[max(0, first - _NEAR) : first]
                after = self._text[last : last + 1].strip()  # at a border: nothing
                ends = _is_full_stop(before, between, after, self._language)
            if ends:
                self.stopped.add(unit)
        return last


@lru_cache(maxsize=256)
def _taken_apart(other: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what stands before the first piece in `other`, and each piece with what follows."""
    before, *rest = _PIECE.split(other)
    return before, tuple(zip(rest[::2], rest[1::2], strict=True))


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
def _told(between: str) -> tuple[str, bool | None]:
    """Return the marks in `between`, and whether they end a sentence.

    White space is no mark. Where only a full stop could end it, None: its neighbours decide.
    """
    marks = "".join(c for c in between if c == BLANK or unicodedata.category(c)[0] in "PS")
    return marks, True if STOPS & set(marks) else None if "." in marks else False


def _is_full_stop(before: str, between: str, after: str, language: Language) -> bool:
    """Return whether the full stop in `between` ends a sentence, and is no writing sign.

    Writing signs: after an abbreviation or initial (Mr. J. Smith), inside a written word (U.S.).
    """
    if not after or between.strip() != ".":
        return True
    if between == "." and _LETTER.match(before[-1:]) and _LETTER.match(after):
        return False
    before = before.casefold()
    word = before[len(before.rstrip(ascii_lowercase)) :]
    return not word or (len(word) > 1 and word not in lexicon(language).abbreviations)
