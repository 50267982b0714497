"""Fifty hostile strings, as everything that a page shows, run nowhere."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from qa_pipeline.store import Store
from qa_pipeline.store.review.decisions import Resolution
from qa_pipeline.store.review.marks import NewMark
from qa_pipeline.store.review.submitting import Sheet
from qa_pipeline.web.office import Office
from tests.review.browser import Browser, keep, made_call, office_of
from tests.review.hostile import HOSTILE
from tests.review.office import assign, hire
from tests.review.reading import Inside, checked
from tests.review.world import World, made_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = made_world(tmp_path_factory.mktemp("world"))
    yield made
    made.office.store.close()


@pytest.fixture(scope="module")
def haunted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every hostile string as transcript, name, group, note, reason and call id."""
    store = Store.open(tmp_path_factory.mktemp("haunted") / "store", create=True)
    said = [
        ("agent" if i % 2 else "customer", i + 0.1, i + 0.9, text) for i, text in enumerate(HOSTILE)
    ]
    calls = [made_call("everything", said=said)]
    for i, text in enumerate(HOSTILE):
        labels = {"group": text, "agent_id": text, "queue": "orders", "note": text}
        call_id = f"{i:02d} {text}"[:200]
        calls.append(replace(made_call(call_id), metadata=MappingProxyType(labels), notes=(text,)))
    keep(store, *calls)
    hire(store, "lead", "admin")
    office = office_of(store)
    assign(store, "everything", "lead", group=HOSTILE[0])
    for i, call in enumerate(calls[1:]):
        assign(store, call.call_id, "lead", group=HOSTILE[i], reason=HOSTILE[i][:16])
    _decide(office, [call.call_id for call in calls[1:]])
    yield World(office)
    store.close()


def _decide(office: Office, call_ids: list[str]) -> None:
    first = office.queue.assignment(1)
    assert first is not None
    for i, text in enumerate(HOSTILE):
        office.marks.add(
            "lead", first, NewMark(f"key-{i:06d}", "comment", text=text, at_s=float(i))
        )
    for i, (call_id, text) in enumerate(zip(call_ids[:12], HOSTILE, strict=False)):
        given = office.queue.assignment(i + 2)
        assert given is not None
        sheet = Sheet("order-line", 2, {"greeting": "pass"}, passed=True, score=100.0)
        office.reviews.submit("lead", given, [sheet], n_marks=0, key=f"haunted-{i}")
        (review,) = office.reviews.of_call(call_id)
        office.reviews.publish("lead", review.id)
        office.decisions.raise_appeal("lead", review.id, None, text)
        office.decisions.coach("lead", text[:100], text, call_id=call_id, criterion=None)
        at = datetime.now(UTC)
        office.decisions.resolve(
            Resolution(call_id, "order-line", "greeting", "pass", text, "lead", at)
        )


PAGES = (
    "/", "/?view=done", "/?view=all", "/work/1", "/call?call=everything", "/reviews?show=all",
    "/reviews/3", "/appeals", "/disagreements?kind=machine", "/calibrations?call=everything",
    "/coaching", "/desk", "/users", "/audit", "/reviews.csv", "/report/page",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_fifty_hostile_strings_run_nowhere(haunted: World, path: str, language: str) -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 50
    answer = Browser(haunted.office, language).enter("lead").get(path)
    assert answer.status_code == 200
    if path == "/reviews.csv":
        assert not any(line.startswith(("=", "@")) for line in answer.text.splitlines())
        return
    inside = Inside()
    inside.feed(answer.text)
    assert not inside.handlers
    assert all(src and src.startswith("/static/") for src in inside.scripts)
    assert "hit(3)>" not in answer.text
    assert not inside.tags & {"base", "object", "embed", "math", "template", "noscript"}


def test_hostile_words_reach_the_page_as_words(haunted: World) -> None:
    page = Browser(haunted.office).enter("lead").get("/work/1").text
    assert "&lt;script&gt;hit(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_a_spreadsheet_runs_nothing_of_an_export(haunted: World) -> None:
    text = Browser(haunted.office).enter("lead").get("/reviews.csv").text
    assert json.dumps(text).count("=HYPERLINK") <= text.count("'=HYPERLINK")


def test_hostile_filters_stay_text(world: World) -> None:
    browser = Browser(world.office).enter("lead-all")
    for text in HOSTILE:
        query = {
            "group": text,
            "agent": text,
            "reason": text,
            "view": text,
            "page": text,
            "due": text,
        }
        answer = browser.client.get("/", params=query)
        assert answer.status_code == 200
        checked(answer.text)
