"""Lint on history: each warning at its place and with its figures, and none where none is due."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import scorecards
from qa_pipeline.errors import Doubt, WrongUse
from qa_pipeline.pipeline.history import LookBack, history_doubts, look_back
from qa_pipeline.pipeline.progress import Progress
from qa_pipeline.scorecard.load import LoadedScorecard, read_scorecard
from qa_pipeline.store import Store
from tests.impact.made import CARD, CURT, DEAF, GOOD, SLOW, call, fill
from tests.store.calls import put, result

RICH = (
    CARD.replace("any_of: [您好]", "any_of: [您好, 早上好]")
    .replace("any_of: [神经病]", "any_of: [神经病, 你说], except: [喂]")
    .replace("min_s: 8", "min_s: 8, excused_by: [稍等, 查一下]")
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten good calls, four curt, three silent, four unheard in October; others before that."""
    calls = [call(f"good{i}", GOOD) for i in range(10)]
    calls += [call(f"curt{i}", CURT) for i in range(4)]
    calls += [call(f"slow{i}", SLOW) for i in range(3)]
    calls += [call(f"deaf{i}", DEAF) for i in range(4)]
    calls += [call("august", "agent 0-2: 您好，请您稍等。\n", month=8, day=20)]
    calls += [call("july", "agent 0-2: 早上好，我查一下。\n", month=7, day=2)]
    calls += [call("vip", "agent 0-2: 早上好，神经病。\n", queue="vip")]
    return fill(tmp_path_factory.mktemp("history") / "store", calls)


def loaded(text: str = RICH) -> LoadedScorecard:
    return read_scorecard(text.encode(), "card.yaml")


def told(store: Path, text: str = RICH, *, n_workers: int = 0) -> list[Doubt]:
    card = loaded(text)
    history = look_back(card, LookBack(store, "2026-10", n_workers=n_workers))
    return list(history_doubts(card, history))


def place(text: str, what: str) -> str:
    """Return the line:column at which `what` stands first in the text."""
    before = text[: text.index(what)]
    return f"card.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_every_warning_stands_at_its_place_with_its_figures(store: Path) -> None:
    assert [(d.where, d.got, d.what.en) for d in told(store)] == [
        (
            place(RICH, "greeting: {det"),
            "greeting",
            "fires on 13 of 17 calls (76%): it hardly tells calls apart",
        ),
        (place(RICH, "早上好"), "早上好", "never heard in 90 days (22 calls)"),
        (place(RICH, "神经病"), "神经病", "never heard in 90 days (22 calls)"),
        (
            place(RICH, "你说"),
            "你说",
            "always excused: heard in 4 calls, and except swallowed every hit",
        ),
        (place(RICH, "查一下"), "查一下", "never heard in 90 days (22 calls)"),
        (
            place(RICH, "greeting, title"),
            "greeting",
            "not measured on 4 of 21 calls that it applied to (19%)",
        ),
        (
            place(RICH, "insult, title"),
            "insult",
            "never failed: all 17 calls that it judged passed",
        ),
        (
            place(RICH, "insult, title"),
            "insult",
            "not measured on 4 of 21 calls that it applied to (19%)",
        ),
    ]


def test_they_are_told_in_chinese_too(store: Path) -> None:
    said = [doubt.say("zh") for doubt in told(store)]
    assert any("90 天内从未出现（22 通）（实际为 早上好）" in one for one in said)
    assert any("总被排除：4 通中出现过，每次都被 except 排除" in one for one in said)
    assert all("修复：" in one for one in said)


def test_two_processes_find_what_one_finds(store: Path) -> None:
    assert [d.say("en") for d in told(store, n_workers=2)] == [d.say("en") for d in told(store)]


def test_a_criterion_that_never_passes_or_is_never_judged(store: Path) -> None:
    never = RICH.replace("pass_if: greeting", "pass_if: insult").replace(
        "pass_if: not silence", "when: silence.count > 5, pass_if: greeting"
    )
    said = {(d.got, d.what.en) for d in told(store, never)}
    assert ("greeting", "never passed: all 17 calls that it judged failed") in said
    assert ("silence", "never judged: it applied to 0 of 21 calls") in said


def test_a_phrase_that_one_hit_escapes_with_is_not_told(store: Path) -> None:
    text = RICH.replace("except: [喂]", "except: [喂], except_within: hit")
    assert "你说" not in {d.got for d in told(store, text)}


@pytest.mark.parametrize(
    ("day", "is_heard"), [(2, False), (3, True)], ids=["91-days-before", "90-days-before"]
)
def test_ninety_days_end_with_the_period(tmp_path: Path, day: int, is_heard: bool) -> None:
    """October ends at midnight; ninety days before it is 3 August, 00:00 in Shanghai."""
    made = [call("old", "agent 0-2: 早上好。\n", month=8, day=day), call("new", GOOD)]
    heard = "早上好" not in {d.got for d in told(fill(tmp_path / "store", made))}
    assert heard is is_heard


def test_people_are_not_judged_by_history(store: Path) -> None:
    text = RICH.replace("pass_if: not insult", "judged_by: human, hints: insult")
    assert "never" not in " ".join(d.what.en for d in told(store, text) if d.got == "insult")


def test_progress_has_a_time_left(store: Path) -> None:
    seen: list[Progress] = []
    look_back(loaded(), LookBack(store, "2026-10", n_workers=0), seen.append)
    assert {p.stage for p in seen} == {"lint"}
    assert (seen[0].n_total, seen[-1].n_done, seen[-1].eta_s) == (23, 23, 0)


def test_a_call_that_breaks_the_program_is_counted(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.pipeline.history import looking as module

    detect_all = module.detect_all

    def broken(made, signals):  # type: ignore[no-untyped-def]
        if made.call_id == "good1":
            raise KeyError("客户说的话")
        return detect_all(made, signals)

    monkeypatch.setattr(module, "detect_all", broken)
    history = look_back(loaded(), LookBack(store, "2026-10", n_workers=0))
    assert (history.n_failed, history.n_calls) == (1, 20)


def check(*arguments: str) -> Result:
    app = typer.Typer()
    scorecards.register(app)
    return CliRunner().invoke(app, ["scorecard", "check", *arguments])


def test_the_verb_adds_them_and_still_ends_with_0(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(RICH, "utf-8")
    asked = (str(file), "--store", str(store), "--period", "2026-10")
    result = check(*asked)
    assert result.exit_code == 0
    assert f"warning: {file}:12:" in result.stderr
    assert "never heard in 90 days (22 calls) (got 早上好)" in result.stderr
    said = json.loads(
        check(str(file), "--store", str(store), "--period", "2026-10", "--json").stdout
    )
    assert len(said[0]["warnings"]) == 8
    assert said[0]["warnings"][1]["where"] == f"{file}:{place(RICH, '早上好')[10:]}"


def test_a_month_without_its_calls_is_said(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(RICH, "utf-8")
    result = check(str(file), "--store", str(store), "--period", "2025-01")
    assert result.exit_code == 0
    assert result.stderr.count("warning:") == 1
    assert "history says nothing of it" in result.stderr


def test_a_version_that_judged_as_other_bytes_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as opened:
        put(opened, result())
    file = tmp_path / "card.yaml"
    file.write_text(CARD.replace("scorecard: line", "scorecard: order-line").replace(
        "version: 1", "version: 3"), "utf-8")  # fmt: skip
    said = check(str(file), "--store", str(tmp_path / "store"), "--period", "2026-11").stderr
    assert f"warning: {file}:2:10: this scorecard version has judged calls already" in said
    assert "raise its version to 4" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--period", "2026-10"),
        ("--store", "s"),
        ("--watch", "--period", "2026-10", "--store", "s"),
        ("--watch", "--json"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(RICH, "utf-8")
    assert isinstance(check(str(file), *arguments).exception, WrongUse)
