"""Users and the audit, for administrators."""

from starlette.responses import Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.accounts import ROLES, Role, User
from qa_pipeline.texts import Text
from qa_pipeline.web.pages import page
from qa_pipeline.web.visit import Visit


def list_users(visit: Visit) -> Response:
    """Show every user, and forms to add and change them."""
    return _users(visit)


def add_user(visit: Visit) -> Response:
    """Add a user and show their one-time password, once."""
    user = _user(visit, active=True)
    with visit.office.hashing:
        password = visit.office.accounts.add(visit.who.user, user)
    return _users(visit, user.user, password)


def change_user(visit: Visit) -> Response:
    """Set a user's name, role, groups and state."""
    visit.office.accounts.change(visit.who.user, _user(visit, active=bool(visit.said("active"))))
    return _users(visit)


def reset_user(visit: Visit) -> Response:
    """Give a user a new one-time password and show it, once."""
    with visit.office.hashing:
        password = visit.office.accounts.reset(visit.who.user, visit.said("user"))
    return _users(visit, visit.said("user"), password)


def show_audit(visit: Visit) -> Response:
    """Show the newest rows, and whether the chain is whole."""
    found = audit.verify(visit.office.database)
    rows = audit.latest(visit.office.database)
    return page(visit, "audit.html.j2", found=found, rows=rows, zone=visit.office.settings.zone)


def _users(visit: Visit, of: str = "", password: str = "") -> Response:
    users = visit.office.accounts.users()
    return page(visit, "users.html.j2", users=users, roles=ROLES, of=of, password=password)


def _user(visit: Visit, *, active: bool) -> User:
    written = visit.said("groups").replace("，", ",").split(",")
    groups = frozenset(group.strip() for group in written if group.strip())
    name = visit.said("user").strip()
    shown = visit.said("display_name").strip()[:255] or name
    return User(name, shown, _role(visit.said("role")), groups, active=active)


def _role(said: str) -> Role:
    for role in ROLES:
        if role == said:
            return role
    raise WrongUse(
        "role",
        Text(en="not a role", zh="不是有效的角色"),
        Text(en="choose reviewer, lead or admin", zh="请选择 reviewer、lead 或 admin"),
        got=said[:64],
    )
