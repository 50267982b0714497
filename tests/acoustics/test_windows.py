"""Windows: joined, padded, split at the longest pause, never longer than a recogniser can hear."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.acoustics.windows import WindowLimits, speech_windows
from qa_pipeline.spans import Span, difference, union


def windows(
    *speech: tuple[float, float], pad_s: float = 0.2, limit_s: float = 30
) -> list[tuple[float, float]]:
    found = speech_windows(
        (Span(a, b) for a, b in speech),
        limits=WindowLimits(1.0, limit_s),
        pad_s=pad_s,
        duration_s=100,
    )
    return [(round(w.start_s, 6), round(w.end_s, 6)) for w in found]


def test_no_speech_no_window() -> None:
    assert windows() == []


def test_speech_closer_than_the_gap_is_heard_together() -> None:
    assert windows((1, 2), (2.9, 4)) == [(0.8, 4.2)]


def test_a_gap_of_its_length_separates() -> None:
    assert windows((1, 2), (3, 4)) == [(0.8, 2.2), (2.8, 4.2)]


def test_padding_ends_with_the_recording() -> None:
    assert windows((0.1, 99.9)[:2], limit_s=200) == [(0.0, 100.0)]


def test_too_long_a_run_is_split_at_its_longest_pause() -> None:
    assert windows((0, 9), (9.5, 14), (14.8, 20), limit_s=16, pad_s=0) == [(0, 14), (14.8, 20)]


def test_and_again_until_all_are_short_enough() -> None:
    found = windows((0, 9), (9.5, 14), (14.8, 20), limit_s=10, pad_s=0)
    assert found == [(0, 9), (9.5, 14), (14.8, 20)]


def test_padding_never_makes_windows_overlap() -> None:
    assert windows((0, 9), (9.2, 18), limit_s=10) == [(0, 9.1), (9.1, 18.2)]


def test_speech_without_a_pause_is_cut_where_told() -> None:
    asked = []

    def cut(earliest_s: float, latest_s: float) -> float:
        asked.append((earliest_s, latest_s))
        return 7.0

    found = speech_windows(
        [Span(0, 12)], limits=WindowLimits(1.0, 10.0), pad_s=0, duration_s=12, cut=cut
    )
    assert asked == [(5.0, 10.0)]
    assert found == (Span(0, 7), Span(7, 12))


@pytest.mark.parametrize("wish", [-5.0, 1000.0])
def test_a_cut_outside_its_bounds_still_ends(wish: float) -> None:
    found = speech_windows(
        [Span(0, 95)], limits=WindowLimits(1.0, 10.0), pad_s=0.2, duration_s=95, cut=lambda *_: wish
    )
    assert max(w.duration_s for w in found) <= 10


@given(
    st.lists(
        st.tuples(st.floats(0, 95), st.floats(0.05, 40)).map(lambda p: Span(p[0], p[0] + p[1])),
        max_size=12,
    ),
    st.floats(2, 30),
)
def test_windows_hold_all_speech_and_never_too_much(speech: list[Span], limit_s: float) -> None:
    found = speech_windows(speech, limits=WindowLimits(1.0, limit_s), pad_s=0.2, duration_s=140)
    assert all(w.duration_s <= limit_s + 1e-6 for w in found)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(found))
    assert sum(s.duration_s for s in difference(union(speech), found)) < 1e-6
    assert all(any(w.overlap_s(s) > 0 for s in speech) for w in found)
