"""Tables of the ledger as columns: a month's frame holds every call, and needs no object for it."""

from typing import Any

import polars as pl
import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.work import JUDGE, MEASURE


def frame_columns(ledger: Ledger, period: str) -> pl.DataFrame:
    """Return `call_id, batch, stratum, is_drawn, inclusion_probability` of the closed batches.

    Targeted rows are left out: nobody drew them at random.
    """
    c = t.samples.c
    query = sa.select(
        c.call_id, c.batch, c.stratum, c.purpose == "random", c.inclusion_probability
    ).where(c.period == period, c.purpose.in_(("random", "frame")))
    schema: dict[str, type[pl.DataType]] = {
        "call_id": pl.String,
        "batch": pl.String,
        "stratum": pl.String,
        "is_drawn": pl.Boolean,
        "inclusion_probability": pl.Float64,
    }
    return ledger.columns(query, schema)


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
    old = [MEASURE, *(f"{JUDGE}/{name}" for name in {s.scorecard_id for s in ledger.scorecards()})]
    superseded = (
        sa.select(work.stage, sa.func.count())
        .where(work.stage.in_(old), work.period == period, work.state == "superseded")
        .group_by(work.stage)
        .order_by(work.stage)
    )
    # wrapped, so that no planner prefers the index of a whole month to that of the one call
    state, month = sa.func.coalesce(work.state, ""), sa.func.coalesce(work.period, "")
    heard = sa.exists().where(
        work.call_id == reviews.call_id, work.stage == MEASURE, state == "done", month == period
    )
    newest = sa.select(sa.func.count(), sa.func.max(reviews.id)).where(heard)
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
