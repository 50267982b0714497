"""Tables of a month written by hand: only what a test says, everything else as the store has it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from qa_pipeline.aggregate.tables import (
    ASSIGNMENT_SCHEMA,
    FRAME_SCHEMA,
    GOLD_SCHEMA,
    OPINION_SCHEMA,
    REVIEW_SCHEMA,
    MonthTables,
    Schema,
)
from qa_pipeline.store.schemas import SCHEMAS, Table

Rows = Sequence[dict[str, Any]]


def table(name: Table, rows: Rows) -> pl.DataFrame:
    """Return rows as the store would, columns that a row leaves out being null."""
    schema = SCHEMAS[name]
    return pl.DataFrame({c: [row.get(c) for row in rows] for c in schema}, schema=schema)


def tables(
    evaluations: Rows = (),
    verdicts: Rows = (),
    findings: Rows = (),
    *,
    calls: Rows = (),
    failures: Rows = (),
    frame: Rows = (),
    reviews: Rows = (),
    opinions: Rows = (),
    assignments: Rows = (),
    gold: Rows = (),
) -> MonthTables:
    """Return the tables of October 2026."""
    return MonthTables(
        period="2026-10",
        calls=table("calls", calls).lazy(),
        evaluations=table("evaluations", evaluations).lazy(),
        verdicts=table("verdicts", verdicts).lazy(),
        findings=table("findings", findings).lazy(),
        failures=table("failures", failures),
        frame=_people(frame, FRAME_SCHEMA),
        reviews=_people(reviews, REVIEW_SCHEMA),
        opinions=_people(opinions, OPINION_SCHEMA),
        assignments=_people(assignments, ASSIGNMENT_SCHEMA),
        gold=_people(gold, GOLD_SCHEMA),
    )


def _people(rows: Rows, schema: Schema) -> pl.DataFrame:
    return pl.DataFrame({c: [row.get(c) for row in rows] for c in schema}, schema=schema)


def evaluated(
    call_id: str, passed: bool | None, group: str = "a", card: str = "x"
) -> dict[str, Any]:
    """Return an evaluation's row."""
    return {"call_id": call_id, "group": group, "scorecard_id": card, "scorecard_version": 1,
            "scorecard_sha256": "d" * 64, "passed": passed, "coverage": 1.0, "metadata": "{}",
            "agent_id": "7", "local_date": date(2026, 10, 5), "started_at": _AT}  # fmt: skip


def judged(
    call_id: str, criterion: str, outcome: str, severity: str = "B", **more: Any
) -> dict[str, Any]:
    """Return a verdict's row."""
    return {**evaluated(call_id, None), "criterion": criterion, "outcome": outcome, "section": "s",
            "severity": severity, "fatal": severity == "A", "position": 0, "reason": "because",
            **more}  # fmt: skip


def framed(call_id: str, stratum: str, *, drawn: bool, batch: str = "001") -> dict[str, Any]:
    """Return a call of a closed batch."""
    return {"call_id": call_id, "batch": batch, "stratum": stratum, "is_drawn": drawn}


def reviewed(
    call_id: str, passed: bool | None, reviewer: str = "r1", day: int = 1, card: str = "x"
) -> dict[str, Any]:
    """Return a review."""
    at = datetime(2026, 11, day, tzinfo=UTC)
    return {"call_id": call_id, "scorecard_id": card, "passed": passed, "reviewer": reviewer,
            "blind": True, "created_at": at}  # fmt: skip


def opinion(
    call_id: str, criterion: str, outcome: str, reviewer: str = "r1", day: int = 1
) -> dict[str, Any]:
    """Return what a blind reviewer says of one criterion."""
    return {**reviewed(call_id, None, reviewer, day), "criterion": criterion, "outcome": outcome}


_AT = datetime(2026, 10, 5, 2, tzinfo=UTC)
