"""What a night came to, group by group, for people to read in the morning."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from qa_pipeline.records import Failure
from qa_pipeline.store import Store
from qa_pipeline.store.schemas import Table, empty

_TABLES: tuple[Table, ...] = ("evaluations", "verdicts")


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group's evaluations of the night; `n_undecided` go to review without a result."""

    group: str | None
    n_evaluations: int
    n_passed: int
    n_failed: int
    n_undecided: int


@dataclass(frozen=True, slots=True)
class NightReport:
    """A night's outcome.

    Of `n_calls` in the manifest, `n_evaluated` were measured or judged now, `n_reused` had nothing
    left to do, and `failures` tells of each of the others. `not_measured_share` (0-1, None without
    verdicts) is of the machine's verdicts that apply. `n_playback` masked copies were written,
    `n_playback_missed` could not be.
    """

    run: str
    n_calls: int
    n_heard: int
    n_evaluated: int
    n_reused: int
    failures: tuple[Failure, ...]
    groups: tuple[GroupFigures, ...]
    not_measured_share: float | None
    seconds: float
    n_playback: int = 0
    n_playback_missed: int = 0
    n_withdrawn: int = 0

    @property
    def exit_code(self) -> int:
        """0, or 3 where some recordings could not be evaluated."""
        return 3 if self.failures else 0


def group_figures(
    store: Store, call_ids: Collection[str], periods: Collection[str]
) -> tuple[tuple[GroupFigures, ...], float | None]:
    """Return the groups' figures of these calls, and the share of verdicts not measured."""
    of_night = pl.DataFrame({"call_id": list(call_ids)}, schema={"call_id": pl.String})
    evaluations, verdicts = (
        pl.concat([empty(table), *(store.read(table, period) for period in sorted(periods))]).join(
            of_night, on="call_id", how="semi"
        )
        for table in _TABLES
    )
    figures = (
        evaluations.group_by("group")
        .agg(
            n_evaluations=pl.len(),
            n_passed=pl.col("passed").eq(True).sum(),
            n_failed=pl.col("passed").eq(False).sum(),
            n_undecided=pl.col("passed").is_null().sum(),
        )
        .sort("group", nulls_last=True)
    )
    by_machine = verdicts.filter(pl.col("outcome").is_in(["pass", "fail", "not_measured"]))
    share = by_machine["outcome"].eq("not_measured").mean()
    groups = tuple(GroupFigures(**row) for row in figures.iter_rows(named=True))
    return groups, None if share is None else float(share)  # type: ignore[arg-type]
