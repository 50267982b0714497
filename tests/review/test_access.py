"""Who gets where: expectations made from the list of routes, so that none is forgotten."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from starlette.routing import Route

from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.accounts import ROLES
from qa_pipeline.web.app import create_app
from qa_pipeline.web.routes import ROUTES, PageRoute
from tests.review.browser import Browser
from tests.review.world import CALL, EAST, REVIEWED, World, made_world

#: The number that stands for each subject in the world.
NUMBERS: Final = {"assignment": 1, "review": 1, "appeal": 1, "note": 1, "calibration": 1}
NEWEST: Final = max(
    card.scorecard.version
    for card in load_directory(SCORECARDS_DIR)
    if card.scorecard.scorecard == "order-line"
)
#: A user's role, the groups they see, and whether `CALL` is theirs to hear.
PEOPLE: Final = {
    "li": ("reviewer", {EAST}, True),
    "sun": ("reviewer", {EAST}, False),
    "wang": ("reviewer", {"华南"}, False),
    "lead-east": ("lead", {EAST}, False),
    "lead-south": ("lead", {"华南"}, False),
    "lead-all": ("lead", {"*"}, False),
    "admin": ("admin", {"*"}, False),
    "admin-south": ("admin", {"华南"}, False),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = made_world(tmp_path_factory.mktemp("world"))
    yield made
    made.office.store.close()


def address(route: PageRoute) -> str:
    """Return the route's address in the world."""
    number = str(NUMBERS.get(route.rule.subject, 1))
    path = route.path.replace("{number:int}", number).replace("{card}", "order-line")
    path = path.replace("{version:int}", str(NEWEST))
    return f"{path}?call={CALL}" if route.rule.subject == "call" else path


def may(route: PageRoute, name: str) -> bool:
    """Return what the rule says of a user."""
    role, groups, is_given = PEOPLE[name]
    rule = route.rule
    if rule.role is None:
        return True
    is_enough = ROLES.index(role) >= ROLES.index(rule.role)  # type: ignore[arg-type]
    if rule.subject == "nothing":
        return is_enough
    if rule.subject == "report":
        return is_enough and groups == {"*"}
    sees = bool(groups & {EAST, "*"})
    if rule.subject == "assignment":
        return is_enough and sees and is_given
    if rule.subject == "call":
        return is_enough and sees and (is_given or role != "reviewer")
    return is_enough and sees


IDS = [f"{route.method} {route.path}" for route in ROUTES]
CASES = [
    pytest.param(route, name, id=f"{route.method} {route.path} {name}")
    for route in ROUTES
    for name in PEOPLE
]
DENIED = [case for case in CASES if not may(*case.values)]  # type: ignore[arg-type]
ALLOWED = [case for case in CASES if may(*case.values)]  # type: ignore[arg-type]


def asked(browser: Browser, route: PageRoute) -> int:
    """Ask for a route with an empty form and return the status."""
    if route.method == "GET":
        return browser.get(address(route)).status_code
    return browser.send(address(route)).status_code


def test_no_route_stands_outside_the_table(world: World) -> None:
    declared = {(r.method, r.path) for r in ROUTES}
    served = {
        (method, route.path)
        for route in create_app(world.office).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served - declared == {("GET", "/static/{mark}/{name:path}")}
    assert declared <= served


def test_a_route_is_declared_once() -> None:
    assert len({(r.method, r.path) for r in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_number_in_an_address_is_of_a_subject_that_is_checked(route: PageRoute) -> None:
    assert ("{number" in route.path) == (route.rule.subject in NUMBERS)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.rule.role], ids=lambda r: r.path)
def test_nobody_gets_in_without_a_login(world: World, route: PageRoute) -> None:
    browser = Browser(world.office)
    answer = browser.client.request(
        route.method, address(route), headers={"origin": "http://qa.test"}
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize(("route", "name"), DENIED)
def test_a_rule_keeps_out(world: World, route: PageRoute, name: str) -> None:
    browser = Browser(world.office).enter(name)
    before = audit.verify(world.office.database).head
    assert asked(browser, route) == 404
    assert audit.verify(world.office.database).head == before


@pytest.mark.parametrize(("route", "name"), ALLOWED)
def test_a_rule_lets_in(world: World, route: PageRoute, name: str) -> None:
    browser = Browser(world.office).enter(name)
    assert asked(browser, route) in (200, 206, 303, 401, 409, 429)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=lambda r: r.path)
def test_a_change_without_its_token_or_from_elsewhere_is_refused(
    world: World, route: PageRoute
) -> None:
    browser = Browser(world.office).enter("admin")
    elsewhere = browser.send(address(route), origin="http://evil.test")
    assert elsewhere.status_code == 403
    without = browser.client.post(address(route))
    assert without.status_code == 403
    if route.rule.role is not None:
        assert browser.send(address(route), {"csrf": "wrong"}).status_code == 403
        other = Browser(world.office).enter("li").csrf
        assert browser.send(address(route), {"csrf": other}).status_code == 403


def test_a_one_time_password_opens_the_password_page_alone(world: World) -> None:
    world.office.accounts.reset("admin", "sun")
    browser = Browser(world.office).enter("sun")
    for route in ROUTES:
        if route.rule.role is not None and route.method == "GET":
            answer = browser.get(address(route))
            is_allowed = route.rule.before_change
            assert (answer.status_code == 303) != is_allowed, route.path
            assert is_allowed or answer.headers["location"] == "/password"


@pytest.mark.parametrize("call", ["south-1", "no-such", "../../etc/passwd", "", REVIEWED])
def test_audio_of_what_is_not_given_is_not_found(world: World, call: str) -> None:
    browser = Browser(world.office).enter("wang")
    for path in ("audio", "peaks", "words", "tracks"):
        assert browser.client.get(f"/{path}", params={"call": call}).status_code == 404


def test_what_one_may_not_see_looks_like_what_is_not_there(world: World) -> None:
    browser = Browser(world.office).enter("lead-south")
    hidden = browser.get(f"/call?call={CALL}").text.replace(CALL, "X")
    nowhere = browser.get("/call?call=no-such-call").text.replace("no-such-call", "X")
    assert scrubbed(hidden) == scrubbed(nowhere)


def scrubbed(page: str) -> str:
    """Return a page without the tokens that differ each time."""
    return re.sub(r'value="[^"]*"', "", page)


def test_the_world_has_one_of_everything(world: World) -> None:
    browser = Browser(world.office).enter("lead-all")
    for path in ("/reviews/1", "/calibrations/1", "/appeals", "/coaching", "/reviews?show=all"):
        assert REVIEWED in browser.get(path).text, path
