"""A month's report from a store: read, add up, write; nothing in the store is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.forecasts import PastMonth, past_group
from qa_pipeline.aggregate.month import month_of, rates_of
from qa_pipeline.aggregate.tables import (
    OPINION_SCHEMA,
    REVIEW_SCHEMA,
    MonthTables,
)
from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.pipeline.sample_frame import nothing_judged
from qa_pipeline.render.monthly import write_monthly
from qa_pipeline.render.titles import Titles
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.store import ReviewRow, Store
from qa_pipeline.store.columns import assignment_columns, frame_columns, gold_columns
from qa_pipeline.texts import Language

#: Months before this one that a forecast looks back on.
N_PAST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The figures of a month, and the files that show them, one a language."""

    month: Month
    titles: Titles
    files: tuple[Path, ...]


def run_month(
    store_path: Path,
    period: str,
    settings: Settings,
    out_dir: Path,
    *,
    languages: Sequence[Language] = ("zh", "en"),
    scorecards: Path = SCORECARDS_DIR,
) -> MonthReport:
    """Write the monthly report of `period` into `out_dir`, one HTML file a language.

    `scorecards` is the directory whose titles name criteria; where it or a scorecard is
    not there any more, ids stand in their place. Raises WrongUse where nothing was judged.
    """
    checked_period(period)
    with Store.open(store_path, database_url=settings.database_url) as store:
        month = month_figures(store, period)
    titles = Titles.of_directory(scorecards)
    made_at = datetime.now(settings.zone)
    out_dir.mkdir(parents=True, exist_ok=True)
    files = tuple(
        write_monthly(month, titles, language, made_at, out_dir) for language in languages
    )
    return MonthReport(month, titles, files)


def month_figures(store: Store, period: str) -> Month:
    """Add up a period. Raises WrongUse where nothing of it was judged."""
    now = month_tables(store, period)
    if now.evaluations.head(1).collect().is_empty() and now.failures.is_empty():
        raise nothing_judged(store.path, period)
    before = month_tables(store, period_before(period))
    return month_of(now, before, past_months(store, period))


def past_months(store: Store, period: str) -> tuple[PastMonth, ...]:
    """Return the rates of the months before `period` that forecasts rest on, oldest first."""
    months: list[PastMonth] = []
    for _ in range(N_PAST_MONTHS):
        period = period_before(period)
        tables = month_tables(store, period)
        if tables.evaluations.head(1).collect().is_empty():
            break
        overall, groups = rates_of(tables)
        months.append(PastMonth(period, tuple(map(past_group, (overall, *groups)))))
    return tuple(reversed(months))


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
        opinions=_opinions(reviews),
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
