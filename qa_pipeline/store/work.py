"""What is done: runs, the files that count, and each call's work by content key."""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from sys import intern
from typing import Final, Literal

import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database

State = Literal["done", "superseded", "failed"]
MEASURE: Final = "measure"
JUDGE: Final = "judge"
#: The call has gone the whole way under these facts and these scorecards.
SETTLED: Final = "settled"
#: The call has a masked copy to be heard; its fingerprint is the copy's SHA-256.
PLAYBACK: Final = "playback"

_CHUNK: Final = 500


def judging(scorecard_id: str) -> str:
    """Return the stage name of judging under one scorecard."""
    return f"{JUDGE}/{scorecard_id}"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One stage of one call under one content key; its rows stand in the files of `shard`."""

    call_id: str
    stage: str
    fingerprint: str
    state: State
    content_sha256: str
    period: str
    shard: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A parquet file that counts; `path` is relative to the store."""

    path: str
    shard: str
    table_name: str
    period: str
    sha256: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """The bytes that a scorecard's (id, version) stood for when it was first used."""

    scorecard_id: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What one transaction makes true.

    `measured` are calls whose row is new: their evaluations under any scorecard are out of date.
    `settles` are ids whose earlier failures are forgotten: each call's own, and the name that its
    recording had in failures while nobody knew its id. `withdrawn` are (call, stage) whose newest
    work counts no longer although nothing takes its place.
    """

    run: str
    files: tuple[FileRow, ...]
    work: tuple[WorkRow, ...]
    scorecards: tuple[ScorecardRow, ...]
    measured: frozenset[str]
    settles: frozenset[str]
    withdrawn: frozenset[tuple[str, str]] = frozenset()


class Work:
    """The part of the ledger that runs write."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def close(self) -> None:
        """Let go of the database's connections."""
        self._db.engine.dispose()

    def begin_run(self, kind: str, pipeline_version: str) -> str:
        """Record that a run began and return its id; runs left behind by a kill become `stopped`.

        Only for the process that holds the store.
        """
        run = secrets.token_hex(4)
        with self._db.writing() as connection:
            left = sa.update(t.runs).where(t.runs.c.state == "running")
            connection.execute(left.values(state="stopped"))
            connection.execute(
                sa.insert(t.runs).values(
                    run=run,
                    kind=kind,
                    state="running",
                    pid=os.getpid(),
                    pipeline_version=pipeline_version,
                    started_at=datetime.now(UTC),
                    counts={},
                )
            )
        return run

    def end_run(
        self, run: str, state: Literal["done", "stopped"], counts: Mapping[str, int]
    ) -> None:
        """Record how a run ended."""
        with self._db.writing() as connection:
            connection.execute(
                sa.update(t.runs)
                .where(t.runs.c.run == run)
                .values(state=state, ended_at=datetime.now(UTC), counts=dict(counts))
            )

    def run_ids(self) -> frozenset[str]:
        """Return the ids of every run that ever began."""
        with self._db.reading() as connection:
            return frozenset(connection.execute(sa.select(t.runs.c.run)).scalars())

    def work_of(self, call_ids: Iterable[str]) -> dict[str, tuple[WorkRow, ...]]:
        """Return what the ledger knows of each of `call_ids`, calls without work left out."""
        found: dict[str, list[WorkRow]] = {}
        with self._db.reading() as connection:
            for chunk in _chunks(call_ids):
                query = sa.select(*_WORK_COLUMNS).where(t.work.c.call_id.in_(chunk))
                for row in connection.execute(query):
                    found.setdefault(row.call_id, []).append(WorkRow(*row))
        return {call_id: tuple(rows) for call_id, rows in found.items()}

    def holds(self, content: Iterable[str]) -> frozenset[str]:
        """Return those of the content hashes (SHA-256) that were heard, or failed to be."""
        held: set[str] = set()
        with self._db.reading() as connection:
            for chunk in _chunks(content):
                query = sa.select(t.work.c.content_sha256).where(t.work.c.content_sha256.in_(chunk))
                held.update(connection.execute(query).scalars())
        return frozenset(held)

    def current(
        self, stage: str, period: str | None = None, *, state: State = "done"
    ) -> tuple[WorkRow, ...]:
        """Return the newest work of a stage (`judge` stands for every scorecard)."""
        query = sa.select(*_WORK_COLUMNS).where(t.work.c.state == state, self.of_stage(stage))
        if period is not None:
            query = query.where(t.work.c.period == period)
        return self._work_rows(query)

    def n_current(self, stage: str, period: str) -> int:
        """Return how many rows are the newest work of a stage; an index answers."""
        c = t.work.c
        query = sa.select(sa.func.count()).where(
            self.of_stage(stage), c.period == period, c.state == "done"
        )
        with self._db.reading() as connection:
            return connection.execute(query).scalar_one()

    def current_by_shard(self, stage: str, period: str) -> dict[str, int]:
        """Return how many rows of each shard are the newest work of a stage."""
        c = t.work.c
        query = (
            sa.select(c.shard, sa.func.count())
            .where(c.state == "done", c.period == period, self.of_stage(stage))
            .group_by(c.shard)
        )
        with self._db.reading() as connection:
            return dict(connection.execute(query).tuples().all())

    def failed(self, period: str | None = None) -> tuple[WorkRow, ...]:
        """Return the failures that no later success has settled, of every stage."""
        query = sa.select(*_WORK_COLUMNS).where(t.work.c.state == "failed")
        if period is not None:
            query = query.where(t.work.c.period == period, t.work.c.stage.in_(self._stages()))
        return self._work_rows(query)

    def of_stage(self, stage: str) -> sa.ColumnElement[bool]:
        """Return the condition that work is of a stage (`judge` stands for every scorecard)."""
        if stage == JUDGE:
            judging = [name for name in self._stages() if name.startswith(f"{JUDGE}/")]
            return t.work.c.stage.in_(judging)
        return t.work.c.stage == stage

    def _stages(self) -> list[str]:
        """Return every stage that there is, each found by a step in the index.

        Named one by one, they let the index of stage, period and state find a month in years.
        """
        c, found = t.work.c, [""]
        with self._db.reading() as connection:
            while True:
                query = sa.select(sa.func.min(c.stage)).where(c.stage > found[-1])
                name = connection.execute(query).scalar()
                if name is None:
                    return found[1:]
                found.append(name)

    def _work_rows(self, query: sa.Select[tuple[str, ...]]) -> tuple[WorkRow, ...]:
        with self._db.reading() as connection:
            return tuple(_work_row(*row) for row in connection.execute(query))

    def files(
        self, table_name: str | None = None, period: str | None = None
    ) -> tuple[FileRow, ...]:
        """Return the files that count, in the order of writing."""
        query = sa.select(*_FILE_COLUMNS).order_by(t.files.c.n)
        if table_name is not None:
            query = query.where(t.files.c.table_name == table_name)
        if period is not None:
            query = query.where(t.files.c.period == period)
        with self._db.reading() as connection:
            return tuple(FileRow(*row) for row in connection.execute(query))

    def scorecards(self) -> tuple[ScorecardRow, ...]:
        """Return every scorecard version that an evaluation used."""
        c = t.scorecards.c
        query = sa.select(c.scorecard_id, c.version, c.sha256).order_by(c.scorecard_id, c.version)
        with self._db.reading() as connection:
            return tuple(ScorecardRow(*row) for row in connection.execute(query))

    def commit(self, commit: Commit) -> None:
        """Make files, work and scorecards true in one transaction.

        Of a call's earlier work, failures are forgotten, and a stage done anew under another key
        supersedes the older one.
        """
        now = datetime.now(UTC)
        with self._db.writing() as connection:
            if commit.files:
                rows = [{**asdict(f), "run": commit.run, "committed_at": now} for f in commit.files]
                connection.execute(sa.insert(t.files), rows)
            _forget(connection, commit)
            if commit.work:
                rows = [{**asdict(w), "updated_at": now} for w in commit.work]
                connection.execute(sa.insert(t.work), rows)
            known = set(connection.execute(sa.select(*t.scorecards.primary_key.columns)).tuples())
            new = [s for s in commit.scorecards if (s.scorecard_id, s.version) not in known]
            if new:
                rows = [{**asdict(s), "first_used_at": now} for s in new]
                connection.execute(sa.insert(t.scorecards), rows)


_WORK_COLUMNS = tuple(t.work.c[name] for name in WorkRow.__dataclass_fields__)
_FILE_COLUMNS = tuple(t.files.c[name] for name in FileRow.__dataclass_fields__)


def _work_row(
    call_id: str, stage: str, key: str, state: State, content: str, period: str, shard: str
) -> WorkRow:
    """Return a row; a month's rows share the few words that each of them repeats."""
    state = "done" if state == "done" else state
    return WorkRow(call_id, intern(stage), key, state, content, intern(period), intern(shard))


def _forget(connection: sa.Connection, commit: Commit) -> None:
    c = t.work.c
    call, stage, key = (sa.bindparam(n, type_=sa.String) for n in ("b_call", "b_stage", "b_key"))
    if calls := [{"b_call": call_id} for call_id in sorted(commit.settles)]:
        connection.execute(sa.delete(t.work).where(c.call_id == call, c.state == "failed"), calls)
    if measured := [{"b_call": call_id} for call_id in sorted(commit.measured)]:
        stale = sa.update(t.work).where(c.call_id == call, c.state == "done")
        connection.execute(stale.values(state="superseded"), measured)
    if commit.work:
        same = [
            {"b_call": w.call_id, "b_stage": w.stage, "b_key": w.fingerprint} for w in commit.work
        ]
        again = sa.delete(t.work).where(c.call_id == call, c.stage == stage, c.fingerprint == key)
        connection.execute(again, same)
    done = [(w.call_id, w.stage) for w in commit.work if w.state == "done"]
    done += sorted(commit.withdrawn)
    if done:
        older = sa.update(t.work).where(c.call_id == call, c.stage == stage, c.state == "done")
        stages = [{"b_call": call_id, "b_stage": of_call} for call_id, of_call in done]
        connection.execute(older.values(state="superseded"), stages)


def _chunks(values: Iterable[str]) -> Iterable[Sequence[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
