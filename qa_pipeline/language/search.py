"""Looking for what a scorecard lists, phrases or patterns, in one passage."""

from dataclasses import dataclass
from typing import Literal

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.patterns import find_pattern
from qa_pipeline.language.phrases import phrase_matcher
from qa_pipeline.records import Match

How = Literal["text", "regex"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something found at `passage.text[start:end]`, and by what it was found."""

    start: int
    end: int
    match: Match

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether the place shares a character with `text[start:end]`."""
        return self.start < end and start < self.end


def search(passage: Passage, wanted: tuple[str, ...], how: How) -> list[Place]:
    """Return where `wanted` stands: longest first, left to right, no overlaps."""
    chosen: list[Place] = []
    for place in search_all(passage, wanted, how):
        if not chosen or place.start >= chosen[-1].end:
            chosen.append(place)
    return chosen


def search_all(passage: Passage, wanted: tuple[str, ...], how: How) -> list[Place]:
    """Return every place of `wanted`, overlapping ones too, by start and then the longest."""
    if how == "regex":
        found = {chars for pattern in wanted for chars in find_pattern(pattern, passage)}
    else:
        units = passage.units
        hits = phrase_matcher(wanted, passage.language).matches(passage)
        found = {(units[hit.first].start, units[hit.last - 1].end) for hit in hits}
    ordered = sorted(found, key=lambda chars: (chars[0], -chars[1]))
    return [Place(start, end, how) for start, end in ordered]
