"""Looking for what a scorecard lists, phrases or patterns, in one passage."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.patterns import find_pattern
from qa_pipeline.language.phrases import Hit, apart
from qa_pipeline.language.sounds import sound_matcher
from qa_pipeline.records import Match


class Place(NamedTuple):
    """Something found at `passage.text[start:end]`, and by what it was found."""

    start: int
    end: int
    match: Match

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether the place shares a character with `text[start:end]`."""
        return self.start < end and start < self.end


#: `Place._make`, without a step in Python for each.
_place: Callable[[tuple[int, int, Match]], Place] = partial(tuple.__new__, Place)


def search(passage: Passage, wanted: tuple[str, ...], how: Match) -> list[Place]:
    """Return where `wanted` stands: longest first, left to right, no overlaps.

    By sound, all that stands there by text comes first; what only sounds alike fills the rest.
    """
    if how == "text":
        return placed(passage, passage.hits(wanted))
    if how == "regex":
        return _apart(search_all(passage, wanted, how))
    by_text = _apart(search_all(passage, wanted, "text"))
    ends = [place.end for place in by_text]

    def is_free(place: Place) -> bool:
        after = bisect_right(ends, place.start)
        return after == len(ends) or place.end <= by_text[after].start

    alike = filter(is_free, _places(_found(passage, wanted, "sound")))
    return sorted((*by_text, *_apart(alike)), key=lambda place: place.start)


def placed(passage: Passage, hits: Sequence[Hit]) -> list[Place]:
    """Return where ordered hits stand that were found by text: no overlaps, the longest first."""
    kept = hits if len(hits) < 2 else apart(hits)
    chars = passage.chars
    return [_place((*chars(first, last), "text")) for first, last, _ in kept]


def search_all(passage: Passage, wanted: tuple[str, ...], how: Match) -> list[Place]:
    """Return every place of `wanted`, overlapping ones too, by start and then the longest."""
    found = _found(passage, wanted, how)
    return _places(found | _found(passage, wanted, "text") if how == "sound" else found)


def _found(passage: Passage, wanted: tuple[str, ...], how: Match) -> dict[tuple[int, int], Match]:
    """Return what is found in this one way; by sound, what stands there by text is in it too."""
    if how == "regex":
        return {chars: how for pattern in wanted for chars in find_pattern(pattern, passage)}
    hits = sound_matcher(wanted).matches(passage) if how == "sound" else passage.hits(wanted)
    return {passage.chars(hit.first, hit.last): how for hit in hits}


def _places(found: Mapping[tuple[int, int], Match]) -> list[Place]:
    ordered = sorted(found, key=lambda chars: (chars[0], -chars[1]))
    return [Place(start, end, found[start, end]) for start, end in ordered]


def _apart(places: Iterable[Place]) -> list[Place]:
    """Return `places`, those left out that overlap one chosen before."""
    chosen: list[Place] = []
    for place in places:
        if not chosen or place.start >= chosen[-1].end:
            chosen.append(place)
    return chosen
