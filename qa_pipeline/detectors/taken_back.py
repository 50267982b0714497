"""Numbers that their giver takes back at once: 12345，不对，是12346; 不是12345，是12346."""

import re
from collections.abc import Iterable, Set
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from qa_pipeline.detectors.said import Said, Sayings
from qa_pipeline.language.back_channels import listening
from qa_pipeline.language.lexicons import Words, lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.redaction.reading import folded, one_of
from qa_pipeline.redaction.streams import JOINT
from qa_pipeline.texts import Language

#: The new number follows the correction over no more words (in Chinese: characters).
_MOST_WORDS = 10
#: More characters than that between two numbers take nothing back.
_MOST_BETWEEN = 120
#: As many characters before a number may deny it.
_BEFORE = 16
#: As many after it say whether its clause goes on.
_AFTER = 10
#: Digits that the number taken back has too many, or too few.
_MOST_MISCOUNTED = 1
_WORD = re.compile(r"[a-z0-9']+|\w")
#: What parts a sentence, unlike white space.
_MARK = re.compile(rf"[^\w\s]|{JOINT}")


class _Wording(NamedTuple):
    """Patterns of folded text.

    What stands between two numbers `corrects` the one or `denies_next`, the other; `denies` what
    stands before one. `links` leads to the new one, as do its `names` if the rest is `set_right`;
    with `neither` nothing is taken back.
    """

    corrects: re.Pattern[str]
    denies_next: re.Pattern[str]
    denies: re.Pattern[str]
    links: re.Pattern[str]
    names: re.Pattern[str]
    set_right: re.Pattern[str]
    neither: re.Pattern[str]


def taken_back(said: Sayings, given: Iterable[Said], corrected_by: Words | None) -> Set[Said]:
    """Return which of the numbers that one party gave, in order, he takes back.

    The words of correction (`corrected_by` in place of the shipped ones) open what he says right
    after the number, there or in his next turn over back-channels; and another number follows soon
    that can take its place.
    """
    numbers = [one for one in given if one.counts and one.kind != "phrase"]
    wording = _wording(said.language, corrected_by)
    taken: set[Said] = set()
    for one, other in pairwise(numbers):
        if one.what == other.what or (between := _between(said, one, other)) is None:
            continue
        if wording.denies_next.fullmatch(between):
            taken.add(other)
        elif _is_corrected(one, other, between, _after(said, other), wording) or (
            _is_denied(one, said, wording) and _leads(between, wording)
        ):
            taken.add(one)
    return taken


def _between(said: Sayings, one: Said, other: Said) -> str | None:
    """Return what their giver says between two numbers, None where the other party speaks too."""
    (first, _, end), (last, start, _) = one.pieces[-1], other.pieces[0]
    if first == last:
        return _folded(said.passage(first).text[end:start])
    if last < first:  # given in pieces, among those of another
        return None
    giver, listens = said.turns[first].role, listening(said.language)
    own = []
    for turn in range(first + 1, last):
        if said.turns[turn].role == giver:
            own.append(said.passage(turn).text)
        elif not listens.is_all_of(said.passage(turn).plain.text):
            return None
    begun, ended = said.passage(first).text[end:], said.passage(last).text[:start]
    return _folded(JOINT.join([begun, *own, ended]))


def _after(said: Sayings, one: Said) -> str:
    """Return what stands right after a number."""
    turn, _, end = one.pieces[-1]
    return _folded(said.passage(turn).text[end : end + _AFTER]) or ""


def _folded(text: str) -> str | None:
    return folded(normalise(text).text) if len(text) <= _MOST_BETWEEN else None


def _is_denied(one: Said, said: Sayings, wording: _Wording) -> bool:
    """Return whether a number is said not to be the one: 不是12345."""
    turn, start, _ = one.pieces[0]
    before = _folded(said.passage(turn).text[max(0, start - _BEFORE) : start]) or ""
    denied = wording.denies.search(before)
    if denied is None:
        return False
    asking = wording.neither.finditer(before)  # 是不是12345
    return all(not ask.start() < denied.start() < ask.end() for ask in asking)


def _is_corrected(one: Said, other: Said, between: str, after: str, wording: _Wording) -> bool:
    """Return whether what stands between two numbers puts the other in the place of the one."""
    correction = wording.corrects.fullmatch(between)
    if correction is None:
        return False
    rest = correction["rest"]
    if not rest:  # perhaps he broke off, and begins anew
        return _is_like(one, other) or other.length > one.length
    # Of what he ordered he says too that it is wrong: 12345不对，订单12346也不对.
    at_once = _MARK.search(correction["before"]) and not _MARK.search(rest)
    is_named = wording.names.fullmatch(rest) and wording.set_right.match(after)
    leads = at_once or is_named or wording.links.search(rest)
    return bool(leads) and _leads(rest, wording) and _is_like(one, other)


def _leads(text: str, wording: _Wording) -> bool:
    """Return whether a number after `text` may take the place of the one before."""
    return not wording.neither.search(text) and len(_WORD.findall(text)) <= _MOST_WORDS


def _is_like(one: Said, other: Said) -> bool:
    """Return whether two numbers may be of the same thing."""
    if one.kind == other.kind != "number":
        return True
    return abs(one.length - other.length) <= _MOST_MISCOUNTED


@lru_cache(maxsize=64)
def _wording(language: Language, corrected_by: Words | None) -> _Wording:
    """Return the patterns of a language, with a scorecard's own words of correction."""
    known = lexicon(language)
    words = known.corrected_by if corrected_by is None else corrected_by
    wrong = one_of([folded(normalise(word).text) for word in words]) if words else r"(?!)"
    links = (*known.around_correction, *known.fillers, *known.ambiguous)
    around, inside = one_of(links), one_of((*links, *known.in_correction))
    names = one_of((*known.number_names, *links))
    right = one_of((*known.set_right, *known.final_particles)) if known.set_right else r"(?!)"
    neither, denied = one_of(known.no_correction), one_of(known.denied_by)
    # It stands alone: 不对, no; not 不是很着急, no rush.
    alone = rf"{wrong}(?:{wrong}|{inside}|[^\S{JOINT}])*+(?=\Z|{_MARK.pattern})"
    opening = rf"(?:(?!{alone}|{neither})(?:\W|{inside}))*+"
    corrects = rf"(?P<before>{opening}){alone}(?:{wrong}|{around}|\W)*+(?P<rest>.*?)\W*"
    return _Wording(
        re.compile(corrects, re.DOTALL),
        re.compile(rf"\W*{denied}\s*"),
        re.compile(rf"{denied}\s*\Z"),
        re.compile(rf"{around}\Z"),
        re.compile(rf"(?:{names}|\s)*+"),
        re.compile(rf"(?:{right}|\s)*+(?=\Z|{_MARK.pattern})"),
        re.compile(neither),
    )
