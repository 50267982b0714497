"""The weeks of agents and groups as lots: what decides how closely they are listened to.

A lot counts random reviews at their weight: a sample that holds more of what the machine failed
would refuse weeks that were good. Fatal findings count wherever a person confirmed one.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from qa_pipeline.aggregate.tables import MonthTables, reviewed_calls
from qa_pipeline.sampling.levels import NEW_AGENT_DAYS, Lot, SubjectKind
from qa_pipeline.statistics.stratified import effective_count

_COLUMN: dict[SubjectKind, str] = {"agent": "agent_id", "group": "group"}


def lots_of(months: Sequence[MonthTables], kind: SubjectKind) -> tuple[Lot, ...]:
    """Return the lots of several months by week and subject; a week may span two of them."""
    heard = pl.concat([_heard(tables, kind) for tables in months])
    fatal = pl.concat([_fatal(tables, kind) for tables in months])
    new = pl.concat([_new(tables) for tables in months]) if kind == "agent" else fatal.clear()
    key = ["subject", "week"]
    weight = pl.col("weight")
    counts = (
        pl.concat([part.select(key) for part in (heard, fatal, new)])
        .unique()
        .join(
            heard.group_by(key).agg(
                pl.len().alias("n"),
                weight.sum().alias("weights"),
                (weight**2).sum().alias("squares"),
                weight.filter("failed").sum().alias("won"),
            ),
            on=key,
            how="left",
        )
        .join(fatal.group_by(key).agg(pl.len().alias("n_fatal")), on=key, how="left")
        .join(new.select(key).unique().with_columns(is_new=True), on=key, how="left")
        .with_columns(pl.col("n", "weights", "squares", "won", "n_fatal").fill_null(0))
        .sort("week", "subject")
    )
    return tuple(_lot(row) for row in counts.iter_rows(named=True))


def _lot(row: dict[str, Any]) -> Lot:
    count = effective_count(row["n"], row["weights"], row["squares"], row["won"])
    return Lot(
        subject=row["subject"],
        week=row["week"],
        n_reviewed=round(count.n_reviewed),
        n_failed=round(count.n_passed),
        n_fatal=row["n_fatal"],
        is_new=bool(row["is_new"]),
    )


def _days(tables: MonthTables, kind: SubjectKind) -> pl.LazyFrame:
    """Return `call_id, subject, week`, one row a call whose subject is known."""
    subject = pl.col(_COLUMN[kind])
    return (
        tables.evaluations.filter(subject.is_not_null())
        .select(
            "call_id",
            subject.alias("subject"),
            pl.col("local_date").dt.truncate("1w").alias("week"),
        )
        .unique("call_id")
    )


def _heard(tables: MonthTables, kind: SubjectKind) -> pl.DataFrame:
    drawn = tables.frame.filter(pl.col("is_drawn")).select(
        "call_id", weight=1 / pl.col("inclusion_probability").fill_null(1.0)
    )
    reviewed = reviewed_calls(tables).join(drawn, on="call_id")
    days = _days(tables, kind).join(reviewed.lazy(), on="call_id").collect(engine="streaming")
    return days.select("subject", "week", "weight", failed=~pl.col("human_passed"))


def _fatal(tables: MonthTables, kind: SubjectKind) -> pl.DataFrame:
    """Return `subject, week` of calls in which a reviewer's last word confirms a fatal failure."""
    key = ["call_id", "scorecard_id", "criterion"]
    last = tables.opinions.sort("created_at", "reviewer").unique(
        key, keep="last", maintain_order=True
    )
    failed = last.filter(pl.col("outcome") == "fail").select(key).lazy()
    fatal = tables.verdicts.filter("fatal").select(key).join(failed, on=key, how="semi")
    calls = fatal.select("call_id").unique()
    days = _days(tables, kind).join(calls, on="call_id").collect(engine="streaming")
    return days.select("subject", "week")


def _new(tables: MonthTables) -> pl.DataFrame:
    """Return `subject, week` of the weeks in which an agent was new, reviewed or not."""
    since = pl.col("metadata").str.json_path_match("$.agent_since").str.to_date(strict=False)
    served = pl.col("local_date") - since
    weeks = tables.evaluations.filter(
        pl.col("agent_id").is_not_null(), served < timedelta(days=NEW_AGENT_DAYS)
    ).select(
        pl.col("agent_id").alias("subject"), pl.col("local_date").dt.truncate("1w").alias("week")
    )
    return weeks.unique().collect(engine="streaming")
