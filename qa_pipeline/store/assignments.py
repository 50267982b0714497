"""Who hears which call, how each batch was drawn, and the inspection levels in force.

An issued assignment is never withdrawn or changed; later draws only add.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database

Reason = Literal["random", "focus", "flagged", "back_check", "double"]
#: Most important first: the order in which a reviewer's queue shows calls of one day.
REASONS: Final[tuple[Reason, ...]] = ("back_check", "flagged", "focus", "double", "random")


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A call that one reviewer is to hear.

    `purpose` is that of its sample row ("random" or "targeted"); `reason` says why it is heard:
    "double" is the second, blind hearing of a random row. `blind`: the machine's verdicts stay
    hidden until the review is submitted. `expected_min` is the work that it was counted as, in
    minutes.
    """

    period: str
    batch: str
    call_id: str
    purpose: str
    reason: str
    reviewer: str
    blind: bool
    assigned_at: datetime
    due_on: date | None
    group: str | None = None
    agent_id: str | None = None
    language: str | None = None
    expected_min: float = 0.0


@dataclass(frozen=True, slots=True)
class BatchRow:
    """How a batch was drawn: its calls, those wanted at random, and the plan's SHA-256.

    It covers the days up to `until`; None means the whole period.
    """

    period: str
    batch: str
    until: date | None
    n_calls: int
    n_wanted: int
    plan_sha256: str
    drawn_at: datetime


class Assignments:
    """The part of the ledger that shares out the work of reviewers."""

    _db: Database

    def save_assignments(self, rows: Sequence[AssignmentRow]) -> int:
        """Issue assignments, all or none; those issued before stay as they are.

        Returns how many were new: a call that the reviewer has already for that batch and purpose
        is not issued again.
        """
        if not rows:
            return 0
        with self._db.writing() as connection:
            c = t.assignments.c
            periods = sorted({row.period for row in rows})
            known = sa.select(*_KEY).where(c.period.in_(periods))
            issued = {tuple(row) for row in connection.execute(known)}
            new = [row for row in rows if _key(row) not in issued]
            if new:
                values = [assignment_values(row) for row in new]
                connection.execute(sa.insert(t.assignments), values)
        return len(new)

    def assignments(
        self, period: str | None = None, *, reviewer: str | None = None
    ) -> tuple[AssignmentRow, ...]:
        """Return the assignments of a period and of a reviewer (of all for None), as issued."""
        c = t.assignments.c
        query = sa.select(*_COLUMNS).order_by(c.id)
        if period is not None:
            query = query.where(c.period == period)
        if reviewer is not None:
            query = query.where(c.reviewer == reviewer)
        with self._db.reading() as connection:
            return tuple(AssignmentRow(*row) for row in connection.execute(query))

    def batches(self, period: str) -> tuple[BatchRow, ...]:
        """Return how the period's batches were drawn, in order of their names."""
        c = t.batches.c
        query = sa.select(*_BATCH_COLUMNS).where(c.period == period).order_by(c.batch)
        with self._db.reading() as connection:
            return tuple(BatchRow(*row) for row in connection.execute(query))

    def levels_in_force(self, on: date) -> Mapping[tuple[str, str], str]:
        """Return the inspection level of every subject (kind, name) as of the day `on`.

        The newest row that is effective by then counts; of one day's rows, the last decided.
        """
        c = t.levels.c
        query = (
            sa.select(c.subject_kind, c.subject, c.level)
            .where(c.effective_on <= on)
            .order_by(c.effective_on, c.id)
        )
        with self._db.reading() as connection:
            return {(kind, name): level for kind, name, level in connection.execute(query)}


_COLUMNS = tuple(t.assignments.c[name] for name in AssignmentRow.__dataclass_fields__)
_BATCH_COLUMNS = tuple(t.batches.c[name] for name in BatchRow.__dataclass_fields__)
_KEY_NAMES = ("call_id", "batch", "purpose", "reviewer")
_KEY = tuple(t.assignments.c[name] for name in _KEY_NAMES)


def _key(row: AssignmentRow) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _KEY_NAMES)


def assignment_values(row: AssignmentRow) -> dict[str, Any]:
    """Return the columns of an assignment; `place` sorts a queue: due date, then reason.

    Undated ones come last, unknown reasons after the known ones of their day.
    """
    due = "9999-12-31" if row.due_on is None else row.due_on.isoformat()
    rank = next((i for i, known in enumerate(REASONS) if known == row.reason), len(REASONS))
    return asdict(row) | {"place": f"{due} {rank}"}


def save_batch(connection: sa.Connection, batch: BatchRow) -> None:
    """Keep how a batch was drawn, once: what stands there already stays."""
    c = t.batches.c
    known = sa.select(c.batch).where(c.period == batch.period, c.batch == batch.batch)
    if connection.execute(known).first() is None:
        connection.execute(sa.insert(t.batches).values(**asdict(batch)))
