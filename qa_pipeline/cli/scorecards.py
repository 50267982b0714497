"""`qa scorecard`: check scorecards before they judge anybody, and publish their format."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa_pipeline.cli.console import interface_language, print_json, tell
from qa_pipeline.errors import DocumentRefused, QaError
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.scoring import CheckReport

_CHECK_HELP = """Check scorecards: every fault with line and column, then every example.

Exit code 2 when a file is refused, 1 when an example breaks, 0 else. Warnings go to stderr.

\b
Example: qa scorecard check scorecards/order-line.zh.yaml
"""
_SCHEMA_HELP = """Print the JSON Schema of scorecards, by which an editor completes and checks them.

\b
Example: qa scorecard schema > scorecard.schema.json
"""


def register(app: typer.Typer) -> None:
    """Add `qa scorecard check` and `qa scorecard schema`."""
    verbs = typer.Typer(
        help="Check scorecards and publish their format.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    verbs.command("check", help=_CHECK_HELP)(check)
    verbs.command("schema", help=_SCHEMA_HELP)(schema)
    app.add_typer(verbs, name="scorecard")


def check(
    files: Annotated[list[Path], typer.Argument(help="scorecards (YAML)", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="the results as JSON")] = False,
) -> None:
    """Check every file; exit with 2, 1 or 0."""
    results = [_checked(file) for file in files]
    if as_json:
        print_json([_as_data(file, result) for file, result in zip(files, results, strict=True)])
    for file, result in zip(files, results, strict=True):
        _say(file, result, quiet=as_json)
    if any(isinstance(result, QaError) for result in results):
        raise typer.Exit(2)
    if any(not isinstance(result, QaError) and result.broken for result in results):
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema on stdout."""
    from qa_pipeline.scorecard.schema import scorecard_schema

    print_json(scorecard_schema())


def _checked(file: Path) -> "CheckReport | QaError":
    from qa_pipeline.scorecard.load import load_scorecard
    from qa_pipeline.scoring import check as run_examples

    try:
        return run_examples(load_scorecard(file))
    except QaError as error:
        return error


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
