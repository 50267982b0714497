"""A calibration session for tests."""

from datetime import UTC, datetime

from qa_pipeline.store import Store
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review.calibrations import Calibrations


def open_session(store: Store, call_id: str, members: tuple[str, ...]) -> int:
    """Open a session on a call of 华东 and return its number."""
    row = AssignmentRow(
        period="2026-11",
        batch="",
        call_id=call_id,
        purpose="targeted",
        reason="calibration",
        reviewer="",
        blind=True,
        assigned_at=datetime(2026, 11, 26, tzinfo=UTC),
        due_on=None,
        group="华东",
    )
    return Calibrations(store.ledger.database).open("lead-east", "开头语", row, members)
