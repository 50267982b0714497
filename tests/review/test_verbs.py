"""`qa review`: users, their passwords, and the audit, from the command line."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa_pipeline.cli.main import app
from qa_pipeline.errors import QaError
from qa_pipeline.store import Store
from qa_pipeline.store.review.accounts import Accounts
from qa_pipeline.web.serve import proxy_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Store.open(tmp_path / "store", create=True).close()
    return tmp_path / "store"


def qa(*arguments: str, folder: Path) -> tuple[int, str, str]:
    """Run `qa review ...` and return the exit code, stdout and stderr."""
    done = CliRunner().invoke(app, ["review", *arguments, "--store", str(folder)])
    if isinstance(done.exception, QaError):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_user_is_added_listed_and_reset(folder: Path) -> None:
    code, password, said = qa("add", "li", "--role", "lead", "--group", "华东", folder=folder)
    assert code == 0
    assert "first login" in said
    with Store.open(folder) as store:
        assert Accounts(store.ledger.database).knows("li", password.strip())
    _, listed, _ = qa("users", "--json", folder=folder)
    assert json.loads(listed) == [
        {
            "user": "li",
            "display_name": "li",
            "role": "lead",
            "active": True,
            "one_time": True,
            "groups": ["华东"],
        }
    ]
    _, table, _ = qa("users", folder=folder)
    assert "华东" in table
    _, again, _ = qa("reset", "li", "--json", folder=folder)
    given = json.loads(again)["one_time_password"]
    with Store.open(folder) as store:
        accounts = Accounts(store.ledger.database)
        assert accounts.knows("li", given)
        assert not accounts.knows("li", password.strip())


def test_an_unknown_user_is_told(folder: Path) -> None:
    with pytest.raises(QaError, match="no such user"):
        qa("reset", "nobody", folder=folder)


def test_the_audit_is_verified_with_its_exit_code(folder: Path) -> None:
    qa("add", "li", folder=folder)
    code, head, said = qa("audit", folder=folder)
    assert (code, len(head.strip())) == (0, 64)
    assert "whole: 1 rows" in said
    with sqlite3.connect(folder / "ledger.sqlite") as raw:
        raw.execute("UPDATE audit SET actor = 'somebody'")
    code, _, said = qa("audit", folder=folder)
    assert code == 1
    assert "row 1" in said
    code, told, _ = qa("audit", "--json", folder=folder)
    assert (code, json.loads(told)["broken_at"]) == (1, 1)


@pytest.mark.parametrize(
    ("header", "networks"),
    [(None, ("10.0.0.0/8",)), ("x-user", ()), ("x-user", ("not an address",))],
    ids=["no-header", "no-network", "no-address"],
)
def test_half_a_proxy_is_refused(header: str | None, networks: tuple[str, ...]) -> None:
    with pytest.raises(QaError, match="needs the header"):
        proxy_of(header, networks)


def test_no_proxy_is_no_proxy() -> None:
    assert proxy_of(None, ()) is None
