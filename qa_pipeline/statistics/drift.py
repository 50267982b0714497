"""Does the machine still err as it did? A cumulative sum over the month's blind reviews.

The alarm's limit is set by simulation, so that a month without any change raises it with a stated
probability (`FALSE_ALARM`), whatever the number of reviews and however short the baseline.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

#: How often a month in which nothing changed raises the alarm: once in eight years a criterion.
FALSE_ALARM = 0.01
#: The change looked for: the odds of a disagreement grow by this factor.
ODDS_RATIO = 2.0
#: Fewer reviews than this on either side say nothing of a change.
MIN_REVIEWS = 20
#: Series simulated: a few first, and more only where the month is not plainly an ordinary one.
_N_SIMULATED = (199, 1999)
_PLAIN = 0.1
_SEED = 20260102


@dataclass(frozen=True, slots=True)
class Drift:
    """The largest sum of the month, and how rarely an unchanged month has one as large.

    `at` is the review (0-based) from which on the sum stood above what `FALSE_ALARM` allows.
    """

    n_baseline: int
    n: int
    n_disagreed: int
    expected: float
    peak: float
    p: float
    at: int | None

    @property
    def alarm(self) -> bool:
        """Whether machine and people part more often than before."""
        return self.at is not None


def drift(
    baseline: tuple[Flags, Indices], now: tuple[Flags, Indices], seed: int = _SEED
) -> Drift | None:
    """Compare disagreements of a month with those before it; None for too few reviews.

    Each side is (disagreed, stratum) in order of time, where the stratum (what the machine said) is
    0 to k-1: a sample that holds more of the machine's failures than last month is no drift.

    Source: Page 1954, Biometrika 41:100-115; Bernoulli weights after Reynolds & Stoumbos 1999,
    Journal of Quality Technology 31:87-108.
    """
    (was, of_was), (is_, of_is) = baseline, now
    if len(was) < MIN_REVIEWS or len(is_) < MIN_REVIEWS:
        return None
    k = int(max(of_was.max(), of_is.max())) + 1
    failed = np.bincount(of_was, weights=was, minlength=k)
    total = np.bincount(of_was, minlength=k)
    usual = (failed + 0.5) / (total + 1)
    own = _peaks(is_[None, :], of_is, usual)[0]
    rng = np.random.default_rng(seed)
    for n_simulated in _N_SIMULATED:
        # what the baseline leaves open is drawn anew: its own share is only an estimate
        true = rng.beta(failed + 0.5, total - failed + 0.5, size=(n_simulated, k))
        simulated = rng.random((n_simulated, len(is_)), dtype=np.float32) < true[:, of_is]
        peaks = _peaks(simulated, of_is, usual)[:, -1]
        p = (1 + int((peaks >= own[-1]).sum())) / (n_simulated + 1)
        if p > _PLAIN:
            break
    at = int(np.argmax(own > np.quantile(peaks, 1 - FALSE_ALARM))) if p <= FALSE_ALARM else None
    return Drift(
        len(was), len(is_), int(is_.sum()), float(usual[of_is].sum()), float(own[-1]), p, at
    )


def _peaks(
    disagreed: Flags, stratum: Indices, usual: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the running maximum of the cumulative sum, [n_series, n_reviews]."""
    odds = ODDS_RATIO * usual / (1 - usual)
    raised = odds / (1 + odds)
    up, down = np.log(raised / usual)[stratum], np.log((1 - raised) / (1 - usual))[stratum]
    walk = np.cumsum(np.where(disagreed, up, down), axis=1)
    # the sum never falls below 0: that is the walk above its own lowest point so far
    lowest = np.minimum(np.minimum.accumulate(walk, axis=1), 0.0)
    peaks: npt.NDArray[np.float64] = np.maximum.accumulate(walk - lowest, axis=1)
    return peaks
