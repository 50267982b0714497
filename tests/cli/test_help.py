"""Every verb and every option explains itself in both languages, with an example."""

import pytest
import typer

from qa_pipeline.cli.help_words import option_help, speak, verb_help, verbs
from qa_pipeline.cli.main import app

VERBS = dict(verbs(typer.main.get_command(app)))


@pytest.mark.parametrize("path", VERBS, ids=lambda path: path or "qa")
def test_a_verb_and_its_options_are_explained_in_both_languages(path: str) -> None:
    verb = VERBS[path]
    assert verb.help
    assert verb_help(path)
    for option in verb.params:
        assert option.help, f"{path} {option.name}"
        assert option_help(path, option.name)
    if not hasattr(verb, "commands"):
        assert "Example: qa " in verb.help or "Example: printf" in verb.help
        assert "示例：" in verb_help(path)


def test_chinese_help_reads_chinese_and_keeps_its_example_on_a_line() -> None:
    command = typer.main.get_command(app)
    speak(command, "zh")
    run = dict(verbs(command))["run"]
    text = run.get_help(run.make_context("run", [], resilient_parsing=True))
    assert "处理一夜的通话" in text
    assert "示例：qa run recordings --manifest" in text
    assert "显示本说明并退出" in text
    assert "\\b" not in text
