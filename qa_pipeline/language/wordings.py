"""What a turn says, sentence by sentence, as text that regular expressions can read.

A sentence costs a slice of text here, where its units would be an object for every character. What
is found in it is what `Passage.hits` finds there: a phrase begins and ends with units, and crosses
marks only where SCORECARD.md lets it.

In Chinese the text is the sentence's characters and the marks between them, `GLUE` before each that
goes on a written word or number, even after a pause; in English its words, an edge on both sides of
each.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import compress
from operator import sub
from typing import Any, NamedTuple

import re2

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised, variants
from qa_pipeline.language.passage import PAUSE_S, TOLERANCE_S, Passage
from qa_pipeline.language.sentences import sentences
from qa_pipeline.language.units import BLANK, EDGE, STOPS, Unit, is_han, n_spoken, units_of
from qa_pipeline.records import Words
from qa_pipeline.texts import Language

Phrases = tuple[str, ...]

#: Stands before a character at which no phrase begins, and before which none ends.
GLUE = "\x1d"
#: Chinese phrases from this length on cross the marks of a sentence (SCORECARD.md).
_LONG = 4

#: Signs that are units, as letters are.
_SIGNS = "%‰@&+#$£€¥"
_MARK = rf"(?:[^\w{_SIGNS}{GLUE}{EDGE}]|_)"
_UNSAID = re.compile(rf"(?:[^\w{_SIGNS}]|_)+")
_NEVER = "(?!)"

_STOPS = "".join(sorted(STOPS))
#: What most of Chinese is written in: these characters, and marks of which none is part of a word.
_HAN, _MARKS = "\u4e00-\u9fff", " ,:()\"'<>~·—“”‘’、《-】-"
_ZH_ORDINARY = re.compile(f"[{_HAN}{_STOPS}{_MARKS}]*")
_ZH_SENTENCE = re.compile(f"([{_HAN}]+(?:[{_MARKS}]+[{_HAN}]+)*)([{_STOPS}{_MARKS}]*)")
#: What most of English is written in: no sign is a unit, no comma part of a number.
_EN_ORDINARY = re.compile(rf"(?:[A-Za-z0-9 .'\"!?;:()…{BLANK}-]++|,(?!\d))*+")
_EN_SENTENCE = re.compile(rf"([a-z0-9](?:[^.{_STOPS}]*[a-z0-9])?)([^a-z0-9]*)")
_EN_WORD = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")


class Wording(NamedTuple):
    """What a sentence says; `asks`: a question mark ends it. Its units are at `[start, end)`."""

    text: str
    asks: bool
    start: int
    end: int


@lru_cache(maxsize=256)  # several signals ask for the same call, one after the other
def wordings(passage: Passage) -> list[Wording]:
    """Return what each of `sentences(passage)` says; leave the list as it is."""
    told = (_in_chinese if passage.language == "zh" else _in_english)(passage)
    return _by_units(passage) if told is None else told


def bare(text: str, language: Language) -> str:
    """Return a wording's text without what is not said: marks."""
    return _UNSAID.sub("", text) if language == "zh" else text


def n_said(passage: Passage) -> int:
    """Return how many characters (zh) or words (en) a turn says: what `n_spoken` counts in it."""
    texts = [said.text for said in wordings(passage)]
    if passage.language == "en":
        return sum([text.count(EDGE) - 1 for text in texts])
    if any(GLUE in text for text in texts):  # a word or number is written in one piece
        return n_spoken(passage.plain.text, "zh")
    return sum([len(bare(text, "zh")) for text in texts])


def whole(said: Iterable[Wording], language: Language) -> str:
    """Return the bare text of several wordings."""
    return bare("".join(one.text for one in said), language).replace(EDGE * 2, EDGE)


@lru_cache(maxsize=256)
def finder(phrases: Phrases, language: Language) -> re.Pattern[str]:
    """Return what finds `phrases` in a wording's text: from left to right, the longest first."""
    return re.compile(_one_of(phrases, language))


@lru_cache(maxsize=256)
def leader(phrases: Phrases, language: Language) -> re.Pattern[str]:
    """Return what matches the `phrases` with which a wording's text begins, perhaps none."""
    return re.compile(f"(?:{_MARK}*+{_one_of(phrases, language)})*+{_MARK}*+")


def says_only(said: str, phrases: Phrases, language: Language) -> bool:
    """Return whether bare text is nothing but `phrases`, in any number and order."""
    if not finder(phrases, language).match(said):
        return False  # most sentences: how they begin tells
    return _only(phrases, language).fullmatch(said) is not None


@lru_cache(maxsize=256)
def _only(phrases: Phrases, language: Language) -> Any:
    """Compile "one of `phrases` again and again", in time linear in what is read."""
    joint, end = ("", "") if language == "zh" else (EDGE, EDGE)
    told = [
        joint.join(re2.escape(unit.symbol) for unit in units)
        for units in _legible(phrases, language)
    ]
    return re2.compile(f"(?:{joint}(?:{'|'.join(told)}))+{end}")


def _in_chinese(passage: Passage) -> list[Wording] | None:
    """Return the wordings of ordinary text without pauses, None for any other."""
    plain = passage.plain
    if not _ZH_ORDINARY.fullmatch(plain.text) or _may_pause(Words.of(passage.words)):
        return None
    return [
        Wording(said.replace(" ", ""), "?" in marks, start, end)
        for said, marks, start, end in _cut(_ZH_SENTENCE, plain.text, plain)
    ]


def _cut(
    sentence: re.Pattern[str], text: str, plain: Normalised
) -> Iterator[tuple[str, str, int, int]]:
    """Yield the sentences with the marks after each, and where they stand in the original."""
    for match in sentence.finditer(text):
        said, marks = match.groups()
        first, last = match.span(1)
        yield said, marks, plain.starts[first], plain.ends[last - 1]


def _may_pause(words: Words) -> bool:
    """Return whether a pause stands between two words that sound: no time passes in marks."""
    texts, starts_s, ends_s = words.texts, words.starts_s, words.ends_s
    first = "".join([text[:1] for text in texts])
    if len(first) < len(texts) or not first.isalnum():
        sounds = [any(map(str.isalnum, text)) for text in texts]
        starts_s, ends_s = (list(compress(times, sounds)) for times in (starts_s, ends_s))
    longest_s = max(map(sub, starts_s[1:], ends_s), default=0.0)
    return longest_s >= PAUSE_S - TOLERANCE_S


def _in_english(passage: Passage) -> list[Wording] | None:
    """Return the wordings of text in which every full stop ends a sentence, None for any other."""
    plain = passage.plain
    if not _EN_ORDINARY.fullmatch(plain.text):
        return None
    text = plain.text.lower()
    meant: Callable[[str, str], str] = variants().en.get
    if "." in text and _doubtful_stop().search(text):
        return None
    told = []
    for said, marks, start, end in _cut(_EN_SENTENCE, text, plain):
        words = _EN_WORD.findall(said)
        told.append(
            Wording(EDGE.join(("", *map(meant, words, words), "")), "?" in marks, start, end)
        )
    return told


@cache
def _doubtful_stop() -> re.Pattern[str]:
    """Return what finds a full stop that may end no sentence."""
    abbreviations = ("[a-z]", *map(re.escape, lexicon("en").abbreviations))
    after = "|".join(rf"(?<=(?<![a-z]){abbreviation}\.)" for abbreviation in abbreviations)
    return re.compile(rf"\.(?:(?<=[a-z0-9]\.)(?=[a-z0-9])|(?<=[^a-z0-9]\.)|{after})")


def _by_units(passage: Passage) -> list[Wording]:
    """Return the wordings of any text."""
    told = []
    for sentence in sentences(passage):
        units = passage.units[sentence.first : sentence.last]
        if passage.language == "zh":
            cut = any(unit.glued for unit in passage.units[sentence.last : sentence.last + 1])
            text = "".join(map(_with_joint, units))[len(units[0].marks) :] + GLUE * cut
        else:
            text = EDGE.join(("", *(unit.symbol for unit in units), ""))
        told.append(Wording(text, sentence.asks, units[0].start, units[-1].end))
    return told


def _with_joint(unit: Unit) -> str:
    return f"{unit.marks}{GLUE if unit.glued else ''}{unit.symbol}"


def _one_of(phrases: Phrases, language: Language) -> str:
    """Return a pattern of all phrases, the longest first, those that begin alike together."""
    by_length = sorted(_legible(phrases, language), key=len, reverse=True)
    goes_on: dict[str, dict[str, None]] = {}
    for units in by_length:
        first, rest = _zh_pattern(units) if language == "zh" else _en_pattern(units)
        goes_on.setdefault(first, {})[rest] = None
    told = "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in goes_on.items())
    if not told:
        return _NEVER
    return f"(?:{told})" if language == "zh" else f"{EDGE}(?:{told})(?={EDGE})"


def _legible(phrases: Phrases, language: Language) -> Iterator[tuple[Unit, ...]]:
    """Yield the units of the phrases that have any."""
    return filter(None, (units_of(phrase, language).units for phrase in phrases))


def _en_pattern(units: tuple[Unit, ...]) -> tuple[str, str]:
    first, *rest = (re.escape(unit.symbol) for unit in units)
    return first, "".join(EDGE + symbol for symbol in rest)


def _zh_pattern(units: tuple[Unit, ...]) -> tuple[str, str]:
    """Return what a phrase begins with, and how it goes on over the marks that it may cross."""
    begins = "" if is_han(units[0].symbol) else f"(?<!{GLUE})"
    ends = "" if is_han(units[-1].symbol) else f"(?!{GLUE})"
    rest = "".join(
        (f"{_MARK}*+" if len(units) >= _LONG else _any_of(unit.marks))
        + ("" if is_han(unit.symbol) else f"{GLUE}?")
        + re.escape(unit.symbol)
        for unit in units[1:]
    )
    return begins + re.escape(units[0].symbol), rest + ends


def _any_of(marks: str) -> str:
    return f"[{re.escape(marks)}]*+" if marks else ""
