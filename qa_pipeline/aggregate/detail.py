"""The listening detail: one line a review, from which every figure of people is added up."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import NO_VALUE

_KEY = ["call_id", "scorecard_id"]


@dataclass(frozen=True, slots=True)
class Listened:
    """A reviewer's last word on a call under one scorecard, beside the machine's.

    `failed` and `machine_failed` name criteria in order of their names; `is_random` says whether
    the call was drawn at random, and so may enter a rate.
    """

    call_id: str
    scorecard_id: str
    local_date: date
    group: str
    agent_id: str
    reviewer: str
    is_random: bool
    blind: bool
    passed: bool | None
    machine_passed: bool | None
    machine_score: float | None
    failed: tuple[str, ...]
    machine_failed: tuple[str, ...]


def listening_detail(tables: MonthTables) -> tuple[Listened, ...]:
    """Return every review by day, group, agent, call and reviewer; `between` chooses the days."""
    heard = tables.reviews.select(_KEY).unique().lazy()
    is_failed = pl.col("outcome") == "fail"
    machine = tables.evaluations.join(heard, on=_KEY, how="semi").select(
        *_KEY,
        "local_date",
        pl.col("group", "agent_id").fill_null(NO_VALUE),
        machine_passed="passed",
        machine_score="score",
    )
    failed_by_machine = tables.verdicts.filter(is_failed).join(heard, on=_KEY, how="semi")
    calls, verdicts = pl.collect_all(
        [machine, failed_by_machine.select(*_KEY, "criterion")], engine="streaming"
    )
    drawn = tables.frame.filter("is_drawn").select("call_id", is_random=pl.lit(True)).unique()
    rows = (
        tables.reviews.join(calls, on=_KEY)
        .join(drawn, on="call_id", how="left")
        .join(
            _listed(tables.opinions.filter(is_failed), "failed", "reviewer"),
            [*_KEY, "reviewer"],
            "left",
        )
        .join(_listed(verdicts, "machine_failed"), on=_KEY, how="left")
        .with_columns(pl.col("is_random").fill_null(False), pl.col("blind").fill_null(False))
        .sort("local_date", "group", "agent_id", "call_id", "scorecard_id", "reviewer")
    )
    return tuple(_line(row) for row in rows.select(_COLUMNS).iter_rows())


_COLUMNS = tuple(Listened.__dataclass_fields__)


def _listed(failed: pl.DataFrame, name: str, *more: str) -> pl.DataFrame:
    return failed.group_by(*_KEY, *more).agg(pl.col("criterion").sort().alias(name))


def _line(row: tuple[object, ...]) -> Listened:
    *facts, failed, machine_failed = row
    lists = (tuple(names) if isinstance(names, list) else () for names in (failed, machine_failed))
    return Listened(*facts, *lists)  # type: ignore[arg-type]
