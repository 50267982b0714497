"""`qa levels`: how closely each agent or group is listened to, and why."""

import getpass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.levels import LevelsOfPeriod, Override
    from qa_pipeline.store import LevelRow

_HELP = """Decide and show inspection levels: full, half, sampled or exempt, each with its reason.

Levels follow from the reviewed weeks; every switch is kept. The machine reads every call on every
level, and people go on hearing a few calls of those who are exempt.

\b
Example: qa levels --period 2026-10 --store night-store --override 1007=full --note 'complaint'
"""


class Subject(StrEnum):
    """Whose levels."""

    agent = "agent"
    group = "group"


def register(app: typer.Typer) -> None:
    """Add `qa levels`."""
    app.command("levels", help=_HELP)(levels)


def levels(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    subject: Annotated[Subject, typer.Option(help="levels of agents or of groups")] = Subject.agent,
    override: Annotated[
        str | None, typer.Option(help="decide by hand: SUBJECT=LEVEL, with --note")
    ] = None,
    note: Annotated[str, typer.Option(help="why the level is decided by hand")] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the day from which it counts [today]"),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="levels as JSON")] = False,
) -> None:
    """Decide, keep, and print the levels."""
    from qa_pipeline.pipeline.levels import run_levels
    from qa_pipeline.settings import load_settings

    options = load_settings(settings)
    day = (since or datetime.now(options.zone)).date()
    by_hand = None if override is None else _parsed(override, note, day)
    found = run_levels(store, period, options, subject.value, by_hand)
    if as_json:
        print_json(_as_data(found))
        return
    tell(
        Text(
            en=f"{period}: {found.n_new} new switches, {len(found.rows)} subjects",
            zh=f"{period}：新增级别变更 {found.n_new} 次，共 {len(found.rows)} 个对象",
        )
    )
    _print(found)


def _parsed(override: str, note: str, day: Any) -> "Override":
    from qa_pipeline.pipeline.levels import Override

    subject, _, level = override.rpartition("=")
    return Override(subject, level, day, note, getpass.getuser())


def _print(found: "LevelsOfPeriod") -> None:
    from rich import box
    from rich.table import Table

    from qa_pipeline.cli.shown import line
    from qa_pipeline.pipeline.levels import explanation
    from qa_pipeline.sampling.level_words import LEVELS

    language = interface_language()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading.say(language), overflow="fold")
    for row in found.rows:
        level = {name: text.say(language) for name, text in LEVELS.items()}[row.level]  # type: ignore[index]
        cells = (row.subject, level, row.effective_on, explanation(row).say(language))
        table.add_row(*map(line, cells))
    data().print(table)


_HEADINGS = (
    Text(en="Subject", zh="对象"),
    Text(en="Level", zh="级别"),
    Text(en="Since", zh="生效日"),
    Text(en="Why", zh="原因"),
)


def _as_data(found: "LevelsOfPeriod") -> dict[str, Any]:
    return {
        "period": found.period,
        "subject_kind": found.subject_kind,
        "n_new": found.n_new,
        "levels": [_fields(row) for row in found.rows],
    }


def _fields(row: "LevelRow") -> dict[str, Any]:
    return {
        "subject": row.subject,
        "level": row.level,
        "effective_on": row.effective_on.isoformat(),
        "reason": row.reason,
        "evidence": dict(row.evidence),
        "note": row.note,
        "overridden_by": row.overridden_by,
        "decided_at": row.decided_at.isoformat(),
    }
