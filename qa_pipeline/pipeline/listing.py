"""The reviewers' list: a CSV that a spreadsheet opens in Chinese and does not run."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from qa_pipeline.pipeline.sample_frame import NOT_DRAWN
from qa_pipeline.store import REASONS, AssignmentRow, SampleRow

#: Enough to find the call and to know whose work it is; nothing of what the machine said of it.
_OF_CALL = ("batch", "call_id", "group", "agent_id", "local_date", "duration_s")
_OF_WORK = ("reason", "reviewer", "due_on")
_URGENCY: Mapping[str, int] = {reason: i for i, reason in enumerate(REASONS)}


def write_listing(
    path: Path,
    frozen: Sequence[SampleRow],
    assignments: Sequence[AssignmentRow],
    calls: pl.DataFrame,
) -> None:
    """Write one line a hearing, most urgent first: assignments, and calls nobody has been given."""
    facts = calls.rows_by_key("call_id", named=True, unique=True)
    given = {row.call_id for row in assignments}
    lines = [(row.batch, row.call_id, row.reason, row.reviewer, row.due_on) for row in assignments]
    lines += [
        (row.batch, row.call_id, row.reason or REASONS[-1], "", None)
        for row in frozen
        if row.purpose != NOT_DRAWN and row.call_id not in given
    ]
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".csv.partial")
    with partial.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*_OF_CALL, *_OF_WORK))
        for batch, call_id, *work in sorted(lines, key=_turn):
            known = {**facts.get(call_id, {}), "call_id": call_id, "batch": batch}
            writer.writerow(map(harmless, [*(known.get(name) for name in _OF_CALL), *work]))
    partial.replace(path)


def _turn(line: tuple[str, str, str, str, date | None]) -> tuple[str, int, str, str]:
    batch, call_id, reason, reviewer, _ = line
    return batch, _URGENCY[reason], call_id, reviewer


def harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
