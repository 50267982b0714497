"""How many calls each stratum gets. Exact arithmetic: no machine rounds otherwise than another."""

import math
from collections.abc import Mapping
from fractions import Fraction

Weights = Mapping[str, Fraction]


def proportional(sizes: Mapping[str, int]) -> dict[str, Fraction]:
    """Return the weight of each stratum: the number of its calls."""
    return {stratum: Fraction(size) for stratum, size in sizes.items()}


def neyman(sizes: Mapping[str, int], spreads: Mapping[str, float]) -> dict[str, Fraction]:
    """Return each stratum's calls times its standard deviation, for the smallest error overall.

    Source: Neyman 1934, JRSS 97:558-606; Cochran 1977, 5.5.
    """
    return {stratum: size * Fraction(spreads[stratum]) for stratum, size in sizes.items()}


def smoothed_spread(n_passed: int, n_judged: int) -> float:
    """Return sqrt(p(1-p)) with p = (x+1)/(m+2): never 0, so no stratum looks free of doubt."""
    rate = (n_passed + 1) / (n_judged + 2)
    return math.sqrt(rate * (1 - rate))


def allocate(
    n: int, sizes: Mapping[str, int], weights: Weights, *, minimum: int | Mapping[str, int]
) -> dict[str, int]:
    """Share `n` calls over strata in proportion to `weights`; return stratum -> calls, in id order.

    Each stratum gets at least `minimum` (its own or one for all; all of its calls where it has
    fewer) and at most its size; what that takes or frees is shared among the others. Where the
    minimums alone need more than `n`, they win. Fractions go by largest remainder; the stratum id
    breaks ties.
    """
    strata = sorted(stratum for stratum, size in sizes.items() if size > 0)
    least = dict.fromkeys(strata, minimum) if isinstance(minimum, int) else minimum
    low = {stratum: min(least[stratum], sizes[stratum]) for stratum in strata}
    target = min(max(n, sum(low.values())), sum(sizes[stratum] for stratum in strata))
    shares = _within_bounds(target, low, sizes, weights)
    whole = {stratum: math.floor(shares[stratum]) for stratum in strata}
    by_remainder = sorted(strata, key=lambda stratum: (whole[stratum] - shares[stratum], stratum))
    for stratum in by_remainder[: target - sum(whole.values())]:
        whole[stratum] += 1
    return whole


def _within_bounds(
    target: int, low: Mapping[str, int], high: Mapping[str, int], weights: Weights
) -> dict[str, Fraction]:
    """Return exact shares of `target` in proportion to `weights`, each within its bounds.

    Strata beyond the side that is missed by more are fixed at their bound, the rest shared anew.
    """
    fixed: dict[str, Fraction] = {}
    while free := [stratum for stratum in low if stratum not in fixed]:
        left = target - sum(fixed.values())
        weight = sum((weights[stratum] for stratum in free), Fraction(0))
        shares = {
            s: left * weights[s] / weight if weight else Fraction(left, len(free)) for s in free
        }
        under = {s: low[s] - shares[s] for s in free if shares[s] < low[s]}
        over = {s: shares[s] - high[s] for s in free if shares[s] > high[s]}
        if not under and not over:
            return fixed | shares
        if sum(under.values()) >= sum(over.values()):
            fixed |= {stratum: Fraction(low[stratum]) for stratum in under}
        else:
            fixed |= {stratum: Fraction(high[stratum]) for stratum in over}
    return fixed
