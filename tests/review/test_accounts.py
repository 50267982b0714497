"""Users, their passwords and their sessions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import Store
from qa_pipeline.store import review_tables as r
from qa_pipeline.store.review import passwords
from qa_pipeline.store.review.accounts import Accounts, User
from qa_pipeline.store.review.sessions import TRIES_PAIR, Sessions
from tests.review.office import PASSWORD, hire


def test_a_password_matches_itself_alone() -> None:
    stored = passwords.hashed("密码 secret")
    assert passwords.matches("密码 secret", stored)
    assert not passwords.matches("密码 secret ", stored)
    assert not passwords.matches("x", None)
    assert passwords.hashed("same") != passwords.hashed("same")


@pytest.mark.parametrize(
    "password",
    ["", "short", "li" * 600, "  LI-the-user"],
    ids=["empty", "short", "long", "name"],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WrongUse, match="too easy"):
        passwords.refuse_weak(password, "li-the-user")


def test_a_new_user_gets_a_password_for_one_time(store: Store) -> None:
    accounts = Accounts(store.ledger.database)
    user = User("li", "李", "reviewer", frozenset({"华东"}), active=True)
    given = accounts.add("admin", user)
    assert accounts.knows("li", given)
    assert accounts.user("li") == replace(user, one_time=True)
    accounts.choose("li", "a better one now")
    assert not accounts.knows("li", given)
    assert accounts.knows("li", "a better one now")
    assert accounts.user("li") == user


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65, "<b>", "a\n", "../x"])
def test_a_user_needs_a_name(store: Store, name: str) -> None:
    with pytest.raises(WrongUse, match="not a user name"):
        Accounts(store.ledger.database).add(
            "admin", User(name, "", "reviewer", frozenset(), active=True)
        )


def test_a_name_is_given_once(store: Store) -> None:
    hire(store, "li")
    with pytest.raises(WrongUse, match="of this name"):
        hire(store, "li")


def test_an_inactive_user_has_no_password_and_no_session(store: Store) -> None:
    hire(store, "root", "admin")
    li = hire(store, "li")
    database = store.ledger.database
    token = Sessions(database).open("li", "127.0.0.1", "password")
    assert Sessions(database).session(token)
    Accounts(database).change("root", replace(li, active=False))
    assert not Accounts(database).knows("li", PASSWORD)
    assert Sessions(database).session(token) is None


def test_the_last_admin_stays(store: Store) -> None:
    root = hire(store, "root", "admin")
    accounts = Accounts(store.ledger.database)
    with pytest.raises(WrongUse, match="last administrator"):
        accounts.change("root", replace(root, role="lead"))
    hire(store, "second", "admin")
    accounts.change("second", replace(root, role="lead"))
    assert [u.role for u in accounts.users()] == ["lead", "admin"]


@pytest.mark.parametrize(
    ("groups", "group", "sees"),
    [
        ({"*"}, "华东", True),
        ({"*"}, None, True),
        ({"华东"}, "华东", True),
        ({"华东"}, "华南", False),
        ({"华东"}, None, False),
        (set(), "华东", False),
    ],
)
def test_groups_say_what_is_seen(groups: set[str], group: str | None, sees: bool) -> None:
    assert User("a", "", "lead", frozenset(groups), active=True).sees(group) is sees


@pytest.mark.parametrize(("column", "age"), [("seen_at", 5), ("expires_at", 0)])
def test_a_session_ends(store: Store, column: str, age: int) -> None:
    hire(store, "li")
    sessions = Sessions(store.ledger.database)
    token = sessions.open("li", "127.0.0.1", "password")
    assert sessions.session(token)
    past = datetime.now(UTC) - timedelta(hours=age)
    with store.ledger.database.writing() as connection:
        connection.execute(sa.update(r.sessions).values({column: past}))
    assert sessions.session(token) is None


def test_the_ledger_holds_no_token(store: Store) -> None:
    hire(store, "li")
    token = Sessions(store.ledger.database).open("li", "127.0.0.1", "password")
    assert token.encode() not in (store.path / "ledger.sqlite").read_bytes()
    wal = store.path / "ledger.sqlite-wal"
    assert not wal.exists() or token.encode() not in wal.read_bytes()


def test_wrong_tries_are_counted_by_name_and_address(store: Store) -> None:
    sessions = Sessions(store.ledger.database)
    for _ in range(TRIES_PAIR):
        assert sessions.may_try("li", "10.0.0.1")
        sessions.failed("li", "10.0.0.1")
    assert not sessions.may_try("li", "10.0.0.1")
    assert sessions.may_try("li", "10.0.0.2")
    assert sessions.may_try("wang", "10.0.0.1")
