"""A month's report from a store: read, add up, write; nothing in the store is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.aggregate.tables import CALL_COLUMNS, REVIEW_SCHEMA, MonthTables
from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.pipeline.sample_frame import nothing_judged
from qa_pipeline.pipeline.samples import frame_table
from qa_pipeline.render.monthly import write_monthly
from qa_pipeline.render.titles import Titles
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.store import Store
from qa_pipeline.texts import Language


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
        now = month_tables(store, period)
        if now.evaluations.is_empty() and now.failures.is_empty():
            raise nothing_judged(store_path, period)
        month = month_of(now, month_tables(store, period_before(period)))
    titles = Titles.of_directory(scorecards)
    made_at = datetime.now(settings.zone)
    out_dir.mkdir(parents=True, exist_ok=True)
    files = tuple(
        write_monthly(month, titles, language, made_at, out_dir) for language in languages
    )
    return MonthReport(month, titles, files)


def month_tables(store: Store, period: str) -> MonthTables:
    """Read everything that the figures of a period rest on."""
    reviews = store.ledger.reviews(period)
    return MonthTables(
        period=period,
        calls=store.read("calls", period, columns=CALL_COLUMNS),
        evaluations=store.read("evaluations", period),
        verdicts=store.read("verdicts", period),
        findings=store.read("findings", period),
        failures=store.read("failures", period),
        frame=frame_table(store.ledger.samples(period)),
        reviews=pl.DataFrame(
            {name: [getattr(review, name) for review in reviews] for name in REVIEW_SCHEMA},
            schema=REVIEW_SCHEMA,
        ),
    )
