"""What follows a review: appeals, answers where verdicts differ, and coaching notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Outcome
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.submitting import Sheet, corrected, no_reason, one
from qa_pipeline.texts import Text

Decision = Literal["upheld", "rejected"]


@dataclass(frozen=True, slots=True)
class Appeal:
    """An objection to a review, or to one criterion of it; open while `decision` is None."""

    id: int
    review_id: int
    criterion: str | None
    raised_by: str
    reason: str
    raised_at: datetime
    decision: Decision | None
    decided_by: str | None
    decision_note: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """A lead's answer to a criterion that was judged differently."""

    call_id: str
    scorecard_id: str
    criterion: str
    outcome: Outcome
    reason: str
    resolved_by: str
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A coaching note on an agent; `outcome` says later whether it helped."""

    id: int
    agent_id: str
    criterion: str | None
    call_id: str | None
    coach: str
    plan: str
    planned_at: datetime
    outcome: str | None
    checked_at: datetime | None


class Decisions:
    """Appeals, resolutions and coaching in the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def raise_appeal(self, user: str, review_id: int, criterion: str | None, reason: str) -> int:
        """Enter an appeal and return its id. Raises WrongUse without a reason or a publication."""
        if not reason.strip():
            raise no_reason()
        with self._db.writing() as connection:
            review = one(connection, review_id)
            if review.published_at is None:
                raise _not_published(review_id)
            values = {
                "review_id": review_id,
                "criterion": criterion,
                "raised_by": user,
                "reason": reason.strip(),
                "raised_at": datetime.now(UTC),
            }
            inserted = connection.execute(sa.insert(t.appeals).values(**values))
            assert inserted.inserted_primary_key is not None  # one row was inserted
            appeal_id = int(inserted.inserted_primary_key[0])
            detail = {"appeal": appeal_id, "criterion": criterion}
            audit.append(connection, user, "appealed", f"call {review.call_id}", detail)
        return appeal_id

    def decide(
        self, lead: str, appeal_id: int, decision: Decision, note: str, sheet: Sheet | None
    ) -> None:
        """Decide an open appeal, with its reason; an upheld one corrects the review by `sheet`.

        Raises WrongUse where it is decided already, or no reason is given.
        """
        if not note.strip():
            raise no_reason()
        with self._db.writing() as connection:
            c = t.appeals.c
            decided = sa.update(t.appeals).where(c.id == appeal_id, c.decision.is_(None))
            values = {
                "decision": decision,
                "decided_by": lead,
                "decision_note": note.strip(),
                "decided_at": datetime.now(UTC),
            }
            if connection.execute(decided.values(**values)).rowcount == 0:
                raise _decided(appeal_id)
            review_id = connection.execute(
                sa.select(c.review_id).where(c.id == appeal_id)
            ).scalar_one()
            review = one(connection, review_id)
            if sheet is not None and decision == "upheld":
                newest = _newest(connection, review_id)
                key = f"appeal/{appeal_id}"
                corrected(connection, lead, newest, sheet, note, key=key)
            detail = {"appeal": appeal_id, "decision": decision}
            audit.append(connection, lead, "appeal_decided", f"call {review.call_id}", detail)

    def appeal(self, appeal_id: int) -> Appeal | None:
        """Return one appeal, None where there is none."""
        return next(iter(self._appeals(t.appeals.c.id == appeal_id)), None)

    def appeals(self, *, is_open: bool | None = None) -> tuple[Appeal, ...]:
        """Return appeals, oldest first: open ones, decided ones, or all."""
        c = t.appeals.c
        match is_open:
            case None:
                return self._appeals(sa.true())
            case True:
                return self._appeals(c.decision.is_(None))
            case False:
                return self._appeals(c.decision.is_not(None))

    def appeals_of(self, review_ids: Sequence[int]) -> tuple[Appeal, ...]:
        """Return the appeals against these revisions."""
        return self._appeals(t.appeals.c.review_id.in_(review_ids))

    def _appeals(self, wanted: sa.ColumnElement[bool]) -> tuple[Appeal, ...]:
        query = sa.select(*_APPEAL).where(wanted).order_by(t.appeals.c.id)
        with self._db.reading() as connection:
            return tuple(Appeal(*row) for row in connection.execute(query))

    def resolve(self, resolution: Resolution) -> None:
        """Add a lead's answer; earlier ones stay. Raises WrongUse without a reason."""
        if not resolution.reason.strip():
            raise no_reason()
        values = {name: getattr(resolution, name) for name in Resolution.__dataclass_fields__}
        with self._db.writing() as connection:
            connection.execute(sa.insert(r.resolutions).values(**values))
            detail = {"criterion": resolution.criterion, "outcome": resolution.outcome}
            subject = f"call {resolution.call_id}"
            audit.append(connection, resolution.resolved_by, "resolved", subject, detail)

    def resolutions(self, call_ids: Sequence[str]) -> tuple[Resolution, ...]:
        """Return the answers given for these calls, oldest first."""
        c = r.resolutions.c
        query = sa.select(*_RESOLUTION).where(c.call_id.in_(call_ids)).order_by(c.id)
        with self._db.reading() as connection:
            return tuple(Resolution(*row) for row in connection.execute(query))

    def coach(
        self, coach: str, agent_id: str, plan: str, *, call_id: str | None, criterion: str | None
    ) -> None:
        """Add a coaching note on an agent. Raises WrongUse where it says nothing."""
        if not plan.strip():
            raise no_reason()
        values = {
            "agent_id": agent_id,
            "criterion": criterion,
            "call_id": call_id,
            "coach": coach,
            "plan": plan.strip(),
            "planned_at": datetime.now(UTC),
        }
        with self._db.writing() as connection:
            connection.execute(sa.insert(t.coaching).values(**values))
            audit.append(connection, coach, "coached", f"agent {agent_id}", {"call_id": call_id})

    def take_up(self, coach: str, note_id: int, plan: str) -> None:
        """Say what is done about an item that the statistics found. Raises WrongUse if taken."""
        if not plan.strip():
            raise no_reason()
        with self._db.writing() as connection:
            c = t.coaching.c
            taken = sa.update(t.coaching).where(c.id == note_id, c.coach == "")
            values = {"coach": coach, "plan": plan.strip()}
            if connection.execute(taken.values(**values)).rowcount == 0:
                raise _decided(note_id)
            audit.append(connection, coach, "coached", f"note {note_id}")

    def check(self, coach: str, note_id: int, outcome: str) -> None:
        """Say once whether a note helped. Raises WrongUse where that was said already."""
        if not outcome.strip():
            raise no_reason()
        with self._db.writing() as connection:
            c = t.coaching.c
            checked = sa.update(t.coaching).where(c.id == note_id, c.checked_at.is_(None))
            values = {"outcome": outcome.strip(), "checked_at": datetime.now(UTC)}
            if connection.execute(checked.values(**values)).rowcount == 0:
                raise _decided(note_id)
            audit.append(connection, coach, "coaching_checked", f"note {note_id}")

    def note(self, note_id: int) -> Note | None:
        """Return one coaching note, None where there is none."""
        return next(iter(self._notes(t.coaching.c.id == note_id)), None)

    def notes(self, limit: int = 200) -> tuple[Note, ...]:
        """Return coaching notes, newest first."""
        return self._notes(sa.true(), limit)

    def _notes(self, wanted: sa.ColumnElement[bool], limit: int = 1) -> tuple[Note, ...]:
        query = sa.select(*_NOTE).where(wanted).order_by(t.coaching.c.id.desc()).limit(limit)
        with self._db.reading() as connection:
            return tuple(Note(*row) for row in connection.execute(query))


_APPEAL = tuple(t.appeals.c[name] for name in Appeal.__dataclass_fields__)
_RESOLUTION = tuple(r.resolutions.c[name] for name in Resolution.__dataclass_fields__)
_NOTE = tuple(t.coaching.c[name] for name in Note.__dataclass_fields__)


def _newest(connection: sa.Connection, review_id: int) -> int:
    review = one(connection, review_id)
    c = t.reviews.c
    newest = (
        sa.select(c.id)
        .where(
            c.call_id == review.call_id,
            c.scorecard_id == review.scorecard_id,
            c.reviewer == review.reviewer,
        )
        .order_by(c.revision.desc())
        .limit(1)
    )
    return int(connection.execute(newest).scalar_one())


def _not_published(review_id: int) -> WrongUse:
    return WrongUse(
        f"review {review_id}",
        Text(en="a review is appealed against once it is published", zh="复核发布后才能申诉"),
        Text(en="ask the lead to publish it, or to send it back", zh="请主管先发布或退回该复核"),
    )


def _decided(number: int) -> WrongUse:
    return WrongUse(
        str(number),
        Text(en="this is decided already", zh="此项已有决定"),
        Text(
            en="load the page again; a new appeal may be entered",
            zh="请重新载入页面；可提出新的申诉",
        ),
    )
