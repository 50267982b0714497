"""Digits that are no number to be repeated: amounts (12500元, $12,500), years (2025 and 2026)."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from qa_pipeline.language.lexicons import Words, lexicon
from qa_pipeline.redaction.reading import folded, one_of
from qa_pipeline.redaction.sayings import Part
from qa_pipeline.texts import Language

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
#: In English; in Chinese a comma between digits is a pause.
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_CENTURIES = ("19", "20")
_YEAR = re.compile(rf"(?:{'|'.join(_CENTURIES)})\d\d")
#: As much of the text before a number is looked at as the longest currency needs.
_BEFORE = 8
#: Words so far before a number say whether it is one: order 123,456, no sorry, 123,457.
_FAR_BEFORE = 32


def is_amount(parts: Sequence[Part], text: str, language: Language) -> bool:
    """Return whether what is said as a number in normalised `text` says how much, or which years.

    As recognisers write them in digits; those in words (一万二) are parts that say so.
    """
    first, end = parts[0], parts[-1].end
    start = first.end if first.kind == "letters" else first.start
    if _is_measured(text, start, end) or _are_years(parts, text):
        return True
    has_thousands = language == "en" and _THOUSANDS.fullmatch(text, start, end)
    return bool(has_thousands) and not _is_announced(text, start)


def _is_announced(text: str, start: int) -> bool:
    """Return whether an order number or the like is what the words before say comes next.

    The nearest word decides: my account balance is 12,500; I paid for order 123,456.
    """
    before = folded(text[max(0, start - _FAR_BEFORE) : start])
    announcing = [*_announcing().finditer(before)]
    return bool(announcing) and announcing[-1]["number"] is not None


@cache
def _announcing() -> re.Pattern[str]:
    numbers, amounts = one_of(_words("before_numbers")), one_of(_words("before_amounts"))
    return re.compile(rf"{amounts}|(?P<number>{numbers})")


def _is_measured(text: str, start: int, end: int) -> bool:
    """Return whether a unit stands before or after `text[start:end]`."""
    currency, unit = _patterns()
    if unit.match(text, end):
        return True
    before = text[max(0, start - _BEFORE) : start].rstrip()
    if before and unicodedata.category(before[-1]) == "Sc":  # $ ¥ € £
        return True
    return currency.search(before) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what stands before an amount, and after one."""
    currencies = one_of(_words("currencies"))
    units = one_of((*_words("amount_units"), *_words("currencies")))
    others = one_of(_words("no_amount_units"))
    closing = one_of(_words("closing_units"))
    after = rf" *(?!{others})(?:{units}|{closing}(?!\w))"
    return re.compile(rf"{currencies}\Z", re.IGNORECASE), re.compile(after, re.IGNORECASE)


def _are_years(parts: Sequence[Part], text: str) -> bool:
    """Return whether years stand on both sides of a word that adds: 2025 and 2026."""
    if len(parts) == 1 or parts[0].code[:2] not in _CENTURIES:
        return False
    codes = [parts[0].code]
    for before, part in pairwise(parts):
        if _adding().search(text, before.end, part.start):
            codes.append(part.code)
        else:
            codes[-1] += part.code
    return len(codes) > 1 and all(map(_YEAR.fullmatch, codes))


@cache
def _adding() -> re.Pattern[str]:
    return re.compile(one_of(_words("no_correction")), re.IGNORECASE)


def _words(key: str) -> Words:
    return tuple(word for language in _LANGUAGES for word in getattr(lexicon(language), key))
