"""What `scan` sees is what `read` gives, whatever was judged or heard again."""

from dataclasses import replace

import polars as pl
import pytest

from qa_pipeline.store import Judged, Store
from qa_pipeline.store.schemas import Table
from tests.store.calls import FULL, evaluation, put, result

TABLES: tuple[Table, ...] = ("calls", "evaluations", "verdicts", "findings")
PERIOD = "2026-11"


def _same(store: Store, table: Table) -> bool:
    plain = ("call_id", "shard") if table == "calls" else ("call_id", "shard", "scorecard_id")
    rows = [
        frame.select(plain).sort(plain)
        for frame in (store.read(table, PERIOD), store.scan(table, PERIOD).collect())
    ]
    return rows[0].equals(rows[1]) and rows[0].height > 0


@pytest.mark.parametrize("table", TABLES)
def test_a_night_once_judged_is_scanned_whole(store: Store, table: Table) -> None:
    put(store, result(), result(replace(FULL, call_id="call-2"), key="e" * 64))
    assert _same(store, table)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("key", ["g" * 64, "f" * 64], ids=["heard-otherwise", "same-key-again"])
def test_rows_that_were_superseded_are_left_out(store: Store, table: Table, key: str) -> None:
    put(store, result(), result(replace(FULL, call_id="call-2"), key="e" * 64))
    put(store, result(key=key))
    assert _same(store, table)
    assert store.scan(table, PERIOD).select("call_id").collect()["call_id"].n_unique() == 2


def test_a_call_judged_again_under_one_of_two_scorecards(store: Store) -> None:
    both = tuple(
        Judged(evaluation("call-1", scorecard=card), key * 64, "{}")
        for card, key in (("order-line", "j"), ("support", "k"))
    )
    put(store, result(judged=both))
    put(store, result(judged=(Judged(evaluation("call-1", score=10.0), "l" * 64, "{}"), both[1])))
    assert _same(store, "verdicts")
    scores = store.scan("evaluations", PERIOD).sort("scorecard_id").collect()["score"]
    assert scores.to_list() == [10.0, pytest.approx(200 / 3)]


def test_a_period_without_calls_is_an_empty_table(store: Store) -> None:
    found = store.scan("findings", "2020-01").collect()
    assert found.is_empty()
    assert found.schema["start_s"] == pl.Float64
