"""Writes what a recogniser might have written: some characters become homophones of themselves.

Seeded, and independent of what it tests: the reading of a character is pypinyin's for the whole
sentence, candidates are the 3,755 characters of GB 2312's first level (the frequent ones) by their
first reading, and confusions are written out below rather than taken from the matcher's classes.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random

from pypinyin import lazy_pinyin

#: Share of the changed characters that become a near-homophone, as accents have it.
NEAR_SHARE = 0.2
_HAN = re.compile("[\u4e00-\u9fff]+")
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_BEFORE_FINAL = re.compile("[bpmfdtnlgkhjqxrzcsyw]h?|")


def misheard(text: str, rate: float, rng: Random, near_share: float = NEAR_SHARE) -> str:
    """Return `text` with each Han character changed with probability `rate`; its length stays.

    A character without a homophone among the frequent ones stays as it is.
    """
    written = list(text)
    for i, syllable in _syllables(text):
        if rng.random() >= rate:
            continue
        alike = [c for c in _characters().get(syllable, ()) if c != text[i]]
        near = [c for s in near_syllables(syllable) for c in _characters().get(s, ())]
        is_near = bool(near) and (not alike or rng.random() < near_share)
        if chosen := near if is_near else alike:
            written[i] = rng.choice(chosen)
    return "".join(written)


def near_syllables(syllable: str) -> tuple[str, ...]:
    """Return what an accent makes of a toneless syllable: another initial, final, or both."""
    start = _BEFORE_FINAL.match(syllable)
    assert start is not None, "the pattern matches nothing at least"
    initial, final = syllable[: start.end()], syllable[start.end() :]
    initials = [initial, *_others(initial, _INITIALS)]
    finals = [final] if initial in ("y", "w") and final not in ("in", "ing") else None
    finals = finals or [final, *_others(final, _FINALS)]
    made = (i + f for i in initials for f in finals)
    return tuple(one for one in made if one != syllable)


def _others(part: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for a, b in pairs:
        if part in (a, b):
            yield b if part == a else a


def _syllables(text: str) -> Iterator[tuple[int, str]]:
    """Yield the place and toneless reading of every Han character, as read in its sentence."""
    for run in _HAN.finditer(text):
        yield from enumerate(lazy_pinyin(run.group()), start=run.start())


@cache
def _characters() -> Mapping[str, tuple[str, ...]]:
    """Return GB 2312's first level by syllable: rows 16 to 55, five places of the last empty."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in range(16, 56):
        for cell in range(1, 90 if row == 55 else 95):
            character = bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312")
            found[lazy_pinyin(character)[0]].append(character)
    return {syllable: tuple(characters) for syllable, characters in found.items()}
