"""What a month is added up from: the store's tables, the frozen sample, people's reviews.

The store's tables are lazy: a month may hold tens of millions of findings, and each figure reads
only the columns that it needs, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import polars as pl

from qa_pipeline.sampling.strata import NO_VALUE, call_verdict

Schema = dict[str, pl.DataType | type[pl.DataType]]

#: Columns of `frame`: every call of the period's closed batches, drawn or not. A call without an
#: inclusion probability counts as its neighbours in the stratum do.
FRAME_SCHEMA: Schema = {
    "call_id": pl.String,
    "batch": pl.String,
    "stratum": pl.String,
    "is_drawn": pl.Boolean,
    "inclusion_probability": pl.Float64,
}
#: Columns of `reviews`: each reviewer's last word on one call under one scorecard.
REVIEW_SCHEMA: Schema = {
    "call_id": pl.String,
    "scorecard_id": pl.String,
    "passed": pl.Boolean,
    "reviewer": pl.String,
    "blind": pl.Boolean,
    "created_at": pl.Datetime("us", "UTC"),
}
#: Columns of `opinions`: what that last word says of each criterion.
OPINION_SCHEMA: Schema = {
    "call_id": pl.String,
    "scorecard_id": pl.String,
    "criterion": pl.String,
    "outcome": pl.String,
    "reviewer": pl.String,
    "blind": pl.Boolean,
    "created_at": pl.Datetime("us", "UTC"),
}
#: Columns of `assignments`: who was to hear which call, by when.
ASSIGNMENT_SCHEMA: Schema = {"call_id": pl.String, "reviewer": pl.String, "due_on": pl.Date}
#: Columns of `gold`: the agreed answer on calls of calibration sessions.
GOLD_SCHEMA: Schema = {
    "call_id": pl.String,
    "scorecard_id": pl.String,
    "criterion": pl.String,
    "outcome": pl.String,
}


@dataclass(frozen=True, slots=True)
class MonthTables:
    """The tables of one period, as `Store.scan` gives them, and those of people's side."""

    period: str
    calls: pl.LazyFrame
    evaluations: pl.LazyFrame
    verdicts: pl.LazyFrame
    findings: pl.LazyFrame
    failures: pl.DataFrame
    frame: pl.DataFrame
    reviews: pl.DataFrame
    opinions: pl.DataFrame
    assignments: pl.DataFrame
    gold: pl.DataFrame


def between(tables: MonthTables, first: date, last: date) -> MonthTables:
    """Return the tables of the calls of some local days, both ends included: a day, a week."""
    days = pl.col("local_date").is_between(first, last)
    evaluations = tables.evaluations.filter(days)
    chosen = evaluations.select("call_id").unique().collect(engine="streaming")
    people = {
        name: getattr(tables, name).join(chosen, on="call_id", how="semi", maintain_order="left")
        for name in ("frame", "reviews", "opinions", "assignments", "gold")
    }
    return replace(
        tables,
        period=f"{first}" if first == last else f"{first}..{last}",
        calls=tables.calls.filter(days),
        evaluations=evaluations,
        verdicts=tables.verdicts.filter(days),
        findings=tables.findings.filter(days),
        failures=tables.failures.filter(days),
        **people,
    )


def joined(months: Sequence[MonthTables]) -> MonthTables:
    """Return the tables of several months as one; a batch is named after its month too."""
    first = months[0]
    if len(months) == 1:
        return first
    names = [field.name for field in fields(MonthTables) if field.name != "period"]
    frames = [
        replace(
            m,
            frame=m.frame.with_columns(
                pl.concat_str(pl.lit(f"{m.period} "), "batch").alias("batch")
            ),
        )
        for m in months
    ]
    return replace(
        first, **{name: pl.concat([getattr(month, name) for month in frames]) for name in names}
    )


def judged_calls(tables: MonthTables) -> pl.DataFrame:
    """Return `call_id, group, agent_id, machine_verdict, coverage`, one row a call.

    A call under several scorecards has the strictest verdict and the mean coverage.
    """
    calls = tables.evaluations.group_by("call_id").agg(
        pl.col("group").first().fill_null(NO_VALUE),
        pl.col("agent_id").first().fill_null(NO_VALUE),
        call_verdict(pl.col("passed")).alias("machine_verdict"),
        pl.col("coverage").mean(),
    )
    return calls.collect(engine="streaming")


def reviewed_calls(tables: MonthTables) -> pl.DataFrame:
    """Return `call_id, human_passed` of calls on which people have decided.

    Where several people reviewed a call under one scorecard, the latest review stands. A call
    passes when it passed under every scorecard of its evaluations, and fails when it failed one.
    """
    latest = tables.reviews.sort("created_at", "reviewer").unique(
        ["call_id", "scorecard_id"], keep="last", maintain_order=True
    )
    heard = latest.select("call_id").unique().lazy()
    asked = (
        tables.evaluations.select("call_id", "scorecard_id").join(heard, on="call_id", how="semi")
    ).unique()
    verdicts = (
        asked.collect(engine="streaming")
        .join(latest, on=["call_id", "scorecard_id"], how="left")
        .group_by("call_id")
        .agg(call_verdict(pl.col("passed")).alias("verdict"))
    )
    return verdicts.filter(pl.col("verdict") != "undecided").select(
        "call_id", human_passed=pl.col("verdict") == "pass"
    )


def framed_calls(tables: MonthTables, calls: pl.DataFrame) -> pl.DataFrame:
    """Return the frame's calls among `calls` (see `judged_calls`) as they are weighted.

    Adds `group`, `machine_verdict`, `weight` (1 / inclusion probability) and, for calls that were
    drawn and reviewed, `human_passed`.
    """
    return (
        tables.frame.join(calls.select("call_id", "group", "machine_verdict"), on="call_id")
        .join(reviewed_calls(tables), on="call_id", how="left")
        .with_columns(
            human_passed=pl.when("is_drawn").then("human_passed"),
            weight=1 / pl.col("inclusion_probability").fill_null(1.0),
        )
    )


def targeted_reviews(tables: MonthTables, calls: pl.DataFrame) -> pl.DataFrame:
    """Return `group, human_passed` of reviewed calls that were not drawn at random.

    Complaints and flagged calls: counted beside the rates, never in them.
    """
    drawn = tables.frame.filter(pl.col("is_drawn")).select("call_id")
    return (
        reviewed_calls(tables)
        .join(drawn, on="call_id", how="anti")
        .join(calls.select("call_id", "group"), on="call_id")
        .select("group", "human_passed")
    )
