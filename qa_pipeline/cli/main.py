"""The `qa` command itself: registers the verbs and turns errors into exit codes.

Exit codes: 0 done, 1 criteria or checks failed, 2 wrong use or configuration, 3 some recordings
could not be evaluated.
"""

import sys
from importlib import import_module

import typer

from qa_pipeline.cli.console import interface_language, tell
from qa_pipeline.cli.help_words import speak
from qa_pipeline.errors import QaError

#: Each module adds its verbs to the application through `register(app)`.
VERBS = (
    "demo", "run", "trying", "calls", "scorecards", "impact", "plans", "samples", "levels",
    "problems", "reviewing", "reports", "models", "bench", "doctor",
)  # fmt: skip

app = typer.Typer(
    name="qa",
    help="Hear every call, review the right few, report what one can believe.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _verb in VERBS:
    import_module(f"qa_pipeline.cli.{_verb}").register(app)


def main() -> None:
    """Run the command line and exit with its code."""
    command = typer.main.get_command(app)
    speak(command, interface_language())
    try:
        command(standalone_mode=True)
    except QaError as error:
        tell(error.say(interface_language()))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
