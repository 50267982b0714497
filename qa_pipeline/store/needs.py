"""The ledger's rows of what a month's problems call for: coaching of one, training of all.

A proposal is made once a month, subject and criterion; people fill in coach, plan and outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database


@dataclass(frozen=True, slots=True)
class CoachingRow:
    """A coaching item of one agent; `coach` and `plan` are empty while nobody took it up."""

    period: str | None
    agent_id: str
    scorecard_id: str | None
    criterion: str | None
    call_id: str | None
    evidence: Mapping[str, Any]
    planned_at: datetime
    coach: str = ""
    plan: str = ""
    outcome: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training need: a criterion that fails everywhere."""

    period: str
    scorecard_id: str
    criterion: str
    severity: str
    evidence: Mapping[str, Any]
    planned_at: datetime
    plan: str = ""
    outcome: str | None = None
    checked_at: datetime | None = None


class Needs:
    """The part of the ledger that keeps coaching items and training needs."""

    _db: Database

    def propose(self, coaching: Sequence[CoachingRow], training: Sequence[TrainingRow]) -> int:
        """Add proposals; return how many were new. One that stands already stays as it is."""
        with self._db.writing() as connection:
            items = [asdict(row) for row in _new(connection, t.coaching, _ITEM, coaching)]
            needs = [asdict(row) for row in _new(connection, t.training, _NEED, training)]
            if items:
                connection.execute(sa.insert(t.coaching), items)
            if needs:
                connection.execute(sa.insert(t.training), needs)
        return len(items) + len(needs)

    def coaching(self, period: str) -> tuple[CoachingRow, ...]:
        """Return the coaching items of a period, in the order made."""
        c = t.coaching.c
        columns = [c[name] for name in CoachingRow.__dataclass_fields__]
        query = sa.select(*columns).where(c.period == period).order_by(c.id)
        with self._db.reading() as connection:
            return tuple(CoachingRow(*row) for row in connection.execute(query))

    def training(self, period: str) -> tuple[TrainingRow, ...]:
        """Return the training needs of a period, in the order made."""
        c = t.training.c
        columns = [c[name] for name in TrainingRow.__dataclass_fields__]
        query = sa.select(*columns).where(c.period == period).order_by(c.id)
        with self._db.reading() as connection:
            return tuple(TrainingRow(*row) for row in connection.execute(query))


_Row = TypeVar("_Row", CoachingRow, TrainingRow)
_ITEM = ("period", "agent_id", "scorecard_id", "criterion")
_NEED = ("period", "scorecard_id", "criterion")


def _new(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[_Row]
) -> list[_Row]:
    known = {tuple(row) for row in connection.execute(sa.select(*(table.c[n] for n in names)))}
    return [row for row in rows if tuple(getattr(row, name) for name in names) not in known]
