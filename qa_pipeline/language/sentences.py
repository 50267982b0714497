"""The sentences of a passage: what lies between two sentence marks, or in Chinese two pauses."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa_pipeline.language.passage import Passage


@dataclass(frozen=True, slots=True)
class Sentence:
    """Units `first` to `last` (excluded) of a passage; `asks`: a question mark ends it."""

    first: int
    last: int
    asks: bool


def sentences(passage: Passage) -> Iterator[Sentence]:
    """Yield the sentences of a passage in order."""
    n = len(passage.units)
    if not n:
        return
    for first, last in pairwise((0, *passage.partings, n)):
        marks = passage.tail if last == n else passage.units[last].marks
        yield Sentence(first, last, "?" in marks)
