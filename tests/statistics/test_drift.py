"""The drift alarm: it keeps to its false alarms, and finds a machine that errs more."""

import numpy as np
import pytest

from qa_pipeline.statistics.drift import FALSE_ALARM, MIN_REVIEWS, Flags, Indices, drift

Side = tuple[Flags, Indices]


def _reviews(rng: np.random.Generator, n: int, shares: tuple[float, float]) -> Side:
    stratum = (rng.random(n) < 0.3).astype(np.int64)
    return rng.random(n) < np.array(shares)[stratum], stratum


@pytest.mark.parametrize("n", [0, MIN_REVIEWS - 1])
def test_without_reviews_on_both_sides_there_is_nothing_to_compare(n: int) -> None:
    enough = (np.arange(MIN_REVIEWS) < 2, np.zeros(MIN_REVIEWS, dtype=np.int64))
    few = (enough[0][:n], enough[1][:n])
    assert drift(enough, enough) is not None
    assert drift(enough, few) is None
    assert drift(few, enough) is None


def test_a_machine_that_errs_more_from_one_day_on_raises_the_alarm_there() -> None:
    rng = np.random.default_rng(11)
    before = _reviews(rng, 400, (0.04, 0.10))
    calm, worse = _reviews(rng, 100, (0.04, 0.10)), _reviews(rng, 150, (0.20, 0.35))
    now = tuple(np.concatenate(part) for part in zip(calm, worse, strict=True))
    found = drift(before, (now[0], now[1]))
    assert found is not None
    assert found.alarm
    assert found.at is not None
    assert 100 <= found.at < 160
    assert found.n_disagreed > found.expected


def test_another_mix_of_the_sample_is_no_drift() -> None:
    """All of the machine's failures are heard now, where people part from it more often anyway."""
    rng = np.random.default_rng(12)
    before = _reviews(rng, 2000, (0.02, 0.25))
    now = (rng.random(200) < 0.25, np.ones(200, dtype=np.int64))
    found = drift(before, now)
    assert found is not None
    assert not found.alarm


def test_a_better_machine_raises_no_alarm() -> None:
    rng = np.random.default_rng(13)
    found = drift(_reviews(rng, 300, (0.2, 0.3)), _reviews(rng, 300, (0.02, 0.02)))
    assert found is not None
    assert not found.alarm


@pytest.mark.slow
@pytest.mark.parametrize(("n_before", "n"), [(150, 150), (1000, 150), (60, 300)])
def test_false_alarms_stay_at_what_is_said(n_before: int, n: int) -> None:
    """Nothing changed in 600 pairs of months: about 1 % raise the alarm, at most 2 %."""
    rng = np.random.default_rng(20261130)
    raised = 0
    for _ in range(600):
        found = drift(_reviews(rng, n_before, (0.05, 0.15)), _reviews(rng, n, (0.05, 0.15)))
        assert found is not None
        raised += found.alarm
    assert raised / 600 <= FALSE_ALARM + 0.01
