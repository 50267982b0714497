"""`qa plan`, `qa plan check`, `qa plan schema`, and what `qa sample` tells of a plan."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import plans, samples
from qa_pipeline.errors import WrongUse
from qa_pipeline.render.views import stratum_name
from qa_pipeline.sampling.plan_schema import plan_schema
from tests.month.made_up import PERIOD, fill

PLAN = """\
sampling: small
calls: 40
strata: [group, machine_verdict]
minimum: 2
focus: [{id: one, share: 0.3, when: {agent_id: 订2}}]
flagged: [{rule: fatal_failed, most: 5}]
double_review: 0.1
capacity: {reviewers: [{name: "[red]周敏", hours: 6}, {name: 李雷, languages: [zh], hours: 6}]}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("plan-verbs") / "store", n_share=0.3)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    file = tmp_path / "sampling.yaml"
    file.write_text(PLAN, "utf-8")
    return file


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("QA_LANGUAGE", "en")


def run(*arguments: str) -> Result:
    app = typer.Typer()
    plans.register(app)
    samples.register(app)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Reviewers can hear", "At random 40, heard twice 4, flagged at most 5", "To hear",
                "Effective n", "focus", "All groups")),
        ("zh", ("质检员每天能听", "随机听 40 通，双人听 4 通，必听至多 5 通", "拟听", "有效样本量",
                "重点", "全部")),
    ],
)  # fmt: skip
def test_the_plan_in_tables(
    store: Path,
    plan_file: Path,
    language: str,
    said: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QA_LANGUAGE", language)
    result = run("plan", "--period", PERIOD, "--store", str(store), "--plan", str(plan_file))
    assert result.exit_code == 0, result.output
    for words in said:
        assert words in result.stdout
    assert ("nobody has reviewed" in result.stderr) == (language == "en")
    assert not (store / "samples").exists(), "nothing is drawn"


def test_the_plan_as_json(store: Path, plan_file: Path) -> None:
    arguments = ("--period", PERIOD, "--store", str(store), "--plan", str(plan_file), "--json")
    report = json.loads(run("plan", *arguments).stdout)
    assert report["period"] == PERIOD
    assert report["capacity"]["n_random"] == 40
    assert report["capacity"]["n_short"] == 0
    assert sum(stratum["n_drawn"] for stratum in report["strata"]) == pytest.approx(40)
    for group in (*report["groups"], report["overall"]):
        assert (group["interval"] is None) == (group["n_needed"] is not None)


@pytest.mark.parametrize("arguments", [(), ("--period", PERIOD), ("--store", "x")])
def test_a_plan_of_nothing_is_wrong_use(arguments: tuple[str, ...]) -> None:
    result = run("plan", *arguments)
    assert isinstance(result.exception, WrongUse)
    assert "qa plan check FILE" in result.exception.fix.en


def test_check_tells_good_from_bad(plan_file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(PLAN.replace("minimum: 2", "minimun: 2"), "utf-8")
    good = run("plan", "check", str(plan_file))
    assert (good.exit_code, good.stderr) == (0, "")
    assert "reviewers 2, focus rules 1, flags 1, listed values 0: no faults" in good.stdout
    both = run("plan", "check", str(plan_file), str(bad), str(tmp_path / "none.yaml"))
    assert both.exit_code == 2
    assert "bad.yaml:4:1: unknown key" in both.stderr
    assert "did you mean minimum?" in both.stderr
    assert "none.yaml: the sampling plan cannot be read" in both.stderr
    data = json.loads(run("plan", "check", str(plan_file), str(bad), "--json").stdout)
    assert [one["status"] for one in data] == ["ok", "refused"]
    assert data[1]["errors"][0]["fix"] == "did you mean minimum?"


def test_the_schema_is_printed() -> None:
    assert json.loads(run("plan", "schema").stdout) == plan_schema()


def test_sample_shares_the_work_and_shows_names_as_they_are(store: Path, plan_file: Path) -> None:
    arguments = ("--period", PERIOD, "--store", str(store), "--plan", str(plan_file))
    result = run("sample", *arguments)
    assert result.exit_code == 0, result.output
    assert "[red]周敏" in result.stdout
    assert "李雷" in result.stdout
    assert "Second hearing" in result.stdout
    data = json.loads(run("sample", *arguments, "--json").stdout)
    assert {row["reviewer"] for row in data["assignments"]} == {"[red]周敏", "李雷"}
    assert {row["reason"] for row in data["targeted"]} <= {"flagged"}
    assert all(row["due_on"] for row in data["assignments"])
    assert sum(row["double"] for row in data["calls"]) == 4


def test_a_plan_that_is_refused_draws_nothing(store: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("strata: [group]\n", "utf-8")
    result = run("sample", "--period", PERIOD, "--store", str(store), "--plan", str(bad))
    assert result.exception is not None
    assert getattr(result.exception, "exit_code", None) == 2


@pytest.mark.parametrize(
    ("stratum", "en", "zh"),
    [
        ("一组/pass/focus=x", "一组 · passed by machine · focus x", "一组 · 机检合格 · 重点 x"),
        ("*/fail/agent=A%2F1", "all together · failed by machine · agent A/1",
         "合并 · 机检不合格 · 坐席 A/1"),
        ("a=b/-", "a=b · -", "a=b · -"),
    ],
)  # fmt: skip
def test_what_cuts_a_stratum_is_told_in_words(stratum: str, en: str, zh: str) -> None:
    assert (stratum_name(stratum, "en"), stratum_name(stratum, "zh")) == (en, zh)
