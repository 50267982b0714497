"""A turn made ready for searching: its units, and the time and trust of every character.

Positions are character offsets into `text`, the turn's words as they were written one after the
other. Inside a word time runs evenly over its letters and digits; punctuation takes none.
"""

from bisect import bisect_right
from dataclasses import dataclass

from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.language.units import BLANK, Unit, units_of
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
        if unit == 0:
            return 0.0
        before = self.char_times[self.units[unit - 1].end - 1][1]
        return self.char_times[self.units[unit].start][0] - before

    def parted(self, unit: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands before `unit`."""
        if self.units[unit].stopped:
            return True
        return self.language == "zh" and self.pause_s(unit) >= PAUSE_S - TOLERANCE_S

    def opens(self, unit: int) -> bool:
        """Return whether `unit` opens a sentence: first of the turn, or after a mark or pause."""
        if unit == 0 or self.units[unit].stopped:
            return True
        return self.pause_s(unit) >= PAUSE_S - TOLERANCE_S

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of the sentences that `text[start:end]` touches."""
        first = max(0, bisect_right([u.start for u in self.units], start) - 1)
        last = max(first, bisect_right([u.start for u in self.units], end - 1) - 1)
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
    units = units_of(plain, language)
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
    )


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
