"""Logins: server-side sessions, and how many wrong tries an address or a name may make."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from qa_pipeline.store import review_tables as r
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=4)
_TOUCH: Final = timedelta(minutes=2)
#: Wrong tries inside `WINDOW`: of one name from one address, of one address, of one name.
WINDOW: Final = timedelta(minutes=15)
TRIES_PAIR, TRIES_ADDRESS, TRIES_NAME = 5, 30, 60


@dataclass(frozen=True, slots=True)
class Session:
    """A login in force; `csrf` must come back with everything that changes something."""

    user: str
    csrf: str
    token_sha256: str


class Sessions:
    """Sessions in the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, user: str, address: str, how: str) -> str:
        """Begin a session and return its token, which is kept nowhere."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with self._db.writing() as connection:
            connection.execute(sa.delete(r.sessions).where(r.sessions.c.expires_at < now))
            connection.execute(
                sa.insert(r.sessions).values(
                    token_sha256=_hash(token),
                    user=user,
                    csrf=secrets.token_urlsafe(32),
                    created_at=now,
                    seen_at=now,
                    expires_at=now + LASTS,
                )
            )
            audit.append(connection, user, "login", user, {"address": address, "how": how})
        return token

    def session(self, token: str) -> Session | None:
        """Return the session of a token, None where it is over or never was."""
        c, now = r.sessions.c, datetime.now(UTC)
        query = sa.select(c.user, c.csrf, c.token_sha256, c.seen_at).where(
            c.token_sha256 == _hash(token), c.expires_at > now, c.seen_at > now - IDLE
        )
        with self._db.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if now - row.seen_at > _TOUCH:
            with self._db.writing() as connection:
                seen = sa.update(r.sessions).where(c.token_sha256 == row.token_sha256)
                connection.execute(seen.values(seen_at=now))
        return Session(row.user, row.csrf, row.token_sha256)

    def close(self, session: Session) -> None:
        """End a session."""
        with self._db.writing() as connection:
            of = r.sessions.c.token_sha256 == session.token_sha256
            connection.execute(sa.delete(r.sessions).where(of))
            audit.append(connection, session.user, "logout", session.user)

    def may_try(self, user: str, address: str) -> bool:
        """Return whether this name may be tried from this address now."""
        c, since = r.login_failures.c, datetime.now(UTC) - WINDOW
        limits = (
            (sa.and_(c.user == user[:128], c.address == address), TRIES_PAIR),
            (c.address == address, TRIES_ADDRESS),
            (c.user == user[:128], TRIES_NAME),
        )
        with self._db.reading() as connection:
            return all(
                (
                    connection.execute(
                        sa.select(sa.func.count()).where(wanted, c.at > since)
                    ).scalar()
                    or 0
                )
                < limit
                for wanted, limit in limits
            )

    def failed(self, user: str, address: str) -> None:
        """Count a wrong try."""
        now = datetime.now(UTC)
        with self._db.writing() as connection:
            c = r.login_failures.c
            connection.execute(sa.delete(r.login_failures).where(c.at < now - WINDOW))
            tried = {"user": user[:128], "address": address, "at": now}
            connection.execute(sa.insert(r.login_failures).values(**tried))
            audit.append(connection, "", "login_failed", user[:64], {"address": address})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
