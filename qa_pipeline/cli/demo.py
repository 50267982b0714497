"""`qa demo`: a made-up call centre, end to end on the embedded defaults."""

import typer


def register(app: typer.Typer) -> None:
    """Add `qa demo`."""
