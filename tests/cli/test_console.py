"""What the command line says reaches the terminal letter by letter."""

import pytest

from qa_pipeline.cli.console import tell


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("calls.csv:100: agent_channel is not what it must be", id="no-emoji-of-100"),
        pytest.param("calls.csv:1234: [bold]x[/bold]", id="no-emoji-of-1234-and-no-markup"),
        pytest.param(":warning: x", id="no-emoji-by-name"),
    ],
)
def test_a_message_is_shown_as_it_is(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(said)
    captured = capsys.readouterr()
    assert captured.err == said + "\n"
    assert captured.out == ""
