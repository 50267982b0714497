"""Drawing from a store: frozen, repeatable, late calls next; and the list that reviewers get."""

import csv
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.listing import harmless
from qa_pipeline.pipeline.samples import Drawn, draw_sample
from qa_pipeline.sampling.draw import lowest, seed_of
from qa_pipeline.sampling.plan_load import read_plan
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from tests.month.made_up import BEFORE, PERIOD, fill

PLAN = b"{sampling: small, calls: 40, strata: [group, machine_verdict]}"
SETTINGS = Settings()


def draw(store: Path, period: str = PERIOD, until: date | None = None) -> Drawn:
    plan = read_plan(PLAN, "plan.yaml", store)
    return draw_sample(store, period, SETTINGS, plan, until=until)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("sampling") / "store", n_share=0.3)


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Path:
    return copytree(filled, tmp_path / "store")


def test_the_draw_is_frozen_and_the_same_in_another_store(
    store: Path, filled: Path, tmp_path: Path
) -> None:
    first = draw(store)
    again = draw(store)
    assert (first.new_batch, again.new_batch) == ("001", None)
    assert again.rows == first.rows
    elsewhere = draw(copytree(filled, tmp_path / "elsewhere"))
    assert [(r.call_id, r.u_hex) for r in elsewhere.rows] == [
        (r.call_id, r.u_hex) for r in first.rows
    ]


def test_another_plan_does_not_redraw_a_frozen_sample(store: Path) -> None:
    first = draw(store)
    again = draw_sample(store, PERIOD, SETTINGS)
    assert again.rows == first.rows
    assert "changed since batch 001" in again.notes[0].en


def test_every_call_keeps_its_probability_and_the_lowest_tickets_are_drawn(store: Path) -> None:
    drawn = draw(store)
    with Store.open(store) as opened:
        frozen = opened.ledger.samples(PERIOD)
        n_calls = opened.read("calls", PERIOD).height
    assert len(frozen) == n_calls
    assert {row.purpose for row in frozen} == {"random", "frame"}
    for stratum in {row.stratum for row in frozen}:
        members = [row for row in frozen if row.stratum == stratum]
        chosen = {row.call_id for row in drawn.rows if row.stratum == stratum}
        probability = len(chosen) / len(members)
        assert {row.inclusion_probability for row in members} == {probability}
        assert probability > 0
        seed = seed_of(PERIOD, stratum)
        assert chosen == set(lowest([row.call_id for row in members], len(chosen), seed))


def test_calls_after_the_date_form_the_next_batch(store: Path) -> None:
    first = draw(store, until=date(2026, 10, 5))
    second = draw(store)
    assert (first.new_batch, second.new_batch) == ("001", "002")
    kept = tuple(row for row in second.rows if row.batch == "001")
    assert kept == first.rows
    with Store.open(store) as opened:
        frozen = opened.ledger.samples(PERIOD)
    assert len({row.call_id for row in frozen}) == len(frozen)


def test_the_list_for_reviewers_hides_the_machine_and_runs_nothing(store: Path) -> None:
    drawn = draw(store)
    raw = drawn.listing.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # so that a spreadsheet reads Chinese
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert {row["call_id"] for row in rows} == {row.call_id for row in drawn.rows}
    assert not any("pass" in value or "fail" in value for row in rows for value in row.values())
    assert {row["group"] for row in rows} >= {"订购一组", "售后支持组"}


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_cell_cannot_be_a_formula(value: str) -> None:
    assert harmless(value) == f"'{value}"


@pytest.mark.parametrize(
    ("period", "message"),
    [("2026-12", "no judged call"), ("2026-13", "calendar month"), ("2026-10-01", "calendar month"),
     ("../x", "calendar month"), ("", "calendar month")],
)  # fmt: skip
def test_a_period_without_calls_and_what_is_no_period(
    store: Path, period: str, message: str
) -> None:
    with pytest.raises(WrongUse, match=message):
        draw(store, period)


def test_periods_are_drawn_apart(store: Path) -> None:
    october = draw(store)
    september = draw(store, BEFORE)
    assert not {r.call_id for r in october.rows} & {r.call_id for r in september.rows}


def test_a_table_can_be_read_in_part(store: Path) -> None:
    with Store.open(store) as opened:
        whole = opened.read("calls", PERIOD)
        part = opened.read("calls", PERIOD, columns=("tier", "call_id"))
        assert part.equals(whole.select("tier", "call_id"))
        assert opened.read("calls", "2020-01", columns=("tier",)).columns == ["tier"]
