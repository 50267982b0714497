"""Arithmetic on half-open time spans `[start_s, end_s)` in seconds.

Functions that return several spans return them sorted, disjoint and non-empty: as `Tidy` tuples,
with which nobody has to look again.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

_BY_START = attrgetter("start_s")
_set = object.__setattr__


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """A half-open stretch of time `[start_s, end_s)` in seconds."""

    start_s: float
    end_s: float

    def __init__(self, start_s: float, end_s: float) -> None:  # written out: calls hold hundreds
        if not start_s <= end_s:
            raise ValueError(f"a span ends before it starts: {start_s} > {end_s}")
        _set(self, "start_s", start_s)
        _set(self, "end_s", end_s)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def overlap_s(self, other: "Span") -> float:
        """Return the seconds shared with `other`, 0 where they only touch."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


class Tidy(tuple[Span, ...]):
    """Spans that are sorted, disjoint and not empty; equal to the same spans in any tuple."""

    __slots__ = ()


def union(spans: Iterable[Span], *, join_gap_s: float = 0.0) -> tuple[Span, ...]:
    """Return the tidy union of `spans`; gaps shorter than `join_gap_s` are closed."""
    if join_gap_s == 0 and isinstance(spans, Tidy):
        return spans
    given = tuple(spans)
    if join_gap_s == 0 and _are_tidy(given):
        return Tidy(given)
    joined: list[Span] = []
    ended_s = -math.inf
    for span in sorted([s for s in given if s.start_s < s.end_s], key=_BY_START):
        gap_s = span.start_s - ended_s
        if not (gap_s <= 0 or gap_s < join_gap_s):
            joined.append(span)
        elif span.end_s > ended_s:
            joined[-1] = Span(joined[-1].start_s, span.end_s)
        ended_s = max(ended_s, span.end_s)
    return Tidy(joined)


def _are_tidy(spans: tuple[Span, ...]) -> bool:
    """Return whether `spans` are tidy already, as most are, and no two of them touch."""
    ended_s = -math.inf
    for span in spans:
        if not ended_s < span.start_s < span.end_s:
            return False
        ended_s = span.end_s
    return True


def intersection(a: Iterable[Span], b: Iterable[Span]) -> tuple[Span, ...]:
    """Return the tidy stretches covered by both `a` and `b`."""
    left, right = iter(union(a)), iter(union(b))
    one, other = next(left, None), next(right, None)
    shared: list[Span] = []
    while one is not None and other is not None:
        start_s = max(one.start_s, other.start_s)
        if one.end_s <= other.end_s:
            if start_s < one.end_s:
                shared.append(one if start_s == one.start_s else Span(start_s, one.end_s))
            one = next(left, None)
        else:
            if start_s < other.end_s:
                shared.append(other if start_s == other.start_s else Span(start_s, other.end_s))
            other = next(right, None)
    return Tidy(shared)


def difference(a: Iterable[Span], b: Iterable[Span]) -> tuple[Span, ...]:
    """Return the tidy stretches of `a` that `b` does not cover."""
    holes = iter(union(b))
    hole = next(holes, None)
    left: list[Span] = []
    for span in union(a):
        start_s, end_s = span.start_s, span.end_s
        while hole is not None and hole.start_s < end_s:
            if start_s < hole.start_s:
                left.append(Span(start_s, hole.start_s))
            start_s = max(start_s, hole.end_s)
            if start_s >= end_s:
                break  # the hole may reach into the next span
            hole = next(holes, None)
        if start_s < end_s:
            left.append(span if start_s == span.start_s else Span(start_s, end_s))
    return Tidy(left)


def gaps(spans: Iterable[Span], *, at_least_s: float = 0.0) -> tuple[Span, ...]:
    """Return the stretches between the first and the last of `spans` that none covers.

    Those shorter than `at_least_s` are left out.
    """
    found: list[Span] = []
    ended_s = math.inf
    for span in union(spans):
        start_s = span.start_s
        if ended_s < start_s and start_s - ended_s >= at_least_s:
            found.append(Span(ended_s, start_s))
        ended_s = span.end_s
    return Tidy(found)


def total_s(spans: Iterable[Span]) -> float:
    """Return the seconds covered by the union of `spans`."""
    return sum([span.end_s - span.start_s for span in union(spans)])
