"""What a turn says, sentence by sentence, as text that regular expressions can read.

A sentence costs a slice of text here, where its units would be an object for every character. What
is found in it is what `Passage.hits` finds there: a phrase begins and ends with units, and crosses
marks only where SCORECARD.md lets it.

In Chinese the text is the sentence's characters and the marks between them, `GLUE` before each that
goes on a written word or number, even after a pause; in English its words, an edge on both sides of
each.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import re2

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.script import Script
from qa_pipeline.language.units import EDGE, Unit, is_han, n_spoken, units_of
from qa_pipeline.texts import Language

Phrases = tuple[str, ...]

#: Stands before a character at which no phrase begins, and before which none ends.
GLUE = "\x1d"
#: Chinese phrases from this length on cross the marks of a sentence (SCORECARD.md).
_LONG = 4

#: Signs that are units, as letters are.
_SIGNS = "%‰@&+#$£€¥"
_MARK = rf"(?:[^\w{_SIGNS}{GLUE}{EDGE}]|_)"
_UNSAID = re.compile(rf"(?:[^\w{_SIGNS}]|_)+")
_NEVER = "(?!)"


class Wording(NamedTuple):
    """What the units `first` to `last` (excluded) say; `asks`: a question mark ends them."""

    text: str
    asks: bool
    first: int
    last: int


def wordings(passage: Passage) -> Sequence[Wording]:
    """Return what each sentence of a turn says."""
    return wordings_by_turn(passage.script)[passage.turn]


#: Several signals ask for the same call; gone together with it.
_BY_TURN: WeakKeyDictionary[Script, Sequence[Sequence[Wording]]] = WeakKeyDictionary()


def wordings_by_turn(script: Script) -> Sequence[Sequence[Wording]]:
    """Return what each sentence of every turn says; units are numbered from the turn's first."""
    known = _BY_TURN.get(script)
    if known is None:
        known = _BY_TURN[script] = _wordings_by_turn(script)
    return known


def _wordings_by_turn(script: Script) -> Sequence[Sequence[Wording]]:
    text_of = _in_chinese if script.language == "zh" else _in_english
    partings, marks = script.partings, script.columns.marks
    by_turn: list[list[Wording]] = []
    for begin, following in pairwise(script.first_units):
        end = following - 1  # the border between two turns
        after = bisect_right(partings, begin)
        inside = partings[after : bisect_left(partings, end, lo=after)]
        by_turn.append(
            [
                Wording(
                    text_of(script, first, last),
                    "?" in marks.get(last, ""),
                    first - begin,
                    last - begin,
                )
                for first, last in pairwise((begin, *inside, end))
                if first < last
            ]
        )
    return by_turn


def _in_english(script: Script, first: int, last: int) -> str:
    return EDGE.join(("", *script.columns.symbols[first:last], ""))


def _in_chinese(script: Script, first: int, last: int) -> str:
    symbols, marks, glued = script.columns.symbols, script.columns.marks, script.columns.glued
    assert isinstance(symbols, str)  # as those of Chinese are
    after = bisect_right(script.joints, first)
    joints = script.joints[after : bisect_left(script.joints, last, lo=after)]
    pieces = [GLUE * (first in glued)]
    at = first
    for joint in joints:
        pieces += (symbols[at:joint], marks.get(joint, ""), GLUE * (joint in glued))
        at = joint
    return "".join((*pieces, symbols[at:last], GLUE * (last in glued)))


def bare(text: str, language: Language) -> str:
    """Return a wording's text without what is not said: marks."""
    return _UNSAID.sub("", text) if language == "zh" else text


def n_said(passage: Passage) -> int:
    """Return how many characters (zh) or words (en) a turn says: what `n_spoken` counts in it."""
    n = passage.n_units
    if passage.language == "zh" and passage.has_glued:
        return n_spoken(passage.plain.text, "zh")  # a word of letters is one
    return n


def whole(said: Iterable[Wording], language: Language) -> str:
    """Return the bare text of several wordings."""
    return bare("".join(one.text for one in said), language).replace(EDGE * 2, EDGE)


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
    if not finder(phrases, language).match(said):
        return False  # most sentences: how they begin tells
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
    """Return a pattern of all phrases, the longest first, those that begin alike together."""
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
    first, *rest = (re.escape(unit.symbol) for unit in units)
    return first, "".join(EDGE + symbol for symbol in rest)


def _zh_pattern(units: tuple[Unit, ...]) -> tuple[str, str]:
    """Return what a phrase begins with, and how it goes on over the marks that it may cross."""
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
