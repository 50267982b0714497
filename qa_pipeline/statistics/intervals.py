"""Confidence intervals of a rate and of the difference of two rates; all at 95 % unless told."""

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A point estimate and the interval around it; rates are 0-1, differences -1 to 1."""

    value: float
    low: float
    high: float


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Return the two-sided standard normal quantile, 1.96 for 95 %."""
    return float(ndtri(0.5 + confidence / 2))


def wilson(rate: float, n: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval of `rate` seen in `n` calls; `n` may be an effective size.

    An infinite `n` (everything was seen) gives an interval of no width.

    Source: Wilson 1927, JASA 22:209-212; recommended by Brown, Cai & DasGupta 2001.
    """
    if not 0 <= rate <= 1 or not n > 0:
        raise ValueError(f"a rate of 0-1 and n > 0 are needed: {rate}, {n}")
    if math.isinf(n):
        return Interval(rate, rate, rate)
    z = normal_quantile(confidence)
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return Interval(rate, max(0.0, min(rate, centre - half)), min(1.0, max(rate, centre + half)))


def finite_population_n(n: int, n_population: int) -> float:
    """Return the effective size of a simple random sample of `n` out of `n_population`.

    Source: Cochran 1977, Sampling Techniques, section 2.6 (variance times (N-n)/(N-1)).
    """
    if not 0 < n <= n_population:
        raise ValueError(f"a sample is 1 to N calls: n={n}, N={n_population}")
    return math.inf if n == n_population else n * (n_population - 1) / (n_population - n)


def newcombe(now: Interval, before: Interval) -> Interval:
    """Return the difference `now - before` of two independent rates with its interval.

    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10 (square and add).
    """
    difference = now.value - before.value
    low = difference - math.hypot(now.value - now.low, before.high - before.value)
    high = difference + math.hypot(now.high - now.value, before.value - before.low)
    return Interval(difference, max(-1.0, low), min(1.0, high))


def change_p(now: float, n_now: float, before: float, n_before: float) -> float:
    """Return the two-sided p of "both rates are the same", by the pooled score test.

    The sizes may be effective ones; an infinite size counts as a known rate.

    Source: Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 3.1.
    """
    if math.isinf(n_now) and math.isinf(n_before):
        return 1.0 if now == before else 0.0
    weight = _share_of_first(n_now, n_before)
    pooled = weight * now + (1 - weight) * before
    variance = pooled * (1 - pooled) * (1 / n_now + 1 / n_before)
    if variance == 0:
        return 1.0 if now == before else 0.0
    return float(2 * ndtr(-abs(now - before) / math.sqrt(variance)))


def _share_of_first(first: float, second: float) -> float:
    if math.isinf(first):
        return 1.0
    return 0.0 if math.isinf(second) else first / (first + second)
