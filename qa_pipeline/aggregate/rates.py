"""Pass rates of a set of calls: the machine's on all of them, people's on the sample."""

from typing import NamedTuple

import polars as pl

from qa_pipeline.aggregate.figures import HumanRate, MachineRate, StratumMonth
from qa_pipeline.statistics.intervals import wilson
from qa_pipeline.statistics.stratified import StratumCount, weighted_rate


def machine_rate(verdicts: pl.Series) -> MachineRate:
    """Return the machine's rate over calls with these verdicts (pass, fail, undecided)."""
    n_passed, n_failed = int((verdicts == "pass").sum()), int((verdicts == "fail").sum())
    decided = n_passed + n_failed
    interval = wilson(n_passed / decided, decided) if decided else None
    return MachineRate(len(verdicts), n_passed, n_failed, interval)


def strata_of(framed: pl.DataFrame) -> tuple[StratumMonth, ...]:
    """Return the strata of closed batches, by batch and stratum (see `tables.framed_calls`)."""
    counts = framed.group_by("batch", "stratum").agg(*_counts()).sort("batch", "stratum")
    return tuple(StratumMonth(*row) for row in counts.iter_rows())


def human_rate(framed: pl.DataFrame) -> HumanRate:
    """Return people's rate over the calls of `framed`, weighted by batch, stratum and group.

    Calls of one stratum and batch had the same chance to be drawn; within a group their number is
    known, so they are weighted by it (for strata that cut through groups: post-stratified).
    """
    cells = _cells(framed)
    counts = (
        framed.height,
        int(framed["is_drawn"].sum()),
        sum(cell.n_reviewed for cell in cells),
        sum(cell.n_passed for cell in cells),
    )
    if counts[1] == 0:
        return HumanRate(*counts, status="no_sample")
    if any(cell.n_reviewed == 0 for cell in cells):
        is_open = any(cell.n_drawn > 0 and cell.n_reviewed == 0 for cell in cells)
        return HumanRate(*counts, status="unfinished" if is_open else "too_few")
    rate = weighted_rate([StratumCount(c.n_population, c.n_reviewed, c.n_passed) for c in cells])
    if not rate.is_enough:
        return HumanRate(*counts, status="too_few", n_effective=rate.n_effective)
    return HumanRate(*counts, "rate", rate.interval, rate.se, rate.n_effective)


class _Cell(NamedTuple):
    n_population: int
    n_drawn: int
    n_reviewed: int
    n_passed: int


def _cells(framed: pl.DataFrame) -> list[_Cell]:
    """Return the cells to weight: batch x stratum x group.

    Where a batch (a few late calls, say) has a cell without a review, the batches of that stratum
    and group are taken together; where the draw in a stratum that cuts through groups missed one
    of them, so are its groups (collapsed strata, Cochran 1977, 5A.12).
    """
    cells: list[_Cell] = []
    counts = framed.group_by("stratum", "group", "batch").agg(*_counts())
    for _, stratum in counts.sort("stratum", "group", "batch").group_by(
        "stratum", maintain_order=True
    ):
        groups = [_batches(rows) for _, rows in stratum.group_by("group", maintain_order=True)]
        if any(cell.n_drawn == 0 for group in groups for cell in group):
            together = stratum.group_by("batch", maintain_order=True).agg(
                pl.col(_Cell._fields).sum()
            )
            groups = [_batches(together)]
        cells += [cell for group in groups for cell in group]
    return cells


def _batches(rows: pl.DataFrame) -> list[_Cell]:
    """Return a cell a batch, or one of them all where a batch has no review."""
    cells = [_Cell(*row) for row in rows.select(_Cell._fields).iter_rows()]
    if any(cell.n_reviewed == 0 for cell in cells):
        return [_Cell(*map(sum, zip(*cells, strict=True)))]
    return cells


def _counts() -> tuple[pl.Expr, ...]:
    return (
        pl.len().cast(pl.Int64).alias("n_population"),
        pl.col("is_drawn").sum().cast(pl.Int64).alias("n_drawn"),
        pl.col("human_passed").count().cast(pl.Int64).alias("n_reviewed"),
        pl.col("human_passed").sum().cast(pl.Int64).alias("n_passed"),
    )
