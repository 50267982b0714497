"""How many syllables a written word has, and how long they last when nobody holds one."""

import re
from functools import lru_cache

from qa_pipeline.language.units import is_han
from qa_pipeline.texts import Language

#: Source: Pellegrino, Coupé & Marsico 2011, A cross-language perspective on speech information
#: rate, Language 87, 539-558: 5.18 syllables a second in Mandarin, 6.19 in English.
SYLLABLE_S: dict[Language, float] = {"zh": 1 / 5.18, "en": 1 / 6.19}

_VOWELS = re.compile(r"[aeiouy]+")
#: like, hole; but not table.
_SILENT_E = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$")


@lru_cache(maxsize=8192)  # a call's words are few, and come again and again
def n_syllables_in(word: str) -> int:
    """Return the syllables of a recognised word: Han characters, digits, groups of vowels.

    English spelling tells them roughly (fire and unfortunately are one off); letters without a
    vowel (ERP) are read one by one.
    """
    n_han = sum(map(is_han, word))
    n_digits = sum(character.isdigit() for character in word)
    letters = re.findall(r"[a-z]+", word.lower().replace("'", "").replace("’", ""))
    return n_han + n_digits + sum(map(_n_in_letters, letters))


def _n_in_letters(letters: str) -> int:
    groups = _VOWELS.findall(_SILENT_E.sub("", letters))
    return len(groups) or (1 if _VOWELS.search(letters) else len(letters))
