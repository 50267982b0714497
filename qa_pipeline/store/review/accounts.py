"""Users of the review page: their role, the groups whose calls they may see, their password.

A user is never deleted, for reviews and audit name them: they are made inactive.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.database import Database
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.passwords import hashed, matches, one_time, refuse_weak
from qa_pipeline.texts import Language, Text

Role = Literal["reviewer", "lead", "admin"]
#: Weakest first: each may do what those before it may.
ROLES: Final[tuple[Role, ...]] = ("reviewer", "lead", "admin")
EVERY_GROUP: Final = "*"
_NAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True, slots=True)
class User:
    """A user. `groups` holds "*" where they may see every group; `one_time`: must change it."""

    user: str
    display_name: str
    role: Role
    groups: frozenset[str]
    active: bool
    language: Language | None = None
    one_time: bool = False

    def is_at_least(self, role: Role) -> bool:
        """Return whether the user may do what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def sees(self, group: str | None) -> bool:
        """Return whether calls of the group may be shown; of no group, to those who see all."""
        return EVERY_GROUP in self.groups or (group is not None and group in self.groups)


class Accounts:
    """Users in the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, actor: str, user: User, *, password: str | None = None) -> str:
        """Add a user and return the one-time password made for them (or the one given).

        Raises WrongUse for a name that is taken or not a name.
        """
        _checked(user.user)
        given = password or one_time()
        with self._db.writing() as connection:
            known = sa.select(t.users.c.user).where(t.users.c.user == user.user)
            if connection.execute(known).first() is not None:
                raise _taken(user.user)
            connection.execute(
                sa.insert(t.users).values(
                    user=user.user,
                    display_name=user.display_name,
                    role=user.role,
                    password_hash=hashed(given),
                    active=user.active,
                    created_at=datetime.now(UTC),
                    language=user.language,
                    one_time=password is None,
                )
            )
            _set_groups(connection, user.user, user.groups)
            detail = {"role": user.role, "groups": sorted(user.groups)}
            audit.append(connection, actor, "user_added", user.user, detail)
        return given

    def change(self, actor: str, user: User) -> None:
        """Set a user's name, role, groups and whether they may log in; ends their sessions.

        Raises WrongUse where nobody would be left to administer.
        """
        with self._db.writing() as connection:
            _refuse_no_admin(connection, user)
            changed = sa.update(t.users).where(t.users.c.user == user.user)
            values = {"display_name": user.display_name, "role": user.role, "active": user.active}
            if connection.execute(changed.values(**values)).rowcount == 0:
                raise _unknown(user.user)
            _set_groups(connection, user.user, user.groups)
            connection.execute(sa.delete(r.sessions).where(r.sessions.c.user == user.user))
            detail = {"role": user.role, "active": user.active, "groups": sorted(user.groups)}
            audit.append(connection, actor, "user_changed", user.user, detail)

    def reset(self, actor: str, user: str) -> str:
        """Give a user a new one-time password and end their sessions. Raises WrongUse."""
        given = one_time()
        self._set_password(actor, user, given, "password_reset", one_time=True)
        return given

    def choose(self, user: str, password: str) -> None:
        """Set the password that a user chose. Raises WrongUse for a weak one."""
        refuse_weak(password, user)
        self._set_password(user, user, password, "password_chosen", one_time=False)

    def _set_password(
        self, actor: str, user: str, password: str, action: str, *, one_time: bool
    ) -> None:
        with self._db.writing() as connection:
            changed = sa.update(t.users).where(t.users.c.user == user)
            values = {"password_hash": hashed(password), "one_time": one_time}
            if connection.execute(changed.values(**values)).rowcount == 0:
                raise _unknown(user)
            connection.execute(sa.delete(r.sessions).where(r.sessions.c.user == user))
            audit.append(connection, actor, action, user)

    def speak(self, user: str, language: Language) -> None:
        """Keep the language in which a user reads the page."""
        with self._db.writing() as connection:
            changed = sa.update(t.users).where(t.users.c.user == user)
            connection.execute(changed.values(language=language))

    def user(self, name: str) -> User | None:
        """Return a user, None where there is none."""
        return next(iter(self._users(t.users.c.user == name)), None)

    def users(self) -> tuple[User, ...]:
        """Return every user by name."""
        return self._users(sa.true())

    def knows(self, name: str, password: str) -> bool:
        """Return whether this is the password of an active user; takes as long for nobody."""
        query = sa.select(t.users.c.password_hash, t.users.c.active).where(t.users.c.user == name)
        with self._db.reading() as connection:
            row = connection.execute(query).first()
        return matches(password, row.password_hash if row is not None and row.active else None)

    def _users(self, wanted: sa.ColumnElement[bool]) -> tuple[User, ...]:
        c = t.users.c
        query = sa.select(c.user, c.display_name, c.role, c.active, c.language, c.one_time).where(
            wanted
        )
        with self._db.reading() as connection:
            rows = connection.execute(query.order_by(c.user)).all()
            of = sa.select(r.user_groups.c.user, r.user_groups.c.group)
            groups: dict[str, set[str]] = {}
            for name, group in connection.execute(of):
                groups.setdefault(name, set()).add(group)
        return tuple(
            User(
                user=row.user,
                display_name=row.display_name,
                role=row.role if row.role in ROLES else "reviewer",
                groups=frozenset(groups.get(row.user, ())),
                active=row.active,
                language=row.language,
                one_time=row.one_time,
            )
            for row in rows
        )


def _set_groups(connection: sa.Connection, user: str, groups: Collection[str]) -> None:
    connection.execute(sa.delete(r.user_groups).where(r.user_groups.c.user == user))
    if groups:
        rows = [{"user": user, "group": group} for group in sorted(groups)]
        connection.execute(sa.insert(r.user_groups), rows)


def _refuse_no_admin(connection: sa.Connection, user: User) -> None:
    c = t.users.c
    others = sa.select(c.user).where(c.role == "admin", c.active, c.user != user.user)
    if connection.execute(others).first() is None and not (user.active and user.role == "admin"):
        raise WrongUse(
            f"user {user.user}",
            Text(en="this is the last administrator", zh="这是最后一名管理员"),
            Text(en="make another user an admin first", zh="请先将另一用户设为管理员"),
        )


def _checked(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise WrongUse(
            "user",
            Text(en="not a user name", zh="不是有效的用户名"),
            Text(
                en="use 1 to 64 letters, digits or . _ - + @",
                zh="使用 1 至 64 个文字、数字或 . _ - + @",
            ),
            got=name,
        )


def _taken(name: str) -> WrongUse:
    return WrongUse(
        "user",
        Text(en="there is a user of this name", zh="该用户名已存在"),
        Text(en="choose another name, or reset the password", zh="请换用其他名称，或重置其密码"),
        got=name,
    )


def _unknown(name: str) -> WrongUse:
    return WrongUse(
        "user",
        Text(en="there is no such user", zh="没有该用户"),
        Text(en="list them: qa review users", zh="查看用户：qa review users"),
        got=name,
    )
