"""One pass over the month's verdicts, from which every figure about criteria is added up.

`tally` has a row for each criterion, version, group, agent and outcome, with the number of calls:
some ten thousand rows, however many calls there were.
"""

from dataclasses import dataclass

import polars as pl

from qa_pipeline.aggregate.figures import SeverityCount
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import NO_VALUE

KEY = ("scorecard_id", "criterion")


@dataclass(frozen=True, slots=True)
class Tally:
    """`verdicts`: calls by criterion, group, agent and outcome; `classes`: calls by failed class.

    `unmeasured` has the reasons of what was not measured, `fatal` the evaluations in which a fatal
    criterion was not.
    """

    verdicts: pl.DataFrame
    classes: pl.DataFrame
    unmeasured: pl.DataFrame
    fatal: pl.DataFrame


def tally_of(tables: MonthTables) -> Tally:
    """Count the month's verdicts."""
    named = tables.verdicts.with_columns(
        pl.col("group").fill_null(NO_VALUE), pl.col("agent_id").fill_null(NO_VALUE)
    )
    unmeasured = tables.verdicts.filter(pl.col("outcome") == "not_measured")
    counted = (
        named.group_by(*_NAMED).agg(pl.len().cast(pl.Int64).alias("n")),
        named.filter(pl.col("outcome") == "fail")
        .select("call_id", "group", "severity")
        .unique()
        .group_by("group", "severity")
        .agg(pl.len().cast(pl.Int64).alias("n_calls")),
        unmeasured.group_by(*KEY, "reason").agg(pl.len().cast(pl.Int64).alias("n")),
        unmeasured.filter("fatal").select("call_id", "scorecard_id").unique(),
    )
    # one after the other: together they would share one scan, and hold all its rows
    return Tally(*(frame.collect(engine="streaming") for frame in counted))


_NAMED = (
    *KEY, "scorecard_version", "section", "severity", "fatal", "position",
    "group", "agent_id", "outcome",
)  # fmt: skip


def severity_counts(tally: Tally, group: str | None) -> tuple[SeverityCount, ...]:
    """Return failed criteria by class, every class that was judged, in order of its name."""
    chosen = pl.lit(True) if group is None else pl.col("group") == group
    calls = tally.classes.filter(chosen).group_by("severity").agg(pl.col("n_calls").sum())
    counts = (
        tally.verdicts.filter(chosen)
        .group_by("severity")
        .agg(
            pl.col("fatal").any(),
            pl.col("n").filter(pl.col("outcome") == "fail").sum().alias("n_failed"),
        )
        .join(calls, on="severity", how="left")
        .with_columns(pl.col("n_calls").fill_null(0))
        .sort("severity")
    )
    return tuple(SeverityCount(*row) for row in counts.iter_rows())
