"""What a turn says, sentence by sentence, as text that regular expressions can read.

A sentence costs a slice of text here, where its units would be an object for every character. What
is found in it is what `Passage.hits` finds there: a phrase begins and ends with units, and crosses
marks only where SCORECARD.md lets it.

In Chinese the text is the sentence's characters and the marks between them, `GLUE` before each that
goes on a written word or number, even after a pause; in English its words, an edge on both sides of
each.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, pairwise, repeat
from operator import lt
from typing import Any
from weakref import WeakKeyDictionary

import re2

from qa_pipeline.language.normalise import BORDER
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.script import Script
from qa_pipeline.language.units import EDGE, Columns, Unit, is_han, n_spoken, units_of
from qa_pipeline.texts import Language

Phrases = tuple[str, ...]

#: Stands before a character at which no phrase begins, and before which none ends.
GLUE = "\x1d"
#: Chinese phrases from this length on cross the marks of a sentence (SCORECARD.md).
_LONG = 4

#: Signs that are units, as letters are.
_SIGNS = "%‰@&+#$£€¥"
_MARK = rf"(?:[^\w{_SIGNS}{GLUE}{EDGE}{BORDER}]|_)"
_UNSAID = re.compile(rf"(?:[^\w{_SIGNS}{BORDER}]|_)+")
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Wordings:
    """What the sentences of a script say, in order; none is without words.

    Sentence i has the `texts[i]` and the units `firsts[i]` to `lasts[i]` (excluded), no border
    among them; those that a question mark ends are `asking`. The sentences of turn t are
    `begins[t]` to `begins[t + 1]` (excluded).
    """

    texts: Sequence[str]
    asking: Set[int]
    firsts: Sequence[int]
    lasts: Sequence[int]
    begins: Sequence[int]

    def of(self, turn: int) -> Sequence[str]:
        """Return the texts of a turn's sentences."""
        return self.texts[self.begins[turn] : self.begins[turn + 1]]

    def numbers(self, turn: int) -> range:
        """Return the numbers of a turn's sentences."""
        return range(self.begins[turn], self.begins[turn + 1])


def wordings(passage: Passage) -> Sequence[str]:
    """Return what each sentence of a turn says."""
    return wordings_of(passage.script).of(passage.turn)


#: Several signals ask for the same call; gone together with it.
_KNOWN: WeakKeyDictionary[Script, Wordings] = WeakKeyDictionary()


def wordings_of(script: Script) -> Wordings:
    """Return what each sentence of every turn says."""
    known = _KNOWN.get(script)
    if known is None:
        known = _KNOWN[script] = _wordings_of(script)
    return known


def _wordings_of(script: Script) -> Wordings:
    """Write all that is said as one text, a border after each sentence, and cut it there."""
    begins = script.first_units[:-1]
    ends = [begin - 1 for begin in script.first_units[1:]]  # the borders between turns
    inside = set(script.partings).difference(begins, ends)
    if script.language == "zh":
        written = _in_chinese(script.columns, inside, (*begins, *ends))
    else:
        written = _in_english(script.columns, inside)
    firsts, lasts = sorted([*inside, *begins]), sorted([*inside, *ends])
    speaks = [*map(lt, firsts, lasts)]  # nothing is said in empty turns
    texts = [*compress(written.split(BORDER), speaks)]
    firsts, lasts = [*compress(firsts, speaks)], [*compress(lasts, speaks)]
    marks = script.columns.marks
    asking = {number for number, last in enumerate(lasts) if "?" in marks.get(last, "")}
    turns = [*map(bisect_left, repeat(firsts), script.first_units)]
    return Wordings(texts, asking, firsts, lasts, turns)


def _in_english(columns: Columns, partings: Set[int]) -> str:
    symbols = ["", *columns.symbols, ""]  # the borders between turns are some of them
    for unit in partings:
        symbols[unit + 1] = BORDER + EDGE + symbols[unit + 1]
    return EDGE.join(symbols)


def _in_chinese(columns: Columns, partings: Set[int], edges: Sequence[int]) -> str:
    symbols, glued = columns.symbols, columns.glued
    assert isinstance(symbols, str)  # as those of Chinese are; the borders are some of them
    before = dict(columns.marks)
    for unit in edges:
        before.pop(unit, None)  # marks at either end of a turn are in no sentence
    for unit in glued:
        before[unit] = before.get(unit, "") + GLUE
    for unit in partings:
        before[unit] = GLUE + BORDER + GLUE if unit in glued else BORDER
    before[0] = ""
    places = (*sorted(before), len(symbols))
    return "".join([before[a] + symbols[a:b] for a, b in pairwise(places)])


def bare(text: str, language: Language) -> str:
    """Return a wording's text without what is not said: marks."""
    return _UNSAID.sub("", text) if language == "zh" else text


def n_said(passage: Passage) -> int:
    """Return how many characters (zh) or words (en) a turn says: what `n_spoken` counts in it."""
    n = passage.n_units
    if passage.language == "zh" and passage.has_glued:
        return n_spoken(passage.plain.text, "zh")  # a word of letters is one
    return n


def whole(said: Iterable[str], language: Language) -> str:
    """Return the bare text of several wordings."""
    return bare("".join(said), language).replace(EDGE * 2, EDGE)


@lru_cache(maxsize=256)
def finder(phrases: Phrases, language: Language) -> re.Pattern[str]:
    """Return what finds `phrases` in a wording's text: from left to right, the longest first."""
    return re.compile(_one_of(phrases, language))


@lru_cache(maxsize=256)
def leader(phrases: Phrases, language: Language) -> re.Pattern[str]:
    """Return what matches the `phrases` with which a wording's text begins, perhaps none."""
    return re.compile(f"(?:{_MARK}*+{_one_of(phrases, language)})*+{_MARK}*+")


def says_only(said: str, phrases: Phrases, language: Language) -> bool:
    """Return whether bare text is nothing but `phrases`, in any number and order."""
    begun = leader(phrases, language).match(said)
    if begun is None or not begun.end():
        return False  # most sentences: how they begin tells
    if begun.end() == len(said.removesuffix(EDGE)):
        return True
    return _only(phrases, language).fullmatch(said) is not None


@lru_cache(maxsize=256)
def _only(phrases: Phrases, language: Language) -> Any:
    """Compile "one of `phrases` again and again", in time linear in what is read."""
    joint, end = ("", "") if language == "zh" else (EDGE, EDGE)
    told = [
        joint.join(re2.escape(unit.symbol) for unit in units)
        for units in _legible(phrases, language)
    ]
    return re2.compile(f"(?:{joint}(?:{'|'.join(told)}))+{end}")


def _one_of(phrases: Phrases, language: Language) -> str:
    """Return a pattern of all phrases, the longest first, those of one first letter together."""
    by_length = sorted(_legible(phrases, language), key=len, reverse=True)
    goes_on: dict[str, dict[str, None]] = {}
    for units in by_length:
        first, rest = _zh_pattern(units) if language == "zh" else _en_pattern(units)
        goes_on.setdefault(first, {})[rest] = None
    told = "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in goes_on.items())
    if not told:
        return _NEVER
    return f"(?:{told})" if language == "zh" else f"{EDGE}(?:{told})(?={EDGE})"


def _legible(phrases: Phrases, language: Language) -> Iterator[tuple[Unit, ...]]:
    """Yield the units of the phrases that have any."""
    return filter(None, (units_of(phrase, language).units for phrase in phrases))


def _en_pattern(units: tuple[Unit, ...]) -> tuple[str, str]:
    """Return the letter that a phrase begins with, and how it goes on."""
    written = EDGE.join([unit.symbol for unit in units])
    return re.escape(written[0]), re.escape(written[1:])


def _zh_pattern(units: tuple[Unit, ...]) -> tuple[str, str]:
    """Return the letter that a phrase begins with, and how it goes on over what it may cross."""
    begins = "" if is_han(units[0].symbol) else f"(?<!{GLUE})"
    ends = "" if is_han(units[-1].symbol) else f"(?!{GLUE})"
    rest = "".join(
        (f"{_MARK}*+" if len(units) >= _LONG else _any_of(unit.marks))
        + ("" if is_han(unit.symbol) else f"{GLUE}?")
        + re.escape(unit.symbol)
        for unit in units[1:]
    )
    return begins + re.escape(units[0].symbol), rest + ends


def _any_of(marks: str) -> str:
    return f"[{re.escape(marks)}]*+" if marks else ""
