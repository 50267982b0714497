"""The weighted rate: frozen oracles, edges, and coverage in a seeded simulation."""

import math

import numpy as np
import pytest

from qa_pipeline.statistics.stratified import (
    StratumCount,
    effective_count,
    post_stratified,
    weighted_rate,
)


def test_weighted_rate_oracle() -> None:
    """Cochran's estimator on the stratified ice-cream survey (STATISTICS, Rates)."""
    rate = weighted_rate(
        [StratumCount(1824, 20, 17), StratumCount(1025, 9, 0), StratumCount(1151, 11, 6)]
    )
    assert rate.interval.value == pytest.approx(0.544555, abs=5e-7)
    assert rate.se == pytest.approx(0.058424, abs=5e-7)


def test_shipped_interval_by_hand() -> None:
    """One stratum, 5 of 10 out of 100: t=.5, v=.9*.25/10, n_eff=.25/.0225."""
    rate = weighted_rate([StratumCount(100, 10, 5)])
    assert rate.n_effective == pytest.approx(0.25 / 0.0225)
    assert rate.is_enough
    assert rate.interval.low == pytest.approx(0.5 - (rate.interval.high - 0.5))


def test_post_stratified_oracle() -> None:
    """1,000 calls, the machine passes 800, 100 heard at random: better than the classical .73."""
    combined = post_stratified([StratumCount(800, 82, 70), StratumCount(200, 18, 3)])
    classical = weighted_rate([StratumCount(1000, 100, 73)])
    assert combined is not None
    assert combined.interval.value == pytest.approx(0.716260, abs=5e-7)
    assert combined.se == pytest.approx(0.034399, abs=5e-7)
    assert (classical.interval.value, classical.se) == (
        pytest.approx(0.73),
        pytest.approx(0.04233, abs=5e-6),
    )


def test_post_stratified_falls_back_on_a_thin_cell() -> None:
    assert post_stratified([StratumCount(800, 82, 70), StratumCount(200, 1, 0)]) is None
    assert post_stratified([StratumCount(800, 82, 70), StratumCount(0, 0, 0)]) is not None


def test_everything_heard_is_known_exactly() -> None:
    rate = weighted_rate([StratumCount(6, 6, 4), StratumCount(2, 2, 0)])
    assert rate.n_effective == math.inf
    assert (rate.interval.low, rate.interval.value, rate.interval.high) == (0.5, 0.5, 0.5)
    assert rate.se == 0


def test_too_few_is_no_rate() -> None:
    assert not weighted_rate([StratumCount(500, 9, 5)]).is_enough
    assert weighted_rate([StratumCount(500, 10, 5)]).is_enough


def test_one_review_in_a_stratum_has_no_standard_error_but_an_interval() -> None:
    rate = weighted_rate([StratumCount(500, 40, 30), StratumCount(20, 1, 1)])
    assert rate.se is None
    assert rate.interval.low < rate.interval.value < rate.interval.high


def test_all_passed_still_has_doubt() -> None:
    rate = weighted_rate([StratumCount(300, 20, 20), StratumCount(200, 20, 20)])
    assert rate.interval.value == 1
    assert rate.interval.low < 0.95


def test_an_unheard_stratum_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a review"):
        weighted_rate([StratumCount(500, 20, 15), StratumCount(3, 0, 0)])
    with pytest.raises(ValueError, match="needs a review"):
        weighted_rate([])


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="passed <= reviewed <= calls"):
        StratumCount(10, 11, 3)


#: Strata as (calls, true rate, reviewed): by group and machine verdict, as the program draws them.
DESIGNS = {
    "one_group_by_machine_verdict": ((400, 0.95, 20), (90, 0.20, 6), (30, 0.60, 5)),
    "rare_failures": ((900, 0.99, 45), (60, 0.10, 5)),
    "disproportionate": ((1500, 0.90, 15), (300, 0.50, 30), (200, 0.30, 30)),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_simulated_coverage(name: str) -> None:
    """The interval covers the month's true rate in 93-99.5 % of 2,000 seeded samples."""
    generator = np.random.default_rng(20261101)
    design = DESIGNS[name]
    passes = [round(n * rate) for n, rate, _ in design]
    truth = sum(passes) / sum(n for n, _, _ in design)
    drawn = [
        generator.hypergeometric(passed, n - passed, k, size=2000)
        for passed, (n, _, k) in zip(passes, design, strict=True)
    ]
    covered = unweighted = 0
    for seen in zip(*drawn, strict=True):
        counts = [StratumCount(n, k, int(x)) for (n, _, k), x in zip(design, seen, strict=True)]
        interval = weighted_rate(counts).interval
        covered += interval.low <= truth <= interval.high
        pooled = weighted_rate(
            [
                StratumCount(
                    sum(n for n, _, _ in design), sum(k for _, _, k in design), int(sum(seen))
                )
            ]
        ).interval
        unweighted += pooled.low <= truth <= pooled.high
    assert 0.93 <= covered / 2000 <= 0.995
    if name == "disproportionate":  # what the weights are for
        assert unweighted / 2000 < 0.05


def test_equal_weights_are_plain_counts() -> None:
    assert effective_count(400, 20 * 20.0, 20 * 400.0, 17 * 20.0) == StratumCount(400, 20, 17)
    assert effective_count(400, 0, 0, 0) == StratumCount(400, 0, 0)


def test_unequal_weights_are_the_estimate_of_horvitz_and_thompson() -> None:
    """Ten calls of weight 4, five passed; ten of weight 20, nine passed: (20 + 180) / 240."""
    count = effective_count(240, 40 + 200, 160 + 4000, 20 + 180)
    assert count.rate == pytest.approx(200 / 240)
    assert count.n_reviewed == pytest.approx(240**2 / 4160)


@pytest.mark.parametrize("combined", [False, True], ids=["classical", "with_the_machine"])
def test_simulated_coverage_of_a_focus_within_the_stratum(combined: bool) -> None:
    """New staff fail often and are drawn three times as often within the same stratum.

    Horvitz-Thompson weights keep the interval honest; plain counts cover less than half. Combined
    with a machine that is right nine times in ten, the interval is as honest and narrower.
    """
    generator = np.random.default_rng(20261127)
    n, n_new = 1200, 300
    chance = np.where(np.arange(n) < n_new, 0.21, 0.07)
    passed = generator.random(n) < np.where(np.arange(n) < n_new, 0.55, 0.92)
    machine = np.where(generator.random(n) < 0.9, passed, ~passed)
    covered = plain = 0
    for _ in range(1500):
        drawn = np.concatenate(
            [
                generator.choice(n_new, 63, replace=False),
                n_new + generator.choice(n - n_new, 63, replace=False),
            ]
        )
        cells = [machine, ~machine] if combined else [np.ones(n, dtype=bool)]
        counts = []
        for cell in cells:
            seen = drawn[cell[drawn]]
            weight = 1 / chance[seen]
            counts.append(
                effective_count(
                    int(cell.sum()),
                    float(weight.sum()),
                    float((weight**2).sum()),
                    float(weight[passed[seen]].sum()),
                )
            )
        found = post_stratified(counts)
        assert found is not None
        covered += found.interval.low <= passed.mean() <= found.interval.high
        unweighted = weighted_rate([StratumCount(n, 126, int(passed[drawn].sum()))]).interval
        plain += unweighted.low <= passed.mean() <= unweighted.high
    assert 0.93 <= covered / 1500 <= 0.995
    assert plain / 1500 < 0.5
