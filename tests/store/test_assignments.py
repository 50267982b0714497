"""Assignments stay as issued, batches tell how they were drawn, levels hold from their day on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from qa_pipeline.store import AssignmentRow, BatchRow, Store
from qa_pipeline.store import tables as t
from tests.store.test_ledger import DRAWN

ISSUED = AssignmentRow(
    period="2026-11",
    batch="001",
    call_id="call-1",
    purpose="random",
    reason="random",
    reviewer="周敏",
    blind=True,
    assigned_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
    due_on=date(2026, 11, 5),
    group="订购一组",
    agent_id="A1",
    language="zh",
    expected_min=5.5,
)
BATCH = BatchRow("2026-11", "001", date(2026, 11, 1), 40, 5, "a" * 64, ISSUED.assigned_at)


def test_assignments_come_back_as_issued(store: Store) -> None:
    double = replace(ISSUED, reviewer="李雷", reason="double")
    assert store.ledger.save_assignments([ISSUED, double]) == 2
    assert store.ledger.assignments("2026-11") == (ISSUED, double)
    assert store.ledger.assignments(reviewer="李雷") == (double,)
    assert store.ledger.assignments("2026-10") == ()
    assert store.ledger.save_assignments([]) == 0


def test_an_issued_assignment_is_neither_changed_nor_issued_twice(store: Store) -> None:
    store.ledger.save_assignments([ISSUED])
    later = replace(ISSUED, due_on=date(2026, 12, 1), blind=False)
    assert store.ledger.save_assignments([later, replace(ISSUED, call_id="call-2")]) == 1
    assert store.ledger.assignments()[0] == ISSUED


def test_a_batch_and_its_rows_are_frozen_together(store: Store) -> None:
    row = replace(DRAWN, batch="001", reason="random", double=True)
    store.ledger.save_sample([row], BATCH)
    store.ledger.save_sample([row], replace(BATCH, n_wanted=9))
    assert store.ledger.batches("2026-11") == (BATCH,)
    assert store.ledger.samples("2026-11") == (row,)


_LEVELS = (
    ("agent", "A1", "full", date(2026, 11, 1)),
    ("agent", "A1", "sampled", date(2026, 11, 8)),
    ("agent", "A1", "half", date(2026, 11, 8)),
    ("group", "订购一组", "exempt", date(2026, 11, 9)),
)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 10, 31), {}, id="the-day-before"),
        pytest.param(date(2026, 11, 7), {("agent", "A1"): "full"}, id="until-the-next"),
        pytest.param(date(2026, 11, 8), {("agent", "A1"): "half"}, id="last-decided-of-a-day"),
        pytest.param(
            date(2026, 12, 1),
            {("agent", "A1"): "half", ("group", "订购一组"): "exempt"},
            id="every-subject",
        ),
    ],
)
def test_levels_in_force(store: Store, on: date, expected: dict[tuple[str, str], str]) -> None:
    engine = sa.create_engine(f"sqlite:///{store.path / 'ledger.sqlite'}")
    with engine.begin() as connection:
        for kind, subject, level, day in _LEVELS:
            values = {
                "subject_kind": kind, "subject": subject, "level": level, "effective_on": day,
                "reason": "made up", "decided_at": ISSUED.assigned_at,
            }  # fmt: skip
            connection.execute(sa.insert(t.levels).values(**values))
    engine.dispose()
    assert store.ledger.levels_in_force(on) == expected


def test_reasons_of_samples_drawn_by_an_older_version_are_told(tmp_path: Path) -> None:
    """A ledger of the first schema keeps its rows: what was drawn at random says so."""

    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(Path(t.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for call_id, purpose in (("call-1", "random"), ("call-2", "frame")):
            connection.execute(
                sa.text(
                    "INSERT INTO samples VALUES ('2026-11', '001', :p, :c, 's', '0', 0.1, 2, 1,"
                    " 0.5, '2026-11-02 01:00:00')"
                ),
                {"p": purpose, "c": call_id},
            )
    engine.dispose()
    with Store.open(tmp_path, create=True) as store:
        rows = {row.call_id: (row.reason, row.double) for row in store.ledger.samples("2026-11")}
    assert rows == {"call-1": ("random", False), "call-2": (None, False)}
