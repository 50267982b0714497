"""A small world: two groups, people of every kind, and one of everything that a route is about."""

from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.store import Store
from qa_pipeline.store.review.submitting import Sheet
from qa_pipeline.web.office import Office
from tests.review.browser import keep, made_call, office_of
from tests.review.calibration import open_session
from tests.review.office import assign, hire

EAST, SOUTH = "华东", "华南"
CALL, REVIEWED = "east-1", "east-2"


@dataclass(frozen=True, slots=True)
class World:
    """An office; `CALL` waits for li, `REVIEWED` was heard by li, published and appealed."""

    office: Office


def made_world(folder: Path) -> World:
    """Make the world in an empty folder."""
    store = Store.open(folder / "store", create=True)
    keep(store, made_call(CALL, EAST), made_call(REVIEWED, EAST), made_call("south-1", SOUTH))
    for name, role, group in (
        ("li", "reviewer", EAST),
        ("sun", "reviewer", EAST),
        ("wang", "reviewer", SOUTH),
        ("lead-east", "lead", EAST),
        ("lead-south", "lead", SOUTH),
        ("lead-all", "lead", "*"),
        ("admin", "admin", "*"),
        ("admin-south", "admin", SOUTH),
    ):
        hire(store, name, role, group)  # type: ignore[arg-type]
    assign(store, CALL, "li", group=EAST)
    assign(store, REVIEWED, "li", group=EAST)
    office = office_of(store)
    given = office.queue.assignment(2)
    case = office.case(REVIEWED)
    assert given is not None
    assert case is not None
    verdicts = {v.criterion: "pass" for v in case.evaluations[0].verdicts}
    sheet = Sheet("order-line", 2, verdicts, passed=True, score=100.0)  # type: ignore[arg-type]
    office.reviews.submit("li", given, [sheet], n_marks=0, key="world")
    office.reviews.publish("lead-east", 1)
    office.decisions.raise_appeal("lead-east", 1, "greeting", "客户没有听清")
    office.decisions.coach("lead-east", "A7", "练习", call_id=REVIEWED, criterion=None)
    open_session(store, REVIEWED, ("sun", "lead-east"))
    return World(office)
