"""Tables of the ledger as columns: a month's frame holds every call, and needs no object for it."""

import polars as pl
import sqlalchemy as sa

from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.work import MEASURE


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
