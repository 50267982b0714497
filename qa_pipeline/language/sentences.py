"""The sentences of a passage: what lies between two sentence marks, or in Chinese two pauses."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa_pipeline.language.passage import Passage


@dataclass(frozen=True, slots=True)
class Sentence:
    """Units `first` to `last` (excluded) of a passage; `asks`: a question mark ends it."""

    first: int
    last: int
    asks: bool


def sentences(passage: Passage) -> Iterator[Sentence]:
    """Yield the sentences of a passage in order."""
    first = 0
    n = len(passage.units)
    for i in range(1, n + 1):
        if i == n or passage.parted(i):
            marks = passage.tail if i == n else passage.units[i].marks
            yield Sentence(first, i, "?" in marks)
            first = i
