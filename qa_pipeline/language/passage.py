"""A turn made ready for searching: its units, and the time and trust of every character.

Positions are character offsets into `text`, the turn's words as they were written one after the
other. Inside a word time runs evenly over its letters and digits; punctuation takes none.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter

from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.language.phrases import Hit, Phrases, admissible, phrase_matcher
from qa_pipeline.language.units import BLANK, Unit, Units, edged, symbols_of, units_in
from qa_pipeline.later import once
from qa_pipeline.records import Role, Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words

#: A silence between two words from which on no Chinese match crosses it (SCORECARD.md).
PAUSE_S = 0.5
#: Times are sums of floats: boundaries hold to within a microsecond.
TOLERANCE_S = 1e-6

#: The phrases of a list, and where they stand before marks and pauses are looked at.
Looked = tuple[Sequence[Units], Sequence[Hit]]


_START = attrgetter("start")


def _alone(_: Phrases) -> Looked | None:
    return None


class Passage:
    """The words of one turn as text, units and times; masked words are blank to every search.

    Everything is worked out when it is first asked for: most turns hold nothing that a scorecard
    looks for, and cost no more than reading them once.
    """

    def __init__(
        self,
        turn: Turn,
        language: Language,
        look: Callable[[Phrases], Looked | None] = _alone,
        plain: Normalised | None = None,
    ) -> None:
        self.language: Language = language
        self.role: Role | None = turn.role
        self.words = turn.words
        self._columns = Words.of(turn.words)
        self._look = look
        self._found: dict[int, list[Hit]] = {}
        self._plain = plain

    @once
    def text(self) -> str:
        """The turn's words as they were written, one after the other."""
        return "".join(self._columns.texts)

    @once
    def plain(self) -> Normalised:
        """The text as it is searched: normalised, what is masked left blank."""
        return self._plain or normalise(self._columns.legible(BLANK))

    @once
    def haystack(self) -> str:
        """The units' symbols as one text, an edge on both sides of each."""
        return edged(symbols_of(self.plain.text, self.language))

    @once
    def _units(self) -> Units:
        return units_in(self.plain, self.language)

    @once
    def units(self) -> tuple[Unit, ...]:
        """What is compared when phrases are looked for."""
        return self._units.units

    @property
    def tail(self) -> str:
        """The marks after the last unit."""
        return self._units.tail

    @once
    def word_starts(self) -> tuple[int, ...]:
        """Where each word begins in the text."""
        return tuple(accumulate(map(len, self._columns.texts), initial=0))[:-1]

    @once
    def _times(self) -> tuple[tuple[str, float, float], ...]:
        columns = self._columns
        return tuple(zip(columns.texts, columns.starts_s, columns.ends_s, strict=True))

    @once
    def extent_s(self) -> tuple[float, float]:
        """When the first of the words begins and the last ends, in seconds; there must be some."""
        return min(self._columns.starts_s), max(self._columns.ends_s)

    @property
    def n_masked(self) -> int:
        """How many of the words redaction masked."""
        return self._columns.n_masked

    @property
    def n_masked_digits(self) -> int:
        """How many digits redaction masked."""
        return sum(mask.n_digits for _, mask in self._columns.masked())

    def hits(self, phrases: Phrases) -> list[Hit]:
        """Return where `phrases` stand, overlapping ones too, by start and then the longest."""
        known = self._found.get(id(phrases))
        if known is not None:
            return known
        looked = self._look(phrases)
        if looked is None:
            book = phrase_matcher(phrases, self.language)
            looked = book.phrases[0], book.look((self.haystack,)).get(0, {}).get(0, ())
            return admissible(self, *looked)
        found = admissible(self, *looked) if looked[1] else []
        self._found[id(phrases)] = found  # the list is kept: nothing else will stand in its place
        return found

    def char_span_s(self, at: int) -> tuple[float, float]:
        """Return when the character at offset `at` was said, in seconds."""
        word = bisect_right(self.word_starts, at) - 1
        text, start_s, end_s = self._times[word]
        if len(text) == 1:
            return start_s, end_s
        return _char_span_s(text, at - self.word_starts[word], start_s, end_s)

    def span_s(self, start: int, end: int) -> tuple[float, float]:
        """Return when `text[start:end]` was said, in seconds."""
        return self.char_span_s(start)[0], self.char_span_s(end - 1)[1]

    def words_in(self, start: int, end: int) -> Sequence[Word]:
        """Return the words that `text[start:end]` touches."""
        first = bisect_right(self.word_starts, start) - 1
        last = bisect_right(self.word_starts, end - 1) - 1
        return self.words[first : last + 1]

    def confidence(self, start: int, end: int) -> float | None:
        """Return the lowest confidence of the words in `text[start:end]`, None where unknown."""
        known = [w.confidence for w in self.words_in(start, end) if w.confidence is not None]
        return min(known, default=None)

    def pause_s(self, unit: int) -> float:
        """Return the silence between `unit` and the one before it, in seconds."""
        if unit == 0:
            return 0.0
        before, after = self.units[unit - 1], self.units[unit]
        return self.char_span_s(after.start)[0] - self.char_span_s(before.end - 1)[1]

    def parted(self, unit: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands before `unit`."""
        return unit in self.partings

    def parted_inside(self, first: int, last: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands inside the units."""
        if not self.partings or last - first < 2:
            return False
        after = bisect_right(self.partings, first)
        return after < len(self.partings) and self.partings[after] < last

    @once
    def partings(self) -> tuple[int, ...]:
        """The units that a sentence mark or, in Chinese, a pause stands before, in order."""
        units = self.units
        if self.language == "zh" and self._has_pauses:
            pause_s, least_s = self.pause_s, PAUSE_S - TOLERANCE_S
            return tuple(
                i for i in range(1, len(units)) if units[i].stopped or pause_s(i) >= least_s
            )
        return tuple(i for i, unit in enumerate(units) if unit.stopped and i)

    @once
    def _has_pauses(self) -> bool:
        """Whether a pause can stand between two units: without one between words there is none."""
        before_s = None
        for text, start_s, end_s in self._times:
            if before_s is not None and start_s - before_s >= PAUSE_S - TOLERANCE_S:
                return True
            if text[-1:].isalnum() or any(map(str.isalnum, text)):  # no time passes in marks
                before_s = end_s
        return bool(self._columns.n_masked)

    def opens(self, unit: int) -> bool:
        """Return whether `unit` opens a sentence: first of the turn, or after a mark or pause."""
        if unit == 0 or self.units[unit].stopped:
            return True
        return self.pause_s(unit) >= PAUSE_S - TOLERANCE_S

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of the sentences that `text[start:end]` touches."""
        first = max(0, bisect_right(self.units, start, key=_START) - 1)
        last = max(first, bisect_right(self.units, end - 1, key=_START) - 1)
        borders = (0, *self.partings, len(self.units))
        first = borders[bisect_right(borders, first, hi=len(borders) - 1) - 1]
        last = borders[bisect_right(borders, last)] - 1
        return self.units[first].start, self.units[last].end


def passage_of(turn: Turn, language: Language) -> Passage:
    """Return `turn` ready for searching."""
    return Passage(turn, language)


def char_times(word: Word) -> list[tuple[float, float]]:
    """Return when each character of `word` is said, in seconds: evenly over what sounds."""
    text = word.text
    return [_char_span_s(text, at, word.start_s, word.end_s) for at in range(len(text))]


def _char_span_s(text: str, at: int, start_s: float, end_s: float) -> tuple[float, float]:
    """Return when character `at` of a word is said."""
    n_said = _n_sounding(text)
    n = n_said[-1]
    if n == 0 or len(text) == 1:
        return start_s, end_s
    before, after = n_said[at], n_said[at + 1]
    length_s = end_s - start_s
    ceases_s = end_s if after == n else start_s + length_s * after / n
    return start_s + length_s * before / n, ceases_s


@lru_cache(maxsize=4096)
def _n_sounding(text: str) -> tuple[int, ...]:
    """Return how many of the first 0, 1, 2, ... characters sound."""
    return tuple(accumulate(map(str.isalnum, text), initial=0))
