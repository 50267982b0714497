from dataclasses import replace

import polars as pl
import pytest

from qa_pipeline.records import Call
from qa_pipeline.store import Judged, Store
from qa_pipeline.store.schemas import SCHEMAS, Table
from tests.store.calls import (
    FULL,
    MADE_BY,
    SILENT,
    STARTED_AT,
    UNMEASURED,
    evaluation,
    put,
    refusal,
    result,
)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(FULL, id="everything"),
        pytest.param(UNMEASURED, id="None-stays-None"),
        pytest.param(SILENT, id="empty-stays-empty"),
        pytest.param(replace(FULL, metadata={}, timed=False), id="untimed"),
    ],
)
def test_a_call_comes_back_equal(store: Store, call: Call) -> None:
    put(store, result(call))
    assert store.call(call.call_id) == call


def test_a_stretch_of_a_track_is_read_as_it_was_kept(store: Store) -> None:
    put(store, result(FULL))
    for kept, track in zip(FULL.tracks or (), store.call(FULL.call_id).tracks or (), strict=True):
        for part in (slice(1, 2), slice(-2, None), slice(5, 3), slice(None, None, 2)):
            assert track.values[part] == tuple(kept.values)[part]


def test_rows_are_read_in_the_order_of_writing_whichever_are_wanted(store: Store) -> None:
    calls = [replace(FULL, call_id=f"call-{number}") for number in (3, 1, 4, 2)]
    put(store, *map(result, calls))
    for wanted in (("call-1", "call-2", "call-3", "call-4"), ("call-2", "call-3")):
        known = [stored.call.call_id for stored in store.calls(wanted)]
        assert known == [call.call_id for call in calls if call.call_id in wanted]


def test_only_the_columns_that_are_asked_for_come_back_in_their_order(store: Store) -> None:
    put(store, result(FULL))
    for columns in (("tier", "call_id"), ("language",), ("shard", "tier")):
        assert store.read("calls", columns=columns).columns == list(columns)


def test_none_and_empty_survive_side_by_side_in_one_file(store: Store) -> None:
    put(store, result(UNMEASURED), result(SILENT), result(FULL))
    assert [store.call(c.call_id) for c in (FULL, UNMEASURED, SILENT)] == [FULL, UNMEASURED, SILENT]


def test_files_of_a_version_that_knew_fewer_columns_are_read(store: Store) -> None:
    put(store, result(FULL))
    (file,) = (store.path / "tables" / "calls").glob("*/*.parquet")
    pl.read_parquet(file).drop("sustained").write_parquet(file)
    put(store, result(SILENT))
    assert store.call(FULL.call_id) == replace(FULL, sustained=None)
    assert store.call(SILENT.call_id) == SILENT
    assert set(store.read("calls").columns) == set(SCHEMAS["calls"])


def test_what_made_a_call_comes_back(store: Store) -> None:
    put(store, result())
    assert [s.provenance for s in store.calls(("call-1",))] == [MADE_BY]


def test_evaluations_come_back_equal(store: Store) -> None:
    both = evaluation(scorecard="b-card"), evaluation(scorecard="a-card", score=12.5)
    put(store, result(judged=tuple(Judged(e, "j" * 64, "{}") for e in both)))
    assert store.evaluations_of("call-1") == (both[1], both[0])
    assert store.evaluations_of("nobody") == ()


def test_every_row_says_whose_and_by_what(store: Store) -> None:
    put(store, result(), refusals=(refusal(),))
    for table in ("calls", "evaluations", "verdicts", "findings"):
        row = store.read(table).row(0, named=True)
        assert (row["call_id"], row["group"], row["agent_id"]) == ("call-1", "华东", "A7")
        assert row["queue"] == "orders"
        assert row["segment"] is None
        assert row["started_at"] == STARTED_AT
        assert (str(row["local_date"]), row["period"]) == ("2026-11-01", "2026-11")
        assert (row["recording_sha256"], row["fingerprint"]) == ("c" * 64, "f" * 64)
        assert row["pipeline_version"] == "0.1.0"
    verdict = store.read("verdicts").row(1, named=True)
    assert (verdict["scorecard_id"], verdict["scorecard_version"]) == ("order-line", 3)
    assert (verdict["criterion"], verdict["outcome"], verdict["fatal"]) == (
        "dead_air",
        "fail",
        True,
    )
    failure = store.read("failures").row(0, named=True)
    assert (failure["group"], failure["code"], failure["period"]) == (
        "华东",
        "truncated",
        "2026-11",
    )


def test_findings_name_their_criterion_or_none_when_only_counted(store: Store) -> None:
    put(store, result())
    found = store.read("findings").select("criterion", "signal").rows()
    assert found == [
        ("greeting", "greeting"), ("greeting", "greeting"), ("dead_air", "dead_air"),
        (None, "dead_air"), (None, "greeting"),
    ]  # fmt: skip


@pytest.mark.parametrize("table", list(SCHEMAS))
def test_the_columns_are_those_promised_with_and_without_rows(store: Store, table: Table) -> None:
    assert dict(store.read(table).schema) == SCHEMAS[table]
    put(store, result(), refusals=(refusal(),))
    frame = store.read(table, "2026-11")
    assert dict(frame.schema) == SCHEMAS[table]
    assert frame.height > 0
    assert store.read(table, "2026-10").is_empty()


def test_a_failure_without_a_start_is_filed_under_the_month_it_failed_in(store: Store) -> None:
    put(store, refusals=(refusal(started_at=None),))
    row = store.read("failures", "2026-11").row(0, named=True)
    assert row["started_at"] is None
    assert isinstance(store.read("failures"), pl.DataFrame)
