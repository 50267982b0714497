"""The machine against people: oracles, verification bias, and coverage by simulation."""

import numpy as np
import pytest

from qa_pipeline.statistics.accuracy import accuracy, rogan_gladen, weighted_share


def test_rogan_gladen_oracle() -> None:
    found = rogan_gladen(23 / 150, 150, (0.96, 100), (0.89, 200))
    assert found is not None
    assert found.value == pytest.approx(0.05098, abs=5e-6)
    assert 0 <= found.low < found.value < found.high < 0.2


@pytest.mark.parametrize(
    ("share", "value"), [pytest.param(0.02, 0.0, id="below"), pytest.param(0.99, 1.0, id="above")]
)
def test_rogan_gladen_is_clipped(share: float, value: float) -> None:
    found = rogan_gladen(share, 500, (0.9, 80), (0.9, 80))
    assert found is not None
    assert found.value == value
    assert 0 <= found.low <= found.high <= 1


@pytest.mark.parametrize(("se", "sp"), [(0.5, 0.5), (0.2, 0.7)])
def test_a_machine_no_better_than_chance_corrects_nothing(se: float, sp: float) -> None:
    assert rogan_gladen(0.3, 500, (se, 80), (sp, 80)) is None


def test_rogan_gladen_covers_the_truth() -> None:
    """True share .08, sensitivity .9, specificity .95, each estimated: at least 93 of 100."""
    rng = np.random.default_rng(20261127)
    true, se, sp = 0.08, 0.9, 0.95
    covered = 0
    for _ in range(1000):
        share = rng.binomial(1000, true * se + (1 - true) * (1 - sp)) / 1000
        found = rogan_gladen(
            share, 1000, (rng.binomial(60, se) / 60, 60), (rng.binomial(200, sp) / 200, 200)
        )
        covered += found is not None and found.low <= true <= found.high
    assert covered >= 930


def test_a_sample_drawn_by_machine_verdict_does_not_flatter_the_machine() -> None:
    """20 of 100 failed by the machine heard whole, 8 of 80 others: weights 1 and 10.

    Of the failed 15 are failures; of the 8, one is, and stands for ten: 15 of 25, not 15 of 16.
    """
    machine = np.array([True] * 20 + [False] * 8)
    human = np.array([True] * 15 + [False] * 5 + [True] + [False] * 7)
    weights = np.array([1.0] * 20 + [10.0] * 8)
    found = accuracy(machine, human, weights)
    assert found.sensitivity is not None
    assert found.specificity is not None
    assert found.sensitivity.value == pytest.approx(15 / 25)
    assert found.specificity.value == pytest.approx(70 / 75)
    assert found.sensitivity.interval is None  # one call of weight ten: too few to say
    assert found.sensitivity.n == 16


def test_equal_weights_are_no_weights() -> None:
    share = weighted_share(np.arange(50) < 45, np.full(50, 7.0))
    assert share is not None
    assert share.value == pytest.approx(0.9)
    assert share.n_effective == pytest.approx(50, rel=0.05)


def test_no_failing_call_leaves_no_sensitivity() -> None:
    found = accuracy(np.array([True, False]), np.array([False, False]), np.ones(2))
    assert found.sensitivity is None
    assert found.specificity is not None


def test_weighted_shares_cover_the_truth() -> None:
    """Specificity .93 seen through a sample of all machine failures and a tenth of the rest."""
    rng = np.random.default_rng(20261128)
    covered = told = 0
    for _ in range(1000):
        hit = rng.random(1500) < 0.93
        drawn = np.where(hit, rng.random(1500) < 0.1, True)
        found = weighted_share(hit[drawn], np.where(hit, 10.0, 1.0)[drawn])
        assert found is not None
        if found.interval is not None:
            told += 1
            covered += found.interval.low <= hit.mean() <= found.interval.high
    assert told == 1000
    assert covered >= 930
