"""A turn made ready for searching: its units, and the time and trust of every character.

Positions are character offsets into `text`, the turn's words as they were written one after the
other. Inside a word time runs evenly over its letters and digits; punctuation takes none.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.language.units import BLANK, Unit, edged, units_of
from qa_pipeline.records import Role, Turn, Word
from qa_pipeline.texts import Language

#: A silence between two words from which on no Chinese match crosses it (SCORECARD.md).
PAUSE_S = 0.5
#: Times are sums of floats: boundaries hold to within a microsecond.
TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of one turn as text, units and times; masked words are blank to every search."""

    language: Language
    role: Role | None
    text: str
    plain: Normalised
    units: tuple[Unit, ...]
    tail: str
    words: tuple[Word, ...]
    word_starts: tuple[int, ...]
    char_times: tuple[tuple[float, float], ...]
    #: The units as matchers read them, and which unit begins at each position of that.
    haystack: str
    unit_at: Mapping[int, int]
    #: How many of the units up to and including i have a sentence mark or pause before them.
    n_parted: tuple[int, ...]

    def span_s(self, start: int, end: int) -> tuple[float, float]:
        """Return when `text[start:end]` was said, in seconds."""
        return self.char_times[start][0], self.char_times[end - 1][1]

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
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
        return _pause_s(self.units, self.char_times, unit)

    def parted(self, unit: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands before `unit`."""
        return self.parted_inside(unit - 1, unit + 1) if unit else False

    def parted_inside(self, first: int, last: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands inside the units."""
        return self.n_parted[last - 1] > self.n_parted[first]

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
    text = "".join(word.text for word in turn.words)
    legible = "".join(
        BLANK * len(word.text) if word.masked is not None else word.text for word in turn.words
    )
    starts: list[int] = []
    times: list[tuple[float, float]] = []
    for word in turn.words:
        starts.append(len(times))
        times.extend(char_times(word))
    plain = normalise(legible)
    units = units_of(legible, language)
    lengths = (len(unit.symbol) + 1 for unit in units.units)
    return Passage(
        language=language,
        role=turn.role,
        text=text,
        plain=plain,
        units=units.units,
        tail=units.tail,
        words=turn.words,
        word_starts=tuple(starts),
        char_times=tuple(times),
        haystack=edged(unit.symbol for unit in units.units),
        unit_at={at: i for i, at in enumerate(accumulate(lengths, initial=0))},
        n_parted=tuple(_count_parted(units.units, times, language)),
    )


def _count_parted(
    units: tuple[Unit, ...], times: Sequence[tuple[float, float]], language: Language
) -> Iterator[int]:
    n = 0
    for i, unit in enumerate(units):
        paused = language == "zh" and _pause_s(units, times, i) >= PAUSE_S - TOLERANCE_S
        n += i > 0 and (unit.stopped or paused)
        yield n


def _pause_s(units: tuple[Unit, ...], times: Sequence[tuple[float, float]], unit: int) -> float:
    if unit == 0:
        return 0.0
    return times[units[unit].start][0] - times[units[unit - 1].end - 1][1]


def char_times(word: Word) -> list[tuple[float, float]]:
    """Return when each character of `word` is said, in seconds: evenly over what sounds."""
    sounding = [character.isalnum() for character in word.text]
    n_sounding = sum(sounding)
    if n_sounding == 0:
        return [(word.start_s, word.end_s)] * len(word.text)
    length_s = word.end_s - word.start_s
    times = []
    said = 0
    for sounds in sounding:
        start_s = word.start_s + length_s * said / n_sounding
        said += sounds
        end_s = word.end_s if said == n_sounding else word.start_s + length_s * said / n_sounding
        times.append((start_s, end_s))
    return times
