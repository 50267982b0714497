"""Submitted reviews: each a revision; later ones are added beside it, none overwrites another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Outcome
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.marks import Comment, marks_of
from qa_pipeline.store.review.queue import Assignment, held
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled score sheet of one scorecard: its verdicts and what they come to."""

    scorecard_id: str
    scorecard_version: int
    verdicts: Mapping[str, Outcome]
    passed: bool | None
    score: float | None
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A revision as it stands in the ledger. `author` wrote it where it was not the reviewer."""

    id: int
    call_id: str
    scorecard_id: str
    scorecard_version: int
    reviewer: str
    revision: int
    blind: bool
    passed: bool | None
    score: float | None
    verdicts: Mapping[str, Outcome]
    comment: str
    created_at: datetime
    author: str | None
    correction: str | None
    assignment_id: int | None
    published_at: datetime | None
    published_by: str | None


class Reviews:
    """Reviews in the ledger, as the review page writes them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def submit(
        self, user: str, assignment: Assignment, sheets: Sequence[Sheet], *, n_marks: int, key: str
    ) -> bool:
        """Keep the sheets as reviews and end the assignment, once however often it is sent.

        `n_marks` is the last mark that the sheets were filled from. Returns whether it was new.
        Raises WrongUse where a mark came in since, or the assignment is done or another's.
        """
        with self._db.writing() as connection:
            keys = {sheet.scorecard_id: f"{key}/{sheet.scorecard_id}"[:160] for sheet in sheets}
            c = t.reviews.c
            sent = sa.select(c.id).where(c.idempotency_key.in_(keys.values()))
            if connection.execute(sent).first() is not None:
                return False
            _finish(connection, user, assignment)
            marks = marks_of(connection, assignment.id)
            if (marks[-1].seq if marks else 0) != n_marks:
                raise _marked_since(assignment)
            for sheet in sheets:
                values = _values(assignment, sheet, user, keys[sheet.scorecard_id])
                _insert(connection, values, sheet.comments)
                audit.append(
                    connection,
                    user,
                    "submitted",
                    f"call {assignment.call_id}",
                    {"scorecard": sheet.scorecard_id, "revision": values["revision"]},
                )
        return True

    def reopen(self, user: str, assignment: Assignment) -> None:
        """Let a reviewer change a review that is not published yet: a new revision follows.

        Raises WrongUse where it is published or another's.
        """
        with self._db.writing() as connection:
            published = (
                sa.select(t.reviews.c.id)
                .join(r.publications, r.publications.c.review_id == t.reviews.c.id)
                .where(t.reviews.c.assignment_id == assignment.id)
            )
            if connection.execute(published).first() is not None:
                raise _published(assignment.call_id)
            c = t.assignments.c
            mine = sa.and_(c.id == assignment.id, c.done_by == user, c.done_at.is_not(None))
            opened = sa.update(t.assignments).where(mine).values(done_at=None, done_by=None)
            if connection.execute(opened).rowcount == 0:
                raise held(assignment)
            audit.append(connection, user, "reopened", f"call {assignment.call_id}")

    def correct(self, lead: str, review_id: int, sheet: Sheet, reason: str, *, key: str) -> int:
        """Add a lead's correction as the review's next revision, published, and return its id.

        Raises WrongUse where the review has a newer revision already, or no reason is given.
        """
        with self._db.writing() as connection:
            return corrected(connection, lead, review_id, sheet, reason, key=key)

    def publish(self, lead: str, review_id: int) -> None:
        """Make a review known; publishing it again changes nothing.

        Raises WrongUse where there is a newer revision or no such review.
        """
        with self._db.writing() as connection:
            review = one(connection, review_id)
            _refuse_outdated(connection, review)
            if review.published_at is None:
                _publish(connection, lead, review_id)
                detail = {"review": review_id, "revision": review.revision}
                audit.append(connection, lead, "published", f"call {review.call_id}", detail)

    def review(self, review_id: int) -> Review | None:
        """Return one revision, None where there is none."""
        with self._db.reading() as connection:
            return next(iter(_reviews(connection, t.reviews.c.id == review_id)), None)

    def last_id(self) -> int:
        """Return the id of the newest revision, 0 where there is none."""
        with self._db.reading() as connection:
            return connection.execute(sa.select(sa.func.max(t.reviews.c.id))).scalar() or 0

    def of_call(self, call_id: str) -> tuple[Review, ...]:
        """Return every revision of every review of a call, oldest first."""
        with self._db.reading() as connection:
            return _reviews(connection, t.reviews.c.call_id == call_id)

    def of_calls(self, call_ids: Sequence[str]) -> tuple[Review, ...]:
        """Return every revision of these calls' reviews (at most some hundreds of calls)."""
        with self._db.reading() as connection:
            return _reviews(connection, t.reviews.c.call_id.in_(call_ids))

    def of_assignment(self, assignment_id: int) -> tuple[Review, ...]:
        """Return the revisions that an assignment led to."""
        with self._db.reading() as connection:
            return _reviews(connection, t.reviews.c.assignment_id == assignment_id)

    def newest(self, limit: int, *, unpublished: bool = False) -> tuple[Review, ...]:
        """Return the last revisions of reviews, newest first."""
        later = t.reviews.alias()
        c = t.reviews.c
        outdated = sa.exists().where(
            later.c.call_id == c.call_id,
            later.c.scorecard_id == c.scorecard_id,
            later.c.reviewer == c.reviewer,
            later.c.revision > c.revision,
        )
        wanted = ~outdated
        if unpublished:
            wanted = sa.and_(wanted, r.publications.c.id.is_(None), c.assignment_id.is_not(None))
        with self._db.reading() as connection:
            query = _SELECT.where(wanted).order_by(c.id.desc()).limit(limit)
            return tuple(Review(*row) for row in connection.execute(query))

    def comments(self, review_ids: Sequence[int]) -> Mapping[int, tuple[Comment, ...]]:
        """Return the comments of reviews, in order of time."""
        c = r.review_comments.c
        query = (
            sa.select(c.review_id, c.id, c.text, c.at_s, c.criterion)
            .where(c.review_id.in_(review_ids))
            .order_by(c.review_id, c.at_s, c.id)
        )
        found: dict[int, list[Comment]] = {}
        with self._db.reading() as connection:
            for review_id, seq, text, at_s, criterion in connection.execute(query):
                found.setdefault(review_id, []).append(Comment(seq, text, at_s, None, criterion))
        return {review_id: tuple(comments) for review_id, comments in found.items()}


_SELECT = sa.select(
    *(
        t.reviews.c[name]
        for name in Review.__dataclass_fields__
        if name not in ("published_at", "published_by")
    ),
    r.publications.c.published_at,
    r.publications.c.published_by,
).outerjoin(r.publications, r.publications.c.review_id == t.reviews.c.id)


def _reviews(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> tuple[Review, ...]:
    query = _SELECT.where(wanted).order_by(t.reviews.c.id)
    return tuple(Review(*row) for row in connection.execute(query))


def one(connection: sa.Connection, review_id: int) -> Review:
    """Return a revision. Raises WrongUse where there is none."""
    for review in _reviews(connection, t.reviews.c.id == review_id):
        return review
    raise WrongUse(
        f"review {review_id}",
        Text(en="there is no such review", zh="没有该复核"),
        Text(en="go back and load the list again", zh="请返回并重新载入列表"),
    )


def corrected(
    connection: sa.Connection, lead: str, review_id: int, sheet: Sheet, reason: str, *, key: str
) -> int:
    """Add a correction inside the caller's transaction; see `Reviews.correct`."""
    sent = sa.select(t.reviews.c.id).where(t.reviews.c.idempotency_key == key[:160])
    if (known := connection.execute(sent).scalar()) is not None:
        return int(known)
    if not reason.strip():
        raise no_reason()
    review = one(connection, review_id)
    _refuse_outdated(connection, review)
    values: dict[str, Any] = {
        "call_id": review.call_id,
        "scorecard_id": review.scorecard_id,
        "scorecard_version": review.scorecard_version,
        "reviewer": review.reviewer,
        "revision": review.revision + 1,
        "blind": False,
        "passed": sheet.passed,
        "score": sheet.score,
        "verdicts": dict(sheet.verdicts),
        "comment": review.comment,
        "created_at": datetime.now(UTC),
        "author": lead,
        "correction": reason.strip(),
        "assignment_id": review.assignment_id,
        "idempotency_key": key[:160],
    }
    new_id = _insert(connection, values, sheet.comments)
    _publish(connection, lead, new_id)
    detail = {"review": new_id, "revision": values["revision"], "of": review.reviewer}
    audit.append(connection, lead, "corrected", f"call {review.call_id}", detail)
    return new_id


def no_reason() -> WrongUse:
    """Return the error for a decision without a reason."""
    return WrongUse(
        "reason",
        Text(en="a decision needs its reason", zh="决定必须写明理由"),
        Text(en="write a sentence that the agent can read", zh="请写一句客服可以看懂的理由"),
    )


def _values(assignment: Assignment, sheet: Sheet, user: str, key: str) -> dict[str, Any]:
    return {
        "call_id": assignment.call_id,
        "scorecard_id": sheet.scorecard_id,
        "scorecard_version": sheet.scorecard_version,
        "reviewer": user,
        "blind": assignment.blind,
        "passed": sheet.passed,
        "score": sheet.score,
        "verdicts": dict(sheet.verdicts),
        "comment": "\n".join(c.text for c in sheet.comments if c.at_s is None),
        "created_at": datetime.now(UTC),
        "assignment_id": assignment.id,
        "idempotency_key": key,
    }


def _insert(connection: sa.Connection, values: dict[str, Any], comments: Sequence[Comment]) -> int:
    if "revision" not in values:
        c = t.reviews.c
        last = sa.select(sa.func.max(c.revision)).where(
            c.call_id == values["call_id"],
            c.scorecard_id == values["scorecard_id"],
            c.reviewer == values["reviewer"],
        )
        values["revision"] = (connection.execute(last).scalar() or 0) + 1
    inserted = connection.execute(sa.insert(t.reviews).values(**values)).inserted_primary_key
    assert inserted is not None  # one row was inserted
    review_id = int(inserted[0])
    if comments:
        rows = [
            {"review_id": review_id, "criterion": c.criterion, "at_s": c.at_s, "text": c.text}
            for c in comments
        ]
        connection.execute(sa.insert(r.review_comments), rows)
    return review_id


def _publish(connection: sa.Connection, lead: str, review_id: int) -> None:
    values = {"review_id": review_id, "published_by": lead, "published_at": datetime.now(UTC)}
    connection.execute(sa.insert(r.publications).values(**values))


def _finish(connection: sa.Connection, user: str, assignment: Assignment) -> None:
    c = t.assignments.c
    is_mine = sa.or_(c.holder == user, sa.and_(c.reviewer == user, c.holder.is_(None)))
    finished = sa.update(t.assignments).where(c.id == assignment.id, c.done_at.is_(None), is_mine)
    values = {
        "done_at": datetime.now(UTC),
        "done_by": user,
        "holder": None,
        "leased_until": None,
    }
    if connection.execute(finished.values(**values)).rowcount == 0:
        raise held(assignment)


def _refuse_outdated(connection: sa.Connection, review: Review) -> None:
    c = t.reviews.c
    last = sa.select(sa.func.max(c.revision)).where(
        c.call_id == review.call_id,
        c.scorecard_id == review.scorecard_id,
        c.reviewer == review.reviewer,
    )
    if connection.execute(last).scalar() != review.revision:
        raise WrongUse(
            f"review {review.id}",
            Text(en="there is a newer revision of it", zh="该复核已有更新的修订"),
            Text(en="load the page again and decide on that one", zh="请重新载入后再作决定"),
        )


def _marked_since(assignment: Assignment) -> WrongUse:
    return WrongUse(
        f"assignment {assignment.id}",
        Text(en="a mark came in while this was submitted", zh="提交时又有新的标记"),
        Text(en="look at the score sheet and submit again", zh="请核对评分表后再次提交"),
    )


def _published(call_id: str) -> WrongUse:
    return WrongUse(
        f"call {call_id}",
        Text(en="this review is published", zh="该复核已发布"),
        Text(
            en="enter an appeal: the lead's decision is added as a correction",
            zh="请提出申诉：主管的决定会作为更正追加",
        ),
    )
