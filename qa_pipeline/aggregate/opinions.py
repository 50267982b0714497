"""What reviewers said of each criterion, beside the machine, as small tables of codes.

A code is the place of the outcome in `OUTCOMES`; what could not be judged has none and no row.
"""

import polars as pl

from qa_pipeline.aggregate.tables import MonthTables

#: What a rater can say of a criterion that he or she could judge, and of a whole call.
OUTCOMES = ("pass", "fail", "not_applicable")
#: The criterion that stands for the call's own verdict under a scorecard.
CALL = ""
KEY = ("call_id", "scorecard_id", "criterion")

_CODE = pl.col("outcome").replace_strict(
    OUTCOMES, range(len(OUTCOMES)), default=None, return_dtype=pl.Int64
)


def said_of(tables: MonthTables) -> pl.DataFrame:
    """Return `KEY, reviewer, blind, created_at, code`: every reviewer's last word."""
    columns = (*KEY, "reviewer", "blind", "created_at", "outcome")
    whole = tables.reviews.filter(pl.col("passed").is_not_null()).select(
        "call_id",
        "scorecard_id",
        pl.lit(CALL).alias("criterion"),
        "reviewer",
        "blind",
        "created_at",
        pl.when("passed").then(pl.lit("pass")).otherwise(pl.lit("fail")).alias("outcome"),
    )
    every = pl.concat([tables.opinions.select(columns), whole.select(columns)])
    return (
        every.with_columns(code=_CODE)
        .drop_nulls("code")
        .drop("outcome")
        .sort(*KEY, "created_at", "reviewer")
    )


def machine_said(tables: MonthTables, said: pl.DataFrame) -> pl.DataFrame:
    """Return `KEY, machine`: the machine's code on the calls that people heard."""
    heard = said.select("call_id").unique().lazy()
    verdicts = tables.verdicts.select(*KEY, "outcome")
    whole = tables.evaluations.filter(pl.col("passed").is_not_null()).select(
        "call_id",
        "scorecard_id",
        pl.lit(CALL).alias("criterion"),
        pl.when("passed").then(pl.lit("pass")).otherwise(pl.lit("fail")).alias("outcome"),
    )
    both = [part.join(heard, on="call_id", how="semi") for part in (verdicts, whole)]
    found = pl.concat(pl.collect_all(both, engine="streaming"))
    return found.with_columns(machine=_CODE).drop_nulls("machine").select(*KEY, "machine")


def blind_pairs(tables: MonthTables, said: pl.DataFrame) -> pl.DataFrame:
    """Return the latest blind review of each random call beside the machine, oldest first.

    Columns `KEY, machine, code, weight, created_at`; `weight` is 1 / inclusion probability.
    Targeted calls (complaints, flagged by the machine) are left out: nobody knows what they
    stand for.
    """
    drawn = tables.frame.filter(pl.col("is_drawn")).select(
        "call_id", weight=1 / pl.col("inclusion_probability").fill_null(1.0)
    )
    latest = said.filter(pl.col("blind")).unique(KEY, keep="last", maintain_order=True)
    return (
        latest.join(drawn, on="call_id")
        .join(machine_said(tables, said), on=list(KEY))
        .select(*KEY, "machine", "code", "weight", "created_at")
        .sort("created_at", *KEY)
    )
