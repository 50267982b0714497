"""`qa try`: data on stdout, words on stderr, and the exit code of the call's result."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import trying
from qa_pipeline.errors import QaError
from tests.scorecard.cards import CARD

GOOD = "agent 0-3: 您好\ncustomer 4-6: 我要投诉\nagent 7-9: 非常抱歉\n"
BAD = "agent 0-3: 喂\ncustomer 4-6: 我要投诉\nagent 7-9: 你说\n"


def app() -> typer.Typer:
    made = typer.Typer()
    trying.register(made)
    return made


@pytest.fixture
def run(tmp_path: Path) -> Any:
    card = tmp_path / "card.yaml"
    keys = "applies_to: {queue: [orders]}\neffective_from: 2026-01-01\n"
    card.write_text(CARD + keys, "utf-8")

    def run(*arguments: str, dialogue: str | bytes = "") -> Result:
        return CliRunner().invoke(app(), [str(card), *arguments], input=dialogue)

    return run


def test_json_is_what_the_contract_says(run: Any, tmp_path: Path) -> None:
    result = run("-", "--json", dialogue=GOOD)
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert list(said) == ["scorecard", "score", "passed", "coverage", "verdicts"]
    assert said["scorecard"] == {
        "id": "order-line",
        "version": 3,
        "sha256": hashlib.sha256((tmp_path / "card.yaml").read_bytes()).hexdigest(),
    }
    assert (said["score"], said["passed"], said["coverage"]) == (100.0, True, 1.0)
    assert [v["criterion"] for v in said["verdicts"]] == ["greeting", "apology", "silence"]
    apology = said["verdicts"][1]
    assert list(apology) == [
        "criterion", "section", "severity", "outcome", "points", "points_won", "reason", "findings",
    ]  # fmt: skip
    assert apology["section"] == "language"
    assert apology["findings"][-1] == {
        "signal": "apology",
        "detector": "phrase",
        "role": "agent",
        "start_s": 8.0,
        "end_s": 9.0,
        "quote": "抱歉",
        "match": "text",
        "value": None,
    }


def test_a_call_that_does_not_pass_is_exit_code_1(run: Any) -> None:
    result = run("-", "--json", dialogue=BAD)
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["passed"] is False
    assert said["score"] == 20.0


def test_a_call_that_is_undecided_is_exit_code_0(run: Any) -> None:
    result = run("-", "--json", dialogue="agent: 您好\n")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["passed"] is None


def test_what_a_trial_does_not_ask_for_is_said_on_stderr(run: Any) -> None:
    result = run("-", "--json", dialogue=GOOD)
    assert "applies_to (queue: [orders]) is not asked for" in result.stderr
    assert "effective_from (2026-01-01) is not asked for" in result.stderr
    matching = run("-", "--json", dialogue="# queue: orders\n# language: en\n" + GOOD)
    assert "applies_to" not in matching.stderr
    assert "language en" in matching.stderr
    assert matching.exit_code == 0


def test_the_table_shows_reasons_evidence_and_the_sum(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    file = tmp_path / "call.txt"
    file.write_text(BAD, "utf-8")
    result = run(str(file))
    assert "客服没有说“抱歉”" not in result.stdout
    assert "客服在 complaint 之后 30 秒内没有说“抱歉”〔apology〕" in result.stdout
    assert '0:05.0-0:06.0  customer  "投诉"  complaint' in result.stdout
    assert "score 20.0 (pass mark 80)   coverage 100 %   NOT PASSED" in result.stdout
    assert result.stdout.index("greeting") < result.stdout.index("silence")


def test_the_table_says_what_was_met_by_sound(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    card = tmp_path / "card.yaml"
    card.write_text(card.read_text("utf-8").replace("[抱歉]", "[非常抱歉], match: sound"), "utf-8")
    said = GOOD.replace("抱歉", "报欠")
    assert '0:07.0-0:09.0  agent  "非常报欠" (by sound)  apology' in run("-", dialogue=said).stdout
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    assert "“非常报欠” （按读音）  apology" in run("-", dialogue=said).stdout
    assert "（按读音）" not in run("-", dialogue=GOOD).stdout


def test_the_interface_speaks_chinese(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    monkeypatch.setenv("COLUMNS", "160")
    result = run("-", dialogue=BAD)
    assert "得分 20.0（合格线 80）   覆盖率 100 %   不合格" in result.stdout
    assert "试评不检查 applies_to" in result.stderr


def test_a_terminals_escapes_in_a_dialogue_are_shown_not_obeyed(run: Any) -> None:
    result = run("-", dialogue="agent 0-3: 您\u001b[31m好\n")
    assert "\u001b[31m" not in result.stdout


@pytest.mark.parametrize(
    ("dialogue", "where"),
    [
        pytest.param("agent 0-3: 您好\nnobody: x\n", "stdin:2", id="no-turn"),
        pytest.param("agent 3-1: 您好\n", "stdin:1", id="ends-before-it-starts"),
        pytest.param("", "stdin", id="nothing"),
        pytest.param("agent 0-3: 您好\n".encode("gbk"), "stdin:1", id="gbk"),
    ],
)
def test_what_is_no_dialogue_is_refused(run: Any, dialogue: str | bytes, where: str) -> None:
    error = run("-", dialogue=dialogue).exception
    assert isinstance(error, QaError)
    assert error.exit_code == 2
    assert error.where == where


def test_a_dialogue_that_is_not_there(run: Any) -> None:
    error = run("nowhere.txt").exception
    assert isinstance(error, QaError)
    assert "cannot be read" in error.what.en


def test_windows_files_are_read(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "call.txt"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert run(str(file), "--json").exit_code == 0
