"""Flipped calls as data: one JSON object a line in a temporary file, however many there are."""

import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from qa_pipeline.aggregate.impact import Flip, Moved
from qa_pipeline.records import Verdict

#: Findings of one verdict in the list; `n_findings` counts the others too.
_MAX_FINDINGS = 5


class FlipList:
    """Every call on which the versions disagree, in the order of the store."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self.n = 0

    def __enter__(self) -> "FlipList":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, flip: Flip) -> None:
        """Write a call down."""
        self._file.write(json.dumps(flip_data(flip, self._zone), ensure_ascii=False) + "\n")
        self.n += 1

    def lines(self) -> Iterator[str]:
        """Yield each call as one line of JSON."""
        self._file.seek(0)
        for line in self._file:
            yield line.rstrip("\n")


def flip_data(flip: Flip, zone: ZoneInfo) -> dict[str, Any]:
    """Return a call with its evidence before and after as plain data; its start in local time."""
    at = None if flip.started_at is None else flip.started_at.astimezone(zone).isoformat()
    return {
        "call_id": flip.call_id,
        "group": flip.group,
        "agent_id": flip.agent_id,
        "started_at": at,
        "duration_s": flip.duration_s,
        "before": flip.before,
        "now": flip.now,
        "score_before": flip.score_before,
        "score_now": flip.score_now,
        "coverage_before": flip.coverage_before,
        "coverage_now": flip.coverage_now,
        "moved": [_moved_data(moved) for moved in flip.moved],
        "weighed": [_moved_data(moved) for moved in flip.weighed],
    }


def _moved_data(moved: Moved) -> dict[str, Any]:
    return {
        "criterion": moved.criterion,
        "before": _verdict_data(moved.before),
        "now": _verdict_data(moved.now),
    }


def _verdict_data(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "outcome": verdict.outcome,
        "severity": verdict.severity,
        "fatal": verdict.fatal,
        "points": verdict.points,
        "points_won": verdict.points_won,
        "reason": verdict.reason,
        "n_findings": len(verdict.findings),
        "findings": [finding._asdict() for finding in verdict.findings[:_MAX_FINDINGS]],
    }
