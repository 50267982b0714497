"""Turns that take no turn: somebody only says that he is listening."""

from functools import lru_cache
from typing import Any

import re2

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.units import units_of
from qa_pipeline.texts import Language

#: Ends every unit in what the patterns read; no unit contains it.
_EDGE = "\x1f"


def is_back_channel(text: str, language: Language, words: tuple[str, ...] | None = None) -> bool:
    """Return whether `text` is nothing but back-channels, in any number and order.

    `words` take the place of the shipped list. A text without words is none.
    """
    return _says_only(text, language, words, "")


def is_passing(text: str, language: Language) -> bool:
    """Return whether `text` is nothing but back-channels and digits, as in an echoed number."""
    return _says_only(text, language, None, "[0-9]+")


def _says_only(text: str, language: Language, words: tuple[str, ...] | None, also: str) -> bool:
    symbols = [unit.symbol for unit in units_of(text, language).units]
    if not symbols:
        return False
    chosen = lexicon(language).back_channels if words is None else words
    if also:
        chosen = (*chosen, *lexicon(language).digits, *lexicon(language).repeats)
    pattern = _pattern(chosen, language, also)
    return pattern.fullmatch("".join(symbol + _EDGE for symbol in symbols)) is not None


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...], language: Language, also: str) -> Any:
    told = [units_of(word, language).units for word in words]
    written = [
        "".join(re2.escape(unit.symbol + _EDGE) for unit in units) for units in told if units
    ]
    if also:
        written.append(also + re2.escape(_EDGE))
    never = re2.escape(_EDGE + _EDGE)
    return re2.compile(f"(?:{'|'.join(written or [never])})+")
