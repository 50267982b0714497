"""Frozen oracles of intervals, differences and many comparisons (STATISTICS)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.statistics.intervals import (
    Interval,
    change_p,
    finite_population_n,
    newcombe,
    wilson,
)
from qa_pipeline.statistics.multiple import benjamini_hochberg


@pytest.mark.parametrize(
    ("passed", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_oracles(passed: int, n: int, low: float, high: float) -> None:
    interval = wilson(passed / n, n)
    assert interval.value == passed / n
    assert (interval.low, interval.high) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


def test_wilson_of_everything_seen_has_no_width() -> None:
    assert wilson(0.3, math.inf) == Interval(0.3, 0.3, 0.3)


@pytest.mark.parametrize(("rate", "n"), [(-0.1, 5), (1.1, 5), (0.5, 0), (0.5, -3), (0.5, math.nan)])
def test_wilson_refuses_what_is_no_rate(rate: float, n: float) -> None:
    with pytest.raises(ValueError, match="a rate of 0-1"):
        wilson(rate, n)


@given(st.floats(0, 1), st.floats(0.5, 1e7))
def test_wilson_holds_its_estimate_and_stays_a_rate(rate: float, n: float) -> None:
    interval = wilson(rate, n)
    assert 0 <= interval.low <= rate <= interval.high <= 1
    mirrored = wilson(1 - rate, n)
    assert mirrored.low == pytest.approx(1 - interval.high, abs=1e-9)


def test_finite_population_oracle() -> None:
    n = finite_population_n(60, 200)
    assert n == pytest.approx(85.286, abs=5e-4)
    interval = wilson(51 / 60, n)
    assert (interval.low, interval.high) == (
        pytest.approx(0.7593, abs=5e-5),
        pytest.approx(0.9106, abs=5e-5),
    )


def test_a_whole_population_is_known() -> None:
    assert finite_population_n(7, 7) == math.inf
    with pytest.raises(ValueError, match="1 to N"):
        finite_population_n(8, 7)


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_oracles(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    change = newcombe(wilson(now[0] / now[1], now[1]), wilson(before[0] / before[1], before[1]))
    assert change.value == pytest.approx(now[0] / now[1] - before[0] / before[1])
    assert (change.low, change.high) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


def test_newcombe_turns_with_its_sides() -> None:
    a, b = wilson(0.8, 70), wilson(0.6, 80)
    there, back = newcombe(a, b), newcombe(b, a)
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))


def test_change_p_is_the_square_root_of_chi_square() -> None:
    """The pooled score test is the uncorrected chi-square of the same 2 x 2 table."""
    from scipy.stats import chi2_contingency

    expected = chi2_contingency([[56, 14], [48, 32]], correction=False).pvalue
    assert change_p(56 / 70, 70, 48 / 80, 80) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("now", "n_now", "before", "n_before", "p"),
    [
        (0.5, 20, 0.5, 20, 1.0),
        (1.0, 20, 1.0, 30, 1.0),
        (0.0, 20, 0.0, math.inf, 1.0),
        (0.5, math.inf, 0.4, math.inf, 0.0),
        (0.4, math.inf, 0.4, math.inf, 1.0),
        (1.0, 5, 0.0, math.inf, 0.0),
    ],
)
def test_change_p_at_its_edges(
    now: float, n_now: float, before: float, n_before: float, p: float
) -> None:
    assert change_p(now, n_now, before, n_before) == p


def test_benjamini_hochberg_oracle() -> None:
    p = (0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216)
    q = (0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.1057, 0.216, 0.216, 0.216)
    assert benjamini_hochberg(p) == pytest.approx(q, abs=5e-5)
    assert benjamini_hochberg(tuple(reversed(p))) == pytest.approx(tuple(reversed(q)), abs=5e-5)
    assert benjamini_hochberg(()) == ()
