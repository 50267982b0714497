"""Tables of the ledger as columns: a month's frame holds every call, and needs no object for it."""

from typing import Any

import polars as pl
import sqlalchemy as sa

from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.people import of_period
from qa_pipeline.store.work import JUDGE, MEASURE

#: Stands between ids that the database strings together; no id holds a control character.
_BETWEEN = "\x1f"


def frame_columns(ledger: Ledger, period: str) -> pl.DataFrame:
    """Return `call_id, batch, stratum, is_drawn, inclusion_probability` of the closed batches.

    Targeted rows are left out: nobody drew them at random.
    """
    c = t.samples.c
    kinds = (c.batch, c.stratum, c.purpose, c.inclusion_probability)
    query = (
        sa.select(*kinds, sa.func.aggregate_strings(c.call_id, _BETWEEN))
        .where(c.period == period, c.purpose.in_(("random", "frame")))
        .group_by(*kinds)
    )
    schema: dict[str, type[pl.DataType]] = {
        "batch": pl.String,
        "stratum": pl.String,
        "purpose": pl.String,
        "inclusion_probability": pl.Float64,
        "call_id": pl.String,
    }
    rows = ledger.columns(query, schema).with_columns(pl.col("call_id").str.split(_BETWEEN))
    return rows.explode("call_id").select(
        "call_id", "batch", "stratum", is_drawn=pl.col("purpose") == "random",
        inclusion_probability="inclusion_probability",
    )  # fmt: skip


def assignment_columns(ledger: Ledger, period: str) -> pl.DataFrame:
    """Return `call_id, reviewer, due_on` of the period's assignments."""
    c = t.assignments.c
    query = sa.select(c.call_id, c.reviewer, c.due_on).where(c.period == period)
    return ledger.columns(query, {"call_id": pl.String, "reviewer": pl.String, "due_on": pl.Date})


def rates_state(ledger: Ledger, period: str) -> dict[str, list[Any]]:
    """Return what a period's pass rates rest on, in a few rows: they change when it does.

    `evaluations` are the files, `superseded` how much of them counts no more, `batches` the frozen
    draws, `reviews` how many there are and the newest.
    """
    work, reviews = t.work.c, t.reviews.c
    superseded = (
        sa.select(work.stage, sa.func.count())
        .where(
            sa.or_(ledger.of_stage(MEASURE), ledger.of_stage(JUDGE)),
            work.period == period,
            work.state == "superseded",
        )
        .group_by(work.stage)
        .order_by(work.stage)
    )
    newest = sa.select(sa.func.count(), sa.func.max(reviews.id)).where(of_period(period))
    counts = {"n": pl.Int64, "newest": pl.Int64}
    return {
        "evaluations": [file.sha256 for file in ledger.files("evaluations", period)],
        "superseded": ledger.columns(superseded, {"stage": pl.String, "n": pl.Int64}).rows(),
        "batches": _batches(ledger, period),
        "reviews": ledger.columns(newest, counts).rows(),
    }


def _batches(ledger: Ledger, period: str) -> list[str]:
    """Return the names of a period's batches, each found by a step in the index.

    A month's frame has a row for every call: none of the rest is read.
    """
    c, found = t.samples.c, [""]
    while True:
        query = sa.select(sa.func.min(c.batch)).where(c.period == period, c.batch > found[-1])
        name = ledger.columns(query, {"batch": pl.String}).item()
        if name is None:
            return found[1:]
        found.append(name)


def gold_columns(ledger: Ledger, period: str) -> pl.DataFrame:
    """Return `call_id, scorecard_id, criterion, outcome`: what leads answered last."""
    c, w = r.resolutions.c, t.work.c
    last = sa.select(sa.func.max(c.id)).group_by(c.call_id, c.scorecard_id, c.criterion)
    of_period = sa.select(w.call_id).where(
        w.stage == MEASURE, w.state == "done", w.period == period
    )
    query = sa.select(c.call_id, c.scorecard_id, c.criterion, c.outcome).where(
        c.id.in_(last), c.call_id.in_(of_period)
    )
    names = ("call_id", "scorecard_id", "criterion", "outcome")
    return ledger.columns(query, dict.fromkeys(names, pl.String))
