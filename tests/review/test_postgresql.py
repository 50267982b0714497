"""The same work on PostgreSQL, where one is installed: a cluster of its own, on a socket."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import Store
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.marks import Marks, NewMark
from qa_pipeline.store.review.queue import NOBODY, Queue, Wanted
from tests.review.browser import Browser, keep, made_call, office_of
from tests.review.office import PASSWORD, TODAY, assign, hire

BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BIN is None, reason="PostgreSQL is not installed (apt-get install postgresql)"
    ),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    assert BIN is not None
    folder = tmp_path_factory.mktemp("pg")
    as_user = _unprivileged(folder)
    made = [*as_user, str(BIN / "initdb"), "-D", str(folder / "data"), "-U", "qa", "-A", "trust"]
    subprocess.run([*made, "-E", "UTF8", "--locale=C"], check=True, capture_output=True, cwd="/")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    control = [*as_user, str(BIN / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    log = ["-l", str(folder / "log")]
    subprocess.run([*control, "-o", options, *log, "start"], check=True, cwd="/")
    try:
        yield f"postgresql+psycopg://qa@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd="/")


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL does not run as root: it gets the folder as another user."""
    if os.getuid() != 0:
        return []
    if shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no runuser")
    for path in (folder, *folder.parents):
        if path == Path("/tmp"):
            break
        path.chmod(0o755)
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="module")
def store(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("store")
    with Store.open(folder / "store", create=True, database_url=database) as opened:
        keep(opened, *(made_call(f"c-{i}") for i in range(3)))
        hire(opened, "li")
        hire(opened, "zhao", "lead")
        assign(opened, "c-0", "li", reason="flagged")
        assign(opened, "c-1", "li", blind=True)
        assign(opened, "c-2", NOBODY)
        yield opened


def test_of_many_who_take_a_call_one_gets_it(store: Store) -> None:
    queue = Queue(store.ledger.database)
    free = queue.assignment(3)
    assert free is not None

    def taken(i: int) -> bool:
        try:
            queue.take(f"user-{i}", free, TODAY)
        except WrongUse:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(taken, range(8))) == 1
    assert queue.page("li", {"*"}, Wanted("pool"), TODAY).rows == ()


def test_clicks_and_audit_from_many_threads(store: Store) -> None:
    given = Queue(store.ledger.database).assignment(2)
    assert given is not None
    marks = Marks(store.ledger.database)

    def click(key: str) -> None:
        marks.add("li", given, NewMark(key, "comment", text="好"))

    keys = [f"click-{i % 12:03d}" for i in range(24)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(click, keys))
    kept = [m.idempotency_key for m in marks.marks(given.id)]
    assert sorted(kept) == sorted(set(keys))
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda i: audit.record(store.ledger.database, "li", "viewed", str(i)), range(40)
            )
        )
    assert audit.verify(store.ledger.database).whole


def test_a_review_from_login_to_appeal(store: Store) -> None:
    office = office_of(store)
    browser = Browser(office)
    assert browser.login("li", PASSWORD) == 303
    assert "c-0" in browser.get("/").text
    assert browser.get("/work/1").status_code == 200
    case = office.case("c-0")
    assert case is not None
    for verdict in case.evaluations[0].verdicts:
        mark = {"kind": "verdict", "criterion": f"order-line/{verdict.criterion}"}
        assert browser.act("/work/1/marks", {**mark, "outcome": "pass"}).status_code == 200
    assert browser.act("/work/1/submit", {}).json() == {"next": "/work/2"}
    lead = Browser(office, address="10.1.1.2").enter("zhao")
    assert lead.send("/reviews/1/publish").status_code == 303
    entered = {"criterion": "greeting", "reason": "没有说完整"}
    assert lead.send("/reviews/1/appeal", entered).status_code == 303
    decided = {"decision": "upheld", "outcome": "fail", "reason": "同意"}
    assert lead.send("/appeals/1/decide", decided).status_code == 303
    revisions = office.reviews.of_call("c-0")
    assert [r.verdicts["greeting"] for r in revisions] == ["pass", "fail"]
    for path in ("/reviews?show=all", "/appeals", "/disagreements?kind=machine", "/calibrations",
                 "/coaching", "/desk?period=2026-11", "/scorecards", "/reviews.csv", "/?view=done",
                 "/?view=all", "/report/page"):  # fmt: skip
        assert lead.get(path).status_code == 200, path
    assert audit.verify(store.ledger.database).whole
