"""A call's turns read as one text: what is looked for is looked for in all of them at once.

Units are numbered through the call, each turn's after those of the turn before and a border.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import accumulate, filterfalse, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.language.normalise import Lines, Normalised, normalise_lines
from qa_pipeline.language.units import BLANK, Columns, Units, columns_of
from qa_pipeline.later import once
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words

Floats = NDArray[np.float64]

#: A silence between two words from which on no Chinese match crosses it (SCORECARD.md).
PAUSE_S = 0.5
#: Times are sums of floats: boundaries hold to within a microsecond.
TOLERANCE_S = 1e-6

#: Chinese phrases shorter than this cross no mark that they do not contain (SCORECARD.md).
_SHORT = 4


class Script:
    """The words, units and joints of a call's turns; masked words are blank to every search."""

    def __init__(self, turns: Sequence[Turn], language: Language) -> None:
        self.turns = turns
        self.language: Language = language

    @once
    def _words(self) -> Words:
        return Words.joined([turn.words for turn in self.turns])

    @once
    def texts(self) -> Sequence[str]:
        """What was said, word by word."""
        return self._words.texts

    @once
    def starts_s(self) -> Sequence[float]:
        """When each word begins."""
        return self._words.starts_s

    @once
    def ends_s(self) -> Sequence[float]:
        """When each word ends."""
        return self._words.ends_s

    @once
    def times_s(self) -> tuple[Floats, Floats]:
        """When each word begins, and when it ends, as arrays: to look at all of them at once."""
        return np.array(self.starts_s), np.array(self.ends_s)

    @once
    def confidences(self) -> Sequence[float | None]:
        """How sure each word is, 0-1; None where nobody said."""
        return self._words.confidences

    @once
    def first_words(self) -> Sequence[int]:
        """The number of each turn's first word, and of what would follow the last turn."""
        return list(accumulate([len(turn.words) for turn in self.turns], initial=0))

    @once
    def word_begins(self) -> Sequence[int]:
        """Where each word begins, and the last ends, were all written one after the other."""
        return list(accumulate(map(len, self.texts), initial=0))

    @once
    def masked(self) -> Sequence[int]:
        """The words that redaction masked, in order."""
        return self._words.masked_at

    @once
    def lines(self) -> Lines:
        """The turns' texts as they are searched: normalised, what is masked left blank."""
        texts = self.texts
        if self.masked:
            texts = list(texts)
            for at in self.masked:
                texts[at] = BLANK * len(texts[at])
        return normalise_lines(["".join(texts[a:b]) for a, b in pairwise(self.first_words)])

    @once
    def plain(self) -> Sequence[Normalised]:
        """Each of these by itself."""
        return self.lines.each()

    @once
    def plain_begins(self) -> Sequence[int]:
        """Where each of these begins, were they the lines of one text."""
        return self.lines.begins

    @once
    def columns(self) -> Columns:
        """The units of all turns; the border between two turns is one of them."""
        return columns_of(self.lines.text, self.language)

    @once
    def first_units(self) -> Sequence[int]:
        """The number of each turn's first unit, and of what would follow one more border."""
        starts = self.columns.starts
        begun = map(bisect_left, repeat(starts), self.plain_begins[:-1])
        return [*begun, len(starts) + 1]

    @once
    def extents_s(self) -> Sequence[tuple[float, float]]:
        """When the first of each turn's words begins and the last ends; inf, -inf for none."""
        firsts = np.array(self.first_words)
        spoken = (firsts[:-1] < firsts[1:]).nonzero()[0]  # `reduceat` knows no empty stretches
        begins_s, ends_s = (np.full(len(self.turns), end) for end in (math.inf, -math.inf))
        if spoken.size:
            word_starts_s, word_ends_s = self.times_s
            begins_s[spoken] = np.minimum.reduceat(word_starts_s, firsts[spoken])
            ends_s[spoken] = np.maximum.reduceat(word_ends_s, firsts[spoken])
        return list(zip(begins_s.tolist(), ends_s.tolist(), strict=True))

    def units(self, turn: int) -> Units:
        """Return the units of one turn."""
        first, last = self.first_units[turn], self.first_units[turn + 1] - 1
        return self.columns.units(first, last, self.plain[turn], self.plain_begins[turn])

    def chars(self, turn: int, first: int, last: int) -> tuple[int, int]:
        """Return the offsets, in the turn's words, of its units `first` to `last` (excluded)."""
        columns = self.columns
        return self.lines.written(turn, columns.starts[first], columns.ends[last - 1])

    def char_span_s(self, at: int) -> tuple[float, float]:
        """Return when the character at offset `at` in all that is written was said, in seconds."""
        word = bisect_right(self.word_begins, at) - 1
        return self._char_span_s(word, at)

    def span_s(self, start: int, end: int) -> tuple[float, float]:
        """Return when the characters `start` to `end` of all that is written were said."""
        begins = self.word_begins
        first = bisect_right(begins, start) - 1
        last = first if end <= begins[first + 1] else bisect_right(begins, end - 1, lo=first) - 1
        start_s, end_s = self.starts_s[first], self.ends_s[last]
        # Where nothing of a word sounds before or after there is nothing to reckon: mostly.
        if (n_before := start - begins[first]) and _sounds(self.texts[first][:n_before]):
            start_s = self._char_span_s(first, start)[0]
        if (n_after := begins[last + 1] - end) and _sounds(self.texts[last][-n_after:]):
            end_s = self._char_span_s(last, end - 1)[1]
        return start_s, end_s

    def _char_span_s(self, word: int, at: int) -> tuple[float, float]:
        start_s, end_s = self.starts_s[word], self.ends_s[word]
        return _char_span_s(self.texts[word], at - self.word_begins[word], start_s, end_s)

    def pause_s(self, turn: int, unit: int) -> float:
        """Return the silence between `unit` and the one before it in the turn, in seconds."""
        begin = self.word_begins[self.first_words[turn]]
        _, before = self.chars(turn, unit - 1, unit)
        after, _ = self.chars(turn, unit, unit + 1)
        return self.char_span_s(begin + after)[0] - self.char_span_s(begin + before - 1)[1]

    @once
    def partings(self) -> Sequence[int]:
        """The units that a sentence mark or, in Chinese, a pause stands before, in order."""
        stopped = self.columns.stopped
        return sorted(stopped | set(self._paused()) if self.language == "zh" else stopped)

    def _paused(self) -> Iterator[int]:
        """Yield the units that a pause stands before."""
        for word in self._late_words():
            turn = bisect_right(self.first_words, word) - 1
            at = self.word_begins[word] - self.word_begins[self.first_words[turn]]
            unit = bisect_left(self.columns.starts, self.lines.place(turn, at))
            inside = self.first_units[turn] < unit < self.first_units[turn + 1] - 1
            if inside and self.pause_s(turn, unit) >= PAUSE_S - TOLERANCE_S:
                yield unit

    def _late_words(self) -> Set[int]:
        """Return the words inside of turns that a pause can stand before.

        Between words that follow each other it shows in their times. It can also span words of
        which no unit is left: those that were masked, and marks that a recogniser took for words.
        """
        starts_s, ends_s = self.times_s
        gaps_s = starts_s[1:] - ends_s[:-1]
        late = {gap + 1 for gap in (gaps_s >= PAUSE_S - TOLERANCE_S).nonzero()[0].tolist()}
        late.update([at + 1 for at in self.masked])
        silent = set(filterfalse(_sounds, set(filterfalse(str.isalnum, self.texts))))
        if silent:  # in hardly any call
            late.update([at + 1 for at, text in enumerate(self.texts) if text in silent])
        return late.difference(self.first_words)

    @once
    def marked(self) -> Sequence[int]:
        """The units that a mark or, in Chinese, a pause stands before, in order; and one after."""
        return [*sorted({*self.columns.marks, *self.partings}), len(self.columns.symbols) + 1]

    def admits(self, first: int, last: int) -> bool:
        """Return whether no parting stands inside of a match, and none of its ends cuts a word."""
        glued, partings = self.columns.glued, self.partings
        if first in glued or last in glued:
            return False
        after = bisect_right(partings, first)
        return after == len(partings) or last <= partings[after]

    def fits(self, first: int, wanted: Units) -> bool:
        """Return whether a match holds no marks that forbid it: a short one only its own."""
        if self.language == "en" or len(wanted.units) >= _SHORT:
            return True
        marks = self.columns.marks
        return all(
            set(marks.get(first + i, "")) <= set(unit.marks)
            for i, unit in enumerate(wanted.units[1:], start=1)
        )


def char_times(word: Word) -> list[tuple[float, float]]:
    """Return when each character of `word` is said, in seconds: evenly over what sounds."""
    text = word.text
    return [_char_span_s(text, at, word.start_s, word.end_s) for at in range(len(text))]


def _char_span_s(text: str, at: int, start_s: float, end_s: float) -> tuple[float, float]:
    """Return when character `at` of a word is said."""
    if len(text) == 1:
        return start_s, end_s
    n_said = _n_sounding(text)
    n = n_said[-1]
    if n == 0:
        return start_s, end_s
    before, after = n_said[at], n_said[at + 1]
    length_s = end_s - start_s
    ceases_s = end_s if after == n else start_s + length_s * after / n
    return start_s + length_s * before / n, ceases_s


@lru_cache(maxsize=4096)
def _sounds(text: str) -> bool:
    return any(map(str.isalnum, text))


@lru_cache(maxsize=4096)
def _n_sounding(text: str) -> tuple[int, ...]:
    """Return how many of the first 0, 1, 2, ... characters sound."""
    return tuple(accumulate(map(str.isalnum, text), initial=0))
