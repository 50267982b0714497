"""`qa report`: the daily listening detail, the weekly and the monthly quality report."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Language, Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.reports import Cadence, MonthReport, Wanted

_DAILY = """Write a day's listening detail: every call of the day that people heard.

Everything else is summed from it. Files as with `qa report monthly`.

\b
Example: qa report daily --period 2026-10-14 --store night-store --out reports
"""
_WEEKLY = """Write the report of a week, compared with as many days before it.

A week is an ISO week (Monday to Sunday) or any run of 2 to 31 days. Files as with `monthly`.

\b
Example: qa report weekly --period 2026-W42 --store night-store --out reports
Example: qa report weekly --period 2026-10-12..2026-10-18 --store night-store
"""
_MONTHLY = """Write the monthly report and print its table of groups.

A self-contained page (it opens offline and prints to A4), a workbook, a picture a chart, in each
language; and all figures as JSON. With --audience, what trainers or managers need alone.

\b
Example: qa report monthly --period 2026-10 --store night-store --out reports --language both
"""

_Store = Annotated[Path, typer.Option(help="the store's folder")]
_Out = Annotated[Path | None, typer.Option(help="folder for the files [STORE/reports]")]
_Scorecards = Annotated[Path, typer.Option(help="folder of scorecards, for the names of criteria")]
_Settings = Annotated[Path | None, typer.Option(help="settings file (YAML)")]
_Json = Annotated[bool, typer.Option("--json", help="all figures as JSON")]
_ReviewUrl = Annotated[
    str | None, typer.Option(help="address of the review page that figures lead to [settings]")
]


class ReportLanguage(StrEnum):
    """Which files to write."""

    zh = "zh"
    en = "en"
    both = "both"


class ReportAudience(StrEnum):
    """Whom to write for."""

    training = "training"
    management = "management"


class ReportForm(StrEnum):
    """What kind of file to write."""

    html = "html"
    xlsx = "xlsx"
    png = "png"
    json = "json"


_Language = Annotated[ReportLanguage | None, typer.Option(help="language of the files [yours]")]
_Audience = Annotated[
    ReportAudience | None, typer.Option(help="whom it is for [everybody: all sections]")
]
_Forms = Annotated[
    list[ReportForm] | None, typer.Option("--format", help="which files; may be repeated [all]")
]


def register(app: typer.Typer) -> None:
    """Add `qa report daily`, `weekly` and `monthly`."""
    reports = typer.Typer(no_args_is_help=True, help="Reports of a period.", rich_markup_mode=None)
    reports.command("daily", help=_DAILY)(daily)
    reports.command("weekly", help=_WEEKLY)(weekly)
    reports.command("monthly", help=_MONTHLY)(monthly)
    app.add_typer(reports, name="report")


def daily(
    period: Annotated[str, typer.Option(help="day, YYYY-MM-DD")],
    store: _Store,
    out: _Out = None,
    language: _Language = None,
    audience: _Audience = None,
    forms: _Forms = None,
    review_url: _ReviewUrl = None,
    scorecards: _Scorecards = SCORECARDS_DIR,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Write the report of a day."""
    wanted = _wanted(language, audience, forms, review_url, scorecards)
    _report("daily", period, (store, out, settings), wanted, as_json=as_json)


def weekly(
    period: Annotated[str, typer.Option(help="ISO week, YYYY-Www, or days, FIRST..LAST")],
    store: _Store,
    out: _Out = None,
    language: _Language = None,
    audience: _Audience = None,
    forms: _Forms = None,
    review_url: _ReviewUrl = None,
    scorecards: _Scorecards = SCORECARDS_DIR,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Write the report of a week."""
    wanted = _wanted(language, audience, forms, review_url, scorecards)
    _report("weekly", period, (store, out, settings), wanted, as_json=as_json)


def monthly(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: _Store,
    out: _Out = None,
    language: _Language = None,
    audience: _Audience = None,
    forms: _Forms = None,
    review_url: _ReviewUrl = None,
    scorecards: _Scorecards = SCORECARDS_DIR,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Write the report of a month."""
    wanted = _wanted(language, audience, forms, review_url, scorecards)
    _report("monthly", period, (store, out, settings), wanted, as_json=as_json)


def _wanted(
    language: ReportLanguage | None,
    audience: ReportAudience | None,
    forms: list[ReportForm] | None,
    review_url: str | None,
    scorecards: Path,
) -> "Wanted":
    from qa_pipeline.pipeline.reports import FORMS, Wanted

    chosen = FORMS if not forms else tuple(form.value for form in forms)
    reader = None if audience is None else audience.value
    return Wanted(languages_of(language), chosen, reader, review_url, scorecards)  # type: ignore[arg-type]


def _report(
    cadence: "Cadence",
    period: str,
    places: tuple[Path, Path | None, Path | None],
    wanted: "Wanted",
    *,
    as_json: bool,
) -> None:
    """Write the files, print the groups, say where the files lie."""
    from qa_pipeline.aggregate.plain import plain
    from qa_pipeline.pipeline.reports import run_report
    from qa_pipeline.render.terminal import groups_table
    from qa_pipeline.settings import load_settings

    store, out, settings = places
    folder = out if out is not None else store / "reports"
    report = run_report(store, cadence, period, load_settings(settings), folder, wanted)
    if as_json:
        files = [str(file) for file in report.files]
        print_json({"month": plain(report.month), "files": files})
        return
    data().print(groups_table(report.month, interface_language()))
    _tell_files(report)


def _tell_files(report: "MonthReport") -> None:
    pictures = [file for file in report.files if file.suffix == ".png"]
    for file in report.files:
        if file.suffix != ".png":
            tell(Text(en=f"report: {file}", zh=f"报告：{file}"))
    for folder in dict.fromkeys(file.parent for file in pictures):
        n = sum(file.parent == folder for file in pictures)
        tell(Text(en=f"{n} charts: {folder}", zh=f"图表 {n} 张：{folder}"))
    if report.lacks_chinese:
        tell(NO_CHINESE_FONT)


NO_CHINESE_FONT = Text(
    en="no pictures in Chinese: no font here has Chinese glyphs, and they would be rows of boxes. "
    "Install one (fonts-noto-cjk, say) or name a font file: `reports: {font: PATH}` in the "
    "settings. Page and workbook are not touched by this.",
    zh="未生成中文图片：本机没有含中文字形的字体，图中文字会变成方框。"
    "请安装字体（如 fonts-noto-cjk），或在设置中指定字体文件："
    "`reports: {font: 路径}`。网页与工作簿不受影响。",
)


def languages_of(chosen: ReportLanguage | None) -> tuple[Language, ...]:
    """Return the languages to write: as chosen, else the reader's."""
    if chosen is None:
        return (interface_language(),)
    if chosen is ReportLanguage.both:
        return ("zh", "en")
    return ("zh",) if chosen is ReportLanguage.zh else ("en",)
