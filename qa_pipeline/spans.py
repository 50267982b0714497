"""Arithmetic on half-open time spans `[start_s, end_s)` in seconds.

Functions that return several spans return them sorted, disjoint and non-empty ("tidy").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

_BY_TIME = attrgetter("start_s", "end_s")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time `[start_s, end_s)` in seconds."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.start_s <= self.end_s:
            raise ValueError(f"a span ends before it starts: {self.start_s} > {self.end_s}")

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def overlap_s(self, other: "Span") -> float:
        """Return the seconds shared with `other`, 0 where they only touch."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


def union(spans: Iterable[Span], *, join_gap_s: float = 0.0) -> tuple[Span, ...]:
    """Return the tidy union of `spans`; gaps shorter than `join_gap_s` are closed."""
    kept = [span for span in spans if span.start_s < span.end_s]
    if join_gap_s == 0 and all(a.end_s < b.start_s for a, b in pairwise(kept)):
        return tuple(kept)
    joined: list[Span] = []
    for span in sorted(kept, key=_BY_TIME):
        gap_s = span.start_s - joined[-1].end_s if joined else 0.0
        if not joined or not (gap_s <= 0 or gap_s < join_gap_s):
            joined.append(span)
        elif span.end_s > joined[-1].end_s:
            joined[-1] = Span(joined[-1].start_s, span.end_s)
    return tuple(joined)


def intersection(a: Iterable[Span], b: Iterable[Span]) -> tuple[Span, ...]:
    """Return the tidy stretches covered by both `a` and `b`."""
    left, right = union(a), union(b)
    shared: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start_s = max(left[i].start_s, right[j].start_s)
        end_s = min(left[i].end_s, right[j].end_s)
        if start_s < end_s:
            shared.append(Span(start_s, end_s))
        if left[i].end_s <= right[j].end_s:
            i += 1
        else:
            j += 1
    return tuple(shared)


def difference(a: Iterable[Span], b: Iterable[Span]) -> tuple[Span, ...]:
    """Return the tidy stretches of `a` that `b` does not cover."""
    holes = union(b)
    left: list[Span] = []
    for span in union(a):
        start_s = span.start_s
        for hole in holes:
            if hole.end_s <= start_s or hole.start_s >= span.end_s:
                continue
            if hole.start_s > start_s:
                left.append(Span(start_s, hole.start_s))
            start_s = max(start_s, hole.end_s)
        if start_s < span.end_s:
            left.append(Span(start_s, span.end_s))
    return tuple(left)


def gaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the stretches between the first and the last of `spans` that none covers."""
    tidy = union(spans)
    return tuple(Span(a.end_s, b.start_s) for a, b in pairwise(tidy))


def total_s(spans: Iterable[Span]) -> float:
    """Return the seconds covered by the union of `spans`."""
    return sum(span.duration_s for span in union(spans))


def shifted(spans: Iterable[Span], offset_s: float) -> tuple[Span, ...]:
    """Return `spans` moved by `offset_s` seconds, order kept."""
    return tuple(Span(s.start_s + offset_s, s.end_s + offset_s) for s in spans)
