"""Span arithmetic against brute force on a grid of tenths of a second."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline import spans
from qa_pipeline.spans import Span, Tidy

TICKS = 60
span_lists = st.lists(
    st.tuples(st.integers(0, TICKS), st.integers(0, TICKS)).map(
        lambda pair: Span(float(min(pair)), float(max(pair)))
    ),
    max_size=8,
)


def ticks(items: tuple[Span, ...] | list[Span]) -> set[int]:
    return {t for s in items for t in range(int(s.start_s), int(s.end_s))}


def is_tidy(items: tuple[Span, ...]) -> bool:
    return all(s.duration_s > 0 for s in items) and all(
        a.end_s < b.start_s for a, b in itertools.pairwise(items)
    )


@given(span_lists)
def test_union_covers_exactly_what_the_spans_cover(items: list[Span]) -> None:
    joined = spans.union(items)
    assert ticks(joined) == ticks(items)
    assert is_tidy(joined)
    assert spans.total_s(items) == len(ticks(items))


@given(span_lists, span_lists)
def test_intersection_is_what_both_cover(a: list[Span], b: list[Span]) -> None:
    shared = spans.intersection(a, b)
    assert ticks(shared) == ticks(a) & ticks(b)
    assert is_tidy(shared)


@given(span_lists, span_lists)
def test_difference_is_what_only_the_first_covers(a: list[Span], b: list[Span]) -> None:
    left = spans.difference(a, b)
    assert ticks(left) == ticks(a) - ticks(b)
    assert is_tidy(left)


@given(span_lists)
def test_gaps_and_spans_tile_the_stretch_between_first_and_last(items: list[Span]) -> None:
    covered, holes = ticks(items), ticks(spans.gaps(items))
    assert is_tidy(spans.gaps(items))
    assert covered.isdisjoint(holes)
    if covered:
        assert covered | holes == set(range(min(covered), max(covered) + 1))


@given(span_lists, st.sampled_from([0.5, 1.0, 7.0]))
def test_gaps_that_are_too_short_are_left_out(items: list[Span], at_least_s: float) -> None:
    every = spans.gaps(items)
    assert spans.gaps(items, at_least_s=at_least_s) == tuple(
        gap for gap in every if gap.duration_s >= at_least_s
    )


@given(span_lists, span_lists)
def test_what_is_known_to_be_tidy_is_taken_as_it_is(a: list[Span], b: list[Span]) -> None:
    for known in (spans.union(a), spans.intersection(a, b), spans.difference(a, b), spans.gaps(a)):
        assert isinstance(known, Tidy)
        assert spans.union(known) is known
        assert spans.union(tuple(known)) == known == tuple(known)


@pytest.mark.parametrize(
    ("gap_s", "n"),
    [
        pytest.param(0.0, 1, id="touching-spans-are-one"),
        pytest.param(0.9, 1, id="a-shorter-gap-closes"),
        pytest.param(1.0, 2, id="a-gap-of-exactly-the-limit-stays"),
    ],
)
def test_union_closes_gaps_below_the_limit(gap_s: float, n: int) -> None:
    assert len(spans.union([Span(0, 1), Span(1 + gap_s, 3)], join_gap_s=1.0)) == n


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Span(2.0, 1.0)


def test_overlap_of_touching_spans_is_nothing() -> None:
    assert Span(0, 1).overlap_s(Span(1, 2)) == 0
    assert Span(0, 3).overlap_s(Span(2, 5)) == 1
