"""The whole month in figures, group by group and against the month before."""

import polars as pl

from qa_pipeline.aggregate.changes import criteria_against, groups_against
from qa_pipeline.aggregate.coverage import coverage_of, engines_of, scorecards_of
from qa_pipeline.aggregate.figures import GroupMonth, Month
from qa_pipeline.aggregate.problems import counted_signals, criteria_of, severity_counts
from qa_pipeline.aggregate.rates import human_rate, machine_rate, strata_of
from qa_pipeline.aggregate.tables import MonthTables, framed_calls, judged_calls
from qa_pipeline.sampling.strata import NO_VALUE


def month_of(now: MonthTables, before: MonthTables | None = None) -> Month:
    """Add up the tables of a period; `before` are those of the month before it."""
    if before is not None and before.evaluations.is_empty():
        before = None
    overall, groups = groups_of(now)
    criteria = criteria_of(now)
    if before is not None:
        overall_before, groups_before = groups_of(before)
        overall = groups_against([overall], [overall_before])[0]
        groups = groups_against(groups, groups_before)
        criteria = criteria_against(criteria, criteria_of(before))
    framed = framed_calls(now)
    return Month(
        period=now.period,
        period_before=before.period if before is not None else None,
        overall=overall,
        groups=groups,
        criteria=criteria,
        scorecards=scorecards_of(now.evaluations),
        strata=strata_of(framed),
        n_unframed=overall.machine.n_calls - framed["call_id"].n_unique(),
        coverage=coverage_of(now),
        counted=counted_signals(now.findings),
        engines=engines_of(now.calls),
    )


def groups_of(tables: MonthTables) -> tuple[GroupMonth, tuple[GroupMonth, ...]]:
    """Return all groups together, and each group by name, without comparisons."""
    calls, framed = judged_calls(tables), framed_calls(tables)
    failures = tables.failures.with_columns(pl.col("group").fill_null(NO_VALUE))
    verdicts = tables.verdicts.with_columns(pl.col("group").fill_null(NO_VALUE))

    def one(group: str | None) -> GroupMonth:
        chosen = pl.lit(True) if group is None else pl.col("group") == group
        return GroupMonth(
            group=group,
            n_failures=failures.filter(chosen)["recording"].n_unique(),
            machine=machine_rate(calls.filter(chosen)["machine_verdict"]),
            human=human_rate(framed.filter(chosen)),
            severities=severity_counts(verdicts.filter(chosen)),
        )

    names = sorted({*calls["group"], *failures["group"]})
    return one(None), tuple(one(name) for name in names)
