"""What a draw looks at: a period's judged calls with their flags, and what people said before."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.periods import period_before
from qa_pipeline.sampling.capacity import Days
from qa_pipeline.sampling.members import stratum_columns
from qa_pipeline.sampling.plan import SamplingPlan
from qa_pipeline.sampling.strata import (
    call_verdict,
    calls_with_verdicts,
    column,
    flagged_calls,
    strata_of,
)
from qa_pipeline.store import BatchRow, Store
from qa_pipeline.texts import Text

DRAWN, NOT_DRAWN, TARGETED = "random", "frame", "targeted"

#: Stratum -> (calls that people passed, calls that people decided on).
Seen = Mapping[str, tuple[int, int]]


def judged_frame(store: Store, period: str) -> pl.DataFrame:
    """Return one row a judged call of the period, with the machine's verdict and the flags."""
    calls = calls_with_verdicts(store.read("evaluations", period))
    verdicts = store.read("verdicts", period, columns=("call_id", "fatal", "outcome"))
    return flagged_calls(calls, verdicts)


def nothing_judged(store_path: Path, period: str) -> WrongUse:
    """Return the error for a period without judged calls."""
    return WrongUse(
        str(store_path),
        Text(en="the store holds no judged call of this period", zh="存储中没有该周期已评分的通话"),
        Text(
            en="check --period and --date, or run the night first: qa run SOURCE --manifest M",
            zh="请检查 --period 与 --date，或先运行夜间任务：qa run SOURCE --manifest M",
        ),
        got=period,
    )


def days_covered(
    period: str, batches: Sequence[BatchRow], *, is_framed: bool, until: date | None
) -> Days:
    """Return how much of the period's days batches cover, before this one and with it.

    Without `until` the period is taken as complete. Batches of a version that did not note their
    days (`is_framed` without rows) covered all of it.
    """
    n_days = monthrange(int(period[:4]), int(period[5:]))[1]
    before = max((_day(batch.until, period, n_days) for batch in batches), default=0)
    if is_framed and not batches:
        before = n_days
    return Days(n_days, before, max(before, _day(until, period, n_days)))


def _day(until: date | None, period: str, n_days: int) -> int:
    if until is None or until.strftime("%Y-%m") > period:
        return n_days
    return until.day


def seen_by_people(store: Store, plan: SamplingPlan, period: str) -> Seen:
    """Return what people decided on random calls of the period and the one before, by stratum."""
    counts: dict[str, tuple[int, int]] = {}
    for each in (period_before(period), period):
        drawn = [row.call_id for row in store.ledger.samples(each) if row.purpose == DRAWN]
        reviews = store.ledger.reviews(each) if drawn else ()
        if not reviews:
            continue
        said = pl.DataFrame(
            {
                "call_id": [review.call_id for review in reviews],
                "passed": [review.passed for review in reviews],
            },
            schema={"call_id": pl.String, "passed": pl.Boolean},
        )
        verdicts = said.group_by("call_id").agg(call_verdict(pl.col("passed")).alias("human"))
        calls = judged_frame(store, each)
        if any(column(calls, name) is None for name in stratum_columns(plan)):
            continue  # that month's calls know nothing of a stratum that is new
        decided = (
            calls.with_columns(strata_of(calls, stratum_columns(plan)).alias("stratum"))
            .filter(pl.col("call_id").is_in(drawn))
            .join(verdicts.filter(pl.col("human") != "undecided"), on="call_id")
            .group_by("stratum")
            .agg((pl.col("human") == "pass").sum().alias("n_passed"), pl.len().alias("n"))
        )
        for stratum, n_passed, n in decided.iter_rows():
            before = counts.get(stratum, (0, 0))
            counts[stratum] = (before[0] + n_passed, before[1] + n)
    return counts
