"""What of tidy spans lies in a window: looked up at its borders, as if every span were cut."""

import math

from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.detectors.windows import Window
from qa_pipeline.spans import Span, intersection, union

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
