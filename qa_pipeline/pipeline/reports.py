"""Reports of a period as files: figures are added up once, and written in every form asked for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.plain import plain
from qa_pipeline.pipeline.month import days_figures, month_figures
from qa_pipeline.pipeline.periods import checked_day, checked_period, checked_week
from qa_pipeline.render.document import Document
from qa_pipeline.render.edition import Audience, Edition
from qa_pipeline.render.links import links_below
from qa_pipeline.render.monthly import file_name, report_document, write_whole
from qa_pipeline.render.page import page_html
from qa_pipeline.render.pictures import has_chinese, picture, says_chinese
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.workbook import workbook
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.store import Store
from qa_pipeline.texts import Language

Cadence = Literal["daily", "weekly", "monthly"]
Form = Literal["html", "xlsx", "png", "json"]
FORMS: tuple[Form, ...] = ("html", "xlsx", "png", "json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files to write: in which languages and forms, for whom, with links where to.

    `scorecards` is the directory whose titles name criteria; where it or a scorecard is not there
    any more, ids stand in their place.
    """

    languages: Sequence[Language] = ("zh", "en")
    forms: Sequence[Form] = FORMS
    audience: Audience | None = None
    review_url: str | None = None
    scorecards: Path = SCORECARDS_DIR


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The figures of a period, and the files that show them.

    `lacks_chinese`: pictures were left out, since no font here has Chinese glyphs.
    """

    month: Month
    titles: Titles
    files: tuple[Path, ...]
    lacks_chinese: bool = False


def run_month(
    store_path: Path, period: str, settings: Settings, out_dir: Path, wanted: Wanted | None = None
) -> MonthReport:
    """Write the monthly report; see `run_report`."""
    return run_report(store_path, "monthly", period, settings, out_dir, wanted)


def run_report(
    store_path: Path,
    cadence: Cadence,
    period: str,
    settings: Settings,
    out_dir: Path,
    wanted: Wanted | None = None,
) -> MonthReport:
    """Write the report of a period into `out_dir`.

    Raises WrongUse for a period or an address that is none, and where nothing was judged.
    """
    wanted = Wanted() if wanted is None else wanted
    address = wanted.review_url if wanted.review_url is not None else settings.reports.review_url
    links_below(address, period)  # refused before anything is read
    with Store.open(store_path, database_url=settings.database_url) as store:
        month = _figures(store, cadence, period)
    files = _Files(out_dir, settings.reports.font)
    titles = Titles.of_directory(wanted.scorecards)
    links = links_below(address, month.period)
    made_at = datetime.now(settings.zone)
    out_dir.mkdir(parents=True, exist_ok=True)
    for language in wanted.languages:
        edition = Edition(month, titles, language, links, wanted.audience)
        files.write(report_document(edition, made_at), wanted)
    if "json" in wanted.forms:
        files.data(month, cadence, made_at)
    return MonthReport(month, titles, tuple(files.written), files.lacks_chinese)


def _figures(store: Store, cadence: Cadence, period: str) -> Month:
    match cadence:
        case "monthly":
            return month_figures(store, checked_period(period))
        case "weekly":
            return days_figures(store, checked_week(period))
        case "daily":
            return days_figures(store, checked_day(period))


@dataclass(slots=True)
class _Files:
    """Writes documents into a folder, and remembers which files there are."""

    folder: Path
    font: Path | None
    written: list[Path] = field(default_factory=list)
    lacks_chinese: bool = False

    def write(self, document: Document, wanted: Wanted) -> None:
        """Write a document in the forms that hold one language."""
        name = file_name(document, wanted.audience)
        if "html" in wanted.forms:
            self._add(self.folder / f"{name}.html", page_html(document).encode())
        if "xlsx" in wanted.forms:
            self._add(self.folder / f"{name}.xlsx", workbook(document))
        if "png" in wanted.forms:
            self._pictures(document, self.folder / f"{name}.charts")

    def data(self, month: Month, cadence: Cadence, made_at: datetime) -> None:
        """Write all figures as JSON: the same for every reader."""
        content: dict[str, Any] = {
            "kind": cadence, "made_at": made_at.isoformat(), "figures": plain(month),
        }  # fmt: skip
        name = f"{cadence}-{month.period.replace('..', '_')}.json"
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        self._add(self.folder / name, text.encode())

    def _pictures(self, document: Document, folder: Path) -> None:
        note = f"{document.kicker} · {document.title} · {document.made}"
        for section in document.sections:
            for figure in section.figures:
                if says_chinese(figure, note) and not has_chinese(self.font):
                    self.lacks_chinese = True
                    continue
                folder.mkdir(exist_ok=True)
                self._add(folder / f"{figure.id}.png", picture(figure, note, self.font))

    def _add(self, path: Path, content: bytes) -> None:
        self.written.append(write_whole(path, content))
