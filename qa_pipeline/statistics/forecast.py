"""Next month's rate from the months before: a local level on the logit scale, with its doubt.

The level wanders at random and has no trend: a trend fitted to a handful of months forecasts noise.
How far it wanders in a month is not known, so the forecast is averaged over what the months allow.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtr

from qa_pipeline.statistics.intervals import Interval

Numbers = npt.NDArray[np.float64]

#: Fewer months than this say too little of how far a rate wanders: no forecast.
MIN_MONTHS = 6
#: Half-Cauchy scale of the monthly step on the logit scale: .5 is 6 points at a rate of .85. In
#: simulation 95 % intervals then cover 93.5-100 % for steps up to .3, and 92 % or more for .4.
_STEP_SCALE = 0.5
_STEPS = np.linspace(0.0, 2.0, 81)


def forecast(months: Sequence[tuple[float, float]]) -> Interval | None:
    """Return next month's true rate with a 95 % prediction interval; None for a short history.

    `months` are (rate, effective n), oldest first, the last one being this month. What next
    month's own sample will add in error is not in the interval.

    Source: Harvey 1989, Forecasting, Structural Time Series Models, 4.1 (local level); averaged
    over the step's size (half-Cauchy prior, Gelman 2006, Bayesian Analysis 1:515-534).
    """
    if len(months) < MIN_MONTHS:
        return None
    rates = np.array([(p * n + 0.5) / (n + 1) if math.isfinite(n) else p for p, n in months])
    rates = np.clip(rates, 1e-6, 1 - 1e-6)
    sizes = np.array([min(n, 1e9) + 1 for _, n in months])
    level, variance, likelihood = _filtered(logit(rates), 1 / (sizes * rates * (1 - rates)))
    prior = 1 / (1 + (_STEPS / _STEP_SCALE) ** 2)
    weights = prior * np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    spread = np.sqrt(variance + _STEPS**2)
    low, middle, high = (_quantile(q, level, spread, weights) for q in (0.025, 0.5, 0.975))
    return Interval(float(expit(middle)), float(expit(low)), float(expit(high)))


def _filtered(seen: Numbers, errors: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return level, variance and log likelihood after the last month, for each step size.

    Kalman's filter, begun at the first month as it was seen.
    """
    level = np.full(len(_STEPS), seen[0])
    variance = np.full(len(_STEPS), errors[0])
    likelihood = np.zeros(len(_STEPS))
    for value, error in zip(seen[1:], errors[1:], strict=True):
        variance = variance + _STEPS**2
        total = variance + error
        likelihood -= 0.5 * (np.log(total) + (value - level) ** 2 / total)
        level = level + variance / total * (value - level)
        variance = variance * error / total
    return level, variance, likelihood


def _quantile(q: float, level: Numbers, spread: Numbers, weights: Numbers) -> float:
    """Return a quantile of the mixture of normals, by bisection."""
    low, high = float((level - 9 * spread).min()), float((level + 9 * spread).max())
    for _ in range(60):
        middle = (low + high) / 2
        below = float((weights * ndtr((middle - level) / np.maximum(spread, 1e-12))).sum())
        low, high = (middle, high) if below < q else (low, middle)
    return (low + high) / 2
