"""A turn made ready for searching: its units, and the time and trust of every character.

Positions are character offsets into `text`, the turn's words as they were written one after the
other. Inside a word time runs evenly over its letters and digits; punctuation takes none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from qa_pipeline.language.normalise import Normalised
from qa_pipeline.language.phrases import Hit, Hits, Phrases, phrase_matcher
from qa_pipeline.language.script import PAUSE_S, TOLERANCE_S, Script, char_times
from qa_pipeline.language.units import Unit, Units
from qa_pipeline.later import once
from qa_pipeline.records import Role, Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words

__all__ = ["PAUSE_S", "TOLERANCE_S", "Passage", "char_times", "passage_of"]

_NO_HITS: Sequence[Hit] = ()


class Passage:
    """The words of turn number `turn` of a script; masked words are blank to every search.

    `look` says where phrases stand in the script; `n_units` is how many units the turn has. The
    rest is worked out when it is first asked for: most turns hold little that a scorecard looks
    for.
    """

    def __init__(self, script: Script, turn: int, look: Callable[[Phrases], Hits]) -> None:
        self.script, self.turn = script, turn
        self.language: Language = script.language
        self.role: Role | None = script.turns[turn].role
        self.words: Sequence[Word] = script.turns[turn].words
        self._look = look
        #: In the script: the numbers of the first unit and word, and where the turn begins.
        self._first = script.first_units[turn]
        self._first_word = script.first_words[turn]
        self._begin = script.word_begins[self._first_word]
        self.n_units = script.first_units[turn + 1] - 1 - self._first

    @once
    def plain(self) -> Normalised:
        """The text as it is searched: normalised, what is masked left blank."""
        return self.script.plain[self.turn]

    @once
    def text(self) -> str:
        """The turn's words as they were written, one after the other."""
        words = self.words
        return words.text if isinstance(words, Words) else "".join([word.text for word in words])

    @once
    def symbols(self) -> Sequence[str]:
        """The units' symbols: a text of one character each in Chinese."""
        return self.script.columns.symbols[self._first : self._first + self.n_units]

    @once
    def _units(self) -> Units:
        return self.script.units(self.turn)

    @once
    def units(self) -> tuple[Unit, ...]:
        """What is compared when phrases are looked for."""
        return self._units.units

    @property
    def tail(self) -> str:
        """The marks after the last unit."""
        return self.marks(self.n_units)

    def marks(self, unit: int) -> str:
        """Return the marks before `unit`."""
        return self.script.columns.marks.get(self._first + unit, "")

    def stopped(self, unit: int) -> bool:
        """Return whether a sentence mark stands before `unit`."""
        return self._first + unit in self.script.columns.stopped

    @property
    def has_glued(self) -> bool:
        """Whether some unit goes on a written word or number."""
        glued = self.script.columns.glued
        return bool(glued) and not glued.isdisjoint(range(self._first, self._first + self.n_units))

    @once
    def word_starts(self) -> tuple[int, ...]:
        """Where each word begins in the text."""
        begins = self.script.word_begins[self._first_word : self._first_word + len(self.words)]
        return tuple([begin - self._begin for begin in begins])

    @once
    def _columns(self) -> Words:
        return Words.of(self.words)

    @property
    def n_masked(self) -> int:
        """How many of the words redaction masked."""
        masked = self.script.masked
        if not masked:
            return 0
        first = bisect_left(masked, self._first_word)
        return bisect_left(masked, self._first_word + len(self.words), lo=first) - first

    @property
    def n_masked_digits(self) -> int:
        """How many digits redaction masked."""
        if not self.n_masked:
            return 0
        return sum([mask.n_digits for _, mask in self._columns.masked()])

    def hits(self, phrases: Phrases) -> Sequence[Hit]:
        """Return where `phrases` stand, overlapping ones too, by start and then the longest."""
        return self._look(phrases).get(self.turn, _NO_HITS)

    def admits(self, first: int, last: int, wanted: Units) -> bool:
        """Return whether `wanted` can stand at those units, whose symbols it has."""
        first, last = self._first + first, self._first + last
        return self.script.admits(first, last) and self.script.fits(first, wanted)

    def chars(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets of the units `first` to `last` (excluded) in the text."""
        columns, begin = self.script.columns, self._first
        start, end = columns.starts[begin + first], columns.ends[begin + last - 1]
        return self.script.lines.written(self.turn, start, end)

    def char_span_s(self, at: int) -> tuple[float, float]:
        """Return when the character at offset `at` was said, in seconds."""
        return self.script.char_span_s(self._begin + at)

    def span_s(self, start: int, end: int) -> tuple[float, float]:
        """Return when `text[start:end]` was said, in seconds."""
        return self.script.span_s(self._begin + start, self._begin + end)

    def words_in(self, start: int, end: int) -> Sequence[str]:
        """Return the words that `text[start:end]` touches, as they were written."""
        return self.script.texts[self._words_in(start, end)]

    def _words_in(self, start: int, end: int) -> slice:
        """Return the numbers, in the script, of the words that `text[start:end]` touches."""
        begins = self.script.word_begins
        first = bisect_right(begins, self._begin + start) - 1
        last = bisect_right(begins, self._begin + end - 1) - 1
        return slice(first, last + 1)

    def confidence(self, start: int, end: int) -> float | None:
        """Return the lowest confidence of the words in `text[start:end]`, None where unknown."""
        own = self._words_in(start, end)
        known = [sure for sure in self.script.confidences[own] if sure is not None]
        return min(known, default=None)

    def pause_s(self, unit: int) -> float:
        """Return the silence between `unit` and the one before it, in seconds."""
        return self.script.pause_s(self.turn, self._first + unit) if unit else 0.0

    def parted(self, unit: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands before `unit`."""
        return unit in self.partings

    def parted_inside(self, first: int, last: int) -> bool:
        """Return whether a sentence mark or, in Chinese, a pause stands inside the units."""
        after = bisect_right(self.partings, first)
        return after < len(self.partings) and self.partings[after] < last

    @once
    def partings(self) -> tuple[int, ...]:
        """The units that a sentence mark or, in Chinese, a pause stands before, in order."""
        everywhere, first = self.script.partings, self._first
        after = bisect_right(everywhere, first)
        end = bisect_left(everywhere, first + self.n_units, lo=after)
        return tuple(unit - first for unit in everywhere[after:end])

    def opens(self, unit: int) -> bool:
        """Return whether `unit` opens a sentence: first of the turn, or after a mark or pause."""
        if unit == 0 or self.stopped(unit):
            return True
        return self.pause_s(unit) >= PAUSE_S - TOLERANCE_S

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets of the sentences that `text[start:end]` touches."""
        if not self.n_units:
            return 0, len(self.text)
        first = last = 0
        borders = (0, *self.partings, self.n_units)
        if self.partings:
            first = max(0, bisect_right(self._starts, start) - 1)
            last = max(first, bisect_right(self._starts, end - 1) - 1)
        first = borders[bisect_right(borders, first, hi=len(borders) - 1) - 1]
        last = borders[bisect_right(borders, last)]
        return self.chars(first, last)

    @once
    def _starts(self) -> Sequence[int]:
        """Where each unit begins in the text."""
        return [self.chars(unit, unit + 1)[0] for unit in range(self.n_units)]


def passage_of(turn: Turn, language: Language) -> Passage:
    """Return `turn` ready for searching."""
    script = Script((turn,), language)
    return Passage(script, 0, lambda phrases: phrase_matcher(phrases, language).find(script)[0])
