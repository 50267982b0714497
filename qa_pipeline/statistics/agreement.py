"""How far people (or people and machine) agree: coefficients from linear sums over calls.

Ratings are `counts` [n_calls, n_categories]: how many raters put a call into a category. Every
coefficient is a function of sums over calls, so a bootstrap by call is one matrix product.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from qa_pipeline.statistics.intervals import Interval, wilson

Numbers = npt.NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]

N_REPLICATES = 1000
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over calls that two or more raters judged; a coefficient is None where undefined.

    `raw` is the share of agreeing pairs. Kappa misleads where nearly all calls fall into one
    category, AC1 does not: show `raw` and `ac1`, the others as extra.
    """

    n_calls: int
    raw: Interval
    ac1: Interval | None
    kappa: Interval | None
    alpha: Interval | None


def rating_counts(ratings: npt.NDArray[np.int64], n_categories: int) -> Numbers:
    """Return `counts` of `ratings` [n_calls, n_raters]; a negative rating is none."""
    counts: Numbers = (ratings[:, :, None] == np.arange(n_categories)).sum(axis=1).astype(float)
    return counts


def call_sums(counts: Numbers) -> Numbers:
    """Return what coefficients add up over calls, [n_calls, 3 + q + q*q].

    Columns: pairwise agreement, judged by two or more, judged at all, shares of the categories,
    and the call's part of Krippendorff's coincidence matrix.
    """
    n = counts.sum(axis=1)
    several, any_rater = n >= 2, n >= 1
    pairs = np.where(several, n * (n - 1), 1.0)
    agreeing = np.where(several, (counts * (counts - 1)).sum(axis=1) / pairs, 0.0)
    shares = counts / np.where(any_rater, n, 1.0)[:, None]
    ordered = counts[:, :, None] * counts[:, None, :]
    ordered -= np.eye(counts.shape[1]) * counts[:, :, None]
    coincidences = (
        ordered * np.where(several, 1 / np.where(several, n - 1, 1.0), 0.0)[:, None, None]
    )
    flat = coincidences.reshape(len(counts), -1)
    return np.column_stack([agreeing, several, any_rater, shares, flat])


def raw_agreement(sums: Numbers) -> Numbers:
    """Return the share of agreeing pairs from sums [..., 3 + q + q*q]; nan where nobody pairs."""
    return _divide(sums[..., 0], sums[..., 1])


def gwet_ac1(sums: Numbers) -> Numbers:
    """Return Gwet's AC1 from sums [..., 3 + q + q*q].

    Source: Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29-48.
    """
    shares = _category_shares(sums)
    chance = (shares * (1 - shares)).sum(axis=-1) / max(1, shares.shape[-1] - 1)
    return _divide(raw_agreement(sums) - chance, 1 - chance)


def fleiss_kappa(sums: Numbers) -> Numbers:
    """Return Fleiss' kappa from sums [..., 3 + q + q*q]; calls may have unequal numbers of raters.

    Source: Fleiss 1971, Psychological Bulletin 76:378-382; unequal numbers after Gwet 2014, 2.4.
    """
    chance = (_category_shares(sums) ** 2).sum(axis=-1)
    return _divide(raw_agreement(sums) - chance, 1 - chance)


def krippendorff_alpha(
    sums: Numbers, metric: Metric = "nominal", values: Numbers | None = None
) -> Numbers:
    """Return Krippendorff's alpha from sums [..., 3 + q + q*q]; `values` are the categories'.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, sections C to E.
    """
    q = _n_categories(sums)
    coincidences = sums[..., 3 + q :].reshape(*sums.shape[:-1], q, q)
    totals = coincidences.sum(axis=-1)
    distance = _distances(metric, totals, np.arange(q, dtype=float) if values is None else values)
    observed = (coincidences * distance).sum(axis=(-2, -1))
    products = totals[..., :, None] * totals[..., None, :]
    expected = (products * distance).sum(axis=(-2, -1))
    return 1 - _divide((totals.sum(axis=-1) - 1) * observed, expected)


def cohen_kappa(table: Numbers) -> Numbers:
    """Return Cohen's kappa of tables [..., q, q]: first rater's category by the second's.

    Source: Cohen 1960, Educational and Psychological Measurement 20:37-46.
    """
    total = table.sum(axis=(-2, -1))
    seen = _divide(np.trace(table, axis1=-2, axis2=-1), total)
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    chance = _divide((rows * columns).sum(axis=-1), total**2)
    return _divide(seen - chance, 1 - chance)


def gwet_ac1_error(counts: Numbers) -> float:
    """Return the standard error of AC1 over calls, without a finite population correction.

    Source: Gwet 2008, equation 36, with missing ratings as in Gwet 2014, 2.5.
    """
    sums = call_sums(counts)
    total = sums.sum(axis=0)
    used = counts[sums[:, 2] > 0]
    n, q = len(used), counts.shape[1]
    shares = _category_shares(total)
    chance = float((shares * (1 - shares)).sum() / (q - 1))
    ac1 = float(gwet_ac1(total))
    several = sums[sums[:, 2] > 0, 1]
    own = (n / total[1]) * (sums[sums[:, 2] > 0, 0] - chance * several) / (1 - chance)
    own_chance = (used @ (1 - shares)) / used.sum(axis=1) / (q - 1)
    parts = own - 2 * (1 - ac1) * (own_chance - chance) / (1 - chance)
    return float(np.sqrt(((parts - ac1) ** 2).sum() / (n * (n - 1))))


def resampling(n_calls: int, n_replicates: int = N_REPLICATES, seed: int = SEED) -> Numbers:
    """Return how often each call stands in each bootstrap sample, [n_replicates, n_calls].

    Source: Efron 1979, Annals of Statistics 7:1-26.
    """
    drawn = np.random.default_rng(seed).integers(0, n_calls, size=(n_replicates, n_calls))
    drawn += np.arange(n_replicates)[:, None] * n_calls
    counted = np.bincount(drawn.ravel(), minlength=n_replicates * n_calls)
    return counted.reshape(n_replicates, n_calls).astype(float)


def agreement(
    counts: Numbers,
    weights: Numbers,
    pairs: Numbers | None = None,
    of_call: npt.NDArray[np.int64] | None = None,
) -> Agreement | None:
    """Return agreement with bootstrap intervals; None where nothing was judged twice.

    `weights` [n_replicates, n_calls] come from `resampling`; `of_call` names the call (its column)
    of each row of `counts`, row i being call i for None: the criteria of a call are drawn together.
    With `pairs` [n_rows, q, q] (two named raters, one's category by the other's) kappa is Cohen's,
    else Fleiss'.
    """
    sums = call_sums(counts)
    rows = np.arange(len(counts)) if of_call is None else of_call
    n_calls = len(np.unique(rows[sums[:, 1] > 0]))
    if n_calls == 0:
        return None
    seen, drawn = sums.sum(axis=0), weights @ _by_call(sums, rows, weights.shape[1])
    if pairs is None:
        kappas = fleiss_kappa(seen), fleiss_kappa(drawn)
    else:
        q = counts.shape[1]
        tables = weights @ _by_call(pairs.reshape(len(pairs), -1), rows, weights.shape[1])
        kappas = cohen_kappa(pairs.sum(axis=0)), cohen_kappa(tables.reshape(-1, q, q))
    floor = _floor(seen, n_calls)
    raw = _interval(raw_agreement(seen), raw_agreement(drawn), wilson(1.0, n_calls).low)
    return Agreement(
        n_calls,
        raw if raw is not None else wilson(float(raw_agreement(seen)), n_calls),
        _interval(gwet_ac1(seen), gwet_ac1(drawn), floor),
        _interval(kappas[0], kappas[1], floor),
        _interval(krippendorff_alpha(seen), krippendorff_alpha(drawn), floor),
    )


def _by_call(sums: Numbers, rows: npt.NDArray[np.int64], n_calls: int) -> Numbers:
    added = np.zeros((n_calls, sums.shape[1]))
    np.add.at(added, rows, sums)
    return added


def _floor(seen: Numbers, n_calls: int) -> float:
    """Return the least chance-corrected agreement of calls that all agree: resampling shows none.

    Wilson's bound of raw agreement is corrected by the chance that the coefficient reckons with.
    """
    shares = _category_shares(seen)
    chance = float((shares * (1 - shares)).sum()) / max(1, len(shares) - 1)
    return float((wilson(1.0, n_calls).low - chance) / (1 - chance))


def _interval(value: Numbers, drawn: Numbers, floor: float) -> Interval | None:
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(known) < 0.9 * len(drawn):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    if float(value) == 1.0:
        low = min(low, floor)
    return Interval(float(value), float(min(low, value)), float(max(high, value)))


def _n_categories(sums: Numbers) -> int:
    return (math.isqrt(1 + 4 * (sums.shape[-1] - 3)) - 1) // 2


def _category_shares(sums: Numbers) -> Numbers:
    return _divide(sums[..., 3 : 3 + _n_categories(sums)], sums[..., 2:3])


def _distances(metric: Metric, totals: Numbers, values: Numbers) -> Numbers:
    """Return squared distances of categories [..., q, q]."""
    if metric == "nominal":
        return 1 - np.eye(len(values))
    if metric == "ordinal":
        middle = np.cumsum(totals, axis=-1) - totals / 2  # a category's mean rank
        return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)
    apart = values[:, None] - values[None, :]
    if metric == "interval":
        return np.asarray(apart**2)
    return np.asarray(_divide(apart, values[:, None] + values[None, :]) ** 2)


def _divide(above: npt.ArrayLike, below: npt.ArrayLike) -> Numbers:
    top, bottom = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    quotient: Numbers = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=quotient, where=bottom > 1e-12)
    return quotient
