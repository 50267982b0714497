"""A turn made ready for searching: its units, and the time and trust of every character.

Positions are character offsets into `text`, the turn's words as they were written one after the
other. Inside a word time runs evenly over its letters and digits; punctuation takes none.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.language.phrases import Hit, Phrases, admissible, phrase_matcher
from qa_pipeline.language.units import BLANK, Unit, Units, edged, symbols_of, units_of
from qa_pipeline.later import once
from qa_pipeline.records import Role, Turn, Word, Words
from qa_pipeline.texts import Language

#: A silence between two words from which on no Chinese match crosses it (SCORECARD.md).
PAUSE_S = 0.5
#: Times are sums of floats: boundaries hold to within a microsecond.
TOLERANCE_S = 1e-6

#: The phrases of a list, and where they stand before marks and pauses are looked at.
Looked = tuple[Sequence[Units], Iterable[Hit]]


def _alone(_: Phrases) -> Looked | None:
    return None


class Passage:
    """The words of one turn as text, units and times; masked words are blank to every search.

    Everything is worked out when it is first asked for: most turns hold nothing that a scorecard
    looks for, and cost no more than reading them once.
    """

    def __init__(
        self, turn: Turn, language: Language, look: Callable[[Phrases], Looked | None] = _alone
    ) -> None:
        self.language: Language = language
        self.role: Role | None = turn.role
        self.words = turn.words
        self._columns = Words.of(turn.words)
        self._look = look

    @once
    def text(self) -> str:
        """The turn's words as they were written, one after the other."""
        return "".join(self._columns.texts)

    @once
    def _legible(self) -> str:
        masked = self._columns.masked
        if not any(masked):
            return self.text
        pairs = zip(self._columns.texts, masked, strict=True)
        return "".join(BLANK * len(text) if mask else text for text, mask in pairs)

    @once
    def plain(self) -> Normalised:
        """The text as it is searched: normalised, what is masked left blank."""
        return normalise(self._legible)

    @once
    def haystack(self) -> str:
        """The units' symbols as one text, an edge on both sides of each."""
        return edged(symbols_of(self.plain.text, self.language))

    @once
    def units(self) -> tuple[Unit, ...]:
        """What is compared when phrases are looked for."""
        return units_of(self._legible, self.language).units

    @property
    def tail(self) -> str:
        """The marks after the last unit."""
        return units_of(self._legible, self.language).tail

    @once
    def word_starts(self) -> tuple[int, ...]:
        """Where each word begins in the text."""
        return tuple(accumulate(map(len, self._columns.texts), initial=0))[:-1]

    @once
    def extent_s(self) -> tuple[float, float]:
        """When the first of the words begins and the last ends, in seconds; there must be some."""
        return min(self._columns.starts_s), max(self._columns.ends_s)

    @property
    def n_masked_digits(self) -> int:
        """How many digits redaction masked."""
        return sum(mask.n_digits for mask in self._columns.masked if mask is not None)

    def hits(self, phrases: Phrases) -> list[Hit]:
        """Return where `phrases` stand, overlapping ones too, by start and then the longest."""
        looked = self._look(phrases)
        if looked is None:
            book = phrase_matcher(phrases, self.language)
            looked = book.phrases[0], book.look((self.haystack,)).get(0, {}).get(0, ())
        return admissible(self, *looked)

    def char_span_s(self, at: int) -> tuple[float, float]:
        """Return when the character at offset `at` was said, in seconds."""
        word = bisect_right(self.word_starts, at) - 1
        columns = self._columns
        start_s, end_s = columns.starts_s[word], columns.ends_s[word]
        return _spread(columns.texts[word], start_s, end_s)[at - self.word_starts[word]]

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
        if unit == 0:
            return False
        paused = self.language == "zh" and self.pause_s(unit) >= PAUSE_S - TOLERANCE_S
        return self.units[unit].stopped or paused

    def parted_inside(self, first: int, last: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands inside the units."""
        return last - first > 1 and any(map(self.parted, range(first + 1, last)))

    def opens(self, unit: int) -> bool:
        """Return whether `unit` opens a sentence: first of the turn, or after a mark or pause."""
        if unit == 0 or self.units[unit].stopped:
            return True
        return self.pause_s(unit) >= PAUSE_S - TOLERANCE_S

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of the sentences that `text[start:end]` touches."""
        first = max(0, bisect_right(self.units, start, key=lambda u: u.start) - 1)
        last = max(first, bisect_right(self.units, end - 1, key=lambda u: u.start) - 1)
        while first > 0 and not self.parted(first):
            first -= 1
        while last + 1 < len(self.units) and not self.parted(last + 1):
            last += 1
        return self.units[first].start, self.units[last].end


def passage_of(turn: Turn, language: Language) -> Passage:
    """Return `turn` ready for searching."""
    return Passage(turn, language)


def char_times(word: Word) -> list[tuple[float, float]]:
    """Return when each character of `word` is said, in seconds: evenly over what sounds."""
    return _spread(word.text, word.start_s, word.end_s)


def _spread(text: str, start_s: float, end_s: float) -> list[tuple[float, float]]:
    if len(text) == 1:
        return [(start_s, end_s)]
    sounding = [character.isalnum() for character in text]
    n_sounding = sum(sounding)
    if n_sounding == 0:
        return [(start_s, end_s)] * len(text)
    length_s = end_s - start_s
    times = []
    said = 0
    for sounds in sounding:
        begins_s = start_s + length_s * said / n_sounding
        said += sounds
        ceases_s = end_s if said == n_sounding else start_s + length_s * said / n_sounding
        times.append((begins_s, ceases_s))
    return times
