"""`qa call`: one call as the store holds it, with its verdicts and their evidence."""

from pathlib import Path
from typing import Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json

_HELP = """Show one call: its facts, its turns, and every verdict with its evidence.

\b
Example: qa call call-0042 --store night-store
"""


def register(app: typer.Typer) -> None:
    """Add `qa call`."""
    app.command("call", help=_HELP)(call)


def call(
    call_id: Annotated[str, typer.Argument(help="the call's id")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything as JSON")] = False,
) -> None:
    """Print the call."""
    from qa_pipeline.cli import call_screen as screen
    from qa_pipeline.settings import load_settings
    from qa_pipeline.store import Store

    chosen = load_settings(settings)
    with Store.open(store, database_url=chosen.database_url) as opened:
        shown = opened.call(call_id)
        evaluations = opened.evaluations_of(call_id)
        provenance = next(stored.provenance for stored in opened.calls((call_id,)))
    if as_json:
        print_json(screen.as_data(shown, provenance, evaluations))
    else:
        for part in screen.parts(shown, evaluations, chosen.zone, interface_language()):
            data().print(part)
