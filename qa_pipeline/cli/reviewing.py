"""`qa review`: serve the review page, look after its users, verify its audit."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.cli.shown import line
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.store import Store

_SERVE = """Serve the review page until it is stopped; print its address and a first login.

\b
Example: qa review serve --store night-store --port 8600
"""
_USERS = """List the users of the review page.

\b
Example: qa review users --store night-store
"""
_ADD = """Add a user of the review page and print their one-time password.

\b
Example: qa review add li --role reviewer --group east --store night-store
"""
_RESET = """Give a user a new one-time password, print it, and end their sessions.

\b
Example: qa review reset li --store night-store
"""
_AUDIT = """Verify the audit's chain of hashes and print its end.

Exit code 1 where a row was changed, removed or inserted. Note the printed hash elsewhere: given
back with --head it shows whether the end was cut off since.

\b
Example: qa review audit --store night-store
"""

_Store = Annotated[Path, typer.Option(help="the store's folder")]
_Settings = Annotated[Path | None, typer.Option(help="settings file (YAML)")]
_Json = Annotated[bool, typer.Option("--json", help="the outcome as JSON")]
_User = Annotated[str, typer.Argument(help="the user's name")]


class RoleName(StrEnum):
    """What a user may do."""

    reviewer = "reviewer"
    lead = "lead"
    admin = "admin"


def register(app: typer.Typer) -> None:
    """Add `qa review`."""
    verbs = typer.Typer(help="The review page, its users and its audit.", no_args_is_help=True)
    verbs.command("serve", help=_SERVE)(serve)
    verbs.command("users", help=_USERS)(users)
    verbs.command("add", help=_ADD)(add)
    verbs.command("reset", help=_RESET)(reset)
    verbs.command("audit", help=_AUDIT)(audit)
    app.add_typer(verbs, name="review")


def serve(
    store: _Store,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port, 0: any free one")] = 8600,
    scorecards: Annotated[
        Path | None, typer.Option(help="folder of scorecards [the shipped ones]")
    ] = None,
    secure: Annotated[
        bool, typer.Option("--secure", help="behind HTTPS: cookies go over HTTPS alone")
    ] = False,
    proxy_header: Annotated[
        str | None, typer.Option(help="header in which a trusted proxy names the user")
    ] = None,
    trust: Annotated[
        list[str] | None, typer.Option(help="address or network of that proxy (repeatable)")
    ] = None,
    settings: _Settings = None,
) -> None:
    """Serve until stopped."""
    from qa_pipeline.settings import SCORECARDS_DIR, load_settings
    from qa_pipeline.store import Store
    from qa_pipeline.web.office import Office
    from qa_pipeline.web.serve import proxy_of
    from qa_pipeline.web.serve import serve as serve_page

    chosen = load_settings(settings)
    proxy = proxy_of(proxy_header, tuple(trust or ()))
    with Store.open(store, database_url=chosen.database_url) as opened:
        office = Office(opened, chosen, scorecards or SCORECARDS_DIR, proxy, secure)
        if host not in _LOOPBACK and not secure:
            tell(_IN_CLEAR)
        serve_page(office, host, port, _say_where)


_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_IN_CLEAR = Text(
    en="other machines may reach this page, and passwords travel in clear\n"
    "fix: put it behind HTTPS on this machine and add --secure",
    zh="其他机器可以访问此页面，而密码以明文传输\n"
    "修复：在本机置于 HTTPS 反向代理之后，并加上 --secure",
)


def _say_where(listening: Any) -> None:
    data().print(listening.address, highlight=False)
    if listening.first_password is not None:
        tell(
            Text(
                en=f"first login: admin, one-time password {listening.first_password}",
                zh=f"首次登录：admin，一次性密码 {listening.first_password}",
            )
        )
    tell(Text(en="Ctrl+C stops it", zh="按 Ctrl+C 停止"))


def users(store: _Store, settings: _Settings = None, as_json: _Json = False) -> None:
    """List every user."""
    from rich.table import Table

    from qa_pipeline.store.review.accounts import Accounts

    with _open(store, settings) as opened:
        found = Accounts(opened.ledger.database).users()
    if as_json:
        keys = ("user", "display_name", "role", "active", "one_time")
        print_json([{k: getattr(u, k) for k in keys} | {"groups": sorted(u.groups)} for u in found])
        return
    table = Table(box=None)
    for column in _COLUMNS:
        table.add_column(column.say(interface_language()))
    for user in found:
        state = _ACTIVE[user.active].say(interface_language())
        cells = (user.user, user.display_name, user.role, ", ".join(sorted(user.groups)), state)
        table.add_row(*map(line, cells))
    data().print(table)


_COLUMNS = (
    Text(en="user", zh="用户"),
    Text(en="name", zh="姓名"),
    Text(en="role", zh="角色"),
    Text(en="groups", zh="班组"),
    Text(en="state", zh="状态"),
)
_ACTIVE = {True: Text(en="active", zh="启用"), False: Text(en="inactive", zh="停用")}


def add(
    user: _User,
    store: _Store,
    role: Annotated[RoleName, typer.Option(help="reviewer, lead or admin")] = RoleName.reviewer,
    group: Annotated[
        list[str] | None, typer.Option(help="group whose calls they see (repeatable) [all]")
    ] = None,
    name: Annotated[str, typer.Option(help="name shown in the page")] = "",
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Add a user."""
    from qa_pipeline.store.review.accounts import EVERY_GROUP, Accounts, User

    groups = frozenset(group or (EVERY_GROUP,))
    with _open(store, settings) as opened:
        new = User(user, name or user, role.value, groups, active=True)
        password = Accounts(opened.ledger.database).add("command line", new)
    _print_password(user, password, as_json=as_json)


def reset(user: _User, store: _Store, settings: _Settings = None, as_json: _Json = False) -> None:
    """Reset a password."""
    from qa_pipeline.store.review.accounts import Accounts

    with _open(store, settings) as opened:
        password = Accounts(opened.ledger.database).reset("command line", user)
    _print_password(user, password, as_json=as_json)


def audit(
    store: _Store,
    head: Annotated[
        str | None, typer.Option(help="a hash noted earlier that must be in the chain")
    ] = None,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Verify the audit."""
    from qa_pipeline.store.review.audit import verify

    with _open(store, settings) as opened:
        found = verify(opened.ledger.database, head=head)
    if as_json:
        print_json(
            {
                "whole": found.whole,
                "n_rows": found.n_rows,
                "head": found.head,
                "broken_at": found.broken_at,
                "cut": found.cut,
            }
        )
    else:
        data().print(found.head, highlight=False)
        tell(_state(found))
    raise typer.Exit(0 if found.whole else 1)


def _state(found: Any) -> Text:
    if found.whole:
        n = found.n_rows
        return Text(en=f"the audit is whole: {n} rows", zh=f"审计记录完整：共 {n} 条")
    if found.cut:
        return Text(en="rows are missing at the audit's end", zh="审计记录末尾有缺失")
    at = found.broken_at
    return Text(
        en=f"the audit was changed: row {at} does not follow from the one before",
        zh=f"审计记录被改动：第 {at} 条与前一条不符",
    )


def _open(store: Path, settings: Path | None) -> "Store":
    from qa_pipeline.settings import load_settings
    from qa_pipeline.store import Store

    return Store.open(store, database_url=load_settings(settings).database_url)


def _print_password(user: str, password: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"user": user, "one_time_password": password})
        return
    data().print(password, highlight=False)
    tell(
        Text(
            en=f"{user}: a password for the first login, where they choose their own",
            zh=f"{user}：首次登录所用密码，登录后须自行设置",
        )
    )
