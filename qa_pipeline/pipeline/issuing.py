"""Gives the calls of a frozen sample to reviewers: what has nobody yet, and never twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from qa_pipeline.pipeline.sample_frame import DRAWN, NOT_DRAWN
from qa_pipeline.sampling.assign import Desk, Given, Obstacle, Work, assign
from qa_pipeline.sampling.plan import SamplingPlan
from qa_pipeline.store import AssignmentRow, SampleRow
from qa_pipeline.store.ledger import Ledger

DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class Issued:
    """All assignments of a period, how many are new, and why some calls have nobody."""

    assignments: tuple[AssignmentRow, ...]
    n_new: int
    obstacles: Counter[Obstacle]


def issue(
    ledger: Ledger,
    calls: pl.DataFrame,
    frozen: Sequence[SampleRow],
    plan: SamplingPlan,
    when: tuple[str, datetime, ZoneInfo],
) -> Issued:
    """Give every call of the sample that nobody has to a reviewer, then double reviews to a second.

    What was issued before stays. `when`: the period, the moment, and the zone whose calendar the
    due date follows.
    """
    period, now, zone = when
    before = ledger.assignments(period)
    facts = calls.select("call_id", "duration_s", "language", "group", "agent_id")
    labels = {row["call_id"]: row for row in facts.iter_rows(named=True)}
    heard = [row for row in frozen if row.purpose != NOT_DRAWN and row.call_id in labels]
    if not plan.capacity.reviewers:
        return Issued(before, 0, Counter({"no_reviewer": len(heard)} if heard else {}))
    due_on = now.astimezone(zone).date() + timedelta(days=plan.due_days)
    first = AssignmentRow(period, "", "", "", "", "", plan.blind, now, due_on)
    issued, obstacles = list(before), Counter[Obstacle]()
    for is_second in (False, True):
        todo = {row.call_id: row for row in _open(heard, issued, is_second=is_second)}
        works = [_work(labels[call_id], issued if is_second else ()) for call_id in todo]
        seed = f"{period}|{'second' if is_second else 'first'}"
        for given in assign(works, plan, _desk(issued), seed):
            if given.reviewer is None:
                obstacles[given.obstacle or "no_reviewer"] += 1
            else:
                row = _filled(first, todo[given.call_id], labels[given.call_id], given)
                issued.append(_second(row) if is_second else row)
    n_new = ledger.save_assignments(issued[len(before) :])
    return Issued(ledger.assignments(period), n_new, obstacles)


def _open(
    heard: Iterable[SampleRow], issued: Iterable[AssignmentRow], *, is_second: bool
) -> list[SampleRow]:
    """Return the rows that nobody hears yet; `is_second`: that one person hears and two should."""
    done = {(row.call_id, row.reason == DOUBLE) for row in issued}
    if not is_second:
        return [row for row in heard if (row.call_id, False) not in done]
    return [
        row
        for row in heard
        if row.double and (row.call_id, False) in done and (row.call_id, True) not in done
    ]


def _work(labels: Mapping[str, Any], issued: Iterable[AssignmentRow]) -> Work:
    first = (row.reviewer for row in issued if row.call_id == labels["call_id"])
    return Work(**labels, avoid=frozenset(first))


def _desk(issued: Iterable[AssignmentRow]) -> Desk:
    desk = Desk()
    for row in issued:
        desk.add(row.reviewer, row.agent_id, row.expected_min)
    return desk


def _filled(
    first: AssignmentRow, row: SampleRow, labels: Mapping[str, Any], given: Given
) -> AssignmentRow:
    return replace(
        first,
        batch=row.batch,
        call_id=row.call_id,
        purpose=row.purpose,
        reason=row.reason or DRAWN,
        reviewer=given.reviewer or "",
        blind=row.purpose == DRAWN and (first.blind or row.double),
        group=labels["group"],
        agent_id=labels["agent_id"],
        language=labels["language"],
        expected_min=given.expected_min,
    )


def _second(row: AssignmentRow) -> AssignmentRow:
    return replace(row, reason=DOUBLE, blind=True)
