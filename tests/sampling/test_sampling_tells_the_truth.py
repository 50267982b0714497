"""The whole of it: strata, allocation, keyed draw, weighted rate, against a known truth."""

import math

import pytest

from qa_pipeline.sampling.batch import draw_batch
from qa_pipeline.sampling.cells import Design, Member
from qa_pipeline.statistics.stratified import StratumCount, weighted_rate

#: Stratum: calls, of which people would pass the first so many.
TRUTH = {"a/pass": (420, 399), "a/fail": (60, 12), "b/pass": (90, 81), "b/undecided": (30, 18)}
N_PERIODS = 400


def test_drawn_samples_are_unbiased_and_their_intervals_hold() -> None:
    """Over 400 seeds the mean estimate meets the truth and 93-99.5 % of intervals cover it."""
    members = [Member(f"{s}-{i:03d}", s) for s, (n, _) in TRUTH.items() for i in range(n)]
    truth = sum(passed for _, passed in TRUTH.values()) / len(members)
    estimates, covered = [], 0
    for seed in range(N_PERIODS):
        batch = draw_batch(members, f"seed-{seed}", "001", n_calls=90, design=Design(minimum=5))
        counts = []
        for stratum in batch.strata:
            drawn = [call.call_id for call in batch.drawn if call.stratum == stratum.stratum]
            passed = sum(int(c.rsplit("-", 1)[1]) < TRUTH[stratum.stratum][1] for c in drawn)
            counts.append(StratumCount(stratum.n_population, stratum.n_drawn, passed))
        interval = weighted_rate(counts).interval
        estimates.append(interval.value)
        covered += interval.low <= truth <= interval.high
    mean = math.fsum(estimates) / N_PERIODS
    spread = math.sqrt(math.fsum((e - mean) ** 2 for e in estimates) / (N_PERIODS - 1))
    assert mean == pytest.approx(truth, abs=3 * spread / math.sqrt(N_PERIODS))
    assert 0.93 <= covered / N_PERIODS <= 0.995
