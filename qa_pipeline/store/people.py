"""What people do with calls: frozen samples, and reviews as revisions that nothing overwrites."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Outcome
from qa_pipeline.store import tables as t
from qa_pipeline.store.assignments import Assignments, BatchRow, save_batch
from qa_pipeline.store.database import Database
from qa_pipeline.store.work import MEASURE
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A call drawn for review, and with what probability it could have been.

    `u_hex` and `u` are its draw (`u` in [0, 1)); `n_population` and `n_drawn` count its stratum in
    this batch; `batch` names the closed set of calls that was drawn from. `purpose`: "random" and
    "targeted" are heard by people; "frame" is a call of the batch that was not drawn. `reason` says
    why people hear it (None for "frame"); `double`: a second person hears it too, blind.
    """

    period: str
    batch: str
    stratum: str
    call_id: str
    purpose: str
    u_hex: str
    u: float
    n_population: int
    n_drawn: int
    inclusion_probability: float
    drawn_at: datetime
    reason: str | None = None
    double: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One reviewer's verdicts on one call, in one revision (1, 2, ...).

    `verdicts` maps criterion to outcome; `blind` says that the machine's verdicts were hidden.
    """

    call_id: str
    scorecard_id: str
    scorecard_version: int
    reviewer: str
    revision: int
    blind: bool
    passed: bool | None
    verdicts: Mapping[str, Outcome]
    comment: str
    created_at: datetime


class People(Assignments):
    """The part of the ledger that people write."""

    _db: Database

    def save_sample(self, rows: Sequence[SampleRow], batch: BatchRow | None = None) -> None:
        """Freeze a drawn batch and how it was drawn. Saving the same draw again changes nothing.

        Raises WrongUse where a batch of that name was drawn otherwise: an issued sample stays.
        """
        batches = sorted({(row.period, row.batch, row.purpose) for row in rows})
        with self._db.writing() as connection:
            for period, name, purpose in batches:
                drawn = [
                    r for r in rows if (r.period, r.batch, r.purpose) == (period, name, purpose)
                ]
                c = t.samples.c
                query = sa.select(*_SAMPLE_COLUMNS).where(
                    c.period == period, c.batch == name, c.purpose == purpose
                )
                frozen = [SampleRow(*row) for row in connection.execute(query)]
                if not frozen:
                    connection.execute(sa.insert(t.samples), [asdict(row) for row in drawn])
                elif _draw(frozen) != _draw(drawn):
                    raise _already_drawn(period, name, len(frozen))
            if batch is not None:
                save_batch(connection, batch)

    def samples(self, period: str) -> tuple[SampleRow, ...]:
        """Return the period's samples by batch, stratum and draw."""
        c = t.samples.c
        query = (
            sa.select(*_SAMPLE_COLUMNS)
            .where(c.period == period)
            .order_by(c.batch, c.purpose, c.stratum, c.u, c.call_id)
        )
        with self._db.reading() as connection:
            return tuple(SampleRow(*row) for row in connection.execute(query))

    def save_review(self, review: ReviewRow) -> None:
        """Add one revision of a review; see `save_reviews`."""
        self.save_reviews((review,))

    def save_reviews(self, reviews: Sequence[ReviewRow]) -> None:
        """Add revisions, all or none; nothing that was saved before is changed.

        What the reviewer was given of these calls counts as done.

        Raises WrongUse for a call that the store does not hold, and where a revision is not the
        next one: somebody else saved in the meantime.
        """
        with self._db.writing() as connection:
            for review in reviews:
                _refuse_unknown(connection, review.call_id)
                expected = _last_revision(connection, review) + 1
                if review.revision != expected:
                    raise _not_next(review, expected)
                values = {**asdict(review), "verdicts": dict(review.verdicts)}
                connection.execute(sa.insert(t.reviews).values(values))
                _finish(connection, review)

    def reviews(
        self, period: str | None = None, *, latest: bool = True, corrected: bool = True
    ) -> tuple[ReviewRow, ...]:
        """Return the reviews of the calls of a period, by call, scorecard and reviewer.

        Only each reviewer's last revision, unless `latest` is off; as a lead corrected it, unless
        `corrected` is off: then what the reviewer said.
        """
        c = t.reviews.c
        query = sa.select(*_REVIEW_COLUMNS).order_by(
            c.call_id, c.scorecard_id, c.reviewer, c.revision
        )
        if period is not None:
            query = query.where(of_period(period))
        if not corrected:
            query = query.where(c.author.is_(None))
        with self._db.reading() as connection:
            rows = [ReviewRow(*row) for row in connection.execute(query)]
        if not latest:
            return tuple(rows)
        return tuple({(r.call_id, r.scorecard_id, r.reviewer): r for r in rows}.values())


def of_period(period: str) -> sa.Exists:
    """Return the condition that a review is of a call of the period.

    State and period are wrapped, so that no planner prefers the index of a whole month to that of
    the one call.
    """
    work = t.work.c
    return sa.exists().where(
        work.call_id == t.reviews.c.call_id,
        work.stage == MEASURE,
        sa.func.coalesce(work.state, "") == "done",
        sa.func.coalesce(work.period, "") == period,
    )


_SAMPLE_COLUMNS = tuple(t.samples.c[name] for name in SampleRow.__dataclass_fields__)
_REVIEW_COLUMNS = tuple(t.reviews.c[name] for name in ReviewRow.__dataclass_fields__)


def _draw(rows: Sequence[SampleRow]) -> set[SampleRow]:
    """The draw apart from the moment it was made."""
    return {replace(row, drawn_at=rows[0].drawn_at.min) for row in rows}


def _already_drawn(period: str, batch: str, n_frozen: int) -> WrongUse:
    return WrongUse(
        f"sample {period} {batch}",
        Text(
            en=f"this batch was drawn before with another result ({n_frozen} calls) and is frozen",
            zh=f"该批次已抽取并冻结（{n_frozen} 通），与本次结果不同",
        ),
        Text(
            en="work with the frozen sample, or draw late calls as a batch of another name",
            zh="请使用已冻结的样本，或将迟到的通话作为另一批次抽取",
        ),
    )


def _finish(connection: sa.Connection, review: ReviewRow) -> None:
    c = t.assignments.c
    given = sa.and_(c.call_id == review.call_id, c.reviewer == review.reviewer)
    done = sa.update(t.assignments).where(given, c.done_at.is_(None))
    connection.execute(done.values(done_at=review.created_at, done_by=review.reviewer))


def _refuse_unknown(connection: sa.Connection, call_id: str) -> None:
    known = sa.select(t.work.c.call_id).where(
        t.work.c.call_id == call_id, t.work.c.stage == MEASURE, t.work.c.state == "done"
    )
    if connection.execute(known.limit(1)).first() is None:
        raise WrongUse(
            "review",
            Text(en="the store holds no such call", zh="存储中没有该通话"),
            Text(en="check the call id", zh="请检查通话编号"),
            got=call_id,
        )


def _last_revision(connection: sa.Connection, review: ReviewRow) -> int:
    c = t.reviews.c
    last = sa.select(sa.func.max(c.revision)).where(
        c.call_id == review.call_id,
        c.scorecard_id == review.scorecard_id,
        c.reviewer == review.reviewer,
    )
    return connection.execute(last).scalar() or 0


def _not_next(review: ReviewRow, expected: int) -> WrongUse:
    return WrongUse(
        f"review of {review.call_id} by {review.reviewer}",
        Text(
            en=f"the next revision is {expected}: somebody saved in the meantime",
            zh=f"下一个修订号应为 {expected}：期间已有他人保存",
        ),
        Text(en="load the latest revision and decide again", zh="请载入最新修订后再作决定"),
        got=str(review.revision),
    )
