"""The best and the worst recordings of each agent, to praise and to learn from."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import NO_VALUE

N_RECORDINGS = 3
#: A score that rests on less than this share of the applicable points picks no call out.
_MIN_COVERAGE = 0.6


@dataclass(frozen=True, slots=True)
class Recording:
    """A call with its machine score, 0-100, and what people said of it where they heard it."""

    call_id: str
    local_date: date
    score: float
    machine_passed: bool
    human_passed: bool | None


@dataclass(frozen=True, slots=True)
class AgentRecordings:
    """An agent's best and worst calls; none stands in both."""

    agent_id: str
    group: str
    n_calls: int
    best: tuple[Recording, ...]
    worst: tuple[Recording, ...]


def recordings_of(tables: MonthTables) -> tuple[AgentRecordings, ...]:
    """Return each agent's best and worst decided calls by score, in order of agent and group.

    The better covered call comes first among equals, then the newer one; the id breaks ties. A
    perfect call is never among the worst, and of few calls at most half stand on each side.
    """
    calls = _scored(tables)
    heard = _heard(tables)
    key = ["agent_id", "group"]
    order = ["coverage", "local_date", "call_id"]
    down = [True, True, False]
    sizes = calls.group_by(key).agg(pl.len().cast(pl.Int64).alias("n_calls"))
    picked = [
        calls.join(sizes, on=key)
        .sort("score", *order, descending=[is_best, *down])
        .filter(True if is_best else pl.col("score") < 100)
        .with_columns(nth=pl.int_range(pl.len()).over(key))
        .filter(pl.col("nth") < pl.min_horizontal(pl.lit(N_RECORDINGS), pl.col("n_calls") // 2))
        .join(heard, on="call_id", how="left", maintain_order="left")
        .partition_by(key, as_dict=True, maintain_order=True)
        for is_best in (True, False)
    ]
    return tuple(
        AgentRecordings(
            agent_id,
            group,
            n_calls,
            *(_rows(found.get((agent_id, group))) for found in picked),
        )
        for agent_id, group, n_calls in sizes.sort(key).iter_rows()
    )


def _scored(tables: MonthTables) -> pl.DataFrame:
    """Return one row a decided call with an agent, with its lowest score of several scorecards."""
    calls = (
        tables.evaluations.filter(
            pl.col("agent_id").is_not_null(),
            pl.col("score").is_not_null(),
            pl.col("passed").is_not_null(),
        )
        .group_by("call_id")
        .agg(
            pl.col("agent_id").first(),
            pl.col("group").first().fill_null(NO_VALUE),
            pl.col("local_date").first(),
            pl.col("score").min(),
            pl.col("passed").all(),
            pl.col("coverage").min(),
        )
    )
    return calls.filter(pl.col("coverage") >= _MIN_COVERAGE).collect(engine="streaming")


def _heard(tables: MonthTables) -> pl.DataFrame:
    latest = tables.reviews.filter(pl.col("passed").is_not_null()).sort("created_at", "reviewer")
    kept = latest.unique(["call_id", "scorecard_id"], keep="last", maintain_order=True)
    return kept.group_by("call_id").agg(pl.col("passed").all().alias("human_passed"))


def _rows(calls: pl.DataFrame | None) -> tuple[Recording, ...]:
    if calls is None:
        return ()
    columns = ("call_id", "local_date", "score", "passed", "human_passed")
    return tuple(Recording(*row) for row in calls.select(columns).iter_rows())
