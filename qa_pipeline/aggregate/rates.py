"""Pass rates of a set of calls: the machine's, people's, both combined, and what was counted.

Four figures that are never mixed: the machine's rate is of all calls, people's of the weighted
random sample, the combined one of both, and raw counts are no rate at all.
"""

from collections.abc import Sequence

import polars as pl

from qa_pipeline.aggregate.figures import (
    CombinedRate,
    HumanRate,
    MachineRate,
    RawCounts,
    StratumMonth,
)
from qa_pipeline.statistics.intervals import wilson
from qa_pipeline.statistics.stratified import (
    StratumCount,
    WeightedRate,
    effective_count,
    post_stratified,
    weighted_rate,
)


def machine_rate(calls: pl.DataFrame) -> MachineRate:
    """Return the machine's rate over calls by their `machine_verdict` (pass, fail, undecided)."""
    verdicts = calls["machine_verdict"]
    n_passed, n_failed = int((verdicts == "pass").sum()), int((verdicts == "fail").sum())
    decided = n_passed + n_failed
    interval = wilson(n_passed / decided, decided) if decided else None
    mean = calls["coverage"].mean() if "coverage" in calls.columns else None
    coverage = mean if isinstance(mean, float) else None
    return MachineRate(len(verdicts), n_passed, n_failed, interval, coverage)


def raw_counts(framed: pl.DataFrame, targeted: pl.DataFrame) -> RawCounts:
    """Return what people heard, unweighted: drawn at random, and targeted."""
    return RawCounts(
        n_reviewed=int(framed["human_passed"].count()),
        n_passed=int(framed["human_passed"].sum() or 0),
        n_targeted=targeted.height,
        n_targeted_passed=int(targeted["human_passed"].sum() or 0),
    )


def strata_of(framed: pl.DataFrame) -> tuple[StratumMonth, ...]:
    """Return the strata of closed batches, by batch and stratum (see `tables.framed_calls`)."""
    counts = framed.group_by("batch", "stratum").agg(*_counts()).sort("batch", "stratum")
    return tuple(StratumMonth(*row) for row in counts.select(_STRATUM).iter_rows())


def human_rate(framed: pl.DataFrame) -> HumanRate:
    """Return people's rate over the calls of `framed`, weighted by batch, stratum and group.

    Calls of one stratum and batch had the same chance to be drawn, or carry their own weights;
    within a group their number is known, so they are weighted by it (for strata that cut through
    groups: post-stratified).
    """
    cells = _cells(framed)
    counts = (
        framed.height,
        int(framed["is_drawn"].sum()),
        int(framed["human_passed"].count()),
        int(framed["human_passed"].sum() or 0),
    )
    if counts[1] == 0:
        return HumanRate(*counts, status="no_sample")
    if any(row["n_reviewed"] == 0 for row in cells):
        is_open = any(row["n_drawn"] > 0 and row["n_reviewed"] == 0 for row in cells)
        return HumanRate(*counts, status="unfinished" if is_open else "too_few")
    rate = weighted_rate([_count(row) for row in cells])
    if not rate.is_enough:
        return HumanRate(*counts, status="too_few", n_effective=rate.n_effective)
    return HumanRate(*counts, "rate", rate.interval, rate.se, rate.n_effective)


def combined_rate(framed: pl.DataFrame, human: HumanRate) -> CombinedRate:
    """Return the rate of machine and people together, or people's where a cell is too thin.

    The machine's verdicts on all calls say how many of each kind there are; people's reviews say
    how many of each kind really pass (post-stratified by stratum x machine verdict).
    """
    if human.status != "rate":
        return CombinedRate(human.status)
    cells = framed.group_by("stratum", "group", "machine_verdict").agg(*_counts())
    rows = cells.sort("stratum", "group", "machine_verdict").to_dicts()
    n_thin = sum(row["n_reviewed"] < 2 for row in rows)
    found = None if n_thin else post_stratified([_count(row) for row in rows])
    if found is None or not found.is_enough:
        classical = (human.interval, human.se, human.n_effective)
        return CombinedRate("classical", *classical, n_thin_cells=n_thin)
    return CombinedRate(
        "combined", found.interval, found.se, found.n_effective, gain=_gain(found, human)
    )


def _gain(found: WeightedRate, human: HumanRate) -> float | None:
    if not found.se or human.se is None:
        return None
    return (human.se / found.se) ** 2 - 1


Row = dict[str, float]


def _cells(framed: pl.DataFrame) -> list[Row]:
    """Return the cells to weight: batch x stratum x group.

    Where a batch (a few late calls, say) has a cell without a review, the batches of that stratum
    and group are taken together; where the draw in a stratum that cuts through groups missed one
    of them, so are its groups (collapsed strata, Cochran 1977, 5A.12). What is taken together
    keeps the weight of each call.
    """
    cells: list[Row] = []
    counts = framed.group_by("stratum", "group", "batch").agg(*_counts())
    for _, stratum in counts.sort("stratum", "group", "batch").group_by(
        "stratum", maintain_order=True
    ):
        groups = [_batches(rows) for _, rows in stratum.group_by("group", maintain_order=True)]
        if any(row["n_drawn"] == 0 for group in groups for row in group):
            together = stratum.group_by("batch", maintain_order=True).agg(pl.col(_CELL).sum())
            groups = [_batches(together)]
        cells += [row for group in groups for row in group]
    return cells


def _batches(rows: pl.DataFrame) -> list[Row]:
    """Return a cell a batch, or one of them all where a batch has no review."""
    cells: Sequence[Row] = rows.select(_CELL).to_dicts()
    if any(row["n_reviewed"] == 0 for row in cells):
        return [{name: sum(row[name] for row in cells) for name in _CELL}]
    return list(cells)


def _count(row: Row) -> StratumCount:
    return effective_count(int(row["n_population"]), row["weights"], row["squares"], row["won"])


_STRATUM = ("batch", "stratum", "n_population", "n_drawn", "n_reviewed", "n_passed")
_CELL = ("n_population", "n_drawn", "n_reviewed", "weights", "squares", "won")


def _counts() -> tuple[pl.Expr, ...]:
    passed = pl.col("human_passed")
    weight = pl.col("weight").filter(passed.is_not_null())
    return (
        pl.len().cast(pl.Int64).alias("n_population"),
        pl.col("is_drawn").sum().cast(pl.Int64).alias("n_drawn"),
        passed.count().cast(pl.Int64).alias("n_reviewed"),
        passed.sum().cast(pl.Int64).alias("n_passed"),
        weight.sum().alias("weights"),
        (weight**2).sum().alias("squares"),
        pl.col("weight").filter(passed).sum().alias("won"),
    )
