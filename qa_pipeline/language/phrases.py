"""Finding phrases in a passage: the `text` match of SCORECARD.md.

One Aho-Corasick automaton for a whole list of phrases, over units rather than characters, so that
English matches whole words and Chinese ignores punctuation and white space. Why not spaCy's
PhraseMatcher: on Chinese it needs a tokeniser that agrees with the phrase's borders (9 % of hits
were lost with jieba's words), it cannot say which marks a match crosses, and its import takes
seconds; over units both find the same in English.
"""

from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.problems import Problem
from qa_pipeline.language.units import Units, edged, units_of
from qa_pipeline.texts import Language, Text

#: Chinese phrases shorter than this cross no mark that they do not contain (SCORECARD.md).
_SHORT = 4


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A phrase found at `units[first:last]` of a passage; `phrase` is its index in the list."""

    first: int
    last: int
    phrase: int


@dataclass(frozen=True, slots=True)
class PhraseMatcher:
    """A compiled list of phrases of one language."""

    language: Language
    phrases: tuple[Units, ...]
    automaton: AhoCorasick

    def matches(self, passage: Passage) -> list[Hit]:
        """Return every admissible match, overlapping ones too, by start and then the longest."""
        found = []
        for phrase, start, _ in self.automaton.find_matches_as_indexes(
            passage.haystack, overlapping=True
        ):
            first = passage.unit_at[start]
            found.append(Hit(first, first + len(self.phrases[phrase].units), phrase))
        admissible = [hit for hit in found if admits(passage, self.phrases[hit.phrase], hit)]
        return sorted(admissible, key=lambda hit: (hit.first, -hit.last, hit.phrase))

    def find(self, passage: Passage) -> tuple[Hit, ...]:
        """Return the matches, longest first, left to right, none overlapping another."""
        chosen: list[Hit] = []
        for hit in self.matches(passage):
            if not chosen or hit.first >= chosen[-1].last:
                chosen.append(hit)
        return tuple(chosen)


def admits(passage: Passage, phrase: Units, hit: Hit) -> bool:
    """Return whether nothing stands inside the match, or cuts a word, that forbids it."""
    units = passage.units
    if units[hit.first].glued or (hit.last < len(units) and units[hit.last].glued):
        return False
    if passage.parted_inside(hit.first, hit.last):
        return False
    if passage.language == "en" or len(phrase.units) >= _SHORT:
        return True
    return all(
        set(units[hit.first + i].marks) <= set(phrase.units[i].marks)
        for i in range(1, len(phrase.units))
    )


@lru_cache(maxsize=1024)
def phrase_matcher(phrases: tuple[str, ...], language: Language) -> PhraseMatcher:
    """Compile `phrases`; those without any letter, digit or character never match."""
    legible = tuple(units for p in phrases if (units := units_of(p, language)).units)
    patterns = [edged(units.units[i].symbol for i in range(len(units.units))) for units in legible]
    return PhraseMatcher(language, legible, AhoCorasick(patterns))


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
