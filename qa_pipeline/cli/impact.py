"""`qa impact`: what an edited scorecard would have done to a month, before it goes live."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import data, interface_language, tell
from qa_pipeline.cli.reports import ReportLanguage, languages_of
from qa_pipeline.cli.shown import visible
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.impact import ImpactRun
    from qa_pipeline.render.impact import ImpactSubject
    from qa_pipeline.settings import Settings

_HELP = """Show what an edited scorecard would have done to the stored calls of a month.

OLD and NEW are files, or versions that the store keeps (order-line@2). Every call is judged by
both; nothing is heard again and nothing in the store changes. You get the pass rate of each group
before and after with the interval of the change, the criteria that moved, and the calls that flip
with their evidence. Dates of effect are not asked for. With --out: a page to send round for each
language, and the full list as JSON.

\b
Example: qa impact order-line@2 edited.yaml --period 2026-10 --store night-store --out impact
"""


def register(app: typer.Typer) -> None:
    """Add `qa impact`."""
    app.command("impact", help=_HELP)(impact)


def impact(
    old: Annotated[str, typer.Argument(help="scorecard before: file or id@version")],
    new: Annotated[str, typer.Argument(help="scorecard after: file or id@version")],
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    out: Annotated[
        Path | None, typer.Option(help="folder for the page and the full list as JSON")
    ] = None,
    language: Annotated[
        ReportLanguage | None, typer.Option(help="language of the page [yours]")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=0, help="worker processes, 0: this one [the cores, at most 4]")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="figures and all calls as JSON")] = False,
) -> None:
    """Judge, print, write."""
    from qa_pipeline.cli import run_screen as screen
    from qa_pipeline.cli.run import n_workers_of
    from qa_pipeline.pipeline.impact import Question, impact_of
    from qa_pipeline.render.impact import ImpactSubject, impact_parts
    from qa_pipeline.settings import load_settings

    chosen = load_settings(settings)
    question = Question(old, new, store, period, chosen, n_workers_of(workers))
    with (
        screen.progress(interface_language()) as show,
        impact_of(question, show) as run,
    ):
        subject = ImpactSubject.of(run.impact, run.old, run.new, chosen.zone)
        _tell_broken_examples(run)
        if out is not None:
            _write(subject, run, out, language, chosen)
        if as_json:
            _write_json(subject, run, sys.stdout)
            return
        for part in impact_parts(subject, interface_language()):
            data().print(part)


def _tell_broken_examples(run: "ImpactRun") -> None:
    """Warn of examples of the new scorecard that do not hold: it is not ready to go live."""
    from qa_pipeline.scoring import check

    report = check(run.new)
    if report.broken:
        n = len(report.broken)
        tell(
            Text(
                en=f"warning: {n} of {report.n_examples} examples of {run.new.where} do not hold: "
                "qa scorecard check tells them",
                zh=f"警告：{run.new.where} 的 {report.n_examples} 个示例中有 {n} 个不成立："
                "用 qa scorecard check 查看",
            )
        )


def _write(
    subject: "ImpactSubject",
    run: "ImpactRun",
    out: Path,
    language: ReportLanguage | None,
    settings: "Settings",
) -> None:
    from datetime import datetime

    from qa_pipeline.render.impact import write_impact

    old, new = run.impact.old, run.impact.new
    name = f"impact-{old.scorecard_id}-{old.version}-{new.version}-{run.impact.period}"
    out.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(settings.zone)
    for one in languages_of(language):
        page = write_impact(subject, one, made_at, out, name)
        tell(Text(en=f"page: {page}", zh=f"页面：{page}"))
    partial, path = out / f"{name}.partial", out / f"{name}.json"
    with partial.open("w", encoding="utf-8") as file:
        _write_json(subject, run, file)
    partial.replace(path)
    tell(Text(en=f"all calls: {path}", zh=f"完整清单：{path}"))


def _write_json(subject: "ImpactSubject", run: "ImpactRun", file: Any) -> None:
    """Write the figures and then every call that moved, one a line: however many there are."""
    import json

    from qa_pipeline.render.impact.data import impact_data

    head = json.dumps(impact_data(subject), ensure_ascii=False, indent=1)
    for line in head.removesuffix("\n}").split("\n"):
        file.write(f"{visible(line)}\n")
    file.write(' ,"calls": [')
    for i, line in enumerate(run.flips.lines()):
        file.write(f"{',' if i else ''}\n{visible(line)}")
    file.write("\n ]\n}\n")
