"""The forecast: edges, and coverage of its interval where the truth is known."""

import math

import numpy as np
import pytest
from scipy.special import expit, logit

from qa_pipeline.statistics.forecast import MIN_MONTHS, forecast


def test_a_short_history_has_no_forecast() -> None:
    assert forecast([(0.8, 100.0)] * (MIN_MONTHS - 1)) is None
    assert forecast([(0.8, 100.0)] * MIN_MONTHS) is not None


def test_a_still_history_forecasts_itself_with_doubt() -> None:
    found = forecast([(0.8, 400.0)] * 12)
    assert found is not None
    assert found.value == pytest.approx(0.8, abs=0.005)
    assert 0.6 < found.low < 0.79 < 0.81 < found.high < 0.95


def test_a_restless_history_is_less_certain() -> None:
    still = forecast([(0.8, 400.0)] * 8)
    restless = forecast([(0.7, 400.0), (0.9, 400.0)] * 4)
    assert still is not None
    assert restless is not None
    assert restless.high - restless.low > 1.5 * (still.high - still.low)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_months_in_which_everything_went_one_way(rate: float) -> None:
    for n in (12.0, math.inf):
        found = forecast([(rate, n)] * 6)
        assert found is not None
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert abs(found.value - rate) < 0.1


@pytest.mark.parametrize("step", [0.0, 0.1, 0.2, 0.3])
@pytest.mark.parametrize(("n_months", "n"), [(6, 80), (12, 300), (6, 50_000)])
def test_prediction_intervals_cover_next_month(step: float, n_months: int, n: int) -> None:
    """Rates that wander by `step` a month on the logit scale: at least 93 % of 600 histories."""
    rng = np.random.default_rng(20261129)
    covered = 0
    for _ in range(600):
        levels = logit(0.85) + np.cumsum(rng.normal(0, step, n_months + 1))
        rates = expit(levels)
        seen = rng.binomial(n, rates[:-1]) / n
        found = forecast([(float(p), float(n)) for p in seen])
        assert found is not None
        covered += found.low <= rates[-1] <= found.high
    assert covered >= 0.93 * 600
