"""The audit: who did what, when, to what; each row hashed over the one before it.

A row is written in the transaction of what it tells of: neither is there without the other. The
chain shows a changed, removed or inserted row; a cut tail shows against the head, or against a
head that somebody wrote down elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database

FIRST_HASH: Final = "0" * 64
_CHUNK: Final = 5_000


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit. `hash` is SHA-256 over `previous_hash` and the rest."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying the chain came to; `broken_at` is the first row that does not fit, or None.

    `n_rows` rows fit before it. `cut`: rows are missing at the end.
    """

    n_rows: int
    head: str
    broken_at: int | None
    cut: bool

    @property
    def whole(self) -> bool:
        """Whether the chain is as it was written."""
        return self.broken_at is None and not self.cut


def append(
    connection: sa.Connection,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a row inside the caller's transaction."""
    head = t.audit_head
    # The update comes first: it locks the head where several servers write (PostgreSQL).
    connection.execute(sa.update(head).values(n_rows=head.c.n_rows + 1))
    previous = str(connection.execute(sa.select(head.c.hash)).scalar_one())
    at = datetime.now(UTC)
    values = {
        "at": at,
        "actor": actor[:128],
        "action": action,
        "subject": subject[:255],
        "detail": dict(detail or {}),
    }
    found = hash_of(previous, values)
    connection.execute(sa.insert(t.audit).values(**values, previous_hash=previous, hash=found))
    connection.execute(sa.update(head).values(hash=found))


def record(database: Database, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add a row in a transaction of its own: for what changes nothing else (a play, a view)."""
    with database.writing() as connection:
        append(connection, actor, action, subject, detail)


def hash_of(previous: str, values: Mapping[str, Any]) -> str:
    """Return the hash of a row after the row whose hash is `previous`."""
    at: datetime = values["at"]
    told = [at.astimezone(UTC).isoformat(), *(values[k] for k in ("actor", "action", "subject"))]
    text = json.dumps([previous, *told, values["detail"]], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def verify(database: Database, *, head: str | None = None) -> Verified:
    """Follow the chain from its first row. `head`: a hash noted earlier that must be in it."""
    previous, n, last, seen = FIRST_HASH, 0, 0, head is None or head == FIRST_HASH
    with database.reading() as connection:
        end = connection.execute(sa.select(t.audit_head.c.n_rows, t.audit_head.c.hash)).one()
        while rows := connection.execute(_after(last)).all():
            for row in map(AuditRow, *zip(*rows, strict=True)):
                if row.previous_hash != previous or row.hash != hash_of(previous, _values(row)):
                    return Verified(n, previous, row.id, cut=False)
                previous, last, n = row.hash, row.id, n + 1
                seen = seen or row.hash == head
    return Verified(n, previous, None, cut=(n, previous) != tuple(end) or not seen)


def latest(database: Database, limit: int = 200) -> tuple[AuditRow, ...]:
    """Return the last rows, newest first."""
    query = sa.select(*_COLUMNS).order_by(t.audit.c.id.desc()).limit(limit)
    with database.reading() as connection:
        return tuple(AuditRow(*row) for row in connection.execute(query))


_COLUMNS = tuple(t.audit.c[name] for name in AuditRow.__dataclass_fields__)


def _after(last: int) -> sa.Select[Any]:
    return sa.select(*_COLUMNS).where(t.audit.c.id > last).order_by(t.audit.c.id).limit(_CHUNK)


def _values(row: AuditRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("at", "actor", "action", "subject", "detail")}
