"""`qa run`: one night of calls; `qa rescore`: stored calls under the scorecards of today."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import interface_language, print_json, tell

if TYPE_CHECKING:
    from qa_pipeline.settings import Settings

_RUN = """Hear, judge and store one night of calls.

SOURCE is a folder of recordings, finished transcripts, or both; the manifest (CSV, JSONL or
Parquet) has one row a call. Nothing is done twice: stop it at any moment, start it again, and it
goes on. Exit code 3: some recordings could not be evaluated; the table says why.

\b
Example: qa run recordings --manifest calls.csv --store night-store --model large-v3-turbo
"""
_RESCORE = """Judge the stored calls of a month again under the scorecards in force.

Nothing is heard again. Use it after a scorecard got a new version.

\b
Example: qa rescore --period 2026-10 --store night-store --scorecards scorecards
"""

_Store = Annotated[Path, typer.Option(help="the store's folder, made if it is not there")]
_Scorecards = Annotated[Path | None, typer.Option(help="folder of scorecards [the shipped ones]")]
_Workers = Annotated[
    int | None, typer.Option(min=0, help="worker processes, 0: this one [the cores, at most 4]")
]
_Settings = Annotated[Path | None, typer.Option(help="settings file (YAML)")]
_Json = Annotated[bool, typer.Option("--json", help="the outcome as JSON")]


def register(app: typer.Typer) -> None:
    """Add `qa run` and `qa rescore`."""
    app.command("run", help=_RUN)(run)
    app.command("rescore", help=_RESCORE)(rescore)


def run(
    source: Annotated[Path, typer.Argument(help="folder of recordings or transcripts")],
    store: _Store,
    manifest: Annotated[
        Path | None, typer.Option(help="one row a call [file names, by settings]")
    ] = None,
    scorecards: _Scorecards = None,
    model: Annotated[
        str | None, typer.Option(help="recogniser, by name or directory [the settings']")
    ] = None,
    workers: _Workers = None,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Run one night with a progress bar and print what it came to."""
    from qa_pipeline.cli import run_screen as screen
    from qa_pipeline.pipeline.foresight import foreseen
    from qa_pipeline.pipeline.night import Night, run_night
    from qa_pipeline.settings import SCORECARDS_DIR

    night = Night(
        source=source,
        store=store,
        manifest=manifest,
        scorecards=scorecards or SCORECARDS_DIR,
        settings=_settings(settings, model),
        n_workers=n_workers_of(workers),
    )
    for warning in foreseen(night):
        tell(warning)
    with screen.progress(interface_language()) as show:
        report = run_night(night, show)
    print_json(screen.as_data(report)) if as_json else screen.show(report, store)
    raise typer.Exit(report.exit_code)


def rescore(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: _Store,
    scorecards: _Scorecards = None,
    workers: _Workers = None,
    settings: _Settings = None,
    as_json: _Json = False,
) -> None:
    """Judge a month again with a progress bar and print what it came to."""
    from qa_pipeline.cli import run_screen as screen
    from qa_pipeline.pipeline.rescore import Rescore, run_rescore
    from qa_pipeline.settings import SCORECARDS_DIR

    again = Rescore(
        store=store,
        period=period,
        scorecards=scorecards or SCORECARDS_DIR,
        settings=_settings(settings, None),
        n_workers=n_workers_of(workers),
    )
    with screen.progress(interface_language()) as show:
        report = run_rescore(again, show)
    print_json(screen.as_data(report)) if as_json else screen.show(report, store)
    raise typer.Exit(report.exit_code)


def _settings(path: Path | None, model: str | None) -> "Settings":
    from qa_pipeline.settings import load_settings

    settings = load_settings(path)
    if model is None:
        return settings
    recognition = settings.recognition.model_copy(update={"model": model})
    return settings.model_copy(update={"recognition": recognition})


def n_workers_of(workers: int | None) -> int:
    """Return how many processes to work with: as asked, else the cores, at most four."""
    return min(4, os.cpu_count() or 1) if workers is None else workers
