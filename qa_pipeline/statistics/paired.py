"""The same calls judged twice: how far a pass rate moved, and whether that may be chance."""

import math
from dataclasses import dataclass

from scipy.stats import binom

from qa_pipeline.statistics.intervals import CONFIDENCE, Interval, wilson


@dataclass(frozen=True, slots=True)
class Pairs:
    """Calls that were decided both times, by how: passed both, only now, only before, neither."""

    n_both: int
    n_only_now: int
    n_only_before: int
    n_neither: int

    def __post_init__(self) -> None:
        if min(self.n_both, self.n_only_now, self.n_only_before, self.n_neither) < 0:
            raise ValueError(f"counts are not negative: {self}")

    @property
    def n(self) -> int:
        """All pairs."""
        return self.n_both + self.n_only_now + self.n_only_before + self.n_neither

    @property
    def now(self) -> float:
        """The rate that passes now, 0-1; there must be a pair."""
        return (self.n_both + self.n_only_now) / self.n

    @property
    def before(self) -> float:
        """The rate that passed before, 0-1; there must be a pair."""
        return (self.n_both + self.n_only_before) / self.n


def paired_change(pairs: Pairs, *, confidence: float = CONFIDENCE) -> Interval:
    """Return `now - before` of the same calls with its interval, -1 to 1.

    Two Wilson intervals are squared and added, less what the calls' agreement with themselves
    takes away (phi, drawn towards 0 by half a call). As wide as that of two independent samples
    only where the two judgements have nothing to do with each other.

    Source: Newcombe 1998, Statistics in Medicine 17:2635-2650, method 10; recommended with Tango's
    by Fagerland, Lydersen & Laake 2014, Statistics in Medicine 33:2850-2875.
    """
    if pairs.n == 0:
        raise ValueError("a change needs at least one pair")
    now = wilson(pairs.now, pairs.n, confidence=confidence)
    before = wilson(pairs.before, pairs.n, confidence=confidence)
    phi = _phi(pairs)
    difference = (pairs.n_only_now - pairs.n_only_before) / pairs.n
    down = _joined(now.value - now.low, before.high - before.value, phi)
    up = _joined(now.high - now.value, before.value - before.low, phi)
    return Interval(difference, max(-1.0, difference - down), min(1.0, difference + up))


def _joined(a: float, b: float, phi: float) -> float:
    return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))


def _phi(pairs: Pairs) -> float:
    """Return the correlation of the two judgements, corrected for continuity; 0 where undefined."""
    a, b, c, d = pairs.n_both, pairs.n_only_now, pairs.n_only_before, pairs.n_neither
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 0.0
    product = a * d - b * c
    corrected = max(product - pairs.n / 2, 0.0) if product > 0 else float(product)
    return corrected / math.sqrt(margins)


def paired_p(pairs: Pairs) -> float:
    """Return the two-sided p of "neither way is likelier" from the calls that flipped (mid-p).

    Source: Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91.
    """
    n, fewer = pairs.n_only_now + pairs.n_only_before, min(pairs.n_only_now, pairs.n_only_before)
    if pairs.n_only_now == pairs.n_only_before:
        return 1.0
    p = 2 * binom.cdf(fewer, n, 0.5) - binom.pmf(fewer, n, 0.5)
    return min(1.0, float(p))
