"""How well the machine finds failures of a criterion, and what its rate is worth corrected for it.

"Positive" is a failure: sensitivity is the share of failing calls that the machine fails,
specificity the share of passing calls that it passes; people's blind reviews are the truth.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa_pipeline.statistics.intervals import Interval, normal_quantile, wilson
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N


@dataclass(frozen=True, slots=True)
class Share:
    """A share with the (effective) number of calls behind it; no interval below ten of them."""

    value: float
    n: int
    n_effective: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A machine criterion against people; None where no call failed (or passed) by their word."""

    sensitivity: Share | None
    specificity: Share | None


def accuracy(
    machine_failed: npt.NDArray[np.bool_],
    human_failed: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
) -> Accuracy:
    """Return sensitivity and specificity over blind reviews, weighted by 1 / inclusion probability.

    A sample drawn by machine verdict holds more of the machine's failures than the month does;
    counted plainly, it would flatter the sensitivity.

    Source: Begg & Greenes 1983, Biometrics 39:207-215 (verification bias).
    """
    return Accuracy(
        weighted_share(machine_failed[human_failed], weights[human_failed]),
        weighted_share(~machine_failed[~human_failed], weights[~human_failed]),
    )


def weighted_share(hits: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> Share | None:
    """Return the weighted share of hits, with Wilson's interval at an effective size.

    The size is the lesser of Kish's and that of the linearised variance of the ratio, with the
    share smoothed by one hit and one miss of mean weight.

    Source: Kish 1965, Survey Sampling, 11.7; Särndal, Swensson & Wretman 1992, 5.6 (ratio).
    """
    total = float(weights.sum())
    if total <= 0:
        return None
    value = float(weights[hits].sum() / total)
    mean = total / len(weights)
    smooth = (value * total + mean) / (total + 2 * mean)
    spread = float((weights**2 * (hits - smooth) ** 2).sum() + 2 * mean**2 * smooth * (1 - smooth))
    linear = smooth * (1 - smooth) * (total + 2 * mean) ** 2 / spread
    n_effective = min(total**2 / float((weights**2).sum()), linear)
    enough = n_effective >= MIN_EFFECTIVE_N
    interval = wilson(min(value, 1.0), n_effective) if enough else None
    return Share(value, len(hits), n_effective, interval)


def rogan_gladen(
    share: float, n: float, sensitivity: tuple[float, float], specificity: tuple[float, float]
) -> Interval | None:
    """Return the true share behind the machine's, clipped to 0-1, with its interval.

    `share` of `n` calls was found; `sensitivity` and `specificity` are (value, calls behind it).
    None where the machine does no better than chance. For one criterion only, never for a call.

    Source: Rogan & Gladen 1978, American Journal of Epidemiology 107:71-76; interval after Lang &
    Reiczigel 2014, Preventive Veterinary Medicine 113:13-22.
    """
    (se, n_se), (sp, n_sp) = sensitivity, specificity
    if se + sp <= 1:
        return None
    z = normal_quantile()
    found = (n * share + z * z / 2) / (n + z * z)
    se_, sp_ = (n_se * se + 1) / (n_se + 2), (n_sp * sp + 1) / (n_sp + 2)
    if se_ + sp_ <= 1:
        return None
    true = (found + sp_ - 1) / (se_ + sp_ - 1)
    of_se, of_sp = se_ * (1 - se_) / (n_se + 2), sp_ * (1 - sp_) / (n_sp + 2)
    shift = 2 * z * z * (true * of_se - (1 - true) * of_sp)
    variance = found * (1 - found) / (n + z * z) + true**2 * of_se + (1 - true) ** 2 * of_sp
    half = z * math.sqrt(variance) / (se_ + sp_ - 1)
    value = _clipped((share + sp - 1) / (se + sp - 1))
    low, high = _clipped(true + shift - half), _clipped(true + shift + half)
    return Interval(value, min(low, value), max(high, value))


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share))
