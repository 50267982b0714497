"""What a month is added up from: the store's tables, the frozen sample, people's reviews."""

from dataclasses import dataclass

import polars as pl

from qa_pipeline.sampling.strata import NO_VALUE, call_verdict, calls_with_verdicts

Schema = dict[str, pl.DataType | type[pl.DataType]]

#: What of `calls` a month needs: no words, no tracks.
CALL_COLUMNS = (
    *("call_id", "tier", "notes", "metadata"),
    *("transcriber", "diariser", "activity", "pipeline_version"),
)
#: Columns of `frame`: every call of the period's closed batches, drawn or not.
FRAME_SCHEMA: Schema = {
    "call_id": pl.String,
    "batch": pl.String,
    "stratum": pl.String,
    "is_drawn": pl.Boolean,
}
#: Columns of `reviews`: each reviewer's last word on one call under one scorecard.
REVIEW_SCHEMA: Schema = {
    "call_id": pl.String,
    "scorecard_id": pl.String,
    "passed": pl.Boolean,
    "reviewer": pl.String,
    "created_at": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True, slots=True)
class MonthTables:
    """The tables of one period, as `Store.read` gives them, and the two of people's side."""

    period: str
    calls: pl.DataFrame
    evaluations: pl.DataFrame
    verdicts: pl.DataFrame
    findings: pl.DataFrame
    failures: pl.DataFrame
    frame: pl.DataFrame
    reviews: pl.DataFrame


def judged_calls(tables: MonthTables) -> pl.DataFrame:
    """Return `call_id, group, machine_verdict`, one row a call that has an evaluation."""
    return calls_with_verdicts(tables.evaluations).select(
        "call_id", pl.col("group").fill_null(NO_VALUE), "machine_verdict"
    )


def reviewed_calls(tables: MonthTables) -> pl.DataFrame:
    """Return `call_id, human_passed` of calls on which people have decided.

    Where several people reviewed a call under one scorecard, the latest review stands. A call
    passes when it passed under every scorecard of its evaluations, and fails when it failed one.
    """
    latest = tables.reviews.sort("created_at", "reviewer").unique(
        ["call_id", "scorecard_id"], keep="last", maintain_order=True
    )
    asked = tables.evaluations.select("call_id", "scorecard_id").unique()
    verdicts = (
        asked.join(latest, on=["call_id", "scorecard_id"], how="left")
        .group_by("call_id")
        .agg(call_verdict(pl.col("passed")).alias("verdict"))
    )
    return verdicts.filter(pl.col("verdict") != "undecided").select(
        "call_id", human_passed=pl.col("verdict") == "pass"
    )


def framed_calls(tables: MonthTables) -> pl.DataFrame:
    """Return the frame with `group` and, for drawn and reviewed calls, `human_passed`."""
    calls = judged_calls(tables).select("call_id", "group")
    return (
        tables.frame.join(calls, on="call_id", how="inner")
        .join(reviewed_calls(tables), on="call_id", how="left")
        .with_columns(human_passed=pl.when("is_drawn").then("human_passed"))
    )
