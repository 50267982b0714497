"""The ledger's database: SQLite beside the tables, or any SQLAlchemy URL (PostgreSQL).

The only module that knows a dialect. SQLite runs in WAL mode; writers begin IMMEDIATE (a deferred
transaction that turns into a write loses to "database is locked") and take a lock file first, for
SQLite before 3.51.3 may damage a WAL that two processes write at the same instant.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from qa_pipeline.errors import QaError, WrongUse
from qa_pipeline.store.locks import holding
from qa_pipeline.texts import Text

_BUSY_TIMEOUT_MS = 30_000
_LOCK_NAME = Text(en="the ledger", zh="台账")


@dataclass(frozen=True, slots=True)
class Database:
    """An engine, and the file that lets one process write at a time (SQLite only).

    Threads of one process take turns first: those that wait for a file only look now and then.
    """

    engine: sa.Engine
    where: str
    lock: Path | None
    _turn: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a read transaction: one consistent view."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a write transaction: committed at the end of the block, undone on an error."""
        turn = (
            holding(self.lock, _LOCK_NAME, wait_s=_BUSY_TIMEOUT_MS / 1000)
            if self.lock
            else nullcontext()
        )
        among_threads = self._turn if self.lock else nullcontext()
        with among_threads, turn, self.engine.execution_options(write=True).begin() as connection:
            yield connection


def connect(folder: Path, database_url: str | None) -> Database:
    """Return the ledger's database; nothing is created before the first transaction.

    Raises WrongUse where the URL cannot be used; the URL itself, which may hold a password, is
    never part of a message.
    """
    if database_url is None:
        path = folder / "ledger.sqlite"
        return _sqlite(sa.URL.create("sqlite", database=str(path)), path)
    try:
        url = sa.make_url(database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            return _sqlite(url, Path(url.database))
        return Database(sa.create_engine(url, pool_pre_ping=True), url.host or "database", None)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise WrongUse(
            "database_url",
            Text(en="this database URL cannot be used", zh="无法使用该数据库 URL"),
            Text(
                en="write postgresql+psycopg://user@host/name and install its driver "
                "(pip install 'psycopg[binary]'), or leave it out for SQLite",
                zh="写成 postgresql+psycopg://user@host/name 并安装驱动"
                "（pip install 'psycopg[binary]'），或省略以使用 SQLite",
            ),
            got=type(error).__name__,
        ) from error


def _sqlite(url: sa.URL, path: Path) -> Database:
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred; ours is below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(engine, str(path), path.with_name(path.name + ".lock"))


def unreachable(where: str, error: OperationalError) -> QaError:
    """Return the error for a database that does not answer (its own message may hold secrets)."""
    return QaError(
        where,
        Text(en="the ledger cannot be opened", zh="无法打开台账数据库"),
        Text(
            en="check that the database runs, and that its file and folder can be written",
            zh="检查数据库是否在运行，其文件与目录是否可写",
        ),
        got=type(error.orig).__name__,
    )
