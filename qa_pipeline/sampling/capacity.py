"""How many calls reviewers can hear, and how many a wanted precision takes."""

import math
from dataclasses import dataclass

from qa_pipeline.sampling.plan import Capacity, SamplingPlan
from qa_pipeline.statistics.intervals import normal_quantile

#: Keeps a quotient that is whole on paper whole after floating point.
_ROUNDING = 1e-9


def review_min(duration_min: float, capacity: Capacity) -> float:
    """Return the minutes that one review takes: listening, scoring, administration."""
    listening = duration_min * capacity.heard_share / capacity.speed
    return listening + capacity.score_min + capacity.admin_min


def reviewer_min(capacity: Capacity) -> tuple[float, ...]:
    """Return each reviewer's effective minutes a day, in the plan's order."""
    return tuple(r.hours * 60 * capacity.utilisation * r.pace for r in capacity.reviewers)


def reviews_a_day(duration_min: float, capacity: Capacity) -> int:
    """Return floor(R * H * 60 * u / (mean_min * share / speed + score_min + admin_min)).

    `duration_min` is the mean duration of a call. Raises ValueError where a review takes no time.
    """
    each_min = review_min(duration_min, capacity)
    if each_min <= 0:
        raise ValueError("a review that takes no time has no capacity")
    return math.floor(sum(reviewer_min(capacity)) / each_min + _ROUNDING)


def random_calls(plan: SamplingPlan, duration_min: float) -> int:
    """Return how many calls of a period are drawn at random.

    `calls` where the plan says it, else what remains of the reviewers' time after the targeted
    share, with the second hearings counted in.
    """
    if plan.calls is not None:
        return plan.calls
    hearings = reviews_a_day(duration_min, plan.capacity) * plan.capacity.days
    return max(1, math.floor(hearings * (1 - plan.targeted_share) / (1 + plan.double_review)))


def calls_for_precision(rate: float, margin: float, n_population: int | None = None) -> float:
    """Return the calls that make an interval of `rate` plus or minus `margin` (95 %).

    With `n_population` the finite population is reckoned with.

    Source: Cochran 1977, Sampling Techniques, 4.4 (n0 and n0 / (1 + (n0 - 1) / N)).
    """
    n = normal_quantile() ** 2 * rate * (1 - rate) / margin**2
    return n if n_population is None else n / (1 + (n - 1) / n_population)


def cumulative(n: int, days_done: int, days: int) -> int:
    """Return how many of a period's `n` calls are due once `days_done` of its `days` are over."""
    return n * days_done // days


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a period: how many it has, and how many batches cover before and with this one."""

    in_period: int
    before: int
    now: int


def batch_size(n: int, days: Days, n_calls: tuple[int, int], framed: tuple[int, int]) -> int:
    """Return how many calls of a batch are drawn at random, at least one.

    `n`: of the period; `n_calls`: new and late calls of the batch; `framed`: calls in batches
    before it, and those drawn of them. New calls share in what the new days bring, late ones (there
    are none before the first batch) are drawn as often as those before them.
    """
    n_new, n_late = n_calls
    n_framed, n_drawn = framed
    due = cumulative(n, days.now, days.in_period) - cumulative(n, days.before, days.in_period)
    wanted = due if n_new else 0
    if n_late:
        wanted += -(-n_drawn * n_late // n_framed)
    return max(1, wanted)
