"""The calls behind a figure: the same tables, filtered as the figure was counted."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from qa_pipeline.aggregate.tables import MonthTables, reviewed_calls
from qa_pipeline.sampling.strata import NO_VALUE, call_verdict

Heard = Literal["any", "random", "targeted", "blind", "twice"]
HEARD: tuple[Heard, ...] = ("any", "random", "targeted", "blind", "twice")
#: What a call, or with a criterion or a class the verdict on it, came out as.
OUTCOMES = ("pass", "fail", "not_measured", "not_applicable", "pending", "undecided")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a figure counts; None lets everything through.

    `outcome` is that of the criterion or class where one is named, else the machine's verdict on
    the call. `signal` is one that scorecards only count.
    """

    group: str | None = None
    agent: str | None = None
    scorecard: str | None = None
    criterion: str | None = None
    severity: str | None = None
    signal: str | None = None
    outcome: str | None = None
    heard: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class CallBehind:
    """A call, what the machine made of it and, where somebody heard it, what people did."""

    call_id: str
    local_date: date
    group: str
    agent_id: str
    score: float | None
    machine_verdict: str
    human_passed: bool | None


def calls_behind(tables: MonthTables, filters: Filters) -> pl.DataFrame:
    """Return the columns of `CallBehind` of the calls that pass, the newest first."""
    group, agent = (pl.col(name).fill_null(NO_VALUE) for name in ("group", "agent_id"))
    evaluations = tables.evaluations.with_columns(group, agent)
    for name, value in (("group", filters.group), ("agent_id", filters.agent)):
        if value is not None:
            evaluations = evaluations.filter(pl.col(name) == value)
    if filters.scorecard is not None:
        evaluations = evaluations.filter(pl.col("scorecard_id") == filters.scorecard)
    for chosen in _semi_joins(tables, filters):
        evaluations = evaluations.join(chosen.select("call_id").unique(), on="call_id", how="semi")
    calls = evaluations.group_by("call_id").agg(
        pl.col("local_date", "group", "agent_id").first(),
        pl.col("score").min(),
        call_verdict(pl.col("passed")).alias("machine_verdict"),
    )
    if filters.outcome is not None and not _names_verdicts(filters):
        calls = calls.filter(pl.col("machine_verdict") == filters.outcome)
    return (
        calls.collect(engine="streaming")
        .join(reviewed_calls(tables), on="call_id", how="left")
        .sort("local_date", "call_id", descending=[True, False])
        .select(CallBehind.__dataclass_fields__.keys())
    )


def _names_verdicts(filters: Filters) -> bool:
    return filters.criterion is not None or filters.severity is not None


def _semi_joins(tables: MonthTables, filters: Filters) -> list[pl.LazyFrame]:
    """Return tables of which a call must have a row."""
    found = []
    if _names_verdicts(filters):
        verdicts = tables.verdicts
        for name, value in (
            ("scorecard_id", filters.scorecard),
            ("criterion", filters.criterion),
            ("severity", filters.severity),
            ("outcome", filters.outcome),
        ):
            if value is not None:
                verdicts = verdicts.filter(pl.col(name) == value)
        found.append(verdicts)
    if filters.signal is not None:
        counted = pl.col("criterion").is_null() & (pl.col("signal") == filters.signal)
        found.append(tables.findings.filter(counted))
    if filters.heard is not None:
        found.append(_heard(tables, filters.heard).lazy())
    if filters.reviewer is not None:
        found.append(tables.reviews.filter(reviewer=filters.reviewer).lazy())
    return found


def _heard(tables: MonthTables, how: str) -> pl.DataFrame:
    """Return `call_id` of calls that people heard in a way; none for one that is none."""
    reviews = tables.reviews
    drawn = tables.frame.filter("is_drawn")
    match how:
        case "any":
            return reviews
        case "random":
            return reviews.join(drawn, on="call_id", how="semi")
        case "targeted":
            return reviews.join(drawn, on="call_id", how="anti")
        case "blind":
            return reviews.filter("blind").join(drawn, on="call_id", how="semi")
        case "twice":
            return reviews.filter(pl.col("reviewer").n_unique().over("call_id") > 1)
        case _:
            return reviews.clear()
