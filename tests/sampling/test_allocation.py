"""Allocation: frozen oracles, bounds, and what must hold for every input."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.sampling.allocation import allocate, neyman, proportional, smoothed_spread

SIZES = {"a": 1540, "b": 770, "c": 385}


def test_proportional_oracle() -> None:
    assert allocate(261, SIZES, proportional(SIZES), minimum=5) == {"a": 149, "b": 75, "c": 37}


def test_neyman_oracle() -> None:
    weights = neyman(SIZES, {"a": 2.6, "b": 3.0, "c": 3.3})
    assert allocate(261, SIZES, weights, minimum=5) == {"a": 138, "b": 79, "c": 44}


@pytest.mark.parametrize(
    ("n", "sizes", "minimum", "expected"),
    [
        pytest.param(10, {"b": 5, "a": 5, "c": 5}, 2, {"a": 4, "b": 3, "c": 3}, id="tie_by_id"),
        pytest.param(
            100,
            {"big": 900, "small": 8},
            5,
            {"big": 95, "small": 5},
            id="minimum_taken_from_others",
        ),
        pytest.param(
            100, {"big": 900, "tiny": 3}, 5, {"big": 97, "tiny": 3}, id="smaller_than_minimum_whole"
        ),
        pytest.param(
            6, {"a": 50, "b": 50, "c": 2}, 5, {"a": 5, "b": 5, "c": 2}, id="minimums_win_over_n"
        ),
        pytest.param(
            500, {"a": 50, "b": 30}, 5, {"a": 50, "b": 30}, id="never_more_than_there_are"
        ),
        pytest.param(20, {"a": 50, "none": 0}, 5, {"a": 20}, id="empty_stratum_left_out"),
        pytest.param(20, {}, 5, {}, id="no_calls"),
    ],
)
def test_bounds(n: int, sizes: dict[str, int], minimum: int, expected: dict[str, int]) -> None:
    assert allocate(n, sizes, proportional(sizes), minimum=minimum) == expected


def test_cap_frees_calls_for_the_others() -> None:
    """b's spread asks for 90 of its 20 calls; a gets what b cannot take."""
    sizes = {"a": 80, "b": 20}
    weights = {"a": Fraction(1), "b": Fraction(9)}
    assert allocate(60, sizes, weights, minimum=2) == {"a": 40, "b": 20}


def test_smoothed_spread_is_never_zero() -> None:
    assert smoothed_spread(0, 0) == 0.5
    assert smoothed_spread(20, 20) == pytest.approx((21 / 22 * 1 / 22) ** 0.5)


_SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 400), max_size=9)


@given(_SIZES, st.integers(1, 900), st.integers(2, 9), st.randoms())
def test_every_allocation_keeps_its_bounds(
    sizes: dict[str, int], n: int, minimum: int, random: object
) -> None:
    given_out = allocate(n, sizes, proportional(sizes), minimum=minimum)
    low = {stratum: min(minimum, size) for stratum, size in sizes.items() if size}
    assert sum(given_out.values()) == min(max(n, sum(low.values())), sum(sizes.values()))
    assert all(low[stratum] <= k <= sizes[stratum] for stratum, k in given_out.items())
    shuffled = list(sizes.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert allocate(n, dict(shuffled), proportional(sizes), minimum=minimum) == given_out
