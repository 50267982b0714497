"""`qa report`: reports of a period. Monthly now."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Language, Text

_MONTHLY = """Write the monthly report and print its table of groups.

One self-contained HTML file a language: it opens offline and prints to A4.

\b
Example: qa report monthly --period 2026-10 --store night-store --out reports --language both
"""


class ReportLanguage(StrEnum):
    """Which files to write."""

    zh = "zh"
    en = "en"
    both = "both"


def register(app: typer.Typer) -> None:
    """Add `qa report monthly`."""
    reports = typer.Typer(no_args_is_help=True, help="Reports of a period.", rich_markup_mode=None)
    reports.command("monthly", help=_MONTHLY)(monthly)
    app.add_typer(reports, name="report")


def monthly(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    out: Annotated[Path | None, typer.Option(help="folder for the files [STORE/reports]")] = None,
    language: Annotated[
        ReportLanguage | None, typer.Option(help="language of the file [yours]")
    ] = None,
    scorecards: Annotated[
        Path, typer.Option(help="folder of scorecards, for the names of criteria")
    ] = SCORECARDS_DIR,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="all figures as JSON")] = False,
) -> None:
    """Write the report, print the groups, say where it lies."""
    from qa_pipeline.aggregate.plain import plain
    from qa_pipeline.pipeline.month import run_month
    from qa_pipeline.render.terminal import groups_table
    from qa_pipeline.settings import load_settings

    report = run_month(
        store,
        period,
        load_settings(settings),
        out if out is not None else store / "reports",
        languages=languages_of(language),
        scorecards=scorecards,
    )
    if as_json:
        print_json({"month": plain(report.month), "files": [str(file) for file in report.files]})
        return
    data().print(groups_table(report.month, interface_language()))
    for file in report.files:
        tell(Text(en=f"report: {file}", zh=f"报告：{file}"))


def languages_of(chosen: ReportLanguage | None) -> tuple[Language, ...]:
    """Return the languages to write: as chosen, else the reader's."""
    if chosen is None:
        return (interface_language(),)
    if chosen is ReportLanguage.both:
        return ("zh", "en")
    return ("zh",) if chosen is ReportLanguage.zh else ("en",)
