"""`qa demo`: a made-up call centre, end to end on the embedded defaults."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qa_pipeline.cli.console import print_json

_HELP = """Show the whole product on a made-up call centre.

Hears last night's 24 recordings, imports two months of finished transcripts, judges everything,
draws the month's sample, lets made-up reviewers hear it and writes the monthly report. Run again,
it does nothing twice.

\b
Example: qa demo --store demo-store
"""


class DemoLanguage(StrEnum):
    """In which language the demo speaks."""

    zh = "zh"
    en = "en"


def register(app: typer.Typer) -> None:
    """Add `qa demo`."""
    app.command("demo", help=_HELP)(demo)


def demo(
    store: Annotated[Path, typer.Option(help="the demo's own folder")] = Path("demo-store"),
    fresh: Annotated[bool, typer.Option("--fresh", help="begin again from nothing")] = False,
    language: Annotated[DemoLanguage | None, typer.Option(help="speak zh or en [yours]")] = None,
    model: Annotated[
        str | None, typer.Option(help="recogniser, by name or directory [the demo's own]")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="worker processes")] = min(
        4, os.cpu_count() or 1
    ),
    as_json: Annotated[bool, typer.Option("--json", help="the outcome as JSON")] = False,
) -> None:
    """Run every stage with a progress bar, then show what came of it."""
    from qa_pipeline.cli import demo_screen as screen
    from qa_pipeline.demo import journey
    from qa_pipeline.settings import RecognitionSettings

    if language is not None:
        os.environ["QA_LANGUAGE"] = language.value
    recognition = RecognitionSettings(model=model) if model else RecognitionSettings()
    chosen = journey.Demo(store, journey.settings(recognition), workers)
    journey.prepare(chosen, fresh=fresh)
    outcome = screen.run_stages(chosen)
    if as_json:
        print_json(screen.as_data(chosen, outcome))
    else:
        screen.show(chosen, outcome)
    raise typer.Exit(max(outcome.night.exit_code, outcome.history.exit_code))
