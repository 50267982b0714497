"""`qa plan`: what a sampling plan comes to; check plans and publish their format."""

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.sample_plan import PlanReport
    from qa_pipeline.sampling.plan_load import LoadedPlan

PLAN_FILE = SCORECARDS_DIR / "sampling.yaml"
_HELP = """Show what reviewers can hear in a month, whom the plan gives it to, and what that buys.

Nothing is drawn. A month that is not over is reckoned with the calls of the month before.

\b
Example: qa plan --period 2026-10 --store night-store --plan scorecards/sampling.yaml
"""
_CHECK_HELP = """Check sampling plans and the lists they name: every fault with line and column.

Exit code 2 when a file is refused, 0 else.

\b
Example: qa plan check scorecards/sampling.yaml
"""
_SCHEMA_HELP = """Print the JSON Schema of plans, by which an editor completes and checks them.

\b
Example: qa plan schema > sampling.schema.json
"""


def register(app: typer.Typer) -> None:
    """Add `qa plan`, `qa plan check` and `qa plan schema`."""
    verbs = typer.Typer(help=_HELP, invoke_without_command=True, rich_markup_mode=None)
    verbs.callback(help=_HELP)(plan)
    verbs.command("check", help=_CHECK_HELP)(check)
    verbs.command("schema", help=_SCHEMA_HELP)(schema)
    app.add_typer(verbs, name="plan")


def plan(
    context: typer.Context,
    period: Annotated[str | None, typer.Option(help="calendar month, YYYY-MM")] = None,
    store: Annotated[Path | None, typer.Option(help="the store's folder")] = None,
    plan: Annotated[Path, typer.Option(help="sampling plan (YAML)")] = PLAN_FILE,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="all figures as JSON")] = False,
) -> None:
    """Reckon and print."""
    if context.invoked_subcommand is not None:
        return
    from qa_pipeline.pipeline.sample_plan import plan_period
    from qa_pipeline.render.plan_tables import allocation_table, precision_table
    from qa_pipeline.sampling.plan_load import load_plan
    from qa_pipeline.settings import load_settings

    if period is None or store is None:
        raise _incomplete("--period" if period is None else "--store")
    report = plan_period(store, period, load_settings(settings), load_plan(plan))
    if as_json:
        print_json(_as_data(report))
    else:
        language = interface_language()
        data().print(_capacity(report).say(language), markup=False, soft_wrap=True)
        data().print(allocation_table(report.strata, language))
        data().print()
        data().print(precision_table(report.groups, report.overall, language))
    for note in report.notes:
        tell(note)


def check(
    files: Annotated[list[Path], typer.Argument(help="plans (YAML)", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="the results as JSON")] = False,
) -> None:
    """Check every file; exit with 2 or 0."""
    results = [_checked(file) for file in files]
    if as_json:
        print_json([_checked_data(f, r) for f, r in zip(files, results, strict=True)])
    for file, result in zip(files, results, strict=True):
        if isinstance(result, QaError):
            tell(result.say(interface_language()))
        elif not as_json:
            print(_sound(file, result).say(interface_language()))
    if any(isinstance(result, QaError) for result in results):
        raise typer.Exit(2)


def schema() -> None:
    """Print the JSON Schema on stdout."""
    from qa_pipeline.sampling.plan_schema import plan_schema

    print_json(plan_schema())


def _checked(file: Path) -> "LoadedPlan | QaError":
    from qa_pipeline.sampling.plan_load import load_plan

    try:
        return load_plan(file)
    except QaError as error:
        return error


def _sound(file: Path, loaded: "LoadedPlan") -> Text:
    plan = loaded.plan
    n_ids = sum(len(listed.wanted) for listed in loaded.lists)
    n_people, n_focus, n_flags = len(plan.capacity.reviewers), len(plan.focus), len(plan.flagged)
    return Text(
        en=f"{file}: reviewers {n_people}, focus rules {n_focus}, flags {n_flags}, "
        f"listed values {n_ids}: no faults",
        zh=f"{file}：质检员 {n_people} 名，重点规则 {n_focus} 条，必听规则 {n_flags} 条，"
        f"回查 {n_ids} 项：没有错误",
    )


def _checked_data(file: Path, result: "LoadedPlan | QaError") -> dict[str, Any]:
    if not isinstance(result, QaError):
        return {"file": str(file), "status": "ok", "sha256": result.sha256, "errors": []}
    language = interface_language()
    errors = result.errors if isinstance(result, DocumentRefused) else (result,)
    told = [
        {
            "where": error.where,
            "what": error.what.say(language),
            "got": error.got,
            "fix": error.fix.say(language),
        }
        for error in errors
    ]
    return {"file": str(file), "status": "refused", "errors": told}


def _incomplete(option: str) -> WrongUse:
    return WrongUse(
        option,
        Text(en="the plan of which month, in which store?", zh="未说明是哪个月、哪个存储目录"),
        Text(
            en="qa plan --period 2026-10 --store STORE, or qa plan check FILE",
            zh="qa plan --period 2026-10 --store 存储目录，或 qa plan check 文件",
        ),
    )


def _capacity(report: "PlanReport") -> Text:
    c = report.capacity
    heard_en = heard_zh = ""
    if c.reviews_a_day is not None:
        heard_en = f" Reviewers can hear {c.reviews_a_day:,} a day, {c.n_hearings:,} in the period."
        heard_zh = f"质检员每天能听 {c.reviews_a_day:,} 通，全期 {c.n_hearings:,} 通。"
    flags_en = "as many as there are" if c.n_targeted is None else f"at most {c.n_targeted:,}"
    flags_zh = "不限" if c.n_targeted is None else f"至多 {c.n_targeted:,} 通"
    return Text(
        en=f"{report.period} (calls of {report.volume_of}): {c.n_calls:,} calls, "
        f"{c.calls_a_day:.0f} a day, {c.mean_min:.1f} min each; {c.review_min:.1f} min a review."
        f"{heard_en} At random {c.n_random:,}, heard twice {c.n_double:,}, flagged {flags_en}.\n",
        zh=f"{report.period}（按 {report.volume_of} 的通话量）：{c.n_calls:,} 通，"
        f"日均 {c.calls_a_day:.0f} 通，平均 {c.mean_min:.1f} 分钟；"
        f"每通复核 {c.review_min:.1f} 分钟。"
        f"{heard_zh}随机听 {c.n_random:,} 通，双人听 {c.n_double:,} 通，必听{flags_zh}。\n",
    )


def _as_data(report: "PlanReport") -> dict[str, Any]:
    language = interface_language()
    return {
        "period": report.period,
        "volume_of": report.volume_of,
        "capacity": {**asdict(report.capacity), "n_short": report.capacity.n_short},
        "strata": [asdict(stratum) for stratum in report.strata],
        "groups": [_finite(asdict(group)) for group in report.groups],
        "overall": _finite({**asdict(report.overall), "group": None}),
        "notes": [note.say(language) for note in report.notes],
    }


def _finite(fields: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no infinity: an effective size without bounds (all heard) is null."""
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in fields.items()
    }
