"""What went wrong: criteria by failures, their classes, and calls to listen to as examples."""

from collections.abc import Mapping

import polars as pl

from qa_pipeline.aggregate.figures import (
    Counted,
    CriterionMonth,
    Example,
    SeverityCount,
    Share,
)
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import NO_VALUE

EXAMPLES_PER_CRITERION = 3
_KEY = ("scorecard_id", "criterion")


def severity_counts(verdicts: pl.DataFrame) -> tuple[SeverityCount, ...]:
    """Return failed criteria by class, every class that was judged, in order of its name."""
    failed = pl.col("outcome") == "fail"
    counts = (
        verdicts.group_by("severity")
        .agg(
            pl.col("fatal").any(),
            failed.sum().cast(pl.Int64).alias("n_failed"),
            pl.col("call_id").filter(failed).n_unique().cast(pl.Int64).alias("n_calls"),
        )
        .sort("severity")
    )
    return tuple(SeverityCount(*row) for row in counts.iter_rows())


def criteria_of(tables: MonthTables) -> tuple[CriterionMonth, ...]:
    """Return every criterion's outcomes, by scorecard and in report order."""
    examples = _examples(tables)
    groups = _shares(tables.verdicts)
    rows = (
        tables.verdicts.group_by(*_KEY)
        .agg(
            pl.col("position").min(),
            *(pl.col(name).sort_by("scorecard_version").last() for name in ("section", "severity")),
            pl.col("fatal").any(),
            *(_n(outcome) for outcome in _OUTCOMES),
            pl.col("reason").filter(pl.col("outcome") == "not_measured").mode().sort().first(),
        )
        .sort("scorecard_id", "position", "criterion")
    )
    return tuple(
        CriterionMonth(
            scorecard_id=row["scorecard_id"],
            section=row["section"],
            criterion=row["criterion"],
            severity=row["severity"],
            is_fatal=row["fatal"],
            n_passed=row["pass"],
            n_failed=row["fail"],
            n_not_measured=row["not_measured"],
            n_not_applicable=row["not_applicable"],
            n_pending=row["pending"],
            commonest_reason_not_measured=row["reason"],
            groups=groups.get((row["scorecard_id"], row["criterion"]), ()),
            examples=examples.get((row["scorecard_id"], row["criterion"]), ()),
        )
        for row in rows.iter_rows(named=True)
    )


_OUTCOMES = ("pass", "fail", "not_measured", "not_applicable", "pending")


def _n(outcome: str) -> pl.Expr:
    return (pl.col("outcome") == outcome).sum().cast(pl.Int64).alias(outcome)


def _shares(verdicts: pl.DataFrame) -> Mapping[tuple[str, str], tuple[Share, ...]]:
    judged = (
        verdicts.filter(pl.col("outcome").is_in(["pass", "fail"]))
        .group_by(*_KEY, pl.col("group").fill_null(NO_VALUE))
        .agg(_n("fail"), pl.len().cast(pl.Int64).alias("n_judged"))
        .sort(*_KEY, "group")
    )
    found: dict[tuple[str, str], tuple[Share, ...]] = {}
    for scorecard_id, criterion, group, n_failed, n_judged in judged.iter_rows():
        key = (scorecard_id, criterion)
        found[key] = (*found.get(key, ()), Share(group, n_failed, n_judged))
    return found


def _examples(tables: MonthTables) -> Mapping[tuple[str, str], tuple[Example, ...]]:
    """Choose calls with a quote first, one an agent first, then the newest; the id breaks ties."""
    evidence = (
        tables.findings.filter(pl.col("criterion").is_not_null())
        .sort(pl.col("quote").is_null(), "position", maintain_order=True)
        .unique(["call_id", *_KEY], keep="first", maintain_order=True)
        .select("call_id", *_KEY, "start_s", "quote")
    )
    ranked = (
        tables.verdicts.filter(pl.col("outcome") == "fail")
        .join(evidence, on=["call_id", *_KEY], how="left")
        .sort(pl.col("quote").is_null(), "local_date", "call_id", descending=[False, True, False])
        .with_columns(nth=pl.int_range(pl.len()).over(*_KEY, "agent_id"))
        .sort("nth", maintain_order=True)
        .group_by(*_KEY, maintain_order=True)
        .head(EXAMPLES_PER_CRITERION)
    )
    found: dict[tuple[str, str], tuple[Example, ...]] = {}
    for row in ranked.iter_rows(named=True):
        key = (row["scorecard_id"], row["criterion"])
        fields = {name: row[name] for name in Example.__dataclass_fields__}
        found[key] = (*found.get(key, ()), Example(**fields | {"group": row["group"] or NO_VALUE}))
    return found


def counted_signals(findings: pl.DataFrame) -> tuple[Counted, ...]:
    """Return what scorecards only count (customers' suggestions, say), the most first."""
    counts = (
        findings.filter(pl.col("criterion").is_null())
        .group_by("signal")
        .agg(
            pl.len().cast(pl.Int64).alias("n_findings"),
            pl.col("call_id").n_unique().cast(pl.Int64).alias("n_calls"),
        )
        .sort("n_findings", "signal", descending=[True, False])
    )
    return tuple(Counted(*row) for row in counts.iter_rows())
