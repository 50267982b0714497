"""What of tidy spans lies in a window: looked up at its borders, as if every span were cut."""

import math

from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.detectors.windows import Window
from qa_pipeline.language.script import Script
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span, intersection, union
from qa_pipeline.words import Word

times = st.integers(0, 12).map(float)
spans = st.builds(lambda a, b: Span(min(a, b), max(a, b)), times, times)
edges = st.builds(
    lambda span, before, after: Span(
        -math.inf if before else span.start_s, math.inf if after else span.end_s
    ),
    spans,
    st.booleans(),
    st.booleans(),
)


@given(edges, st.lists(spans).map(union))
def test_what_lies_in_a_stretch(stretch: Span, tidy: tuple[Span, ...]) -> None:
    assert Window(stretch, None).inside(tidy) == intersection(tidy, (stretch,))


@given(st.lists(spans).map(union))
def test_nothing_lies_in_a_window_that_is_never(tidy: tuple[Span, ...]) -> None:
    assert Window(Span(math.inf, math.inf), None).inside(tidy) == ()


@given(edges, st.lists(spans, max_size=3), st.lists(spans).map(union))
def test_what_lies_in_some_turns_of_a_stretch(
    stretch: Span, turns: list[Span], tidy: tuple[Span, ...]
) -> None:
    window = Window(stretch, dict(enumerate(turns)))
    assert window.inside(tidy) == intersection(intersection(tidy, (stretch,)), turns)


@given(edges, st.none() | st.sets(st.integers(0, 3)), st.lists(spans, max_size=4), times)
def test_a_window_reaches_the_turns_in_which_it_admits_hits(
    stretch: Span, kept: set[int] | None, said: list[Span], at_s: float
) -> None:
    window = Window(stretch, None if kept is None else {i: Span(0.0, 12.0) for i in kept})
    words = [Word("好", one.start_s, one.end_s) for one in said]
    turns = [Turn("agent", 0, one.start_s, one.end_s, (one,)) for one in words]
    reached = window.reached(enumerate(turns), Script(turns, "zh"))
    admitting = {
        i
        for i, one in enumerate(said)
        if one.start_s <= at_s <= one.end_s and window.admits(at_s, i)
    }
    assert admitting <= reached.keys()
    assert all(
        one.end_s >= stretch.start_s - 1e-6 and one.start_s <= stretch.end_s + 1e-6
        for i, one in enumerate(said)
        if i in reached
    )
    assert kept is None or reached.keys() <= kept


def test_a_window_of_time_reaches_no_turn_without_words() -> None:
    silent = [Turn("agent", 0, 0.0, 1.0, ())]
    for stretch in (Span(-math.inf, 9.0), Span(0.0, math.inf), Span(math.inf, math.inf)):
        assert Window(stretch, None).reached(enumerate(silent), Script(silent, "zh")) == {}
