"""A reviewer's first hour in a real browser, and the lead's answer; zh and en, two screens."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa_pipeline.audio.playback import playback_of
from qa_pipeline.settings import PlaybackSettings
from qa_pipeline.store import Store
from qa_pipeline.store.playback import write_playback
from qa_pipeline.store.review.accounts import Accounts
from tests.conftest import ROOT
from tests.review.browser import keep, made_call
from tests.review.office import PASSWORD, assign, hire

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
NEW_PASSWORD = "a quiet morning"
SCREENS = {
    "zh-1920": ("zh-CN", 1920, 1080),
    "zh-1280": ("zh-CN", 1280, 800),
    "en-1920": ("en-US", 1920, 1080),
    "en-1280": ("en-US", 1280, 800),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium"),
]


@dataclass(frozen=True, slots=True)
class Served:
    """A page being served, and li's one-time password."""

    address: str
    one_time: str


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Serve a store by the command line on a free port."""
    code = "from qa_pipeline.cli.main import main; main()"
    command = [sys.executable, "-c", code, "review", "serve", "--store", str(store), "--port", "0"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    sound = np.random.default_rng(1).standard_normal((2, 16 * 16_000)).astype(np.float32) * 0.05
    made = playback_of(list(sound), (), PlaybackSettings())
    with Store.open(tmp_path / "store", create=True) as store:
        calls = [made_call(f"call-{i}") for i in range(3)]
        keep(store, *calls)
        for call in calls:
            write_playback(store.path, call.call_id, made.opus, made.peaks)
        hire(store, "li")
        hire(store, "zhao", "lead")
        one_time = Accounts(store.ledger.database).reset("zhao", "li")
        assign(store, "call-0", "li", reason="flagged")
        assign(store, "call-1", "li", reason="double", blind=True)
    with serving(tmp_path / "store") as address:
        yield Served(address, one_time)


class Screen:
    """A browser's page that notes every complaint, and asks axe."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.is_examined = False
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning") and not self.is_examined:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.address.rstrip("/") + path)

    def login(self, user: str, password: str) -> None:
        self.go("/login")
        self.page.fill("#user", user)
        self.page.fill("#password", password)
        self.page.click("button.main")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def ready(self) -> None:
        self.page.locator("#case[data-ready=yes]").wait_for()
        self.page.locator("#turns[data-ready=yes]").wait_for()

    def saved(self) -> None:
        sync_api.expect(self.page.locator("#save")).to_have_text(re.compile("已保存|Saved"))

    def pressed(self) -> int:
        return int(self.page.locator('[data-say][aria-pressed="true"]').count())

    def accessible(self) -> None:
        self.is_examined = True  # axe tries styles of its own, which the policy refuses
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        self.page.wait_for_timeout(50)
        self.is_examined = False
        bad = [
            (v["id"], [n["html"][:120] for n in v["nodes"][:3]])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not bad, bad


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def screen(request: pytest.FixtureRequest, served: Served) -> Iterator[Screen]:
    locale, width, height = request.param
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        yield Screen(context.new_page(), served.address)
        browser.close()


def test_a_first_hour(screen: Screen, served: Served) -> None:
    _come_in(screen, served)
    _hear(screen)
    _judge(screen)
    _judge_blind(screen)
    screen.press("Escape")
    screen.go("/?view=done")
    sync_api.expect(screen.page.locator("#queue tbody tr")).to_have_count(2)
    screen.page.locator(".me form[action='/logout'] button").click()
    _lead(screen)
    assert not screen.complaints, screen.complaints


def _come_in(screen: Screen, served: Served) -> None:
    screen.go("/")
    screen.accessible()
    screen.login("li", served.one_time)
    page = screen.page
    page.fill("#old", served.one_time)
    page.fill("#new", NEW_PASSWORD)
    page.fill("#again", NEW_PASSWORD)
    screen.accessible()
    page.click("button.main")
    sync_api.expect(page.locator("#queue tbody tr")).to_have_count(2)
    screen.accessible()
    screen.press("n", "n", "p", "Enter")
    screen.ready()
    assert page.url.endswith("/work/1")


def _hear(screen: Screen) -> None:
    page = screen.page
    sync_api.expect(page.locator("#wave")).to_be_visible()
    screen.press("Space")
    page.wait_for_timeout(1200)
    screen.press("Space")
    heard_s = page.evaluate("() => document.getElementById('audio').currentTime")
    assert 0.2 < heard_s < 5
    box = (
        page.locator(".turn")
        .nth(3)
        .locator("p")
        .evaluate(
            """(p) => { const r = new Range();
            r.setStart(p.firstChild, 4); r.setEnd(p.firstChild, 5);
        const b = r.getBoundingClientRect(); return [b.x + b.width / 3, b.y + b.height / 2]; }"""
        )
    )
    page.mouse.click(*box)  # the fifth of eleven characters between 9.5 and 12.0 s
    page.wait_for_timeout(300)
    screen.press("Space")
    at_s = page.evaluate("() => document.getElementById('audio').currentTime")
    assert 10.3 < at_s < 12.0
    screen.press(".", ".")
    sync_api.expect(page.locator("#speed")).to_have_text("1.5×")
    assert page.evaluate("() => document.getElementById('audio').playbackRate") == 1.5
    screen.press(",", ",", ",", ",")
    sync_api.expect(page.locator("#speed")).to_have_text("0.75×")
    screen.press("j")
    assert page.evaluate("() => document.getElementById('audio').currentTime") < at_s
    page.locator("#findings .chip[data-from]").first.click()
    sync_api.expect(page.locator(".chip.current")).to_have_count(1)
    page.locator("#showtracks").check()
    sync_api.expect(page.locator("#tracks")).to_be_visible()
    page.locator("#showtracks").uncheck()
    page.evaluate("() => document.getElementById('audio').pause()")


def _judge(screen: Screen) -> None:
    page = screen.page
    screen.accessible()
    screen.press("Escape", "?")
    sync_api.expect(page.locator("#help")).to_be_visible()
    screen.accessible()
    screen.press("y")  # nothing behind the dialog hears it
    screen.press("Escape")
    assert screen.pressed() == 0
    screen.press("n", "y", "x")
    screen.saved()
    assert screen.pressed() == 2
    screen.press("u")
    screen.saved()
    sync_api.expect(page.locator('[data-say][aria-pressed="true"]')).to_have_count(1)
    screen.press("c")
    page.keyboard.type("yes, ax: 语气平淡")
    assert screen.pressed() == 1
    screen.press("Control+Enter")
    screen.saved()
    sync_api.expect(page.locator("#comments li")).to_contain_text(["语气平淡"])
    page.evaluate(
        """() => document.body.dispatchEvent(
        new KeyboardEvent('keydown', {key: 'y', isComposing: true, bubbles: true}))"""
    )
    assert screen.pressed() == 1
    page.reload()
    screen.ready()
    assert screen.pressed() == 1
    sync_api.expect(page.locator("#comments li")).to_have_count(1)
    assert set(page.evaluate("() => Object.keys(localStorage)")) <= {"qa.keys", "qa.speed"}
    for _ in range(30):
        if page.locator('.left:has-text("未评"), .left:has-text("to judge")').count() == 0:
            break
        screen.press("s")  # goes to the first that is left
        screen.press("y")
        screen.saved()
    screen.press("s")
    page.wait_for_url("**/work/2")


def test_a_click_that_did_not_get_through_is_sent_again(screen: Screen, served: Served) -> None:
    page = screen.page
    screen.login("li", served.one_time)
    page.fill("#old", served.one_time)
    page.fill("#new", NEW_PASSWORD)
    page.fill("#again", NEW_PASSWORD)
    page.click("button.main")
    page.locator("#queue").wait_for()
    screen.go("/work/1")
    screen.ready()
    page.route("**/marks", lambda route: route.abort())
    screen.press("n", "y", "x")
    sync_api.expect(page.locator("#save")).to_have_class(re.compile("bad"))
    assert screen.pressed() == 2
    page.unroute("**/marks")
    screen.saved()
    page.reload()
    screen.ready()
    assert screen.pressed() == 2
    screen.press("h")
    page.locator("#keyson").uncheck()
    screen.press("Escape")
    screen.press("n", "y", "u")
    page.wait_for_timeout(300)
    assert screen.pressed() == 2
    page.reload()
    screen.ready()
    screen.press("n", "y")
    assert screen.pressed() == 2


def _judge_blind(screen: Screen) -> None:
    page = screen.page
    screen.ready()
    assert page.locator(".chip").count() == 0
    assert page.locator(".machine").count() == 0
    screen.accessible()
    screen.press("n")
    for _ in range(page.locator(".line[data-key]").count()):
        screen.press("y")
    screen.saved()
    screen.press("s")
    page.wait_for_url(screen.address)


def _lead(screen: Screen) -> None:
    page = screen.page
    screen.login("zhao", PASSWORD)
    page.locator("nav a[href='/reviews']").click()
    screen.accessible()
    page.locator("table a", has_text="call-0").click()
    screen.accessible()
    page.locator("form[action$='/publish'] button").click()
    page.fill("#appealreason", "客户当时已经满意")
    page.locator("form[action$='/appeal'] select").select_option(index=1)
    page.locator("form[action$='/appeal'] button").click()
    page.locator("nav a[href='/appeals']").click()
    screen.accessible()
    page.locator("form[action$='/decide'] input[name=reason]").fill("同意：重新听过")
    page.locator("form[action$='/decide'] select").select_option("not_applicable")
    page.locator("form[action$='/decide'] button[value=upheld]").click()
    sync_api.expect(page.locator("form[action$='/decide']")).to_have_count(0)
    page.locator("section a", has_text="call-0").first.click()
    sync_api.expect(page.locator("td.differs")).to_have_count(1)
    for path in ("/disagreements?kind=machine", "/calibrations?call=call-2", "/coaching", "/desk",
                 "/scorecards", "/scorecards/check", "/report", "/call?call=call-2"):  # fmt: skip
        screen.go(path)
        screen.accessible()
