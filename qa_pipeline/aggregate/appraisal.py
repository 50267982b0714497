"""Each reviewer's sheet: load, time, agreement with colleagues and agreed answers, strictness.

A sheet shows where to talk, not whom to blame: every share has its interval, and none is shown on
fewer than ten calls.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from qa_pipeline.aggregate.opinions import CALL, KEY, OUTCOMES, machine_said
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.statistics.intervals import Interval, normal_quantile, wilson
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

#: Two reviews further apart than this have a break between them, and no work to be timed.
_MAX_GAP_MIN = 60.0


@dataclass(frozen=True, slots=True)
class CallShare:
    """A share over the criteria of some calls. The interval counts calls, not criteria."""

    value: float
    n_calls: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Load:
    """What a reviewer was given and did in the month.

    `minutes` is the median time from one submitted review to the next, breaks left out; None for
    fewer than ten. `n_late` reviews were submitted after the day that they were due (in UTC).
    """

    n_calls: int
    n_blind: int
    n_days: int
    n_assigned: int
    n_open: int
    n_late: int
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One reviewer's month.

    `with_peers` is agreement on calls that others heard too, `with_majority` with most of the
    others where three or more heard the call (calibration sessions), `with_gold` with the agreed
    answers. `strictness` is the reviewer's failure share less what colleagues would have given
    where the machine said the same: above 0 is stricter.
    """

    reviewer: str
    load: Load
    with_peers: CallShare | None
    with_majority: CallShare | None
    with_gold: CallShare | None
    strictness: Interval | None


def appraisals_of(tables: MonthTables, said: pl.DataFrame) -> tuple[Appraisal, ...]:
    """Return every reviewer's sheet, in order of names; `said` as `opinions.said_of` gives it."""
    criteria = said.filter(pl.col("criterion") != CALL)
    reviews = tables.reviews.group_by("reviewer", "call_id").agg(
        pl.col("created_at").max(), pl.col("blind").all()
    )
    peers, majority, gold = _with_peers(criteria), _majority(criteria), _gold(tables, criteria)
    strict = _strictness(tables, criteria)
    names = sorted({*reviews["reviewer"], *tables.assignments["reviewer"]})
    return tuple(
        Appraisal(
            name,
            _load(reviews.filter(reviewer=name), tables.assignments.filter(reviewer=name)),
            with_peers=_share(peers, name),
            with_majority=_share(majority, name),
            with_gold=_share(gold, name),
            strictness=_mean(strict.filter(reviewer=name)),
        )
        for name in names
    )


def _load(reviews: pl.DataFrame, assigned: pl.DataFrame) -> Load:
    asked = assigned.unique("call_id").join(
        reviews.select("call_id", "created_at"), on="call_id", how="left"
    )
    gaps = reviews.sort("created_at")["created_at"].diff().dt.total_seconds() / 60
    worked = gaps.filter(gaps <= _MAX_GAP_MIN)
    median = worked.median() if len(worked) >= MIN_EFFECTIVE_N else None
    return Load(
        n_calls=reviews["call_id"].n_unique(),
        n_blind=int(reviews["blind"].sum()),
        n_days=reviews["created_at"].dt.date().n_unique(),
        n_assigned=asked.height,
        n_open=asked["created_at"].null_count(),
        n_late=asked.filter(pl.col("created_at").dt.date() > pl.col("due_on")).height,
        minutes=median if isinstance(median, float) else None,
    )


def _with_peers(criteria: pl.DataFrame) -> pl.DataFrame:
    """Return `reviewer, call_id, agreed` (share of colleagues' words that are the same)."""
    sizes = criteria.with_columns(
        n=pl.len().over(KEY), same=pl.len().over(*KEY, "code") - 1
    ).filter(pl.col("n") > 1)
    return sizes.select("reviewer", "call_id", agreed=pl.col("same") / (pl.col("n") - 1))


def _majority(criteria: pl.DataFrame) -> pl.DataFrame:
    """Return `reviewer, call_id, agreed` with what most of the others said, ties left out."""
    heard = criteria.filter(pl.len().over(KEY) >= 3)
    votes = [
        (pl.col("code") == code).sum().over(KEY) - (pl.col("code") == code).cast(pl.Int64)
        for code in range(len(OUTCOMES))
    ]
    others = heard.with_columns(pl.len().over(KEY).alias("n") - 1, most=pl.max_horizontal(votes))
    own = pl.len().over(*KEY, "code") - 1
    decided = others.with_columns(own=own).filter(2 * pl.col("most") > pl.col("n"))
    return decided.select(
        "reviewer", "call_id", agreed=(pl.col("own") == pl.col("most")).cast(pl.Float64)
    )


def _gold(tables: MonthTables, criteria: pl.DataFrame) -> pl.DataFrame:
    answers = tables.gold.unique(KEY, keep="last", maintain_order=True).rename(
        {"outcome": "answer"}
    )
    code = pl.col("code").replace_strict(range(len(OUTCOMES)), OUTCOMES, return_dtype=pl.String)
    return criteria.join(answers, on=list(KEY)).select(
        "reviewer", "call_id", agreed=(code == pl.col("answer")).cast(pl.Float64)
    )


def _share(agreed: pl.DataFrame, name: str) -> CallShare | None:
    own = agreed.filter(reviewer=name)
    if own.is_empty():
        return None
    value, n_calls = float(own["agreed"].to_numpy().mean()), own["call_id"].n_unique()
    interval = wilson(value, n_calls) if n_calls >= MIN_EFFECTIVE_N else None
    return CallShare(value, n_calls, interval)


def _strictness(tables: MonthTables, criteria: pl.DataFrame) -> pl.DataFrame:
    """Return `reviewer, excess, n`, one row a call: failures given less those expected, criteria.

    Expected is the failure share of all other reviewers of the month, criterion by criterion, where
    the machine said the same: calls come to reviewers by chance, but not always equally hard ones.
    """
    judged = criteria.filter(pl.col("code") < 2, pl.col("blind")).join(
        machine_said(tables, criteria), on=list(KEY), how="left"
    )
    where = ("scorecard_id", "criterion", "machine")
    failed = pl.col("code").cast(pl.Float64)
    compared = judged.with_columns(
        others=pl.len().over(where) - pl.len().over(*where, "reviewer"),
        failed=failed.sum().over(where) - failed.sum().over(*where, "reviewer"),
    ).filter(pl.col("others") > 0)
    excess = pl.col("code") - pl.col("failed") / pl.col("others")
    return compared.group_by("reviewer", "call_id").agg(excess.sum().alias("excess"), n=pl.len())


def _mean(calls: pl.DataFrame) -> Interval | None:
    """Return the mean excess a criterion, with an interval over calls (ratio estimate).

    Source: Cochran 1977, 2.11.
    """
    if calls.height < MIN_EFFECTIVE_N:
        return None
    excess, n = calls["excess"].to_numpy(), calls["n"].to_numpy()
    value = float(excess.sum() / n.sum())
    spread = float(((excess - value * n) ** 2).sum()) / (len(n) - 1)
    half = normal_quantile() * np.sqrt(spread / len(n)) / float(n.mean())
    return Interval(value, value - half, value + half)
