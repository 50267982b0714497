"""Finding phrases in turns: the `text` match of SCORECARD.md.

One Aho-Corasick automaton for many lists of phrases, over units rather than characters, so that
English matches whole words and Chinese ignores punctuation and white space. Why not spaCy's
PhraseMatcher: on Chinese it needs a tokeniser that agrees with the phrase's borders (9 % of hits
were lost with jieba's words), it cannot say which marks a match crosses, and its import takes
seconds; over units both find the same in English.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from qa_pipeline.language.problems import Problem
from qa_pipeline.language.script import Script
from qa_pipeline.language.units import Units, units_of
from qa_pipeline.texts import Language, Text

Phrases = tuple[str, ...]

#: English words that phrases hold are searched as one character each, from this one on.
_FIRST_LETTER = 0x10000
#: All other words.
_ANOTHER = " "
_START = itemgetter(1)


class Hit(NamedTuple):
    """A phrase found at `units[first:last]` of a turn; `phrase` tells it from others."""

    first: int
    last: int
    phrase: int


#: `Hit._make`, without a step in Python for each.
_hit: Callable[[tuple[int, int, int]], Hit] = partial(tuple.__new__, Hit)

#: Where phrases stand in each turn that says some, overlapping ones too, by start and then the
#: longest; turns in order.
Hits = Mapping[int, Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Lists of phrases of one language in one automaton: one pass finds what all of them say.

    `phrases` are, list by list, those that can be found; `owners` says for each pattern of the
    automaton which lists hold it, and where: `(list, phrase)`. `letters` are what a pattern is
    spelled with, one for each unit, where symbols are words.
    """

    phrases: tuple[tuple[Units, ...], ...]
    owners: tuple[tuple[tuple[int, int], ...], ...]
    automaton: AhoCorasick
    letters: Mapping[str, str] | None

    def find(self, script: Script) -> Sequence[Hits]:
        """Return the hits of every list in a call."""
        found: list[dict[int, list[Hit]]] = [{} for _ in self.phrases]
        text = _spelled(script.columns.symbols, self.letters)
        matches = self.automaton.find_matches_as_indexes(text, overlapping=True)
        matches.reverse()  # from the last end to the first: of those that start together the
        matches.sort(key=_START)  # longest comes first
        first_units, marked, glued = script.first_units, script.marked, script.columns.glued
        for pattern, first, last in matches:
            is_marked = last > marked[bisect_right(marked, first)]  # hardly any is
            if first in glued or last in glued or (is_marked and not script.admits(first, last)):
                continue
            turn = bisect_right(first_units, first) - 1
            begin = first_units[turn]
            hit = _hit((first - begin, last - begin, pattern))
            for number, phrase in self.owners[pattern]:
                if is_marked and not script.fits(first, self.phrases[number][phrase]):
                    continue
                turns = found[number]
                if turn in turns:
                    turns[turn].append(hit)
                else:
                    turns[turn] = [hit]
        return found


def phrase_book(lists: Sequence[Phrases], language: Language) -> PhraseBook:
    """Compile lists of phrases; those without any letter, digit or character never match."""
    phrases = tuple(_legible(each, language) for each in lists)
    letters = None if language == "zh" else _letters(phrases)
    owners: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, told in enumerate(phrases):
        for phrase, units in enumerate(told):
            spelled = _spelled([unit.symbol for unit in units.units], letters)
            owners[spelled].append((number, phrase))
    return PhraseBook(phrases, tuple(map(tuple, owners.values())), AhoCorasick(owners), letters)


@lru_cache(maxsize=1024)
def phrase_matcher(phrases: Phrases, language: Language) -> PhraseBook:
    """Compile one list by itself."""
    return phrase_book((phrases,), language)


@lru_cache(maxsize=1024)
def _legible(phrases: Phrases, language: Language) -> tuple[Units, ...]:
    return tuple(units for phrase in phrases if (units := units_of(phrase, language)).units)


def _letters(lists: Iterable[Iterable[Units]]) -> Mapping[str, str]:
    """Return a character of its own for every symbol that phrases hold."""
    symbols = {unit.symbol: None for told in lists for units in told for unit in units.units}
    return {symbol: chr(_FIRST_LETTER + number) for number, symbol in enumerate(symbols)}


def _spelled(symbols: Sequence[str], letters: Mapping[str, str] | None) -> str:
    """Return units as a text of one character each."""
    if letters is None:
        return symbols if isinstance(symbols, str) else "".join(symbols)
    return "".join(map(letters.get, symbols, repeat(_ANOTHER)))


def apart(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return ordered hits, longest first, left to right, none overlapping another."""
    chosen: list[Hit] = []
    for hit in hits:
        if not chosen or hit.first >= chosen[-1].last:
            chosen.append(hit)
    return tuple(chosen)


def phrase_problem(phrase: str, language: Language) -> Problem | None:
    """Return why `phrase` can never be found, or None."""
    units = units_of(phrase, language).units
    if not units:
        return Problem(
            0,
            Text(en="a phrase without a word", zh="短语中没有任何文字"),
            Text(en="write the words to look for", zh="请写出要查找的词语"),
        )
    if stopped := next((unit for unit in units[1:] if unit.stopped), None):
        return Problem(
            stopped.start,
            Text(en="no match crosses the end of a sentence", zh="匹配不会跨越句末标点"),
            Text(
                en="write two phrases, in two groups of all_of",
                zh="请拆成两个短语，放入 all_of 的两组",
            ),
        )
    return None
