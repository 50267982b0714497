"""Tables of the ledger as columns: a month's frame holds every call, and needs no object for it."""

import polars as pl
import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.ledger import Ledger


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
