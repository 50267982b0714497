"""Lots: operating characteristics and skip-lot, against published figures."""

import pytest

from qa_pipeline.statistics.acceptance import acceptance_number, acceptance_probability, skip_lot


@pytest.mark.parametrize(
    ("n", "number", "share", "accepted"),
    [(80, 2, 0.01, 0.9534), (80, 2, 0.05, 0.2306), (80, 5, 0.025, 0.9848)],
)
def test_operating_characteristic_oracles(
    n: int, number: int, share: float, accepted: float
) -> None:
    assert acceptance_probability(n, number, share) == pytest.approx(accepted, abs=5e-5)


def test_skip_lot_oracle() -> None:
    accepted, inspected = skip_lot(0.95, 8, 0.25)
    assert accepted == pytest.approx(0.98328, abs=5e-6)
    assert inspected == pytest.approx(0.33442, abs=5e-6)


def test_the_edges_of_a_plan() -> None:
    assert acceptance_probability(5, 5, 0.9) == 1
    assert acceptance_probability(5, -1, 0.0) == 0
    assert acceptance_probability(5, 0, 0.0) == 1


@pytest.mark.parametrize(
    ("n", "share", "number"), [(80, 0.01, 2), (20, 0.1, 4), (5, 0.1, 2), (5, 0.0, 0), (5, 1.0, 5)]
)
def test_acceptance_number_is_the_least_that_good_lots_pass(
    n: int, share: float, number: int
) -> None:
    assert acceptance_number(n, share) == number
    assert acceptance_probability(n, number, share) >= 0.95
    assert acceptance_probability(n, number - 1, share) < 0.95
