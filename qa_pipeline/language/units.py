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

import numpy as np

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import BORDER, Normalised, normalise, numbers_to, variants
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
#: What is one unit a character in Chinese, as it stands.
_ALIKE = re.compile(f"[{_HAN}{_SIGNS}{BORDER}]+")
#: Such characters in a row, or a piece that letters or digits make up in Chinese. Letters part from
#: digits there (满100元送iPhone15); in English they do not (5th, 4G).
_RUN = re.compile(rf"([{_HAN}{_SIGNS}{BORDER}]+|\d+(?:[.,]\d+)*|{_LETTERS}(?:'{_LETTERS})*+)")
_BETWEEN = re.compile(rf"(?:[^\w{_HAN}{_SIGNS}]|_)+")
_IS_HAN = re.compile(f"[{_HAN}]")
_SPOKEN: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"[{_HAN}{_SIGNS}]|\d|{_LETTERS}(?:'{_LETTERS})*+"),
    "en": re.compile(rf"[{_HAN}{_SIGNS}]|{_WORD}(?:{_JOINED}{_WORD})*+"),
}
_LETTER = re.compile("[a-zA-Z0-9]")
#: Marks in English texts that are otherwise in ASCII.
_MARKS = BLANK + "…—“”"
#: Of every ASCII character: whether it is a letter (1) or digit (3); what must stand on both sides
#: of it to make it part of a word, as `_JOINED` says; whether it is a unit by itself.
_KINDS = bytes(3 * chr(c).isdigit() or chr(c).isalpha() for c in range(128)).ljust(256, b"\0")
_JOINS = bytes({"'": 1, ".": 2, ",": 2}.get(chr(c), 0) for c in range(256))
_SIGN = bytes(chr(c) in "%@&+#$" + BORDER for c in range(256))
_SPACE = ord(" ")
#: What stands between most units.
_UNMARKED = frozenset(("", " "))
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
    parts = _RUN.split(text)
    places = list(accumulate(map(len, parts), initial=0))
    runs, begins = parts[1::2], places[1:-1:2]
    said = "".join(runs)
    if not _ALIKE.fullmatch(said):
        return _characters_and_pieces(text, parts, places)
    numbers = numbers_to(len(text))
    starts: list[int] = []
    ends: list[int] = []
    for first, last in zip(begins, places[2::2], strict=True):
        starts += numbers[first:last]
        ends += numbers[first + 1 : last + 1]
    gaps = zip(accumulate(map(len, runs), initial=0), places[::2], parts[::2], strict=True)
    return Columns(said, starts, ends, *_joints(text, gaps, "zh"), frozenset())


def _characters_and_pieces(text: str, parts: Sequence[str], places: Sequence[int]) -> Columns:
    """Return the same where something is written in pieces: what they hold is no unit each."""
    symbols: list[str] = []
    starts: list[int] = []
    glued: set[int] = set()
    firsts = [0]
    for run, begin in zip(parts[1::2], places[1:-1:2], strict=True):
        first = len(starts)
        if _ALIKE.match(run):
            symbols.append(run)
            starts += range(begin, begin + len(run))
        else:
            for symbol, at in _symbols(run, begin):
                symbols.append(symbol)
                starts.append(at)
            glued.update(range(first + 1, len(starts)))
        firsts.append(len(starts))
    gaps = zip(firsts, places[::2], parts[::2], strict=True)
    ends = [at + 1 for at in starts]
    return Columns("".join(symbols), starts, ends, *_joints(text, gaps, "zh"), glued)


def _words(text: str) -> Columns:
    """Return the units of English text."""
    legible = text
    for mark in _MARKS:
        legible = legible.replace(mark, ";")
    is_ascii = legible.isascii()
    starts, ends, told = _ascii_places(legible) if is_ascii else _places(text)
    text_in_case = legible.lower() if is_ascii else text
    tokens = [text_in_case[start:end] for start, end in zip(starts, ends, strict=True)]
    befores, afters = (0, *ends), (*starts, len(text))
    gaps = [(unit, befores[unit], text[befores[unit] : afters[unit]]) for unit in told]
    marks, stopped = _joints(text, gaps, "en")
    return Columns(_meant(tokens, is_ascii), starts, ends, marks, stopped, frozenset())


def _places(text: str) -> tuple[list[int], list[int], Iterable[int]]:
    """Return where English units start and end, and before which units there can be marks."""
    places = list(accumulate(map(len, _ENGLISH.split(text))))
    starts = places[:-1:2]
    return starts, places[1::2], range(len(starts) + 1)


def _ascii_places(text: str) -> tuple[list[int], list[int], Iterable[int]]:
    """Return the same of ASCII text, looking at all its bytes at once."""
    written = f" {text} ".encode("ascii")
    kinds, joins, signs = (
        np.frombuffer(bytearray(written.translate(table)), np.uint8)
        for table in (_KINDS, _JOINS, _SIGN)
    )
    kinds[1:-1] |= joins[1:-1] & kinds[:-2] & kinds[2:]
    in_word, is_sign = kinds > 0, signs[1:-1] > 0
    starts = np.flatnonzero(is_sign | (in_word[1:-1] > in_word[:-2]))
    ends = np.flatnonzero(is_sign | (in_word[1:-1] > in_word[2:])) + 1
    befores, afters = np.append(0, ends), np.append(starts, len(text))
    is_space = (afters - befores == 1) & (np.frombuffer(written, np.uint8)[befores + 1] == _SPACE)
    told = np.flatnonzero((afters > befores) & ~is_space)
    return starts.tolist(), ends.tolist(), told.tolist()


def _meant(tokens: Sequence[str], is_ascii: bool) -> Sequence[str]:
    """Return the symbols of English words; those that are ASCII are in lower case already."""
    known = variants().en
    if is_ascii and "," not in "".join(tokens):  # most calls
        return list(map(known.get, tokens, tokens))
    return [
        known.get(token, token) if is_ascii and "," not in token else _word(token)
        for token in tokens
    ]


def _joints(
    text: str, gaps: Iterable[tuple[int, int, str]], language: Language
) -> tuple[Mapping[int, str], Set[int]]:
    """Return the marks before units that have some, and the units before which a sentence ends.

    `gaps` are the number of the unit after each gap, where the gap begins, and what it holds.
    """
    noted: dict[int, str] = {}
    stopped: set[int] = set()
    for unit, first, between in gaps:
        if between in _UNMARKED:
            continue
        marks, ends = _told(between)
        if marks:
            noted[unit] = marks
            if ends or (ends is None and _ends_sentence(text, first, between, language)):
                stopped.add(unit)
    return noted, stopped


def _ends_sentence(text: str, first: int, between: str, language: Language) -> bool:
    """Return whether a full stop in what stands `between` units, from `first` on, is one."""
    last = first + len(between)
    after = text[last : last + 1].strip()  # at a border: nothing
    if not after or between.strip() != ".":
        return True
    return _is_full_stop(text[max(0, first - _NEAR) : first], between, after, language)


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
    """Return whether the lone full stop in `between` ends a sentence, and is no writing sign.

    Writing signs: after an abbreviation or initial (Mr. J. Smith), inside a written word (U.S.).
    """
    if between == "." and _LETTER.match(before[-1:]) and _LETTER.match(after):
        return False
    before = before.casefold()
    word = before[len(before.rstrip(ascii_lowercase)) :]
    return not word or (len(word) > 1 and word not in lexicon(language).abbreviations)
