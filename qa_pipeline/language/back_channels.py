"""Turns that take no turn: somebody only says that he is listening."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import re2

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.units import EDGE, Unit, symbols_of, units_of
from qa_pipeline.texts import Language

Words = tuple[str, ...]


def is_back_channel(text: str, language: Language, words: Words | None = None) -> bool:
    """Return whether `text` is nothing but back-channels, in any number and order.

    `words` take the place of the shipped list. A text without words is none.
    """
    return only_back_channels(units_of(text, language).units, language, words)


def only_back_channels(
    units: Sequence[Unit], language: Language, words: Words | None = None
) -> bool:
    """Return whether `units` are nothing but back-channels, in any number and order."""
    chosen = lexicon(language).back_channels if words is None else words
    return _says_only([unit.symbol for unit in units], chosen, language, "")


def is_passing(text: str, language: Language) -> bool:
    """Return whether `text` is nothing but back-channels and digits, as in an echoed number."""
    return is_passing_in(normalise(text).text, language)


def is_passing_in(plain: str, language: Language) -> bool:
    """Return the same of a text that is normalised already."""
    symbols = symbols_of(plain, language)
    return _says_only(symbols, _passing_words(language), language, "[0-9]+")


@cache
def _passing_words(language: Language) -> Words:
    shipped = lexicon(language)
    return (*shipped.back_channels, *shipped.digits, *shipped.repeats)


def _says_only(symbols: Sequence[str], words: Words, language: Language, also: str) -> bool:
    if not symbols:
        return False
    if symbols[0] not in _firsts(words, language) and not (also and symbols[0][0].isdigit()):
        return False  # most turns: their first word says that they are no back-channel
    said = EDGE.join((*symbols, ""))
    return _pattern(words, language, also).fullmatch(said) is not None


@lru_cache(maxsize=64)
def _firsts(words: Words, language: Language) -> frozenset[str]:
    """Return what one of `words` may begin with."""
    told = (units_of(word, language).units for word in words)
    return frozenset(units[0].symbol for units in told if units)


@lru_cache(maxsize=64)
def _pattern(words: Words, language: Language, also: str) -> Any:
    """Compile "one of `words`, or of the pattern `also`, again and again"."""
    told = [units_of(word, language).units for word in words]
    written = ["".join(re2.escape(u.symbol + EDGE) for u in units) for units in told if units]
    if also:
        written.append(also + EDGE)
    return re2.compile(f"(?:{'|'.join(written or [EDGE + EDGE])})+")
