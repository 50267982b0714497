"""What excuses a hit by standing beside it."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from qa_pipeline.language.search import Place


class Excuses:
    """Where excuses stand in a turn, to be asked again and again whether one is near."""

    def __init__(self, places: Sequence[Place]) -> None:
        ordered = sorted(places)
        self._starts = [place.start for place in ordered]
        #: How far the first 1, 2, 3, ... of them reach.
        self._reach = list(accumulate([place.end for place in ordered], max))

    def __bool__(self) -> bool:
        return bool(self._starts)

    def touch(self, start: int, end: int) -> bool:
        """Return whether one of them shares a character with `text[start:end]`."""
        n_before = bisect_left(self._starts, end)
        return n_before > 0 and self._reach[n_before - 1] > start
