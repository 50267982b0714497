"""`qa levels` and `qa problems` on a store: decided, kept once, explained in both languages."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from qa_pipeline.cli import levels, problems
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.levels import Override, run_levels
from qa_pipeline.pipeline.month import month_figures
from qa_pipeline.pipeline.problems import run_problems
from qa_pipeline.records import Call, Evaluation, Provenance, Verdict
from qa_pipeline.settings import Settings
from qa_pipeline.store import Judged, Result, ReviewRow, SampleRow, Store
from tests.month.made_up import ZONE

MADE_BY = Provenance("c" * 64, None, None, None, None, "0.1.0", "f" * 64)
#: Agent 13 fails nearly always in September and October, then hardly ever in November.
BAD_MONTHS = (9, 10)
AGENTS = [str(10 + i) for i in range(6)]


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    levels.register(made)
    problems.register(made)
    return made


def _fails(agent: str, month: int, i: int) -> bool:
    if agent == "13" and month in BAD_MONTHS:
        return i % 3 != 0
    return i % 28 == 0


def _result(agent: str, month: int, i: int) -> Result:
    day = datetime(2026, month, 1 + i % 28, 2, tzinfo=UTC)
    call = Call(
        f"{month}-{agent}-{i:03d}", "zh", "imported", 60.0, (), None, started_at=day,
        metadata=MappingProxyType({"group": "订购组", "agent_id": agent}),
    )  # fmt: skip
    failed = _fails(agent, month, i)
    verdict = Verdict(
        "greeting", "s", "B", "fail" if failed else "pass", 10, 0.0 if failed else 10.0, "原因", ()
    )
    evaluation = Evaluation(
        call.call_id, "order-line", 3, "d" * 64, 40.0 if failed else 100.0, not failed, 1.0,
        (verdict,),
    )  # fmt: skip
    return Result(call, MADE_BY, "c" * 64, (Judged(evaluation, "j" * 64, "{}"),))


def _people(result: Result, month: int) -> tuple[SampleRow, ReviewRow]:
    call_id, at = result.call.call_id, datetime(2026, month, 28, tzinfo=UTC)
    evaluation = result.evaluations[0].evaluation
    sample = SampleRow(
        f"2026-{month:02d}", "001", "all", call_id, "random", "0" * 16, 0.0, 336, 336, 1.0, at
    )
    review = ReviewRow(
        call_id, "order-line", 3, "li", 1, True, evaluation.passed,
        {v.criterion: v.outcome for v in evaluation.verdicts}, "", at + timedelta(days=5),
    )  # fmt: skip
    return sample, review


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("levels") / "store"
    with Store.open(path, create=True) as opened:
        for month in (9, 10, 11):
            results = [_result(agent, month, i) for agent in AGENTS for i in range(56)]
            with opened.writing("night", ZONE, "0.1.0") as writer:
                writer.commit(results, ())
            samples, reviews = zip(*(_people(result, month) for result in results), strict=True)
            opened.ledger.save_sample(samples)
            opened.ledger.save_reviews(reviews)
    return path


def _run(app: typer.Typer, store: Path, *arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--store", str(store), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_levels_are_decided_once_and_go_on_from_where_they_stand(
    app: typer.Typer, store: Path
) -> None:
    september = _run(app, store, "levels", "--period", "2026-09")
    by_name = {row["subject"]: row for row in september["levels"]}
    assert september["n_new"] == 7  # six begin as sampled; 13 has had two refused weeks
    assert by_name["13"]["level"] == "half"
    assert by_name["13"]["reason"] == "two_of_five_refused"
    assert by_name["13"]["evidence"]["lot"]["n_failed"] == 9
    assert by_name["13"]["effective_on"] == "2026-09-14"
    assert by_name["10"]["level"] == "sampled"
    assert _run(app, store, "levels", "--period", "2026-09")["n_new"] == 0
    october = _run(app, store, "levels", "--period", "2026-10")
    assert {row["subject"]: row["level"] for row in october["levels"]}["13"] == "full"
    with Store.open(store) as opened:
        rows = [row for row in opened.ledger.levels("agent") if row.subject == "13"]
    assert [row.level for row in rows] == ["sampled", "half", "full"]


def test_levels_are_told_in_chinese(
    app: typer.Typer, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    arguments = ["levels", "--period", "2026-10", "--store", str(store), "--subject", "group"]
    result = CliRunner().invoke(app, arguments)
    assert "订购组" in result.stdout
    assert "抽检" in result.stdout or "半检" in result.stdout


def test_a_lead_may_decide_otherwise_with_a_note(store: Path) -> None:
    settings = Settings()
    by_hand = Override("10", "exempt", date(2026, 11, 30), "award", "lead")
    found = run_levels(store, "2026-11", settings, "agent", by_hand)
    (row,) = (row for row in found.rows if row.subject == "10")
    assert (row.level, row.note, row.overridden_by) == ("exempt", "award", "lead")
    for wrong in (Override("10", "exempt", date(2026, 11, 30), " ", "lead"),
                  Override("10", "never", date(2026, 11, 30), "why", "lead"),
                  Override("", "full", date(2026, 11, 30), "why", "lead"),
                  Override("10", "full", date(2026, 11, 29), "too late", "lead")):  # fmt: skip
        with pytest.raises(WrongUse):
            run_levels(store, "2026-11", settings, "agent", wrong)


def test_problems_are_kept_once_and_followed_up(app: typer.Typer, store: Path) -> None:
    first = _run(app, store, "problems", "--period", "2026-10", "--propose")
    assert first["spread"][0]["kind"] == "individual"
    assert [item["agent"]["agent_id"] for item in first["coaching"]] == ["13"]
    assert first["coaching"][0]["call_id"].startswith("10-13-")
    assert (first["n_new"], first["followed_up"]) == (1, [])
    assert _run(app, store, "problems", "--period", "2026-10", "--propose")["n_new"] == 0
    with Store.open(store) as opened:
        (row,) = opened.ledger.coaching("2026-10")
    assert (row.agent_id, row.criterion, row.coach) == ("13", "greeting", "")
    assert row.evidence["n_judged"] == 56
    (found,) = _run(app, store, "problems", "--period", "2026-11")["followed_up"]
    assert (found["target"]["agent_id"], found["effect"]) == ("13", "improved")


def test_problems_are_told_in_both_languages(
    app: typer.Typer, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["problems", "--period", "2026-11", "--store", str(store)]
    assert "common" in CliRunner().invoke(app, arguments).stdout
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    assert "共性" in CliRunner().invoke(app, arguments).stdout


def test_a_common_problem_becomes_a_training_need(store: Path) -> None:
    found = run_problems(store, "2026-11", Settings(), propose=True)
    assert [need.criterion for need in found.training] == ["greeting"]
    assert found.training[0].is_new  # in October it was one agent's
    with Store.open(store) as opened:
        (need,) = opened.ledger.training("2026-11")
        month = month_figures(opened, "2026-11")
    assert need.evidence["n_agents"] == 6
    assert month.overall.human.interval is not None
    assert month.calibration.overall_with_machine is not None
    assert month.calibration.overall_with_machine.raw.value == 1.0


def test_a_month_without_calls_is_wrong_use(store: Path) -> None:
    with pytest.raises(WrongUse):
        run_problems(store, "2026-01", Settings())
