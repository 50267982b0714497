"""What the page does with requests and words that mean harm."""

import hashlib
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from qa_pipeline.store import Store
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.sessions import TRIES_PAIR
from qa_pipeline.web.media import parse_range
from qa_pipeline.web.office import Proxy
from qa_pipeline.web.static import address_of, shelf
from tests.conftest import ROOT
from tests.review.browser import AUDIO, HOST, Browser, keep, made_call, office_of
from tests.review.office import PASSWORD, assign, hire
from tests.review.reading import checked
from tests.review.world import CALL, World, made_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = made_world(tmp_path_factory.mktemp("world"))
    yield made
    made.office.store.close()


@pytest.mark.parametrize("path", ["/login", "/", "/work/1", "/call?call=east-1", "/nowhere"])
def test_every_page_has_the_strict_policy(world: World, path: str) -> None:
    browser = Browser(world.office)
    answer = (browser if path == "/login" else browser.enter("li")).get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    checked(answer.text)


def test_a_nonce_is_used_once(world: World) -> None:
    browser = Browser(world.office).enter("li")
    policies = {browser.get("/work/1").headers["content-security-policy"] for _ in range(3)}
    assert len(policies) == 3


def test_audio_policy_lets_nothing_run(world: World) -> None:
    answer = Browser(world.office).enter("li").get(f"/audio?call={CALL}")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-type"] == "audio/ogg"


RANGES = {
    "whole": (None, 200, (0, len(AUDIO))),
    "start": ("bytes=0-99", 206, (0, 100)),
    "middle": ("bytes=1000-1999", 206, (1000, 2000)),
    "to-the-end": ("bytes=10000-", 206, (10000, len(AUDIO))),
    "last": ("bytes=-10", 206, (len(AUDIO) - 10, len(AUDIO))),
    "over-the-end": ("bytes=10200-99999999", 206, (10200, len(AUDIO))),
    "more-than-all": ("bytes=-99999999", 206, (0, len(AUDIO))),
    "one-byte": ("bytes=5-5", 206, (5, 6)),
}


@pytest.mark.parametrize(("asked", "status", "part"), RANGES.values(), ids=RANGES)
def test_a_range_of_the_audio(
    world: World, asked: str | None, status: int, part: tuple[int, int]
) -> None:
    browser = Browser(world.office).enter("li")
    headers = {"range": asked} if asked else {}
    answer = browser.get(f"/audio?call={CALL}", **headers)
    assert answer.status_code == status
    assert answer.content == AUDIO[slice(*part)]
    assert answer.headers["content-length"] == str(part[1] - part[0])
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {part[0]}-{part[1] - 1}/{len(AUDIO)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=", "bytes=-", "bytes=9-2", "bytes=99999999-", "bytes=-0", "items=0-1", "bytes=0-1,3-4",
     "bytes=a-b", "bytes=٣-٤", "bytes=" + "9" * 40 + "-"],
)  # fmt: skip
def test_a_range_that_is_none_is_refused(world: World, asked: str) -> None:
    assert parse_range(asked, len(AUDIO)) is None
    if asked.isascii():
        answer = Browser(world.office).enter("li").get(f"/audio?call={CALL}", range=asked)
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(AUDIO)}"


def test_a_play_is_told_once_however_many_ranges(world: World) -> None:
    browser = Browser(world.office).enter("lead-east")
    for start in range(0, 5000, 1000):
        browser.get(f"/audio?call={CALL}", range=f"bytes={start}-{start + 999}")
    rows = audit.latest(world.office.database)
    plays = [r for r in rows if (r.actor, r.action) == ("lead-east", "played")]
    assert [r.subject for r in plays] == [f"call {CALL}"]


@pytest.mark.parametrize(
    "path",
    ["/static/x/page.css", "/static/{mark}/../office.py", "/static/{mark}/%2e%2e/office.py",
     "/static/{mark}/vendor/../../routes.py", "/static/{mark}//etc/passwd", "/static/{mark}/",
     "/static/{mark}/vendor/wavesurfer.LICENSE.txt", "/../etc/passwd"],
)  # fmt: skip
def test_no_path_reaches_a_file(world: World, path: str) -> None:
    mark = address_of("page.css").split("/")[2]
    answer = Browser(world.office).enter("admin").get(path.replace("{mark}", mark))
    assert answer.status_code == 404


@pytest.mark.parametrize("name", sorted(shelf()))
def test_what_we_serve_is_served_and_kept(world: World, name: str) -> None:
    answer = Browser(world.office).get(address_of(name))
    assert answer.status_code == 200
    assert answer.content == shelf()[name].content
    assert "immutable" in answer.headers["cache-control"]


#: Of the published packages: `npm pack wavesurfer.js@8.0.1` and `axe-core@4.14.1`.
VENDORED = {
    "qa_pipeline/web/static/vendor/wavesurfer.esm.js":
        "079f3b142f37737f975b03ea8fd18652a316dc2120a2629aeca0844a0c08f2b1",
    "qa_pipeline/web/static/vendor/regions.esm.js":
        "f3b9a81f56d0301affbeb5693dc9c43527efd6e97e534f17329192a7ce7fc4d4",
    "qa_pipeline/web/static/vendor/wavesurfer.LICENSE.txt":
        "0fc992dc27cc34dde78bfeb024b4cadff6320f0dcbee2f1228efaeb533ca1364",
    "tests/review/vendor/axe.min.js":
        "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    "tests/review/vendor/axe.LICENSE.txt":
        "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
    "tests/review/vendor/axe.LICENSE-3RD-PARTY.txt":
        "4f8563870d0fca38bbc3e00b6f670cb7fa9f380ba9f26a7f7d1184a6b18b1653",
}  # fmt: skip


@pytest.mark.parametrize(("path", "sha256"), VENDORED.items(), ids=lambda v: v.rsplit("/", 1)[-1])
def test_vendored_files_are_those_that_were_published(path: str, sha256: str) -> None:
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == sha256


def test_every_vendored_script_is_known_by_its_hash() -> None:
    folders = (ROOT / "qa_pipeline/web/static/vendor", ROOT / "tests/review/vendor")
    found = {str(p.relative_to(ROOT)) for folder in folders for p in folder.iterdir()}
    assert found == set(VENDORED)


def test_login_is_refused_after_some_wrong_tries_even_with_the_right_password(
    world: World,
) -> None:
    browser = Browser(world.office, address="10.9.9.9")
    for _ in range(TRIES_PAIR):
        assert browser.login("wang", "wrong") == 401
    assert browser.login("wang", PASSWORD) == 429
    assert Browser(world.office, address="10.9.9.8").login("wang", PASSWORD) == 303


def test_a_login_leads_to_where_one_was_going_and_nowhere_else(world: World) -> None:
    for asked, led in (
        ("/work/1", "/work/1"),
        ("//evil.test", "/"),
        ("https://evil.test", "/"),
        ("/\\evil.test", "/"),
        ("javascript:hit()", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
    ):
        browser = Browser(world.office, address="10.8.8.8")
        answer = browser.send("/login", {"user": "li", "password": PASSWORD, "next": asked})
        assert (answer.status_code, answer.headers["location"]) == (303, led)


def test_the_session_cookie_is_for_this_host_and_no_script(world: World) -> None:
    browser = Browser(world.office, address="10.8.8.9")
    answer = browser.send("/login", {"user": "li", "password": PASSWORD, "next": "/"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    world.office.secure_cookies = True
    answer = browser.send("/login", {"user": "li", "password": PASSWORD, "next": "/"})
    world.office.secure_cookies = False
    assert answer.headers["set-cookie"].startswith("__Host-qa_session=")
    assert "secure" in answer.headers["set-cookie"].lower()


def test_logout_ends_the_session_on_the_server(world: World) -> None:
    browser = Browser(world.office).enter("sun")
    kept = dict(browser.client.cookies)
    assert browser.send("/logout").status_code == 303
    browser.client.cookies.update(kept)
    assert browser.get("/").headers["location"].startswith("/login")


PROXY = Proxy("x-remote-user", (ip_network("10.0.0.5/32"), ip_network("fd00::/8")))
FROM = {
    "trusted": ("10.0.0.5", "li", 303),
    "trusted-six": ("fd00::1", "li", 303),
    "elsewhere": ("10.0.0.6", "li", 200),
    "no-address": ("testclient", "li", 200),
    "unknown-user": ("10.0.0.5", "nobody", 403),
}


@pytest.mark.parametrize(("address", "user", "status"), FROM.values(), ids=FROM)
def test_a_header_logs_in_from_a_trusted_proxy_alone(
    world: World, address: str, user: str, status: int
) -> None:
    office = office_of(world.office.store, PROXY)
    browser = Browser(office, address=address)
    assert browser.get("/login", **{"x-remote-user": user}).status_code == status


def test_without_a_proxy_the_header_is_nothing(world: World) -> None:
    answer = Browser(world.office, address="10.0.0.5").get("/login", **{"x-remote-user": "admin"})
    assert answer.status_code == 200


def test_a_session_is_not_another_persons_behind_the_proxy(world: World) -> None:
    office = office_of(world.office.store, PROXY)
    browser = Browser(office, address="10.0.0.5").enter("li")
    assert browser.get("/", **{"x-remote-user": "li"}).status_code == 200
    assert browser.get("/", **{"x-remote-user": "wang"}).status_code == 303


BODIES = {
    "not-json": (b"{", "application/json", 400),
    "a-list": (b"[1]", "application/json", 400),
    "a-file": (b"x", "multipart/form-data; boundary=x", 400),
    "not-utf-8": (b"csrf=\xff\xfe", "application/x-www-form-urlencoded", 403),
    "too-many": (b"&".join(b"a=1" for _ in range(600)), "application/x-www-form-urlencoded", 400),
    "too-large": (b"a" * 1_200_000, "application/json", 413),
    "deep": (b"[" * 100_000, "application/json", 400),
}


@pytest.mark.parametrize(("body", "kind", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_form_is_refused(
    world: World, body: bytes, kind: str, status: int
) -> None:
    browser = Browser(world.office).enter("li")
    answer = browser.client.post(
        "/work/1/marks", content=body, headers={"origin": HOST, "content-type": kind}
    )
    assert answer.status_code in (status, 400)


MARKS = {
    "unknown-criterion": {"kind": "verdict", "criterion": "order-line/nothing", "outcome": "pass"},
    "unknown-card": {"kind": "verdict", "criterion": "other/greeting", "outcome": "pass"},
    "unknown-outcome": {"kind": "verdict", "criterion": "order-line/greeting", "outcome": "x"},
    "pending": {"kind": "verdict", "criterion": "order-line/greeting", "outcome": "pending"},
    "no-kind": {"criterion": "order-line/greeting", "outcome": "pass"},
    "empty-comment": {"kind": "comment", "text": "  "},
    "long-comment": {"kind": "comment", "text": "长" * 4001},
    "time-before": {"kind": "comment", "text": "x", "at": -1},
    "time-is-text": {"kind": "comment", "text": "x", "at": "1"},
    "undo-of-text": {"kind": "undo", "undoes": "1"},
    "undo-nothing": {"kind": "undo"},
    "outcome-is-a-list": {"kind": "verdict", "criterion": ["order-line/greeting"], "outcome": {}},
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_what_is_no_mark_is_refused(world: World, mark: dict[str, object]) -> None:
    browser = Browser(world.office).enter("li")
    assert browser.act("/work/1/marks", mark).status_code == 409
    assert world.office.marks.marks(1) == ()


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "schlüssel-lang"])
def test_a_click_needs_a_key_of_its_own(world: World, key: str) -> None:
    browser = Browser(world.office).enter("li")
    headers = {"origin": HOST, "x-csrf-token": browser.csrf, "accept": "application/json"}
    body = {"kind": "comment", "text": "x"}
    keyed = {**headers, "idempotency-key": key.encode()} if key else headers
    assert browser.client.post("/work/1/marks", json=body, headers=keyed).status_code == 409


def test_a_blind_page_holds_nothing_of_the_machine(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as store:
        keep(store, made_call("c-1"))
        hire(store, "li")
        assign(store, "c-1", "li", blind=True)
        office = office_of(store)
        case = office.case("c-1")
        assert case is not None
        said = {v.reason for v in case.evaluations[0].verdicts if v.outcome != "pending"}
        browser = Browser(office, "zh").enter("li")
        blind = browser.get("/work/1").text
        assert "机检 ·" not in blind
        assert "data-machine" not in blind
        assert 'class="chip' not in blind
        assert not [reason for reason in said if reason in blind]
        answer = browser.act("/work/1/marks", {"kind": "comment", "text": "好"})
        state = answer.json()
        assert state["cards"][0]["score"] == "–"
        assert len(state["cards"][0]["left"]) == len(case.evaluations[0].verdicts)
        for verdict in case.evaluations[0].verdicts:
            mark = {"kind": "verdict", "criterion": f"order-line/{verdict.criterion}"}
            assert browser.act("/work/1/marks", {**mark, "outcome": "pass"}).status_code == 200
        assert browser.act("/work/1/submit", {}).json() == {"next": "/"}
        shown = browser.get("/work/1").text
        assert "机检 ·" in shown
        assert 'class="chip' in shown
