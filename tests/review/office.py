"""An office for the review page's tests: assignments and people."""

from datetime import UTC, date, datetime
from functools import cache

import sqlalchemy as sa

from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review.accounts import Accounts, Role, User
from qa_pipeline.store.review.passwords import hashed

TODAY = datetime.now(Settings().zone).date()  # as the office reckons it
PASSWORD = "a quiet afternoon"


def assign(
    store: Store,
    call_id: str,
    reviewer: str,
    *,
    reason: str = "random",
    due_on: date | None = TODAY,
    group: str | None = "华东",
    blind: bool = False,
    batch: str = "001",
) -> None:
    """Issue one assignment."""
    row = AssignmentRow(
        period="2026-11",
        batch=batch,
        call_id=call_id,
        purpose="random",
        reason=reason,
        reviewer=reviewer,
        blind=blind,
        assigned_at=datetime(2026, 11, 26, 1, tzinfo=UTC),
        due_on=due_on,
        group=group,
        agent_id="A7",
        language="zh",
        expected_min=4.0,
    )
    store.ledger.save_assignments([row])


def hire(store: Store, name: str, role: Role = "reviewer", *groups: str) -> User:
    """Add a user who has chosen PASSWORD, hashed once for all of them."""
    user = User(name, name.title(), role, frozenset(groups or ("*",)), active=True)
    accounts = Accounts(store.ledger.database)
    if accounts.user(name) is not None:
        accounts.add("test", user)
    values = {
        "user": name,
        "display_name": user.display_name,
        "role": role,
        "password_hash": _hashed_once(),
        "active": True,
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    with store.ledger.database.writing() as connection:
        connection.execute(sa.insert(t.users).values(**values))
        rows = [{"user": name, "group": group} for group in sorted(user.groups)]
        connection.execute(sa.insert(r.user_groups), rows)
    return user


@cache
def _hashed_once() -> str:
    return hashed(PASSWORD)
