"""`qa try`: judge a dialogue that somebody typed or pasted, and show why."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.records import Call
    from qa_pipeline.scorecard.load import LoadedScorecard

_HELP = """Judge a dialogue by a scorecard, without recordings or a store.

DIALOGUE is a file with one turn a line, or - for stdin. applies_to, effective_from and language
are not asked for. With --store you are warned where this version has judged calls there with other
content. Exit code 1 when the call does not pass.

\b
Example: printf 'agent 0-3: 您好\\ncustomer 4-5: 你好\\n' | qa try scorecards/order-line.zh.yaml -
"""


def register(app: typer.Typer) -> None:
    """Add `qa try`."""
    app.command("try", help=_HELP)(try_)


def try_(
    scorecard: Annotated[Path, typer.Argument(help="scorecard (YAML)", show_default=False)],
    dialogue: Annotated[str, typer.Argument(help="dialogue file, or -", show_default=False)],
    store: Annotated[
        Path | None, typer.Option(help="a store whose versions must not be changed")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the evaluation as JSON")] = False,
) -> None:
    """Judge, print, and exit with 1 when the call does not pass."""
    from qa_pipeline.cli.verdicts import evaluation_data, print_evaluation
    from qa_pipeline.dialogue import parse_dialogue
    from qa_pipeline.scorecard.load import load_scorecard
    from qa_pipeline.scoring import bind, judge

    loaded = load_scorecard(scorecard)
    where = "stdin" if dialogue == "-" else dialogue
    call = parse_dialogue(_text(dialogue), where, loaded.scorecard.language)
    for warning in loaded.warnings:
        tell(warning.say(interface_language()))
    if store is not None:
        _warn_of_changed(loaded, store, settings)
    for note in _not_asked_for(loaded, call):
        tell(note)
    evaluation = judge(call, bind(loaded))
    if as_json:
        print_json(evaluation_data(evaluation))
    else:
        print_evaluation(data(), loaded.scorecard, evaluation, interface_language())
    if evaluation.passed is False:
        raise typer.Exit(1)


def _warn_of_changed(loaded: "LoadedScorecard", store: Path, settings: Path | None) -> None:
    """Tell that `qa run` will refuse this file: its version judged calls with other content."""
    from qa_pipeline.pipeline.versions import changed_version_doubt
    from qa_pipeline.settings import load_settings

    for doubt in changed_version_doubt(loaded, store, load_settings(settings).database_url):
        label = Text(en="warning: ", zh="警告：").say(interface_language())
        tell(label + doubt.say(interface_language()))


def _text(dialogue: str) -> str:
    """Return the dialogue's text from a file or stdin; it must be UTF-8."""
    where = "stdin" if dialogue == "-" else dialogue
    try:
        raw = sys.stdin.buffer.read() if dialogue == "-" else Path(dialogue).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise WrongUse(
            where,
            Text(en="the dialogue cannot be read", zh="无法读取对话"),
            Text(en="check the path, or give - for stdin", zh="请检查路径，或用 - 表示标准输入"),
            got=error.strerror,
        ) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongUse(
            f"{where}:{line}",
            Text(en="the dialogue is not UTF-8", zh="对话不是 UTF-8 编码"),
            Text(en="save it as UTF-8", zh="请另存为 UTF-8 编码"),
        ) from error


def _not_asked_for(loaded: "LoadedScorecard", call: "Call") -> Iterator[Text]:
    """Yield what a night would ask for and a trial does not."""
    card = loaded.scorecard
    asked = [
        f"{column}: [{', '.join(values)}]"
        for column, values in card.applies_to.items()
        if str(call.metadata.get(column)) not in values
    ]
    if asked:
        yield Text(
            en=f"note: applies_to ({'; '.join(asked)}) is not asked for in a trial",
            zh=f"提示：试评不检查 applies_to（{'; '.join(asked)}）",
        )
    if card.effective_from is not None:
        yield Text(
            en=f"note: effective_from ({card.effective_from}) is not asked for in a trial",
            zh=f"提示：试评不检查 effective_from（{card.effective_from}）",
        )
    language = call.metadata.get("language")
    if language not in (None, card.language):
        yield Text(
            en=f"note: the dialogue says language {language}, the scorecard {card.language}",
            zh=f"提示：对话的语言为 {language}，评分表的语言为 {card.language}",
        )
