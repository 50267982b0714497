"""The demo's review page: who may log in. What they hear is last night's sample, which is open."""

from dataclasses import dataclass
from typing import Final

from qa_pipeline.demo.journey import Demo
from qa_pipeline.store import Store
from qa_pipeline.store.review.accounts import Accounts, Role, User
from qa_pipeline.texts import Text

_PEOPLE: Final[tuple[tuple[str, str, Role], ...]] = (
    ("demo-reviewer-1", "王敏", "reviewer"),
    ("demo-reviewer-2", "陈晨", "reviewer"),
    ("demo-reviewer-3", "Alex Smith", "reviewer"),
    ("lead", "赵主管", "lead"),
    ("admin", "Admin", "admin"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A login of the demo; `password` None: its owner chose one before."""

    user: str
    role: Role
    password: str | None


def open_office(demo: Demo) -> tuple[Login, ...]:
    """Make the demo's users and return how to log in; who chose a password keeps it."""
    with Store.open(demo.store, database_url=demo.settings.database_url) as store:
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
                en=f"      {login.user:<16} {login.role:<9} {given.en}",
                zh=f"      {login.user:<16} {login.role:<9} {given.zh}",
            )
        )
    return lines
