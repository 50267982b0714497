"""A call's turns read as one text: what is looked for is looked for in all of them at once.

Units are numbered through the call, each turn's after those of the turn before and a border.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import accumulate, chain, pairwise, repeat
from operator import sub

from qa_pipeline.language.normalise import Lines, Normalised, normalise_lines
from qa_pipeline.language.units import BLANK, Columns, Units, columns_of
from qa_pipeline.later import once
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words

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
        self._known_lines: dict[int, Normalised] = {}

    @once
    def _words(self) -> Sequence[Words]:
        return [Words.of(turn.words) for turn in self.turns]

    @once
    def texts(self) -> Sequence[str]:
        """What was said, word by word."""
        return list(chain.from_iterable(words.texts for words in self._words))

    @once
    def starts_s(self) -> Sequence[float]:
        """When each word begins."""
        return list(chain.from_iterable(words.starts_s for words in self._words))

    @once
    def ends_s(self) -> Sequence[float]:
        """When each word ends."""
        return list(chain.from_iterable(words.ends_s for words in self._words))

    @once
    def first_words(self) -> Sequence[int]:
        """The number of each turn's first word, and of what would follow the last turn."""
        return list(accumulate(map(len, self._words), initial=0))

    @once
    def word_begins(self) -> Sequence[int]:
        """Where each word begins, and the last ends, were all written one after the other."""
        return list(accumulate(map(len, self.texts), initial=0))

    @once
    def _masked(self) -> Sequence[int]:
        """The words that redaction masked."""
        begun = zip(self.first_words, self._words, strict=False)
        return [first + at for first, words in begun for at, _ in words.masked()]

    @once
    def _lines(self) -> Lines:
        texts = self.texts
        if self._masked:
            texts = list(texts)
            for at in self._masked:
                texts[at] = BLANK * len(texts[at])
        return normalise_lines(["".join(texts[a:b]) for a, b in pairwise(self.first_words)])

    def line(self, turn: int) -> Normalised:
        """Return a turn's text as it is searched: normalised, what is masked left blank."""
        known = self._known_lines.get(turn)
        if known is None:
            known = self._known_lines[turn] = self._lines.line(turn)
        return known

    @once
    def columns(self) -> Columns:
        """The units of all turns; the border between two turns is one of them."""
        return columns_of(self._lines.text, self.language)

    @once
    def first_units(self) -> Sequence[int]:
        """The number of each turn's first unit, and of what would follow one more border."""
        starts, begins = self.columns.starts, self._lines.begins
        return [*(bisect_left(starts, begin) for begin in begins[:-1]), len(starts) + 1]

    def units(self, turn: int) -> Units:
        """Return the units of one turn."""
        first, last = self.first_units[turn], self.first_units[turn + 1] - 1
        return self.columns.units(first, last, self.line(turn), self._lines.begins[turn])

    def chars(self, turn: int, first: int, last: int) -> tuple[int, int]:
        """Return the offsets, in the turn's words, of its units `first` to `last` (excluded)."""
        begin = self._lines.begins[turn]
        start, end = self.columns.starts[first] - begin, self.columns.ends[last - 1] - begin
        if self._lines.is_aligned:
            return start, end
        plain = self.line(turn)
        return plain.starts[start], plain.ends[end - 1]

    def char_span_s(self, at: int) -> tuple[float, float]:
        """Return when the character at offset `at` in all that is written was said, in seconds."""
        word = bisect_right(self.word_begins, at) - 1
        return self._char_span_s(word, at)

    def span_s(self, start: int, end: int) -> tuple[float, float]:
        """Return when the characters `start` to `end` of all that is written were said."""
        begins = self.word_begins
        first = bisect_right(begins, start) - 1
        last = first if end <= begins[first + 1] else bisect_right(begins, end - 1, lo=first) - 1
        # At the ends of words there is nothing to reckon, and most words are a character or two.
        is_whole = start == begins[first]
        start_s = self.starts_s[first] if is_whole else self._char_span_s(first, start)[0]
        is_whole = end == begins[last + 1]
        return start_s, self.ends_s[last] if is_whole else self._char_span_s(last, end - 1)[1]

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
            plain, begin = self.line(turn), self._lines.begins[turn]
            at = self.word_begins[word] - self.word_begins[self.first_words[turn]]
            unit = bisect_left(self.columns.starts, begin + bisect_left(plain.starts, at))
            inside = self.first_units[turn] < unit < self.first_units[turn + 1] - 1
            if inside and self.pause_s(turn, unit) >= PAUSE_S - TOLERANCE_S:
                yield unit

    def _late_words(self) -> Set[int]:
        """Return the words inside of turns that a pause can stand before.

        Between words that follow each other it shows in their times. It can also span words of
        which no unit is left: those that were masked, and marks that a recogniser took for words.
        """
        gaps_s = map(sub, self.starts_s[1:], self.ends_s)
        late = {at for at, gap_s in enumerate(gaps_s, start=1) if gap_s >= PAUSE_S - TOLERANCE_S}
        late.update(at + 1 for at in self._masked)
        late.update(
            at + 1
            for at, text in enumerate(self.texts)
            if not (text.isalnum() or text[:1].isalnum() or any(map(str.isalnum, text)))
        )
        return late.difference(self.first_words)

    @once
    def joints(self) -> Sequence[int]:
        """The units that marks stand before, or that go on a written word or number, in order."""
        return sorted({*self.columns.marks, *self.columns.glued})

    @once
    def turn_of(self) -> Sequence[int]:
        """The turn of each unit."""
        return _stretched(range(len(self.turns)), self.first_units[1:])

    @once
    def clear(self) -> Sequence[int]:
        """The next unit behind each that a mark or a pause stands before: up to it all is clear."""
        return self._up_to(sorted({*self.columns.marks, *self.partings}))

    @once
    def _reaches(self) -> Sequence[int]:
        """The next unit behind each that a sentence mark or, in Chinese, a pause stands before."""
        return self._up_to(self.partings)

    def _up_to(self, units: Iterable[int]) -> Sequence[int]:
        ends = [*(unit for unit in units if unit), len(self.columns.symbols) + 1]
        return _stretched(ends, ends)

    def admits(self, first: int, last: int) -> bool:
        """Return whether no parting stands inside of a match, and none of its ends cuts a word."""
        glued = self.columns.glued
        return last <= self._reaches[first] and first not in glued and last not in glued

    def fits(self, first: int, wanted: Units) -> bool:
        """Return whether a match holds no marks that forbid it: a short one only its own."""
        if self.language == "en" or len(wanted.units) >= _SHORT:
            return True
        marks = self.columns.marks
        return all(
            set(marks.get(first + i, "")) <= set(unit.marks)
            for i, unit in enumerate(wanted.units[1:], start=1)
        )


def _stretched(values: Iterable[int], ends: Iterable[int]) -> Sequence[int]:
    """Return each of `values` again and again until the list is as long as its end says."""
    times = (b - a for a, b in pairwise((0, *ends)))
    return list(chain.from_iterable(map(repeat, values, times)))


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
def _n_sounding(text: str) -> tuple[int, ...]:
    """Return how many of the first 0, 1, 2, ... characters sound."""
    return tuple(accumulate(map(str.isalnum, text), initial=0))
