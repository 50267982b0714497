"""Calibration sessions: the same call, heard blind by several people, then laid side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.assignments import AssignmentRow, assignment_values
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit
from qa_pipeline.texts import Text

REASON = "calibration"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A session. `n_done` of its `n_members` have submitted."""

    id: int
    title: str
    call_id: str
    period: str
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    n_members: int = 0
    n_done: int = 0

    @property
    def batch(self) -> str:
        """The batch of its assignments."""
        return f"calibration-{self.id}"


class Calibrations:
    """Calibration sessions in the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, lead: str, title: str, row: AssignmentRow, members: Sequence[str]) -> int:
        """Open a session on a call and give it to its members; `row` is the call's pattern.

        Raises WrongUse with fewer than two members.
        """
        if len(set(members)) < 2:
            raise WrongUse(
                "members",
                Text(en="a calibration needs two people or more", zh="校准至少需要两人"),
                Text(en="choose at least two reviewers", zh="请至少选择两名质检员"),
            )
        now = datetime.now(UTC)
        with self._db.writing() as connection:
            values = {
                "title": title[:255],
                "call_id": row.call_id,
                "period": row.period,
                "opened_by": lead,
                "opened_at": now,
            }
            inserted = connection.execute(sa.insert(r.calibrations).values(**values))
            assert inserted.inserted_primary_key is not None  # one row was inserted
            number = int(inserted.inserted_primary_key[0])
            pattern = assignment_values(row) | {
                "batch": f"calibration-{number}",
                "reason": REASON,
                "purpose": "targeted",
                "blind": True,
                "assigned_at": now,
            }
            rows = [pattern | {"reviewer": member} for member in sorted(set(members))]
            connection.execute(sa.insert(t.assignments), rows)
            detail = {"calibration": number, "members": sorted(set(members))}
            audit.append(connection, lead, "calibration_opened", f"call {row.call_id}", detail)
        return number

    def close(self, lead: str, number: int) -> None:
        """Close a session: what is not submitted by then is not waited for."""
        with self._db.writing() as connection:
            c = r.calibrations.c
            closed = sa.update(r.calibrations).where(c.id == number, c.closed_at.is_(None))
            now = datetime.now(UTC)
            if connection.execute(closed.values(closed_at=now)).rowcount:
                a = t.assignments.c
                left = sa.and_(a.batch == f"calibration-{number}", a.done_at.is_(None))
                ended = {"done_at": now, "done_by": None, "holder": None, "leased_until": None}
                connection.execute(sa.update(t.assignments).where(left).values(**ended))
                audit.append(connection, lead, "calibration_closed", f"calibration {number}")

    def assignment_ids(self, number: int) -> frozenset[int]:
        """Return the assignments of a session."""
        a = t.assignments.c
        query = sa.select(a.id).where(a.batch == f"calibration-{number}")
        with self._db.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def session(self, number: int) -> Calibration | None:
        """Return one session, None where there is none."""
        return next(iter(self._sessions(r.calibrations.c.id == number)), None)

    def sessions(self) -> tuple[Calibration, ...]:
        """Return every session, newest first."""
        return self._sessions(sa.true())

    def _sessions(self, wanted: sa.ColumnElement[bool]) -> tuple[Calibration, ...]:
        a = t.assignments.c
        query = sa.select(*r.calibrations.c).where(wanted).order_by(r.calibrations.c.id.desc())
        with self._db.reading() as connection:
            rows = connection.execute(query).all()
            counts = {
                batch: (n, done)
                for batch, n, done in connection.execute(
                    sa.select(a.batch, sa.func.count(a.id), sa.func.count(a.done_by))
                    .where(a.batch.in_([f"calibration-{row.id}" for row in rows]))
                    .group_by(a.batch)
                )
            }
        return tuple(_session(row, *counts.get(f"calibration-{row.id}", (0, 0))) for row in rows)


def _session(row: Any, n_members: int, n_done: int) -> Calibration:
    facts = {name: getattr(row, name) for name in r.calibrations.c.keys()}  # noqa: SIM118
    return Calibration(**facts, n_members=n_members, n_done=n_done)
