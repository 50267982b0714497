"""Reading digits out of text, written or spoken one by one: 6222、六二二二、six double two two.

Digits that follow each other with nothing but marks, white space, fillers (the ambiguous too),
back-channels and separating words between them are one run; where something stands between them
the run may be cut.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised
from qa_pipeline.redaction.kinds import MAX_DIGITS, Verified, verify
from qa_pipeline.redaction.streams import JOINT
from qa_pipeline.texts import Language

#: Digits that country prefixes may add to the longest number.
_MAX_WINDOW = MAX_DIGITS + 4
#: Letters of Latin words in folded text: to a pattern that ignores case ı is an i too.
LETTERS = "a-zı"
#: How often a number is looked for in a row: said, repeated, and confirmed.
_MAX_TIMES = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """Digits said at once, at `text[start:end]`; `cut_before`: a number may begin here."""

    digits: str
    start: int
    end: int
    spoken: bool
    cut_before: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A verified number at `original[start:end]`."""

    verified: Verified
    n_digits: int
    start: int
    end: int


def find_numbers(plain: Normalised, language: Language) -> list[Number]:
    """Return the verified numbers of a text, none overlapping; the longest wins."""
    found: list[Number] = []
    if not has_numerals(plain.text):
        return found
    for run in _runs(plain.text):
        verified = (*_windows(run, language), *_repeated(run, language))
        windows = sorted(verified, key=lambda w: (-w.n_digits, w.start))
        chosen: list[Number] = []
        for window in windows:
            if all(window.end <= other.start or other.end <= window.start for other in chosen):
                chosen.append(window)
        found += chosen
    return [
        Number(n.verified, n.n_digits, plain.starts[n.start], plain.ends[n.end - 1])
        for n in sorted(found, key=lambda n: n.start)
    ]


def digit_runs(plain: Normalised) -> list[tuple[str, int, int]]:
    """Return every run of digits in a text as (digits, start, end) in the original."""
    return [
        (
            "".join(atom.digits for atom in run),
            plain.starts[run[0].start],
            plain.ends[run[-1].end - 1],
        )
        for run in _runs(plain.text)
    ]


def _windows(run: list[Atom], language: Language) -> Iterator[Number]:
    """Yield the verified stretches of a run between two of its cuts."""
    for i, first in enumerate(run):
        if not first.cut_before:
            continue
        digits = ""
        for j in range(i, len(run)):
            digits += run[j].digits
            if len(digits) > _MAX_WINDOW:
                break
            ends = j + 1 == len(run) or run[j + 1].cut_before
            whole = i == 0 and j + 1 == len(run)
            if ends and (verified := verify(digits, language, whole=whole)):
                yield Number(verified, len(digits), first.start, run[j].end)


def _repeated(run: list[Atom], language: Language) -> Iterator[Number]:
    """Yield a run that is one verified number said again and again with no mark between."""
    digits = "".join(atom.digits for atom in run)
    for times in range(2, _MAX_TIMES + 1):
        once = digits[: len(digits) // times]
        if once * times == digits and (verified := verify(once, language, whole=True)):
            yield Number(verified, len(once), run[0].start, run[-1].end)
            return


def folded(text: str) -> str:
    """Return normalised `text` in small letters, as long as it was.

    Patterns of small letters run over it: quicker than patterns that ignore case.
    """
    return text.replace("İ", "ı").lower()  # İ alone would become two characters


def _runs(text: str) -> Iterator[list[Atom]]:
    """Yield the runs of digits in normalised `text`."""
    text = folded(text)
    atom_pattern, separator = _patterns()
    run: list[Atom] = []
    n_digits = 0
    for match in atom_pattern.finditer(text):
        between = text[run[-1].end : match.start()] if run else ""
        if run and not separator.fullmatch(between):
            yield run
            run, n_digits = [], 0
        if match["check"] and n_digits < 17:
            if run:
                yield run
                run, n_digits = [], 0
            continue
        digits, spoken = _digits(match), match["written"] is None
        cut = not run or _cuts(between, run[-1], spoken=spoken)
        run.append(Atom(digits, match.start(), match.end(), spoken, cut))
        n_digits += len(digits)
    if run:
        yield run


def _cuts(between: str, before: Atom, *, spoken: bool) -> bool:
    """Return whether a number may begin after `between`: space between spoken digits is no cut."""
    if spoken != before.spoken or JOINT in between:
        return True
    return bool(between.strip()) if spoken else bool(between)


def _digits(match: re.Match[str]) -> str:
    if match["check"]:
        return "X"
    return digit_value(match["repeated"] or match["spoken"] or match["written"], match["times"])


def has_numerals(text: str, at_least: int = 3) -> bool:
    """Return whether normalised `text` may hold a number: numerals in a row, in any form.

    Quick, and never False where one is: most of what is said holds none. Four digits have two
    numerals at least (eighty eighty, 八千), five digits three, or a word like double.
    """
    return _numerals(at_least).search(text) is not None


@cache
def _numerals(at_least: int) -> Any:
    """Return a linear pattern, without word borders but for single letters."""
    languages: tuple[Language, ...] = ("zh", "en")
    numeral, repeat = (
        "|".join(sorted(_loosely(word) for word in words))
        for words in (
            {
                word
                for x in map(lexicon, languages)
                for word in (*x.digits, *x.cardinals, *x.multipliers, *x.check_letters)
            },
            repeats(),
        )
    )
    passing = "|".join(sorted(map(re2.escape, passing_words())))
    mute = rf"(?:[^\pL\pN\x{{fffc}}]|{passing})*"
    gap = rf"{mute}(?:[a-z]{{1,6}}{mute})?"  # an order number's letters may stand in it
    one = f"(?:[0-9]|{numeral})"
    return re2.compile(rf"(?i){one}(?:{gap}{one}){{{at_least - 1},}}|(?:{repeat})\s*{one}")


def _loosely(word: str) -> str:
    return rf"\b{word}\b" if len(word) == 1 and word.isascii() else str(re2.escape(word))


def digit_value(said: str, times: str | None) -> str:
    """Return the digit that is said, folded, as often as `times` (double, 三个) says."""
    digit = digits_written()[said]
    return digit * repeats()[times] if times else digit


@cache
def digits_written() -> dict[str, str]:
    """Return all numerals and how one writes them."""
    return {digit: digit for digit in "0123456789"} | {w: str(v) for w, v in values().items()}


@cache
def values() -> dict[str, int]:
    """Return the numerals of both languages and their digits."""
    return {**lexicon("zh").digits, **lexicon("en").digits}


@cache
def repeats() -> dict[str, int]:
    """Return the words that repeat the next digit, and how often."""
    return {**lexicon("zh").repeats, **lexicon("en").repeats}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what an atom is in folded text, and what may stand between two atoms of one run."""
    value, times = one_of(values()), one_of(repeats())
    checks = one_of(lexicon("zh").check_letters)
    atom = (
        rf"(?P<times>{times})\s*(?P<repeated>{value}|[0-9])"
        rf"|(?P<spoken>{value})|(?P<written>[0-9])|(?P<check>{checks})"
    )
    separator = rf"(?:[^\w\ufffc]|_|{passing()})*"
    return re.compile(atom), re.compile(separator)


@cache
def passing_words() -> tuple[str, ...]:
    """Return what may be said between the digits of one number, in both languages."""
    languages: tuple[Language, ...] = ("zh", "en")
    return tuple(
        word
        for x in map(lexicon, languages)
        for word in (*x.digit_separators, *x.fillers, *x.ambiguous, *x.back_channels)
    )


def passing() -> str:
    """Return a pattern for any of the passing words in folded text, to be said again and again.

    Those made of others (uh huh, 好啊) are left out, as they pass in pieces: with them each could
    be read in two ways, and to find that a hundred in a row lead to nothing would take for ever.
    """
    words = passing_words()
    made = re.compile(rf"(?:[ -]|{one_of(words)}){{2,}}")
    return one_of(word for word in words if not made.fullmatch(word))


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of `words` in folded text; Latin ones only as whole words."""
    listed = set(words)
    latin = {word for word in listed if word.isascii()}
    patterns = [rf"(?<![{LETTERS}]){whole(latin)}"] if latin else []
    return f"(?:{'|'.join((*patterns, *_longest_first(listed - latin)))})"


def whole(latin: Iterable[str]) -> str:
    """Return a pattern for any of `latin` words, for where a word begins.

    By their first letters: of most words the first letter says that they are none of these.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(latin):
        rests.setdefault(word[0], []).append(word[1:])
    begun = [f"{first}(?:{'|'.join(_longest_first(rest))})" for first, rest in rests.items()]
    return f"(?:{'|'.join(begun)})(?![{LETTERS}])"


def _longest_first(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))]
