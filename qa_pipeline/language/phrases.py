"""Finding phrases in turns: the `text` match of SCORECARD.md.

One Aho-Corasick automaton for many lists of phrases, over units rather than characters, so that
English matches whole words and Chinese ignores punctuation and white space. Why not spaCy's
PhraseMatcher: on Chinese it needs a tokeniser that agrees with the phrase's borders (9 % of hits
were lost with jieba's words), it cannot say which marks a match crosses, and its import takes
seconds; over units both find the same in English.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick

from qa_pipeline.language.problems import Problem
from qa_pipeline.language.units import EDGE, Units, edged, units_of
from qa_pipeline.texts import Language, Text

if TYPE_CHECKING:
    from qa_pipeline.language.passage import Passage

Phrases = tuple[str, ...]

#: Chinese phrases shorter than this cross no mark that they do not contain (SCORECARD.md).
_SHORT = 4


class Hit(NamedTuple):
    """A phrase found at `units[first:last]` of a turn; `phrase` is its index in the list."""

    first: int
    last: int
    phrase: int


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Lists of phrases of one language in one automaton: one pass finds what all of them say.

    `phrases` are, list by list, those that can be found; `owners` says for each pattern of the
    automaton which lists hold it, and where: `(list, phrase)`.
    """

    language: Language
    phrases: tuple[tuple[Units, ...], ...]
    owners: tuple[tuple[tuple[int, int], ...], ...]
    automaton: AhoCorasick

    def look(self, haystacks: Sequence[str]) -> Mapping[int, Mapping[int, list[Hit]]]:
        """Return the hits of every list, turn by turn, before marks and pauses are looked at.

        `haystacks` are the turns' symbols, each with an edge on both sides: no pattern holds two
        edges in a row, so none crosses from one turn to the next.
        """
        text = "".join(haystacks)
        begins = tuple(accumulate(map(len, haystacks), initial=0))
        found: dict[int, dict[int, list[Hit]]] = defaultdict(lambda: defaultdict(list))
        is_zh = self.language == "zh"
        for pattern, start, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            turn = bisect_right(begins, start) - 1
            begin = begins[turn]
            first = (start - begin) // 2 if is_zh else text.count(EDGE, begin, start)
            n_units = (end - start) // 2 if is_zh else text.count(EDGE, start, end) - 1
            for number, phrase in self.owners[pattern]:
                found[number][turn].append(Hit(first, first + n_units, phrase))
        return found


def phrase_book(lists: Sequence[Phrases], language: Language) -> PhraseBook:
    """Compile lists of phrases; those without any letter, digit or character never match."""
    phrases = tuple(_legible(each, language) for each in lists)
    owners: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, told in enumerate(phrases):
        for phrase, units in enumerate(told):
            owners[edged(unit.symbol for unit in units.units)].append((number, phrase))
    return PhraseBook(language, phrases, tuple(map(tuple, owners.values())), AhoCorasick(owners))


@lru_cache(maxsize=1024)
def phrase_matcher(phrases: Phrases, language: Language) -> PhraseBook:
    """Compile one list by itself."""
    return phrase_book((phrases,), language)


@lru_cache(maxsize=1024)
def _legible(phrases: Phrases, language: Language) -> tuple[Units, ...]:
    return tuple(units for phrase in phrases if (units := units_of(phrase, language)).units)


def admissible(passage: "Passage", phrases: Sequence[Units], hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits that may stand, overlapping ones too, by start and then the longest."""
    kept = [hit for hit in hits if admits(passage, phrases[hit.phrase], hit)]
    if len(kept) < 2:
        return kept
    return sorted(kept, key=lambda hit: (hit.first, -hit.last, hit.phrase))


def apart(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return ordered hits, longest first, left to right, none overlapping another."""
    chosen: list[Hit] = []
    for hit in hits:
        if not chosen or hit.first >= chosen[-1].last:
            chosen.append(hit)
    return tuple(chosen)


def admits(passage: "Passage", phrase: Units, hit: Hit) -> bool:
    """Return whether nothing stands inside the match, or cuts a word, that forbids it."""
    units = passage.units
    if units[hit.first].glued or (hit.last < len(units) and units[hit.last].glued):
        return False
    if passage.parted_inside(hit.first, hit.last):
        return False
    if passage.language == "en" or not 1 < len(phrase.units) < _SHORT:
        return True
    return all(
        set(units[hit.first + i].marks) <= set(phrase.units[i].marks)
        for i in range(1, len(phrase.units))
    )


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
