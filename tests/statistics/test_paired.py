"""Frozen oracles of the paired change and its p."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.statistics.intervals import newcombe, wilson
from qa_pipeline.statistics.paired import Pairs, paired_change, paired_p

COUNTS = st.integers(0, 400)


@pytest.mark.parametrize(
    ("pairs", "low", "high"),
    [
        pytest.param((36, 12, 2, 0), 0.0569, 0.3404, id="newcombe-1998-nobody-failed-both"),
        pytest.param((20, 12, 2, 16), 0.0562, 0.3292, id="newcombe-1998-they-agree-often"),
        pytest.param((1, 7, 1, 12), 0.026, 0.507, id="fagerland-2014-airways"),
        pytest.param((14, 5, 0, 22), 0.01, 0.23, id="altman-2000-table-6.2"),
    ],
)
def test_paired_change_oracles(pairs: tuple[int, int, int, int], low: float, high: float) -> None:
    change = paired_change(Pairs(*pairs))
    digits = max(len(str(low)), len(str(high))) - 2
    assert (round(change.low, digits), round(change.high, digits)) == (low, high)


def test_mid_p_oracle() -> None:
    """Fagerland 2013, the airways again: exact .0703, mid-p .0391."""
    assert paired_p(Pairs(1, 7, 1, 12)) == pytest.approx(0.0390625)


def test_mid_p_of_no_flips_and_of_even_flips_is_one() -> None:
    assert paired_p(Pairs(5, 0, 0, 5)) == 1.0
    assert paired_p(Pairs(5, 8, 8, 5)) == 1.0


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_interval_holds_the_change_and_turns_with_its_sides(
    both: int, now: int, before: int, neither: int
) -> None:
    pairs = Pairs(both, now, before, neither)
    if pairs.n == 0:
        return
    there, back = paired_change(pairs), paired_change(Pairs(both, before, now, neither))
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert there.value == pytest.approx(pairs.now - pairs.before)
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))
    assert paired_p(pairs) == pytest.approx(paired_p(Pairs(both, before, now, neither)))


def test_calls_that_agree_with_themselves_say_more_than_two_samples() -> None:
    pairs = Pairs(800, 30, 10, 160)
    apart = newcombe(wilson(pairs.now, pairs.n), wilson(pairs.before, pairs.n))
    change = paired_change(pairs)
    assert change.low > 0 > apart.low
    assert change.high - change.low < (apart.high - apart.low) / 2


def test_judgements_without_agreement_are_two_samples() -> None:
    pairs = Pairs(25, 25, 25, 25)
    apart = newcombe(wilson(0.5, 100), wilson(0.5, 100))
    assert paired_change(pairs) == apart


@pytest.mark.parametrize("pairs", [(-1, 0, 0, 1), (0, 0, -2, 3)])
def test_counts_below_zero_are_refused(pairs: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        Pairs(*pairs)


def test_no_pair_has_no_change() -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        paired_change(Pairs(0, 0, 0, 0))
