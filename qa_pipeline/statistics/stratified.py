"""The pass rate of a month from a stratified sample: weighted estimate, error, interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa_pipeline.statistics.intervals import Interval, wilson

#: Below this effective sample size a figure is called "too few", not a rate (STATISTICS, Rates).
MIN_EFFECTIVE_N = 10.0


@dataclass(frozen=True, slots=True)
class StratumCount:
    """One stratum: calls in it, calls reviewed at random, and how many of those passed.

    The two counts of a stratum whose calls were drawn with different chances are effective ones
    (`effective_count`) and need not be whole.
    """

    n_population: int
    n_reviewed: float
    n_passed: float

    def __post_init__(self) -> None:
        if not 0 <= self.n_passed <= self.n_reviewed <= self.n_population:
            raise ValueError(f"counts must be passed <= reviewed <= calls: {self}")

    @property
    def rate(self) -> float:
        """The share that passed, 0-1; the stratum must have been reviewed."""
        return self.n_passed / self.n_reviewed

    @property
    def unseen_share(self) -> float:
        """The share of the stratum that nobody heard: the finite population correction."""
        return 1 - self.n_reviewed / self.n_population


def effective_count(n_population: int, weights: float, squares: float, won: float) -> StratumCount:
    """Return a stratum whose reviewed calls carry weights 1 / inclusion probability.

    `weights` and `squares` are the sums of the weights and of their squares, `won` the sum of the
    weights of passed calls. The rate is Hájek's, the size Kish's; equal weights give plain counts.

    Source: Horvitz & Thompson 1952, JASA 47:663-685; Hájek 1971; Kish 1965, 11.7.
    """
    if weights <= 0:
        return StratumCount(n_population, 0, 0)
    n = min(weights * weights / squares, float(n_population))
    n = round(n) if math.isclose(n, round(n), rel_tol=1e-12) else n
    return StratumCount(n_population, n, n * min(1.0, won / weights))


@dataclass(frozen=True, slots=True)
class WeightedRate:
    """A design-weighted rate with the shipped interval. `se` is None where a stratum has n = 1."""

    interval: Interval
    se: float | None
    n_effective: float

    @property
    def is_enough(self) -> bool:
        """Whether this may be shown as a rate."""
        return self.n_effective >= MIN_EFFECTIVE_N


def weighted_rate(strata: Sequence[StratumCount]) -> WeightedRate:
    """Return the rate over all calls of `strata`, each with at least one review.

    The interval is Wilson's at the weighted rate with an effective size taken from smoothed
    stratum rates (x+1)/(n+2), so that strata in which everything passed do not feign certainty.

    Source: Cochran 1977, 5.3 and 5.4 (rate and variance); Wilson at an effective n after Korn &
    Graubard 1998, Survey Methodology 24:193-201, and Franco et al. 2019, JSSAM 7:334-364.
    """
    used = [stratum for stratum in strata if stratum.n_population > 0]
    if not used or any(stratum.n_reviewed == 0 for stratum in used):
        raise ValueError("every stratum that has calls needs a review")
    n_population = sum(stratum.n_population for stratum in used)
    shares = [stratum.n_population / n_population for stratum in used]
    rate = math.fsum(w * s.rate for w, s in zip(shares, used, strict=True))
    n_effective = _effective_n(shares, used)
    return WeightedRate(wilson(min(rate, 1.0), n_effective), _error(shares, used), n_effective)


def _error(shares: Sequence[float], strata: Sequence[StratumCount]) -> float | None:
    variance = 0.0
    for share, stratum in zip(shares, strata, strict=True):
        if stratum.unseen_share == 0:
            continue
        if stratum.n_reviewed < 2:
            return None
        spread = stratum.rate * (1 - stratum.rate) / (stratum.n_reviewed - 1)
        variance += share**2 * stratum.unseen_share * spread
    return math.sqrt(variance)


def _effective_n(shares: Sequence[float], strata: Sequence[StratumCount]) -> float:
    rate = variance = 0.0
    for share, stratum in zip(shares, strata, strict=True):
        smooth = (stratum.n_passed + 1) / (stratum.n_reviewed + 2)
        rate += share * smooth
        variance += share**2 * stratum.unseen_share * smooth * (1 - smooth) / stratum.n_reviewed
    return math.inf if variance == 0 else rate * (1 - rate) / variance


def post_stratified(cells: Sequence[StratumCount]) -> WeightedRate | None:
    """Return the rate combined with the machine: `cells` are stratum x machine verdict.

    The month's calls in each cell are known, so a sample that drew it with other shares is put
    right. None where a cell that has calls has fewer than two reviews: the rate weighted by the
    design stands alone there. A sample drawn by machine verdict is already weighted this way.

    Source: Cochran 1977, 5A.9, conditional on the cell sizes drawn.
    """
    if any(cell.n_population > 0 and cell.n_reviewed < 2 for cell in cells):
        return None
    return weighted_rate(cells)
