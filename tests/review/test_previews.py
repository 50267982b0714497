"""The impact of an edited scorecard, asked for at the desk."""

import re
import time
from collections.abc import Iterator

import pytest

from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.web.previewing import Preview
from tests.review.browser import Browser
from tests.review.world import World, made_world

CARD = (SCORECARDS_DIR / "order-line.zh.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = made_world(tmp_path_factory.mktemp("world"))
    yield made
    made.office.store.close()


def newest(world: World) -> str:
    """Return the order line's newest version as `id@version`."""
    return f"order-line@{max(n for name, n in world.office.cards if name == 'order-line')}"


def test_an_edit_is_previewed_and_nothing_changes(world: World) -> None:
    office, old = world.office, newest(world)
    before = office.store.ledger.files()
    browser = Browser(office, "zh").enter("lead-all")
    edited, n_changed = re.subn(r"(?m)^pass_mark: \d+", "pass_mark: 5", CARD)
    assert n_changed == 1
    asked = {"old": old, "period": "2026-11", "text": edited}
    assert browser.send("/scorecards/impact", asked).status_code == 303
    preview = office.previews.of("lead-all")
    assert preview is not None
    for _ in range(600):
        if not preview.is_running:
            break
        time.sleep(0.1)
    assert preview.error is None
    assert "iframe" in browser.get("/scorecards/impact").text
    answer = browser.get("/scorecards/impact/page")
    assert answer.status_code == 200
    assert "2026" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert office.store.ledger.files() == before


def test_a_broken_edit_is_told_at_once(world: World) -> None:
    browser = Browser(world.office).enter("lead-all")
    asked = {"old": newest(world), "period": "2026-11", "text": "scorecard: ["}
    answer = browser.send("/scorecards/impact", asked)
    assert answer.status_code == 409
    assert "scorecard.yaml:1" in answer.text
    assert world.office.previews.of("lead-all") is None


@pytest.mark.parametrize(
    ("old", "period"), [("nothing@1", "2026-11"), ("", "2026-11"), ("order-line@2", "2026-13")]
)
def test_what_cannot_be_asked_is_refused(world: World, old: str, period: str) -> None:
    browser = Browser(world.office).enter("lead-all")
    asked = {"old": old, "period": period, "text": CARD}
    assert browser.send("/scorecards/impact", asked).status_code == 409


def test_one_preview_is_worked_out_at_a_time(world: World) -> None:
    office = world.office
    office.previews._of["somebody"] = Preview("order-line@1", "2026-11")
    browser = Browser(office).enter("lead-all")
    asked = {"old": newest(world), "period": "2026-11", "text": CARD + "\n"}
    answer = browser.send("/scorecards/impact", asked)
    assert answer.status_code == 409
    assert "another preview" in answer.text


def test_a_page_shows_how_far_it_is(world: World) -> None:
    world.office.previews._of["lead-all"] = Preview("order-line@1", "2026-11")
    shown = Browser(world.office).enter("lead-all").get("/scorecards/impact").text
    assert 'http-equiv="refresh"' in shown
    assert "textarea" not in shown
