"""`qa scorecard`: check scorecards before they judge anybody, and publish their format."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli import scorecard_diff
from qa_pipeline.cli.console import interface_language, print_json, tell
from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.pipeline.history import LookBack
    from qa_pipeline.scoring import CheckReport

_CHECK_HELP = """Check scorecards: every fault with line and column, then every example.

Exit code 2 when a file is refused, 1 when an example breaks, 0 else. Warnings go to stderr. With
--store and --period each is also held against the stored calls of that month: criteria that never
failed or never passed, phrases that nobody said in 90 days or that except always swallows, signals
that fire on most calls, criteria that often could not be measured. With --watch every file is
checked again whenever it is saved, until Ctrl-C.

\b
Example: qa scorecard check scorecards/order-line.zh.yaml --watch
"""
_SCHEMA_HELP = """Print the JSON Schema of scorecards, by which an editor completes and checks them.

\b
Example: qa scorecard schema > scorecard.schema.json
"""


def register(app: typer.Typer) -> None:
    """Add `qa scorecard check`, `diff` and `schema`."""
    verbs = typer.Typer(
        help="Check and compare scorecards, and publish their format.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    verbs.command("check", help=_CHECK_HELP)(check)
    verbs.command("diff", help=scorecard_diff.HELP)(scorecard_diff.diff)
    verbs.command("schema", help=_SCHEMA_HELP)(schema)
    app.add_typer(verbs, name="scorecard")


def check(
    files: Annotated[list[Path], typer.Argument(help="scorecards (YAML)", show_default=False)],
    watch: Annotated[
        bool, typer.Option("--watch", help="check again whenever a file is saved")
    ] = False,
    period: Annotated[
        str | None, typer.Option(help="also hold against the calls of this month, YYYY-MM")
    ] = None,
    store: Annotated[Path | None, typer.Option(help="the store that holds those calls")] = None,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the results as JSON")] = False,
) -> None:
    """Check every file; exit with 2, 1 or 0."""
    if watch:
        _refuse_with_watch(period, store, as_json=as_json)
        from qa_pipeline.cli.scorecard_watch import watching

        watching(files, lambda: _check_and_say(files, None, as_json=False))
        return
    code = _check_and_say(files, _look_back(period, store, settings), as_json=as_json)
    if code:
        raise typer.Exit(code)


def _check_and_say(files: Sequence[Path], history: "LookBack | None", *, as_json: bool) -> int:
    """Check the files, say what came of it, and return the exit code.

    Plans among several files are left out: `scorecards/*.yaml` names the one that lies there.
    """
    from qa_pipeline.scorecard.load import is_plan

    plans = [file for file in files if is_plan(file)] if len(files) > 1 else []
    for plan in plans:
        said = Text(
            en=f"{plan} is a sampling plan: qa plan check {plan}",
            zh=f"{plan} 是抽样方案，请用 qa plan check {plan}",
        )
        tell(said.say(interface_language()))
    files = [file for file in files if file not in plans]
    results = [_checked(file, history) for file in files]
    if as_json:
        print_json([_as_data(file, result) for file, result in zip(files, results, strict=True)])
    for file, result in zip(files, results, strict=True):
        _say(file, result, quiet=as_json)
    if any(isinstance(result, QaError) for result in results):
        return 2
    return int(any(not isinstance(result, QaError) and result.broken for result in results))


def _refuse_with_watch(period: str | None, store: Path | None, *, as_json: bool) -> None:
    if period is None and store is None and not as_json:
        return
    raise WrongUse(
        "--watch",
        Text(
            en="--watch goes neither with history nor with --json",
            zh="--watch 不能与 --period、--store 或 --json 同时使用",
        ),
        Text(
            en="leave out --watch, or --period, --store and --json",
            zh="请去掉 --watch，或去掉 --period、--store 与 --json",
        ),
    )


def _look_back(period: str | None, store: Path | None, settings: Path | None) -> "LookBack | None":
    if period is None and store is None:
        return None
    if period is None or store is None:
        raise WrongUse(
            "--period" if store is None else "--store",
            Text(
                en="history needs both --store and --period",
                zh="对照历史需要同时给出 --store 与 --period",
            ),
            Text(
                en="add the other: --store STORE --period 2026-10",
                zh="请补上另一个：--store STORE --period 2026-10",
            ),
        )
    from qa_pipeline.pipeline.history import LookBack
    from qa_pipeline.settings import load_settings

    return LookBack(store, period, load_settings(settings))


def schema() -> None:
    """Print the JSON Schema on stdout."""
    from qa_pipeline.scorecard.schema import scorecard_schema

    print_json(scorecard_schema())


def _checked(file: Path, history: "LookBack | None") -> "CheckReport | QaError":
    from qa_pipeline.scorecard.load import load_scorecard
    from qa_pipeline.scoring import check as run_examples

    try:
        report = run_examples(load_scorecard(file))
    except QaError as error:
        return error
    return report if history is None else _with_history(report, history)


def _with_history(report: "CheckReport", asked: "LookBack") -> "CheckReport":
    """Return the report with the warnings of the stored calls after its own."""
    from qa_pipeline.cli import run_screen as screen
    from qa_pipeline.pipeline.history import history_doubts, look_back, no_calls_doubt
    from qa_pipeline.pipeline.versions import changed_version_doubt

    with screen.progress(interface_language()) as show:
        history = look_back(report.loaded, asked, show)
    more = [
        *changed_version_doubt(report.loaded, asked.store, asked.settings.database_url),
        *no_calls_doubt(report.loaded, asked, history),
        *history_doubts(report.loaded, history),
    ]
    return replace(report, warnings=(*report.warnings, *more))


def _say(file: Path, result: "CheckReport | QaError", *, quiet: bool) -> None:
    language = interface_language()
    if isinstance(result, QaError):
        tell(result.say(language))
        return
    for warning in result.warnings:
        label = {"en": "warning: ", "zh": "警告："}[language]
        tell(label + warning.say(language))
    for error in result.broken:
        tell(error.say(language))
    if quiet:
        return
    n, n_broken = result.n_examples, len(result.broken)
    done = Text(
        en=f"{file}: {result.n_criteria} criteria, {n - n_broken} of {n} examples hold",
        zh=f"{file}：{result.n_criteria} 个标准，{n} 个示例中 {n - n_broken} 个符合预期",
    )
    print(done.say(language))


def _as_data(file: Path, result: "CheckReport | QaError") -> dict[str, Any]:
    if isinstance(result, QaError):
        errors = result.errors if isinstance(result, DocumentRefused) else (result,)
        return {"file": str(file), "status": "refused", "errors": _told(errors), "warnings": []}
    return {
        "file": str(file),
        "status": "broken" if result.broken else "ok",
        "n_criteria": result.n_criteria,
        "n_examples": result.n_examples,
        "errors": _told(result.broken),
        "warnings": _told(result.warnings),
    }


def _told(errors: tuple[QaError, ...]) -> list[dict[str, str | None]]:
    language = interface_language()
    return [
        {
            "where": error.where,
            "what": error.what.say(language),
            "got": error.got,
            "fix": error.fix.say(language),
        }
        for error in errors
    ]
