"""`qa sample`: draw a period's calls for people to hear, and freeze the draw."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.cli.plans import PLAN_FILE
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.samples import Drawn

_HELP = """Draw the calls of a month that people hear, and freeze the draw.

The same input gives the same sample on any machine; drawing again shows the frozen sample, and
calls that came later form the next batch. Drawn day by day (--date), each batch takes its days'
part of the plan; without --date the month is taken as complete. Calls go to the plan's reviewers.

\b
Example: qa sample --period 2026-10 --date 2026-10-05 --store night-store
"""


def register(app: typer.Typer) -> None:
    """Add `qa sample`."""
    app.command("sample", help=_HELP)(sample)


def sample(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="only calls up to this local date"),
    ] = None,
    plan: Annotated[Path, typer.Option(help="sampling plan (YAML)")] = PLAN_FILE,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="strata and calls as JSON")] = False,
) -> None:
    """Draw, freeze, and print the strata."""
    from qa_pipeline.pipeline.samples import draw_sample
    from qa_pipeline.render.terminal import strata_table, work_table
    from qa_pipeline.sampling.plan_load import load_plan
    from qa_pipeline.settings import load_settings

    until = None if date is None else date.date()
    drawn = draw_sample(store, period, load_settings(settings), load_plan(plan), until=until)
    for note in drawn.notes:
        tell(note)
    if as_json:
        print_json(_as_data(drawn))
        return
    tell(_state(drawn))
    data().print(strata_table(drawn.rows, interface_language()))
    data().print()
    data().print(work_table(drawn.assignments, drawn.rows + drawn.targeted, interface_language()))
    tell(Text(en=f"list for reviewers: {drawn.listing}", zh=f"复核清单：{drawn.listing}"))


def _state(drawn: "Drawn") -> Text:
    n, n_targeted = len(drawn.rows), len(drawn.targeted)
    if drawn.new_batch is None:
        return Text(
            en=f"{drawn.period}: {n} calls at random and {n_targeted} for a reason, drawn before "
            "and frozen; no call came since",
            zh=f"{drawn.period}：随机 {n} 通、必听 {n_targeted} 通，此前已抽取并冻结；"
            "其后没有新的通话",
        )
    added = sum(row.batch == drawn.new_batch for row in drawn.rows + drawn.targeted)
    return Text(
        en=f"{drawn.period}: batch {drawn.new_batch} drawn and frozen, {added} calls "
        f"({n} at random and {n_targeted} for a reason in all)",
        zh=f"{drawn.period}：已抽取并冻结批次 {drawn.new_batch}，{added} 通"
        f"（共随机 {n} 通、必听 {n_targeted} 通）",
    )


def _as_data(drawn: "Drawn") -> dict[str, Any]:
    strata = {(r.batch, r.stratum): r for r in drawn.rows}
    language = interface_language()
    return {
        "period": drawn.period,
        "new_batch": drawn.new_batch,
        "listing": str(drawn.listing),
        "strata": [_fields(row, _STRATUM) for _, row in sorted(strata.items())],
        "calls": [_fields(row, _CALL) for row in drawn.rows],
        "targeted": [_fields(row, _CALL) for row in drawn.targeted],
        "assignments": [_assignment(row) for row in drawn.assignments],
        "notes": [note.say(language) for note in drawn.notes],
    }


_STRATUM = ("batch", "stratum", "n_population", "n_drawn", "inclusion_probability")
_CALL = ("batch", "stratum", "call_id", "u_hex", "inclusion_probability", "reason", "double")
_WORK = ("batch", "call_id", "purpose", "reason", "reviewer", "blind", "expected_min")


def _assignment(row: object) -> dict[str, Any]:
    due_on = getattr(row, "due_on", None)
    return {**_fields(row, _WORK), "due_on": None if due_on is None else due_on.isoformat()}


def _fields(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
