"""A reviewer's queue: what is theirs to hear, what waits for anybody, and leases that return.

A call with no reviewer, or one that its reviewer left until after its due date, waits for anybody.
Taking it is a lease: unless it is renewed by work or ended by a review, it returns by itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.accounts import EVERY_GROUP
from qa_pipeline.texts import Text

LEASE: Final = timedelta(minutes=45)
#: The reviewer of assignments that wait for whoever is free.
NOBODY: Final = ""
#: What is a person's to hear: taken from the pool, and given.
_OWN: Final[tuple["View", ...]] = ("borrowed", "mine")
View = Literal["mine", "borrowed", "done", "pool", "all"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment as it stands. `holder` has it open until `leased_until`."""

    id: int
    call_id: str
    period: str
    batch: str
    purpose: str
    reviewer: str
    blind: bool
    due_on: date | None
    reason: str
    group: str | None
    agent_id: str | None
    language: str | None
    expected_min: float
    holder: str | None
    leased_until: datetime | None
    done_at: datetime | None
    done_by: str | None

    def held_by(self, now: datetime) -> str | None:
        """Return who has the call open now."""
        over = self.leased_until is None or self.leased_until <= now
        return None if over else self.holder


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends, so that the next begins behind it: however long the queue, one seek."""

    place: str
    id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page of the queue shows; `after` is where the page before ended."""

    view: View = "mine"
    reason: str | None = None
    group: str | None = None
    agent_id: str | None = None
    language: str | None = None
    due: Literal["today", "late"] | None = None
    after: Place | None = None
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue; `following` is where it ends if there is more."""

    rows: tuple[Assignment, ...]
    following: Place | None


@dataclass(frozen=True, slots=True)
class Day:
    """A reviewer's day: reviews done today, open ones due by today, and open ones in all."""

    n_done: int
    n_due: int
    n_open: int


@dataclass(frozen=True, slots=True)
class Load:
    """A reviewer's load: open calls, those overdue, and those done lately."""

    n_open: int
    n_late: int
    n_done: int


class Queue:
    """Assignments at the review page; `today` is the local date of the centre."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(self, user: str, groups: Collection[str], wanted: Wanted, today: date) -> Page:
        """Return a page of what the user may see, by due date, then reason."""
        where = [*_filters(wanted, today), *_of_view(wanted.view, user, today, datetime.now(UTC))]
        if EVERY_GROUP not in groups:
            where.append(_GROUP.in_(sorted(groups)))
        order: tuple[Any, ...]
        if wanted.view == "done":
            order = (_c.done_at.desc(), _c.id.desc())
        elif wanted.view == "borrowed":
            order = (_c.leased_until, _c.id)  # a few rows of one holder, found by the holder
        elif wanted.view == "pool":
            order = (sa.func.coalesce(_c.place, ""), _c.id)  # an index on place finds few
        else:
            order = (_c.place, _c.id)
            if wanted.after is not None:
                last = wanted.after
                behind = sa.tuple_(sa.literal(last.place), sa.literal(last.id))
                where.append(sa.tuple_(_c.place, _c.id) > behind)
        query = sa.select(*_COLUMNS, _c.place).where(*where).order_by(*order)
        with self._db.reading() as connection:
            found = connection.execute(query.limit(wanted.per_page + 1)).all()
        rows = found[: wanted.per_page]
        has_more = len(found) > len(rows) and wanted.view != "done"
        following = Place(rows[-1].place, rows[-1].id) if has_more else None
        return Page(tuple(Assignment(*row[:-1]) for row in rows), following)

    def groups(self) -> tuple[str, ...]:
        """Return the groups of all assignments ever given."""
        query = sa.select(_c.group).where(_c.group.is_not(None)).distinct().order_by(_c.group)
        with self._db.reading() as connection:
            return tuple(str(group) for group in connection.execute(query.limit(500)).scalars())

    def day(self, user: str, today: date, midnight: datetime) -> Day:
        """Return the user's progress; `midnight` is when their day began."""
        mine = sa.and_(_c.reviewer == user, _c.done_at.is_(None))
        counts = (
            sa.and_(_c.done_by == user, _c.done_at >= midnight),
            sa.and_(mine, _c.place < _behind(today)),
            mine,
        )
        with self._db.reading() as connection:
            figures = [
                connection.execute(sa.select(sa.func.count(_c.id)).where(where)).scalar() or 0
                for where in counts
            ]
        return Day(*figures)

    def loads(self, today: date, since: datetime) -> Mapping[str, Load]:
        """Return every reviewer's load; done means done since the moment given."""
        is_open = _c.done_at.is_(None)
        late = sa.func.sum(sa.case((_c.due_on < today, 1), else_=0))
        opened = sa.select(_c.reviewer, sa.func.count(_c.id), late).where(is_open)
        done = sa.select(_c.done_by, sa.func.count(_c.id)).where(_c.done_at >= since)
        with self._db.reading() as connection:
            left = {
                name: (n, n_late or 0)
                for name, n, n_late in connection.execute(opened.group_by(_c.reviewer))
            }
            ended = dict(connection.execute(done.group_by(_c.done_by)).tuples().all())
        names = {name for name in (*left, *ended) if name}
        return {name: Load(*left.get(name, (0, 0)), ended.get(name, 0)) for name in names}

    def assignment(self, assignment_id: int) -> Assignment | None:
        """Return one assignment, None where there is none."""
        with self._db.reading() as connection:
            row = connection.execute(sa.select(*_COLUMNS).where(_c.id == assignment_id)).first()
        return None if row is None else Assignment(*row)

    def next_of(
        self, user: str, groups: Collection[str], today: date, *, after: int | None = None
    ) -> int | None:
        """Return the next assignment that is the user's to hear, not `after` itself."""
        now = datetime.now(UTC)
        for view in _OWN:
            page = self.page(user, groups, Wanted(view, per_page=20), today)
            for row in page.rows:
                if row.id != after and row.held_by(now) in (None, user):
                    return row.id
        return None

    def is_given(self, user: str, call_id: str) -> bool:
        """Return whether the call is, or was, the user's to hear."""
        theirs = sa.or_(_c.reviewer == user, _c.done_by == user, _c.holder == user)
        query = sa.select(_c.id).where(_c.call_id == call_id, theirs).limit(1)
        with self._db.reading() as connection:
            return connection.execute(query).first() is not None

    def may_open(self, user: str, assignment: Assignment, today: date) -> bool:
        """Return whether the assignment is the user's, was done by them, or waits for anybody."""
        if assignment.done_at is not None:
            return assignment.done_by == user
        holder = assignment.held_by(datetime.now(UTC))
        if user in (assignment.reviewer, holder):
            return holder in (None, user)
        waits = assignment.reviewer == NOBODY or (
            assignment.due_on is not None and assignment.due_on < today
        )
        return waits and holder is None

    def is_blind_to(self, user: str, call_id: str) -> bool:
        """Return whether the user has yet to hear the call blind."""
        theirs = sa.or_(_c.reviewer == user, _c.holder == user)
        query = sa.select(_c.id).where(
            _c.call_id == call_id, theirs, _c.blind, _c.done_at.is_(None)
        )
        with self._db.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def take(self, user: str, assignment: Assignment, today: date) -> None:
        """Lease an assignment to the user, or renew the lease.

        Raises WrongUse where it is another's, somebody else has it open, or the user heard that
        call already.
        """
        now = datetime.now(UTC)
        with self._db.writing() as connection:
            if assignment.reviewer != user:
                _refuse_second_hearing(connection, user, assignment)
            is_free = sa.or_(_c.holder.is_(None), _c.holder == user, _c.leased_until <= now)
            taken = sa.update(t.assignments).where(
                _c.id == assignment.id, _c.done_at.is_(None), _may_take(user, today), is_free
            )
            values = {"holder": user, "leased_until": now + LEASE}
            if connection.execute(taken.values(**values)).rowcount == 0:
                raise held(assignment)
            if assignment.held_by(now) != user:
                subject = f"assignment {assignment.id}"
                audit.append(connection, user, "taken", subject, {"call_id": assignment.call_id})

    def give_back(self, user: str, assignment: Assignment) -> None:
        """End the user's lease; marks stay."""
        with self._db.writing() as connection:
            mine = sa.and_(_c.id == assignment.id, _c.holder == user)
            ended = sa.update(t.assignments).where(mine).values(holder=None, leased_until=None)
            if connection.execute(ended).rowcount:
                subject = f"assignment {assignment.id}"
                audit.append(
                    connection, user, "given_back", subject, {"call_id": assignment.call_id}
                )


def held(assignment: Assignment) -> WrongUse:
    """Return the error for an assignment that is not the user's to work on."""
    return WrongUse(
        f"assignment {assignment.id}",
        Text(en="this call is done, or with somebody else now", zh="该通话已完成，或正由他人处理"),
        Text(en="go back to your queue", zh="请返回您的队列"),
    )


_c = t.assignments.c
#: The group without its index: a queue is read in its order, whatever share of it a group is.
_GROUP = sa.func.coalesce(_c.group, "")
_COLUMNS = tuple(_c[name] for name in Assignment.__dataclass_fields__)


def _may_take(user: str, today: date) -> sa.ColumnElement[bool]:
    return sa.or_(_c.reviewer == user, _waits(today))


def _waits(today: date) -> sa.ColumnElement[bool]:
    """Nobody's, or left until after its due date and not begun."""
    return sa.or_(_c.reviewer == NOBODY, _c.place < _before(today))


def _before(day: date) -> str:
    """Return what sorts before every place of the day and behind those of earlier days."""
    return day.isoformat()


def _behind(day: date) -> str:
    """Return what sorts behind every place of the day."""
    return f"{day.isoformat()}~"


def _filters(wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    for name in ("reason", "group", "agent_id", "language"):
        value: Any = getattr(wanted, name)
        if value:
            where.append((_GROUP if name == "group" else _c[name]) == value)
    if wanted.due == "today":
        where.append(_c.place < _behind(today))
    elif wanted.due == "late":
        where.append(_c.place < _before(today))
    return where


def _of_view(view: View, user: str, today: date, now: datetime) -> list[sa.ColumnElement[bool]]:
    is_open = _c.done_at.is_(None)
    match view:
        case "mine":
            return [is_open, _c.reviewer == user]
        case "borrowed":
            return [is_open, _c.holder == user, _c.leased_until > now, _c.reviewer != user]
        case "done":
            return [_c.done_by == user]
        case "pool":
            unheld = sa.or_(_c.holder.is_(None), _c.leased_until <= now)
            other = t.assignments.alias()
            again = sa.exists().where(
                other.c.call_id == _c.call_id,
                sa.or_(other.c.reviewer == user, other.c.done_by == user),
            )
            nobodys = sa.select(_c.id).where(is_open, _c.reviewer == NOBODY)
            left = sa.select(_c.id).where(is_open, _c.place < _before(today))
            waits = _c.id.in_(sa.union_all(nobodys, left))
            return [waits, is_open, _c.reviewer != user, unheld, ~again]
        case "all":
            return [is_open]


def _refuse_second_hearing(connection: sa.Connection, user: str, assignment: Assignment) -> None:
    """A second hearing by the same person would not be a second opinion."""
    again = sa.select(_c.id).where(
        _c.call_id == assignment.call_id,
        _c.id != assignment.id,
        sa.or_(_c.reviewer == user, _c.done_by == user, _c.holder == user),
    )
    if connection.execute(again).first() is not None:
        raise WrongUse(
            f"assignment {assignment.id}",
            Text(
                en="you have this call already: its second hearing is somebody else's",
                zh="您已有该通话：第二次复核须由他人完成",
            ),
            Text(en="take another call", zh="请领取其他通话"),
        )
