"""Kept rates of earlier months: the same as worked out anew, and never older than the store."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa_pipeline.aggregate.forecasts import PastMonth
from qa_pipeline.pipeline.month import month_tables
from qa_pipeline.pipeline.past import past_months
from qa_pipeline.store import ReviewRow, Store
from tests.month.made_up import BEFORE, PERIOD


@pytest.fixture
def store(drawn_store: Path, tmp_path: Path) -> Path:
    path = tmp_path / "store"
    shutil.copytree(drawn_store, path)
    shutil.rmtree(path / "kept", ignore_errors=True)
    return path


def past(path: Path) -> tuple[tuple[PastMonth, ...], int]:
    """Return the months before, and how many of them were worked out anew."""
    worked_out = 0

    def tables(opened: Store, period: str):  # type: ignore[no-untyped-def]
        nonlocal worked_out
        worked_out += 1
        return month_tables(opened, period)

    with Store.open(path) as opened:
        return past_months(opened, PERIOD, tables), worked_out


def test_a_kept_month_is_the_same_and_not_worked_out_again(store: Path) -> None:
    first, n_first = past(store)
    again, n_again = past(store)
    assert [month.period for month in first] == [BEFORE]
    assert first == again
    assert (n_first, n_again) == (1, 0)


def test_a_new_review_counts(store: Path) -> None:
    first, _ = past(store)
    with Store.open(store) as opened:
        old = opened.ledger.reviews(BEFORE)[0]
        opened.ledger.save_review(
            ReviewRow(
                old.call_id, old.scorecard_id, 3, "somebody else", 1, True, not old.passed, {}, "",
                datetime(2026, 11, 20, tzinfo=UTC),
            )
        )  # fmt: skip
    changed, n_worked_out = past(store)
    assert n_worked_out == 1
    assert changed != first


def test_a_review_of_another_month_changes_nothing(store: Path) -> None:
    past(store)
    with Store.open(store) as opened:
        old = opened.ledger.reviews(PERIOD)[0]
        opened.ledger.save_review(
            ReviewRow(
                old.call_id, old.scorecard_id, 3, "somebody else", 1, True, True, {}, "",
                datetime(2026, 11, 20, tzinfo=UTC),
            )
        )  # fmt: skip
    assert past(store)[1] == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"state": 1}', b"\xff"])
def test_a_damaged_file_is_worked_out_again(store: Path, content: bytes) -> None:
    first, _ = past(store)
    kept = store / "kept" / "rates" / f"{BEFORE}.json"
    assert json.loads(kept.read_bytes())["state"]
    kept.write_bytes(content)
    assert past(store) == (first, 1)


def test_a_store_that_may_only_be_read_is_reported_all_the_same(store: Path) -> None:
    (store / "kept").write_bytes(b"a file where the folder would be")
    assert past(store) == past(store)
    assert past(store)[1] == 1
