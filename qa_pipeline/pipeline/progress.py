"""How far a night is: what is being done, how much of it, and how long it may still take."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

from qa_pipeline.texts import Text

Stage = Literal["look", "judge", "read", "hear", "compare", "lint"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One stage's state. `eta_s` is for this stage, None while nothing is known."""

    stage: Stage
    n_done: int
    n_total: int
    n_failed: int
    eta_s: float | None


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Show nothing."""


def stage_name(stage: Stage) -> Text:
    """Return what a person calls the stage."""
    match stage:
        case "look":
            return Text(en="Looking through the recordings", zh="清点录音")
        case "judge":
            return Text(en="Judging stored calls again", zh="重新评判已存通话")
        case "read":
            return Text(en="Reading transcripts", zh="读取转写文本")
        case "hear":
            return Text(en="Hearing recordings", zh="处理录音")
        case "compare":
            return Text(en="Judging stored calls by both scorecards", zh="用两份评分表评判已存通话")
        case "lint":
            return Text(en="Looking through stored calls", zh="回看已存通话")
        case _:
            assert_never(stage)


class Meter:
    """Counts a stage; the time left follows from the share of work done (bytes, else calls)."""

    def __init__(self, stage: Stage, n_total: int, work_total: float, tell: OnProgress) -> None:
        self._stage, self._n_total, self._work_total = stage, n_total, work_total
        self._tell = tell
        self._n_done = self._n_failed = 0
        self._work_done = 0.0
        self._began_s = time.monotonic()
        if n_total:
            tell(Progress(stage, 0, n_total, 0, None))

    def step(self, work: float = 1.0, *, failed: bool = False) -> None:
        """Count one call of `work` units."""
        self._count(1, int(failed), work)

    def steps(self, n_calls: int, *, n_failed: int = 0) -> None:
        """Count several calls at once, each one unit of work."""
        self._count(n_calls, n_failed, n_calls)

    def _count(self, n_calls: int, n_failed: int, work: float) -> None:
        self._n_done += n_calls
        self._n_failed += n_failed
        self._work_done += work
        elapsed_s = time.monotonic() - self._began_s
        left = max(0.0, self._work_total - self._work_done)
        eta_s = elapsed_s * left / self._work_done if self._work_done else None
        self._tell(Progress(self._stage, self._n_done, self._n_total, self._n_failed, eta_s))
