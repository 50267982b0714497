"""`qa doctor`: what is installed, what is missing, what to do."""

from pathlib import Path
from typing import Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json

_HELP = """Say what is installed, what is missing and what to do about it.

Exit code 0 unless something that the journey needs is missing (then 1).

\b
Example: qa doctor --json
"""


def register(app: typer.Typer) -> None:
    """Add `qa doctor`."""
    app.command("doctor", help=_HELP)(doctor)


def doctor(
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the checks as JSON")] = False,
) -> None:
    """Run every check and print one line each."""
    from rich.table import Table
    from rich.text import Text as Line

    from qa_pipeline.cli.doctor_checks import examine
    from qa_pipeline.settings import load_settings

    language = interface_language()
    checks = examine(load_settings(settings))
    is_well = all(check.state != "fail" for check in checks)
    if as_json:
        lines = [
            {
                "check": check.name,
                "state": check.state,
                "got": check.got,
                "remedy": None if check.remedy is None else check.remedy.say(language),
            }
            for check in checks
        ]
        print_json({"ok": is_well, "checks": lines})
        raise typer.Exit(0 if is_well else 1)
    table = Table(box=None, show_header=False, pad_edge=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    for check in checks:
        told = check.got
        if check.remedy is not None:
            told = f"{told}\n→ {check.remedy.say(language)}"
        table.add_row(Line(check.state, colours[check.state]), Line(check.name), Line(told))
    data().print(table)
    raise typer.Exit(0 if is_well else 1)
