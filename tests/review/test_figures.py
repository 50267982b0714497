"""The calls behind a figure: only groups that a lead sees, nothing told of what is blind."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.review.browser import Browser
from tests.review.office import assign
from tests.review.world import CALL, REVIEWED, World, made_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = made_world(tmp_path_factory.mktemp("world"))
    yield made
    made.office.store.close()


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("lead-east", {CALL, REVIEWED}),
        ("lead-south", {"south-1"}),
        ("lead-all", {CALL, REVIEWED, "south-1"}),
    ],
)
@pytest.mark.parametrize("period", ["2026-11", "2026-11-01..2026-11-30"])
def test_a_lead_sees_the_calls_of_their_groups(
    world: World, name: str, seen: set[str], period: str
) -> None:
    browser = Browser(world.office).enter(name)
    html = browser.get(f"/calls?period={period}").text
    found = {call for call in (CALL, REVIEWED, "south-1") if f"/call?call={call}" in html}
    assert found == seen


def test_filters_are_shown_and_escaped(world: World) -> None:
    browser = Browser(world.office).enter("lead-all")
    html = browser.get(f"/calls?period=2026-11&group={quote('<script>x</script>')}").text
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
    heard = browser.get("/calls?period=2026-11&heard=any&outcome=fail").text
    assert "south-1" not in heard


def test_what_a_lead_has_yet_to_hear_blind_tells_nothing(world: World) -> None:
    assign(world.office.store, "south-1", "lead-all", blind=True, batch="002")
    browser = Browser(world.office).enter("lead-all")
    html = browser.get("/calls?period=2026-11&group=华南").text
    row = html[html.index("/call?call=south-1") :].partition("</tr>")[0]
    assert "盲评" in row or "blind" in row


@pytest.mark.parametrize("period", ["2026", "2026-13", "' OR 1", "2026-11-01..", "9999-99-99"])
def test_a_period_that_is_none_is_refused(world: World, period: str) -> None:
    browser = Browser(world.office).enter("lead-all")
    assert browser.get(f"/calls?period={quote(period)}").status_code == 409
