"""The demo's review page: who may log in, and last night's calls given out to be heard."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from qa_pipeline.demo.journey import NIGHT, Demo
from qa_pipeline.store import Store
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review.accounts import Accounts, Role, User
from qa_pipeline.store.review.queue import NOBODY
from qa_pipeline.texts import Text

BATCH: Final = "last-night"
REVIEWER, SECOND, LEAD, ADMIN = "wang", "smith", "lead", "admin"
_PEOPLE: Final[tuple[tuple[str, str, Role], ...]] = (
    (REVIEWER, "王敏", "reviewer"),
    (SECOND, "Alex Smith", "reviewer"),
    (LEAD, "质检主管", "lead"),
    (ADMIN, "Admin", "admin"),
)
#: What last night's calls are heard for, over and over in this order: a reason, and blind or not.
_REASONS: Final = (
    ("random", False),
    ("flagged", False),
    ("focus", False),
    ("double", True),
    ("random", True),
    ("back_check", False),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A login of the demo; `password` None: its owner chose one before."""

    user: str
    role: Role
    password: str | None


def open_office(demo: Demo) -> tuple[Login, ...]:
    """Give out last night's calls and return how to log in; done before, it changes little."""
    with Store.open(demo.store, database_url=demo.settings.database_url) as store:
        store.ledger.save_assignments(_assignments(demo, store))
        return tuple(_logins(Accounts(store.ledger.database)))


def _logins(accounts: Accounts) -> list[Login]:
    logins = []
    for name, shown, role in _PEOPLE:
        known = accounts.user(name)
        if known is None:
            user = User(name, shown, role, frozenset({"*"}), active=True)
            logins.append(Login(name, role, accounts.add("demo", user)))
        else:
            password = accounts.reset("demo", name) if known.one_time else None
            logins.append(Login(name, role, password))
    return logins


def _assignments(demo: Demo, store: Store) -> list[AssignmentRow]:
    """Share out last night: Chinese calls to one, English to the other, some to whoever is free."""
    now = datetime.now(UTC)
    today = now.astimezone(demo.settings.zone).date()
    calls = store.read(
        "calls", NIGHT, columns=("call_id", "group", "agent_id", "language", "duration_s")
    ).sort("call_id")
    rows = []
    for i, call in enumerate(calls.iter_rows(named=True)):
        reason, blind = _REASONS[i % len(_REASONS)]
        first = REVIEWER if call["language"] == "zh" else SECOND
        heard_by = {"back_check": (NOBODY,), "double": (REVIEWER, SECOND)}.get(reason, (first,))
        rows += [
            AssignmentRow(
                period=NIGHT,
                batch=BATCH,
                call_id=call["call_id"],
                purpose="random" if reason in ("random", "focus", "double") else "targeted",
                reason=reason,
                reviewer=reviewer,
                blind=blind,
                assigned_at=now,
                due_on=today + timedelta(days=i % 3),
                group=call["group"],
                agent_id=call["agent_id"],
                language=call["language"],
                expected_min=max(1.0, 2 * call["duration_s"] / 60),
            )
            for reviewer in heard_by
        ]
    return rows


def how_to_log_in(logins: tuple[Login, ...]) -> list[Text]:
    """Return a line a login."""
    lines = []
    for login in logins:
        password = login.password
        given = Text(
            en=f"one-time password {password}" if password else "the password you chose",
            zh=f"一次性密码 {password}" if password else "您自己设置的密码",
        )
        lines.append(
            Text(
                en=f"      {login.user:<8} {login.role:<9} {given.en}",
                zh=f"      {login.user:<8} {login.role:<9} {given.zh}",
            )
        )
    return lines
