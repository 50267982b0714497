"""Are a criterion's failures a few agents' own, or everybody's? A permutation test over calls."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Counts = npt.NDArray[np.int64]

#: A few permutations first, and more only where they leave doubt: a p above `PLAIN` is no finding.
N_PERMUTATIONS = (199, 1999)
PLAIN = 0.2
SEED = 20260103


@dataclass(frozen=True, slots=True)
class Concentration:
    """How unevenly failures lie on agents, and how rarely chance alone lays them so.

    `dispersion` is 1 on average where chance alone spreads them. `p` is of the whole; `expected`
    and `p_agents` [n_agents] are each agent's failures by chance, and the chance of more than seen
    (and half of the chance of just as many: mid-p).
    """

    dispersion: float
    p: float
    expected: npt.NDArray[np.float64]
    p_agents: npt.NDArray[np.float64]


def concentration(failed: Counts, judged: Counts, seed: int = SEED) -> Concentration:
    """Compare failures with their permutations over the calls of each stratum.

    `failed` and `judged` are [n_strata, n_agents]. Permuting the failures over a stratum's calls
    deals them to agents as a multivariate hypergeometric draw, so no call is looked at; an agent's
    own tail is exact.

    Source: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, 3.2 and 6.3
    (permutation within blocks); p counts the data themselves, Phipson & Smyth 2010; few first,
    Besag & Clifford 1991, Biometrika 78:301-304.
    """
    rng = np.random.default_rng(seed)
    totals, sizes = failed.sum(axis=1), judged.sum(axis=1)
    used = sizes > 0
    share = totals[used] / sizes[used]
    expected = (judged[used] * share[:, None]).sum(axis=0)
    variance = _variance(judged[used], sizes[used], share)
    seen = failed.sum(axis=0)
    varies = variance > 0
    if not varies.any():
        return Concentration(1.0, 1.0, expected, np.ones(failed.shape[1]))
    own = _distance(seen[None, varies], expected[varies], variance[varies])[0]
    for n_permutations in N_PERMUTATIONS:
        dealt = _dealt(judged[used], totals[used], n_permutations, rng)
        chance = _distance(dealt[:, varies], expected[varies], variance[varies])
        p = (1 + int((chance >= own - 1e-9).sum())) / (n_permutations + 1)
        if p > PLAIN:
            break
    tails = [_tail(judged[:, i], totals, sizes, int(seen[i])) for i in range(len(seen))]
    return Concentration(float(own), p, expected, np.array(tails))


def _dealt(judged: Counts, totals: Counts, n_permutations: int, rng: np.random.Generator) -> Counts:
    """Return the failures of each agent in each permutation, [n_permutations, n_agents]."""
    dealt = np.zeros((n_permutations, judged.shape[1]), dtype=np.int64)
    for calls, n_failed in zip(judged, totals, strict=True):
        here = np.flatnonzero(calls)
        dealt[:, here] += rng.multivariate_hypergeometric(
            calls[here], int(n_failed), size=n_permutations, method="marginals"
        )
    return dealt


def _variance(
    judged: Counts, sizes: Counts, share: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the variance of each agent's failures: hypergeometric, added over strata."""
    part = judged / sizes[:, None]
    scale = np.where(sizes > 1, sizes**2 / np.maximum(sizes - 1, 1), 0.0)
    variance: npt.NDArray[np.float64] = (
        scale[:, None] * (share * (1 - share))[:, None] * part * (1 - part)
    ).sum(axis=0)
    return variance


def _distance(
    dealt: Counts, expected: npt.NDArray[np.float64], variance: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    mean: npt.NDArray[np.float64] = ((dealt - expected) ** 2 / variance).mean(axis=1)
    return mean


def _tail(calls: Counts, totals: Counts, sizes: Counts, seen: int) -> float:
    """Return the mid-p of an agent's `seen` failures over the strata that he or she works in."""
    mass = np.ones(1)
    for n_calls, n_failed, size in zip(calls, totals, sizes, strict=True):
        if n_calls > 0 and n_failed > 0:
            mass = np.convolve(mass, _hypergeometric(int(n_calls), int(n_failed), int(size)))
    return float(min(1.0, mass[seen + 1 :].sum() + mass[seen : seen + 1].sum() / 2))


def _hypergeometric(n_calls: int, n_failed: int, size: int) -> npt.NDArray[np.float64]:
    """Return the chances of 0, 1, ... failures among `n_calls` of a stratum of `size`."""
    k = np.arange(min(n_calls, n_failed) + 1)
    possible = k >= n_calls + n_failed - size
    at = np.where(possible, k, min(n_calls, n_failed))
    ways = _ways(n_failed, at) + _ways(size - n_failed, n_calls - at) - _ways(size, n_calls)
    return np.where(possible, np.exp(ways), 0.0)


def _ways(n: int, k: npt.ArrayLike) -> npt.NDArray[np.float64]:
    chosen = np.asarray(k, float)
    log: npt.NDArray[np.float64] = gammaln(n + 1) - gammaln(chosen + 1) - gammaln(n - chosen + 1)
    return log
