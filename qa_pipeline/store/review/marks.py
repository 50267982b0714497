"""Marks: what a reviewer clicks, one row each; the draft of a review is what they add up to.

The same key twice is one mark, so a click that is sent again is counted once. An undo is a mark of
its own: nothing is taken back in the record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Outcome
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database
from qa_pipeline.store.review.queue import LEASE, Assignment, held
from qa_pipeline.texts import Text

Kind = Literal["verdict", "comment", "undo"]
#: (scorecard id, criterion).
Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewMark:
    """A click on its way in. `undoes`: the mark to undo, None for the last one that stands."""

    idempotency_key: str
    kind: Kind
    scorecard_id: str | None = None
    criterion: str | None = None
    outcome: Outcome | None = None
    text: str | None = None
    at_s: float | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A click as it was kept; `seq` counts up inside an assignment."""

    seq: int
    idempotency_key: str
    author: str
    kind: Kind
    scorecard_id: str | None
    criterion: str | None
    outcome: Outcome | None
    text: str | None
    at_s: float | None
    undoes: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a call, at a time in it (s) and on a criterion where it has them."""

    seq: int
    text: str
    at_s: float | None
    scorecard_id: str | None
    criterion: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the marks add up to. `n_marks` is the last one's `seq`."""

    verdicts: Mapping[Line, Outcome] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    n_marks: int = 0
    can_undo: bool = False


def added_up(marks: Iterable[Mark]) -> Draft:
    """Return the draft of marks in order of `seq`."""
    every = tuple(marks)
    undone = {mark.undoes for mark in every if mark.kind == "undo"}
    standing = [m for m in every if m.kind != "undo" and m.seq not in undone]
    verdicts: dict[Line, Outcome] = {}
    for mark in standing:
        if mark.kind == "verdict" and mark.scorecard_id and mark.criterion and mark.outcome:
            verdicts[mark.scorecard_id, mark.criterion] = mark.outcome
    comments = tuple(
        Comment(m.seq, m.text or "", m.at_s, m.scorecard_id, m.criterion)
        for m in standing
        if m.kind == "comment"
    )
    return Draft(verdicts, comments, every[-1].seq if every else 0, bool(standing))


class Marks:
    """Marks in the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def draft(self, assignment_id: int) -> Draft:
        """Return the draft of an assignment."""
        with self._db.reading() as connection:
            return added_up(marks_of(connection, assignment_id))

    def marks(self, assignment_id: int) -> tuple[Mark, ...]:
        """Return every mark of an assignment, undone ones and undos too."""
        with self._db.reading() as connection:
            return marks_of(connection, assignment_id)

    def add(self, user: str, assignment: Assignment, new: NewMark) -> Draft:
        """Keep a mark, once whatever often it is sent, and renew the lease.

        Raises WrongUse where the assignment is done or another's, and where there is nothing to
        undo.
        """
        with self._db.writing() as connection:
            before = marks_of(connection, assignment.id)
            if _holds(before, new):
                return added_up(before)
            # Renewing locks the assignment where several write at once (PostgreSQL); what another
            # kept until then is read after it.
            _renew(connection, user, assignment)
            before = marks_of(connection, assignment.id)
            if _holds(before, new):
                return added_up(before)
            values = asdict(new)
            if new.kind == "undo":
                values["undoes"] = _undone(before, new)
            seq = before[-1].seq + 1 if before else 1
            now = datetime.now(UTC)
            values |= {"seq": seq, "author": user, "created_at": now}
            connection.execute(sa.insert(r.marks).values(assignment_id=assignment.id, **values))
            return added_up((*before, Mark(**values)))


def marks_of(connection: sa.Connection, assignment_id: int) -> tuple[Mark, ...]:
    """Return the marks of an assignment in order."""
    c = r.marks.c
    query = sa.select(*_COLUMNS).where(c.assignment_id == assignment_id).order_by(c.seq)
    return tuple(Mark(*row) for row in connection.execute(query))


_COLUMNS = tuple(r.marks.c[name] for name in Mark.__dataclass_fields__)


def _holds(marks: tuple[Mark, ...], new: NewMark) -> bool:
    return any(mark.idempotency_key == new.idempotency_key for mark in marks)


def _renew(connection: sa.Connection, user: str, assignment: Assignment) -> None:
    c, now = t.assignments.c, datetime.now(UTC)
    renewed = sa.update(t.assignments).where(
        c.id == assignment.id,
        c.done_at.is_(None),
        sa.or_(c.holder == user, sa.and_(c.reviewer == user, _is_free(now))),
    )
    values = {"holder": user, "leased_until": now + LEASE}
    if connection.execute(renewed.values(**values)).rowcount == 0:
        raise held(assignment)


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    c = t.assignments.c
    return sa.or_(c.holder.is_(None), c.leased_until <= now)


def _undone(before: tuple[Mark, ...], new: NewMark) -> int:
    undone = {mark.undoes for mark in before if mark.kind == "undo"}
    standing = [m.seq for m in before if m.kind != "undo" and m.seq not in undone]
    if not standing or (new.undoes is not None and new.undoes not in standing):
        raise WrongUse(
            "undo",
            Text(en="there is nothing to undo", zh="没有可撤销的操作"),
            Text(en="load the page again", zh="请重新载入页面"),
        )
    return standing[-1] if new.undoes is None else new.undoes
