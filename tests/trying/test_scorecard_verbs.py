"""`qa scorecard check` and `schema`: exit codes, streams, and the data of --json."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import scorecards
from qa_pipeline.scorecard.schema import scorecard_schema
from tests.scorecard.cards import CARD, edited

BROKEN = edited(("pass_if: greeting", 'pass_if: greeting, examples: {pass: "agent 0-3: 喂"}'))
REFUSED = edited(("version: 3", "version: x"))
DOUBTED = edited(("silence.count <= 1", "silence"))
UNREADABLE = edited(("pass_if: greeting", 'pass_if: greeting, examples: {pass: "agent: "}'))


def run(*arguments: str) -> Result:
    app = typer.Typer()
    scorecards.register(app)
    return CliRunner().invoke(app, ["scorecard", *arguments])


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    for name, text in {
        "good": CARD,
        "broken": BROKEN,
        "refused": REFUSED,
        "doubted": DOUBTED,
        "unreadable": UNREADABLE,
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good"], 0),
        (["doubted"], 0),
        (["broken"], 1),
        (["refused"], 2),
        (["unreadable"], 2),
        (["missing"], 2),
        (["good", "broken"], 1),
        (["broken", "refused", "good"], 2),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_exit_codes(cards: Path, names: list[str], code: int) -> None:
    result = run("check", *(str(cards / f"{name}.yaml") for name in names))
    assert result.exit_code == code


def test_a_plan_among_scorecards_is_left_out_and_told(cards: Path) -> None:
    plan = cards / "sampling.yaml"
    plan.write_text("seed: 1\n", "utf-8")
    result = run("check", str(cards / "good.yaml"), str(plan))
    assert result.exit_code == 0
    assert f"qa plan check {plan}" in result.stderr
    assert str(plan) not in result.stdout
    assert run("check", str(plan)).exit_code == 2  # asked for alone it is no scorecard


def test_words_on_stderr_results_on_stdout(cards: Path) -> None:
    good, refused = cards / "good.yaml", cards / "refused.yaml"
    result = run("check", str(refused), str(good))
    assert result.stdout == f"{good}: 3 criteria, 0 of 0 examples hold\n"
    assert result.stderr == (
        f'{refused}:2:10: a whole number is needed (got "x")\n'
        "fix: write a whole number without quotes\n"
    )


def test_warnings_are_words(cards: Path) -> None:
    doubted = cards / "doubted.yaml"
    result = run("check", str(doubted))
    assert result.stderr.startswith(f"warning: {doubted}:18:")
    assert "passes when a fault was found" in result.stderr


def test_json_names_every_file(cards: Path) -> None:
    names = ("good", "broken", "refused", "doubted")
    result = run("check", "--json", *(str(cards / f"{name}.yaml") for name in names))
    said = json.loads(result.stdout)
    assert [file["status"] for file in said] == ["ok", "broken", "refused", "ok"]
    assert said[0] == {
        "file": str(cards / "good.yaml"),
        "status": "ok",
        "n_criteria": 3,
        "n_examples": 0,
        "errors": [],
        "warnings": [],
    }
    assert said[1]["errors"][0]["got"] == "fail"
    assert said[2]["errors"] == [
        {
            "where": f"{cards / 'refused.yaml'}:2:10",
            "what": "a whole number is needed",
            "got": '"x"',
            "fix": "write a whole number without quotes",
        }
    ]
    assert said[3]["warnings"][0]["got"] == "silence"


def test_the_schema_is_printed() -> None:
    result = run("schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == scorecard_schema()
