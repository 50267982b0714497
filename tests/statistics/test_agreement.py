"""Agreement: frozen oracles, one call at a time, and what a bootstrap must do."""

import numpy as np
import pytest

from qa_pipeline.statistics.agreement import (
    Numbers,
    agreement,
    call_sums,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac1_error,
    krippendorff_alpha,
    rating_counts,
    raw_agreement,
    resampling,
)

#: Krippendorff's four observers, twelve units, with gaps (-1); categories 1 to 5.
FOUR_OBSERVERS = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]
    ).T
    - 1
)
#: Fleiss' textbook table: 10 subjects, 14 raters, 5 categories.
FOURTEEN_RATERS = np.array(
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ],
    dtype=float,
)  # fmt: skip
PARADOX = np.array([[118.0, 5.0], [2.0, 0.0]])


def two_raters(table: Numbers) -> tuple[Numbers, Numbers]:
    """Return the counts and pairs [n_calls, 2, 2] behind a two-by-two table."""
    pairs = np.concatenate(
        [np.tile(cell, (int(table[i, j]), 1, 1)) for i, j, cell in _cells()]
    ).astype(float)
    return pairs.sum(axis=1) + pairs.sum(axis=2), pairs


def _cells() -> list[tuple[int, int, Numbers]]:
    cells = []
    for i in range(2):
        for j in range(2):
            cell = np.zeros((2, 2))
            cell[i, j] = 1
            cells.append((i, j, cell))
    return cells


def test_cohen_oracle() -> None:
    assert float(cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))) == pytest.approx(0.4)


def test_fleiss_oracle() -> None:
    assert float(fleiss_kappa(call_sums(FOURTEEN_RATERS).sum(axis=0))) == pytest.approx(
        0.2099, abs=5e-5
    )


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_oracles(metric: str, alpha: float) -> None:
    sums = call_sums(rating_counts(FOUR_OBSERVERS, 5)).sum(axis=0)
    found = krippendorff_alpha(sums, metric, np.arange(1.0, 6.0))  # type: ignore[arg-type]
    assert float(found) == pytest.approx(alpha, abs=5e-4)


def test_gwet_oracle() -> None:
    counts = rating_counts(FOUR_OBSERVERS, 5)
    assert float(gwet_ac1(call_sums(counts).sum(axis=0))) == pytest.approx(0.77544, abs=5e-6)
    assert gwet_ac1_error(counts) == pytest.approx(0.14295, abs=5e-6)


def test_the_paradox_of_kappa() -> None:
    """Where nearly all calls pass, kappa says worse than chance and AC1 does not."""
    counts, _ = two_raters(PARADOX)
    sums = call_sums(counts).sum(axis=0)
    assert float(raw_agreement(sums)) == pytest.approx(0.944)
    assert float(cohen_kappa(PARADOX)) == pytest.approx(-0.0234, abs=5e-5)
    assert float(gwet_ac1(sums)) == pytest.approx(0.9408, abs=5e-5)


def test_agreement_brings_the_same_figures_with_intervals_around_them() -> None:
    counts, pairs = two_raters(PARADOX)
    found = agreement(counts, resampling(len(counts)), pairs)
    assert found is not None
    assert found.n_calls == 125
    assert found.raw.value == pytest.approx(0.944)
    assert found.raw.low == pytest.approx(0.9037, abs=0.01)  # Wald's over 125 calls: .9037-.9843
    assert found.raw.high == pytest.approx(0.9843, abs=0.01)
    assert found.ac1 is not None
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(-0.0234, abs=5e-5)
    assert found.ac1.low < 0.9408 < found.ac1.high


def test_the_bootstrap_of_ac1_is_as_wide_as_its_standard_error() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(400) < 0.8
    ratings = np.where(rng.random((400, 3)) < 0.9, truth[:, None], ~truth[:, None]).astype(int)
    counts = rating_counts(ratings, 2)
    found = agreement(counts, resampling(400))
    assert found is not None
    assert found.ac1 is not None
    width = found.ac1.high - found.ac1.low
    assert width == pytest.approx(2 * 1.96 * gwet_ac1_error(counts), rel=0.1)


def test_calls_that_all_agree_still_leave_doubt() -> None:
    """Ten of ten: Wilson's lower bound of raw agreement, and no certainty in any coefficient."""
    counts = rating_counts(np.array([[0, 0]] * 8 + [[1, 1]] * 2), 2)
    found = agreement(counts, resampling(10))
    assert found is not None
    assert found.raw.value == found.raw.high == 1
    assert found.raw.low == pytest.approx(0.7225, abs=5e-4)
    assert found.ac1 is not None
    assert 0.2 < found.ac1.low < 0.7
    assert found.kappa is None or found.kappa.low < 0.7


def test_one_category_leaves_kappa_and_alpha_undefined() -> None:
    found = agreement(rating_counts(np.zeros((20, 2), dtype=int), 2), resampling(20))
    assert found is not None
    assert (found.kappa, found.alpha) == (None, None)
    assert found.ac1 is not None
    assert found.ac1.value == 1


def test_calls_judged_once_agree_with_nobody() -> None:
    assert agreement(rating_counts(np.array([[0, -1], [1, -1]]), 2), resampling(2)) is None


def test_raters_and_calls_have_no_order() -> None:
    rng = np.random.default_rng(5)
    shuffled = FOUR_OBSERVERS[rng.permutation(12)][:, rng.permutation(4)]
    for coefficient in (raw_agreement, gwet_ac1, fleiss_kappa, krippendorff_alpha):
        one = coefficient(call_sums(rating_counts(FOUR_OBSERVERS, 5)).sum(axis=0))
        other = coefficient(call_sums(rating_counts(shuffled, 5)).sum(axis=0))
        assert float(one) == pytest.approx(float(other))


def test_a_seed_gives_the_same_intervals() -> None:
    assert np.array_equal(resampling(50, 20, seed=1), resampling(50, 20, seed=1))
    assert not np.array_equal(resampling(50, 20, seed=1), resampling(50, 20, seed=2))
    assert (resampling(50, 20).sum(axis=1) == 50).all()
