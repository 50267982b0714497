"""`qa sample` and `qa report monthly`: data on stdout, words on stderr, in both languages."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from qa_pipeline.cli import reports, samples
from qa_pipeline.errors import WrongUse
from tests.month.made_up import PERIOD, fill


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    samples.register(made)
    reports.register(made)
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("verbs") / "store", n_share=0.2)


def test_sample_prints_strata_and_says_that_it_is_frozen(app: typer.Typer, store: Path) -> None:
    arguments = ["sample", "--period", PERIOD, "--store", str(store)]
    first, second = (CliRunner().invoke(app, arguments) for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert "batch 001 drawn and frozen" in first.stderr
    assert "drawn before and frozen" in second.stderr
    assert second.stdout == first.stdout
    assert "passed by machine" in first.stdout
    assert f"{PERIOD}.csv" in first.stderr


def test_sample_as_json_holds_strata_and_calls(app: typer.Typer, store: Path) -> None:
    result = CliRunner().invoke(
        app, ["sample", "--period", PERIOD, "--store", str(store), "--json"]
    )
    data = json.loads(result.stdout)
    assert data["period"] == PERIOD
    assert sum(s["n_drawn"] for s in data["strata"]) == len(data["calls"])
    assert {c["u_hex"] for c in data["calls"]} > set()
    assert Path(data["listing"]).is_file()


def test_report_prints_groups_and_writes_both_languages(
    app: typer.Typer, store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["report", "monthly", "--period", PERIOD, "--store", str(store), "--out", str(out)]
    result = CliRunner().invoke(app, [*arguments, "--language", "both"])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        *(f"monthly-{PERIOD}.en.{end}" for end in ("charts", "html", "xlsx")),
        f"monthly-{PERIOD}.json",
        *(f"monthly-{PERIOD}.zh.{end}" for end in ("charts", "html", "xlsx")),
    ]
    assert "订购一组" in result.stdout
    assert str(out / f"monthly-{PERIOD}.zh.html") in result.stderr.replace("\n", "")


def test_report_as_json_is_all_figures(app: typer.Typer, store: Path, tmp_path: Path) -> None:
    arguments = [
        "report",
        "monthly",
        "--period",
        PERIOD,
        "--store",
        str(store),
        "--out",
        str(tmp_path),
        "--json",
        "--format",
        "html",
    ]
    data = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert data["month"]["period"] == PERIOD
    assert data["month"]["overall"]["machine"]["n_calls"] == 122
    assert data["files"] == [str(tmp_path / f"monthly-{PERIOD}.en.html")]


def test_report_speaks_chinese(
    app: typer.Typer, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    arguments = [
        "report",
        "monthly",
        "--period",
        PERIOD,
        "--store",
        str(store),
        "--out",
        str(tmp_path),
        "--format",
        "html",
    ]
    result = CliRunner().invoke(app, arguments)
    assert "质检月报" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == [f"monthly-{PERIOD}.zh.html"]


@pytest.mark.parametrize("verb", [["sample"], ["report", "monthly"]])
def test_a_month_without_calls_is_wrong_use(app: typer.Typer, store: Path, verb: list[str]) -> None:
    result = CliRunner().invoke(app, [*verb, "--period", "2020-01", "--store", str(store)])
    assert isinstance(result.exception, WrongUse)
    assert result.exception.exit_code == 2
    assert not (store / "reports").exists()


@pytest.mark.parametrize("verb", [["sample"], ["report", "monthly"]])
def test_help_shows_an_example(app: typer.Typer, verb: list[str]) -> None:
    result = CliRunner().invoke(app, [*verb, "--help"])
    assert f"qa {' '.join(verb)} --period" in result.stdout
