"""Turns that take no turn: somebody only says that he is listening."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import filterfalse
from operator import attrgetter
from typing import Any

import re2

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.units import EDGE, symbols_of
from qa_pipeline.texts import Language

Words = tuple[str, ...]

_SYMBOL = attrgetter("symbol")
_IS_DIGIT: Callable[[Any], bool] = str.isdigit


@dataclass(frozen=True, slots=True, eq=False)  # known by itself: the same words give the same one
class Listening:
    """Words by which somebody lets the other know that he listens, made ready to be known.

    `symbols` are what they are made of; `pattern` is one of them, again and again.
    """

    language: Language
    symbols: frozenset[str]
    pattern: Any

    def is_all_of(self, plain: str) -> bool:
        """Return whether a text that is normalised already is nothing but these words.

        In any number and order. A text without words is none.
        """
        # The first word or character mostly tells; no symbol goes over white space.
        for word in plain if self.language == "zh" else plain.split():
            if not _is_made_of(self, word):
                return False
        return self._is_row(symbols_of(plain, self.language))

    def _may_hold(self, symbols: Iterable[str]) -> bool:
        """Return whether `symbols` are all of these words, but for digits.

        Digits may be more than any word holds (`is_passing`): the pattern judges them.
        """
        return self.symbols.issuperset(filterfalse(_IS_DIGIT, symbols))

    def _is_row(self, symbols: Iterable[str]) -> bool:
        return _is_row(self, "".join([symbol + EDGE for symbol in symbols]))


@lru_cache(maxsize=8192)
def _is_made_of(listens: Listening, word: str) -> bool:
    """Return whether a word, or a character, is made of what those words are made of."""
    return listens._may_hold(symbols_of(word, listens.language))


@lru_cache(maxsize=1024)
def _is_row(listens: Listening, written: str) -> bool:
    """Return whether symbols, each written before an `EDGE`, are words one after the other.

    People listen in few words, so most rows were seen before.
    """
    return listens.pattern.fullmatch(written) is not None


def listening(language: Language, words: Words | None = None) -> Listening:
    """Return the shipped back-channels of `language`, or `words` in their place."""
    return _shipped(language) if words is None else _listed(words, language)


def is_back_channel(text: str, language: Language, words: Words | None = None) -> bool:
    """Return whether `text` is nothing but back-channels, in any number and order.

    `words` take the place of the shipped list. A text without words is none.
    """
    return listening(language, words).is_all_of(normalise(text).text)


def is_passing(text: str, language: Language) -> bool:
    """Return whether `text` is nothing but back-channels and digits, as in an echoed number."""
    return passing(language).is_all_of(normalise(text).text)


@cache
def _shipped(language: Language) -> Listening:
    return _listed(lexicon(language).back_channels, language)


@cache
def passing(language: Language) -> Listening:
    """Return back-channels and digits in place of the words by which somebody listens."""
    shipped = lexicon(language)
    words = (*shipped.back_channels, *shipped.digits, *shipped.repeats)
    return _listed(words, language, "[0-9]+")


@lru_cache(maxsize=64)
def _listed(words: Words, language: Language, also: str = "") -> Listening:
    """Compile "one of `words`, or of the pattern `also`, again and again"."""
    told = [symbols_of(normalise(word).text, language) for word in words]
    written = ["".join(re2.escape(symbol + EDGE) for symbol in symbols) for symbols in told]
    patterns = [*filter(None, written), *([also + EDGE] if also else [])]
    symbols = frozenset(symbol for word in told for symbol in word)
    pattern = re2.compile(f"(?:{'|'.join(patterns or [EDGE + EDGE])})+")
    return Listening(language, symbols, pattern)
