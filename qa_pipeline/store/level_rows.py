"""The ledger's rows of inspection levels: every switch, its reason, and what decided it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A switch of a subject's level. `reason` is a code, `evidence` the numbers behind it.

    `overridden_by` and `note` say who decided otherwise, and why.
    """

    subject_kind: str
    subject: str
    level: str
    effective_on: date
    reason: str
    evidence: Mapping[str, Any]
    note: str
    overridden_by: str | None
    decided_at: datetime


class Levels:
    """The part of the ledger that keeps inspection levels."""

    _db: Database

    def save_levels(self, rows: Sequence[LevelRow]) -> None:
        """Add switches, all or none; a switch that stands stays."""
        if rows:
            values = [{**asdict(row), "evidence": dict(row.evidence)} for row in rows]
            with self._db.writing() as connection:
                connection.execute(sa.insert(t.levels), values)

    def levels(self, subject_kind: str) -> tuple[LevelRow, ...]:
        """Return every switch of a kind of subject, in order of effect and decision."""
        c = t.levels.c
        query = (
            sa.select(*_COLUMNS)
            .where(c.subject_kind == subject_kind)
            .order_by(c.effective_on, c.id)
        )
        with self._db.reading() as connection:
            return tuple(LevelRow(*row) for row in connection.execute(query))


_COLUMNS = tuple(t.levels.c[name] for name in LevelRow.__dataclass_fields__)
