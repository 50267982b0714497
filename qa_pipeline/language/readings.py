"""How Chinese characters are read: syllables without tone, folded where accents mix them up.

The readings are pypinyin's: 41,923 characters with every reading they have, 47,111 words with the
reading that each character has in them. Loading takes 0.2 s and 70 MiB, so it waits for the first
scorecard that asks for `match: sound`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

#: What a character can be taken for: characters that share one of their keys sound alike.
Keys = tuple[str, ...]

_SYLLABLE = re.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(.+)")
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_FINALS = {"ang": "an", "eng": "en", "ing": "in"}
#: Written with y and w, these are finals of their own: yang is iang, wang is uang, weng is ueng.
_OTHER_FINALS = frozenset({"yang", "wang", "weng"})


def sound_class(syllable: str) -> str:
    """Return the class of a toneless pinyin syllable: n/l, zh/z, ch/c, sh/s, -an/-ang, ... are one.

    Finals are those of Hanyu Pinyin: -ian and -iang, -uan and -uang stay apart.
    """
    parts = _SYLLABLE.fullmatch(syllable)
    assert parts is not None, "a syllable is never empty"
    initial, final = parts[1] or "", parts[2]
    folded = final if syllable in _OTHER_FINALS else _FINALS.get(final, final)
    return f"{_INITIALS.get(initial, initial)}-{folded}"


@lru_cache(maxsize=8192)  # agents say the same sentences all day
def keys_of(symbols: str) -> tuple[Keys, ...]:
    """Return the keys of every character of normalised text, marks left out.

    A character in a word of the dictionary is read as there (银行: hang, 行为: xing), any other in
    all the ways it can be. What has no reading, such as a digit, is taken for itself alone.
    """
    keys = [_alone(symbol) for symbol in symbols]
    for _, start, end in _dictionary().words_in.find_matches_as_indexes(symbols):
        keys[start:end] = _in_word(symbols[start:end])
    return tuple(keys)


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """Readings with tone marks; `words_in` finds words from left to right, the longest first."""

    characters: Mapping[int, str]
    words: Mapping[str, list[list[str]]]
    words_in: AhoCorasick


@cache
def _dictionary() -> _Dictionary:
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    words_in = AhoCorasick(phrases_dict, matchkind=MatchKind.LeftmostLongest)
    return _Dictionary(pinyin_dict, phrases_dict, words_in)


@lru_cache(maxsize=8192)
def _alone(symbol: str) -> Keys:
    """Return the keys of a character by itself: its class; itself and its classes if several."""
    classes = _classes(_dictionary().characters.get(ord(symbol), "").split(","))
    return classes if len(classes) == 1 else (symbol, *classes)


@lru_cache(maxsize=8192)
def _in_word(word: str) -> tuple[Keys, ...]:
    """Return the keys of every character of `word`; what has one class alone keeps it."""
    alone = (_alone(symbol) for symbol in word)
    read = _dictionary().words[word]
    return tuple(
        keys if len(keys) == 1 else (keys[0], *_classes(readings))
        for keys, readings in zip(alone, read, strict=True)
    )


def _classes(readings: Iterable[str]) -> tuple[str, ...]:
    from pypinyin.contrib.tone_convert import to_normal

    read = (sound_class(to_normal(reading)) for reading in readings if reading)
    return tuple(dict.fromkeys(read))
