"""Capacity and precision: the frozen oracles, and how a plan's number of calls comes about."""

from typing import Any

import pytest

from qa_pipeline.sampling.capacity import (
    calls_for_precision,
    cumulative,
    random_calls,
    review_min,
    reviews_a_day,
)
from qa_pipeline.sampling.plan import Capacity, Reviewer, SamplingPlan

FOUR = tuple(Reviewer(name=name, hours=6) for name in "abcd")


def capacity(**keys: Any) -> Capacity:
    return Capacity(**{"reviewers": FOUR, "utilisation": 0.85, "speed": 1.5, **keys})


def test_whole_calls_at_one_and_a_half_speed_oracle() -> None:
    assert reviews_a_day(5, capacity(score_min=2.0, admin_min=0.5)) == 209
    assert 22 * reviews_a_day(5, capacity(score_min=2.0, admin_min=0.5)) == 4598


def test_evidence_clips_only_oracle() -> None:
    """2.5 minutes in all: 489 a day."""
    clips = capacity(heard_share=0.1, speed=1.0, score_min=1.5, admin_min=0.5)
    assert review_min(5, clips) == 2.5
    assert reviews_a_day(5, clips) == 489


def test_a_beginner_counts_by_pace_and_each_by_own_hours() -> None:
    people = (Reviewer(name="a", hours=6), Reviewer(name="b", hours=3, pace=0.5))
    alone = capacity(reviewers=people[:1], speed=1.0, utilisation=1.0)
    both = capacity(reviewers=people, speed=1.0, utilisation=1.0)
    assert (reviews_a_day(5, alone), reviews_a_day(5, both)) == (48, 60)


def test_a_quotient_that_is_whole_on_paper_stays_whole() -> None:
    people = (Reviewer(name="a", hours=0.7),)
    cap = Capacity(reviewers=people, utilisation=1.0, score_min=0.1, admin_min=0.0, speed=1.0)
    assert reviews_a_day(0, cap) == 420


def test_a_review_without_any_work_has_no_capacity() -> None:
    with pytest.raises(ValueError, match="no time"):
        reviews_a_day(0, capacity(score_min=0.0, admin_min=0.0))


def test_precision_oracles() -> None:
    assert calls_for_precision(0.85, 0.05) == pytest.approx(195.91, abs=0.005)
    assert -(-calls_for_precision(0.85, 0.05, 2000) // 1) == 179


def plan(**keys: Any) -> SamplingPlan:
    return SamplingPlan(
        sampling="x", strata=("group",), capacity=capacity(score_min=2.0, admin_min=0.5), **keys
    )


@pytest.mark.parametrize(
    ("keys", "n"),
    [
        pytest.param({"calls": 150}, 150, id="as-the-plan-says"),
        pytest.param({"targeted_share": 0.0}, 4598, id="all-that-can-be-heard"),
        pytest.param({"targeted_share": 0.2}, 3678, id="a-fifth-kept-for-targets"),
        pytest.param(
            {"targeted_share": 0.0, "double_review": 0.1}, 4180, id="second-hearings-cost-too"
        ),
    ],
)
def test_calls_at_random(keys: dict[str, Any], n: int) -> None:
    assert random_calls(plan(**keys), 5) == n


def test_days_add_up_to_the_month_whatever_its_length() -> None:
    for days in (28, 30, 31):
        shares = [cumulative(150, d + 1, days) - cumulative(150, d, days) for d in range(days)]
        assert sum(shares) == 150
        assert max(shares) - min(shares) <= 1
