"""The whole month in figures, group by group, against the month before, and into the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from qa_pipeline.aggregate.calibration import calibration_of
from qa_pipeline.aggregate.changes import against_rest, criteria_against, groups_against
from qa_pipeline.aggregate.coverage import coverage_of, engines_of, scorecards_of
from qa_pipeline.aggregate.figures import Counted, CriterionMonth, GroupMonth, Month
from qa_pipeline.aggregate.followup import (
    FollowUp,
    Target,
    coaching_items,
    follow_up,
    targets_of,
    training_needs,
)
from qa_pipeline.aggregate.forecasts import PastMonth, with_forecasts
from qa_pipeline.aggregate.problems import counted_signals, criteria_of, with_examples
from qa_pipeline.aggregate.rates import (
    combined_rate,
    human_rate,
    machine_rate,
    raw_counts,
    strata_of,
)
from qa_pipeline.aggregate.recordings import recordings_of
from qa_pipeline.aggregate.spread import Spread, spread_of, spread_since
from qa_pipeline.aggregate.tables import (
    MonthTables,
    framed_calls,
    judged_calls,
    targeted_reviews,
)
from qa_pipeline.aggregate.tally import Tally, severity_counts, tally_of
from qa_pipeline.sampling.strata import NO_VALUE


@dataclass(frozen=True, slots=True)
class Parts:
    """What several figures of a month rest on, read once."""

    calls: pl.DataFrame
    framed: pl.DataFrame
    targeted: pl.DataFrame
    tally: Tally


def parts_of(tables: MonthTables) -> Parts:
    """Read what several figures rest on."""
    calls = judged_calls(tables)
    return Parts(
        calls, framed_calls(tables, calls), targeted_reviews(tables, calls), tally_of(tables)
    )


def month_of(
    now: MonthTables,
    before: MonthTables | None = None,
    past: Sequence[PastMonth] = (),
    targets: Sequence[Target] = (),
) -> Month:
    """Add up the tables of a period; `before` are those of the period before it.

    Forecasts rest on `past`, the rates of earlier months, oldest first, the month before included.
    `targets`: whom last month's training was for; by default whom its problems called for.
    """
    last = _last_month(before) if before is not None else None
    parts = parts_of(now)
    overall, groups = groups_of(now, parts)
    groups = against_rest(groups)
    criteria = with_examples(criteria_of(parts.tally), now)
    spread, counted = spread_of(parts.tally), counted_signals(now)
    if last is not None:
        (overall,) = groups_against([overall], [last.overall])
        groups = groups_against(groups, last.groups)
        criteria = criteria_against(criteria, last.criteria)
        spread = spread_since(spread, last.spread, criteria)
        counted = _counted_since(counted, last.counted)
    return Month(
        period=now.period,
        period_before=before.period if before is not None and last is not None else None,
        overall=with_forecasts(overall, past),
        groups=tuple(with_forecasts(group, past) for group in groups),
        criteria=criteria,
        scorecards=scorecards_of(now),
        strata=strata_of(parts.framed),
        n_unframed=overall.machine.n_calls - parts.framed["call_id"].n_unique(),
        coverage=coverage_of(now, parts.tally),
        counted=counted,
        engines=engines_of(now),
        spread=spread,
        recordings=recordings_of(now),
        calibration=calibration_of(now, parts.tally, before if last is not None else None),
        past=tuple(past),
        coaching=coaching_items(spread, now),
        training=training_needs(spread),
        followed_up=_followed_up(last, parts.tally, targets),
    )


@dataclass(frozen=True, slots=True)
class _LastMonth:
    """What of the month before is compared; its tables are let go before the next are read."""

    overall: GroupMonth
    groups: tuple[GroupMonth, ...]
    criteria: tuple[CriterionMonth, ...]
    tally: Tally
    spread: tuple[Spread, ...]
    counted: tuple[Counted, ...]


def _last_month(before: MonthTables) -> _LastMonth | None:
    """Return the figures that the month is compared with; None where nothing was judged."""
    parts = parts_of(before)
    if parts.calls.is_empty():
        return None
    return _LastMonth(
        *groups_of(before, parts),
        criteria_of(parts.tally),
        parts.tally,
        spread_of(parts.tally),
        counted_signals(before),
    )


def _followed_up(
    last: _LastMonth | None, tally: Tally, targets: Sequence[Target]
) -> tuple[FollowUp, ...]:
    if last is None:
        return ()
    return follow_up(targets or targets_of(last.spread), last.tally, tally)


def groups_of(
    tables: MonthTables, parts: Parts | None = None
) -> tuple[GroupMonth, tuple[GroupMonth, ...]]:
    """Return all groups together, and each group by name, without comparisons."""
    known = parts if parts is not None else parts_of(tables)
    failures = tables.failures.with_columns(pl.col("group").fill_null(NO_VALUE))

    def one(group: str | None) -> GroupMonth:
        chosen = pl.lit(True) if group is None else pl.col("group") == group
        framed = known.framed.filter(chosen)
        human = human_rate(framed)
        return GroupMonth(
            group=group,
            n_failures=failures.filter(chosen)["recording"].n_unique(),
            machine=machine_rate(known.calls.filter(chosen)),
            human=human,
            combined=combined_rate(framed, human),
            raw=raw_counts(framed, known.targeted.filter(chosen)),
            severities=severity_counts(known.tally, group),
        )

    names = sorted({*known.calls["group"].unique(), *failures["group"]})
    return one(None), tuple(one(name) for name in names)


def rates_of(tables: MonthTables) -> tuple[GroupMonth, tuple[GroupMonth, ...]]:
    """Return the rates of a month whose verdicts nobody asks for: no classes, nothing targeted."""
    calls = judged_calls(tables)
    framed = framed_calls(tables, calls)
    none = tally_of(replace(tables, verdicts=tables.verdicts.clear()))
    targeted = framed.select("group", "human_passed").clear()
    return groups_of(tables, Parts(calls, framed, targeted, none))


def _counted_since(
    counted: Sequence[Counted], counted_before: Sequence[Counted]
) -> tuple[Counted, ...]:
    last = {each.signal: each.n_findings for each in counted_before}
    return tuple(replace(each, n_before=last.get(each.signal, 0)) for each in counted)
