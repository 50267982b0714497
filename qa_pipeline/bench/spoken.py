"""Turns as what is compared: characters in Chinese, words in English, each with its time.

The normaliser is the one of the phrase search (`qa_pipeline.language.units`): NFKC, traditional to
simplified, the shipped variants, case folded, punctuation dropped, numerals as they are written. A
Latin word inside Chinese counts letter by letter.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import passage_of
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language


@dataclass(frozen=True, slots=True)
class Spoken:
    """One unit. `text` is its original with the marks up to the next unit, `turn` its turn's index.

    `begins_word`: the unit opens a written word, so that its start is that word's own.
    """

    symbol: str
    start_s: float
    end_s: float
    confidence: float | None
    text: str
    begins_word: bool
    turn: int

    @property
    def middle_s(self) -> float:
        """The middle of its time, seconds."""
        return (self.start_s + self.end_s) / 2


def spoken(turns: Sequence[Turn], language: Language) -> tuple[Spoken, ...]:
    """Return the units of all turns, one after the other."""
    return tuple(unit for i, turn in enumerate(turns) for unit in _of_turn(turn, i, language))


def _of_turn(turn: Turn, index: int, language: Language) -> Iterator[Spoken]:
    passage = passage_of(turn, language)
    ends = [unit.start for unit in passage.units[1:]] + [len(passage.text)]
    last_word = -1
    for i, (unit, end) in enumerate(zip(passage.units, ends, strict=True)):
        start_s, end_s = passage.span_s(unit.start, unit.end)
        word = bisect_right(passage.word_starts, unit.start) - 1
        yield Spoken(
            symbol=unit.symbol,
            start_s=start_s,
            end_s=end_s,
            confidence=passage.confidence(unit.start, unit.end),
            text=passage.text[unit.start if i else 0 : end],
            begins_word=word != last_word,
            turn=index,
        )
        last_word = word


def symbols(units: Sequence[Spoken]) -> list[str]:
    """Return what is compared."""
    return [unit.symbol for unit in units]


def folded(written: Sequence[str], language: Language) -> list[str]:
    """Return symbols with digits read one by one, however written: 幺, 一 and 1 are the same.

    Only digit by digit: 二十 and 20, twenty and 20 stay different.
    """
    digits = lexicon(language).digits
    found: list[str] = []
    for symbol in written:
        if symbol in digits:
            found.append(str(digits[symbol]))
        elif symbol.isascii() and symbol.isdigit():
            found.extend(symbol)
        else:
            found.append(symbol)
    return found


def text_of(units: Sequence[Spoken]) -> str:
    """Return the original text, a line a turn."""
    turns = groupby(units, key=lambda unit: unit.turn)
    return "\n".join("".join(unit.text for unit in turn).strip() for _, turn in turns)
