"""The figures of a period from a store: read, add up. A month, a week, a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from qa_pipeline.aggregate.days import days_of
from qa_pipeline.aggregate.detail import listening_detail
from qa_pipeline.aggregate.figures import LevelNow, Month
from qa_pipeline.aggregate.followup import Target
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.aggregate.tables import (
    OPINION_SCHEMA,
    REVIEW_SCHEMA,
    MonthTables,
    between,
    joined,
)
from qa_pipeline.pipeline.past import past_months
from qa_pipeline.pipeline.periods import Span, checked_period, months_of, period_before
from qa_pipeline.pipeline.sample_frame import nothing_judged
from qa_pipeline.store import ReviewRow, Store
from qa_pipeline.store.columns import assignment_columns, frame_columns, gold_columns

SUBJECT_KINDS = ("group", "agent")


def month_figures(store: Store, period: str) -> Month:
    """Add up a calendar month. Raises WrongUse where nothing of it was judged."""
    now = month_tables(store, checked_period(period))
    if now.evaluations.head(1).collect().is_empty() and now.failures.is_empty():
        raise nothing_judged(store.path, period)
    last = period_before(period)
    before = month_tables(store, last)
    past = past_months(store, period, month_tables)
    month = month_of(now, before, past, targets_kept(store, last))
    return replace(month, levels=_levels(store, _last_day(period)))


def days_figures(store: Store, span: Span) -> Month:
    """Add up a run of days, or one. Raises WrongUse where nothing of it was judged."""
    now = days_tables(store, span)
    if now.evaluations.head(1).collect().is_empty() and now.failures.is_empty():
        raise nothing_judged(store.path, span.name)
    length = span.last - span.first + timedelta(days=1)
    before = days_tables(store, Span(span.first - length, span.last - length))
    month = month_of(now, before)
    if span.first == span.last:
        return replace(month, listened=listening_detail(now))
    return replace(month, days=days_of(now))


def days_tables(store: Store, span: Span) -> MonthTables:
    """Open the tables of the calls of some days, whatever months they lie in."""
    months = [month_tables(store, period) for period in months_of(span)]
    return between(joined(months), span.first, span.last)


def targets_kept(store: Store, period: str) -> list[Target]:
    """Return whom the coaching and the training of a period were for."""
    items = [
        Target(row.scorecard_id, row.criterion, row.agent_id)
        for row in store.ledger.coaching(period)
        if row.scorecard_id is not None and row.criterion is not None
    ]
    needs = store.ledger.training(period)
    return items + [Target(row.scorecard_id, row.criterion, None) for row in needs]


def _levels(store: Store, day: date) -> tuple[LevelNow, ...]:
    """Return the level of every group and agent as of a day."""
    newest = {
        (row.subject_kind, row.subject): row
        for kind in SUBJECT_KINDS
        for row in store.ledger.levels(kind)
        if row.effective_on <= day
    }
    return tuple(
        LevelNow(
            row.subject_kind,
            row.subject,
            row.level,
            row.effective_on,
            str(row.evidence.get("en", row.note)),
            str(row.evidence.get("zh", row.note)),
            row.overridden_by,
        )
        for _, row in sorted(newest.items(), key=lambda each: each[0])
    )


def _last_day(period: str) -> date:
    first = date.fromisoformat(f"{period}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_tables(store: Store, period: str) -> MonthTables:
    """Read what people did in a period, and open the tables that the other figures rest on."""
    reviews = store.ledger.reviews(period)
    return MonthTables(
        period=period,
        calls=store.scan("calls", period),
        evaluations=store.scan("evaluations", period),
        verdicts=store.scan("verdicts", period),
        findings=store.scan("findings", period),
        failures=store.read("failures", period),
        frame=frame_columns(store.ledger, period),
        reviews=pl.DataFrame(
            {name: [getattr(review, name) for review in reviews] for name in REVIEW_SCHEMA},
            schema=REVIEW_SCHEMA,
        ),
        # rates count what a lead corrected; how reviewers agree is what they said themselves
        opinions=_opinions(store.ledger.reviews(period, corrected=False)),
        assignments=assignment_columns(store.ledger, period),
        gold=gold_columns(store.ledger, period),
    )


def _opinions(reviews: Sequence[ReviewRow]) -> pl.DataFrame:
    names = ("call_id", "scorecard_id", "criterion", "outcome", "reviewer", "blind", "created_at")
    rows = [
        (r.call_id, r.scorecard_id, criterion, outcome, r.reviewer, r.blind, r.created_at)
        for r in reviews
        for criterion, outcome in r.verdicts.items()
    ]
    return pl.DataFrame(rows, schema={n: OPINION_SCHEMA[n] for n in names}, orient="row")
