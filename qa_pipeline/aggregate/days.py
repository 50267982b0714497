"""Day by day: a week's calls as the machine judged them, and how many of each day were heard."""

import polars as pl

from qa_pipeline.aggregate.figures import DayCount
from qa_pipeline.aggregate.rates import machine_rate
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import call_verdict


def days_of(tables: MonthTables) -> tuple[DayCount, ...]:
    """Return the days that have judged calls, in order."""
    calls = (
        tables.evaluations.group_by("local_date", "call_id")
        .agg(call_verdict(pl.col("passed")).alias("machine_verdict"), pl.col("coverage").mean())
        .collect(engine="streaming")
    )
    heard = tables.reviews.select("call_id").unique().with_columns(heard=pl.lit(True))
    known = calls.join(heard, on="call_id", how="left").sort("local_date")
    return tuple(
        DayCount(rows["local_date"][0], machine_rate(rows), int(rows["heard"].count()))
        for rows in known.partition_by("local_date", maintain_order=True)
    )
