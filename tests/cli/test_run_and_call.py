"""`qa run`, `qa rescore` and `qa call` as people and scripts meet them."""

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from typer.testing import CliRunner, Result

from qa_pipeline.cli.main import app
from qa_pipeline.cli.shown import visible
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.foresight import foreseen
from qa_pipeline.records import Turn
from qa_pipeline.settings import DiarisationSettings, Settings
from qa_pipeline.store import Judged, Store
from qa_pipeline.words import Word
from tests.engines import made_models
from tests.night.scripted import Made, made_night
from tests.store.calls import FULL, evaluation, put, result

HOSTILE = "\x1b[2J\x1b]0;pwned\x07[red]你好[/red]\u202egnp\r\n\x9b31m"


def qa(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)
    if isinstance(done.exception, WrongUse):
        raise done.exception
    return done


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = made_night(tmp_path / "made", 0)
    with (made.root / "manifest.csv").open("a") as manifest:
        for name in ("t1", "t2"):
            manifest.write(f",{name}.txt,{name},2026-10-31T10:00:00,A1,east,orders,zh,\n")
    (made.root / "in" / "t1.txt").write_text("agent 0-2: 您好\ncustomer 2-3: 你好\n")
    (made.root / "in" / "t2.txt").write_text("no dialogue\n")
    return made


def run(made: Made, *more: object) -> Result:
    root = made.root
    cards = root / "cards"
    return qa(
        "run", root / "in", "--manifest", root / "manifest.csv", "--store", root / "store",
        "--scorecards", cards, "--workers", 0, *more,
    )  # fmt: skip


def test_a_night_ends_with_3_where_a_call_could_not_be_evaluated(made: Made) -> None:
    done = run(made)
    assert done.exit_code == 3
    assert "2 calls" in done.stderr
    assert "1 evaluated, 0 done before, 1 failed" in done.stderr
    assert "east" in done.stdout
    assert "transcript_unreadable" in done.stdout
    assert "no dialogue" not in done.stdout + done.stderr


def test_a_night_ends_with_0_where_nothing_failed(made: Made) -> None:
    (made.root / "in" / "t2.txt").write_text("agent 0-2: 您好\n")
    assert run(made).exit_code == 0
    again = run(made)
    assert (again.exit_code, "0 evaluated, 2 done before" in again.stderr) == (0, True)


def test_the_night_as_json_is_one_document_on_stdout(made: Made) -> None:
    told = json.loads(run(made, "--json").stdout)
    assert (told["n_calls"], told["n_evaluated"], told["n_heard"]) == (2, 1, 0)
    assert told["groups"][0] == {
        "group": "east", "n_evaluations": 1, "n_passed": 1, "n_failed": 0, "n_undecided": 0,
    }  # fmt: skip
    assert [f["call_id"] for f in told["failures"]] == ["t2"]


def test_rescore_needs_a_month_and_judges_it(made: Made) -> None:
    run(made)
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    of = ("--store", made.root / "store", "--scorecards", made.root / "cards", "--workers", 0)
    done = qa("rescore", "--period", "2026-10", *of)
    assert (done.exit_code, "1 evaluated" in done.stderr) == (0, True)
    with pytest.raises(WrongUse, match="calendar month"):
        qa("rescore", "--period", "2026-13", *of)


def test_a_call_is_shown_with_its_evidence_in_both_languages(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(made)
    english = qa("call", "t1", "--store", made.root / "store").stdout
    for shown in ("0:00.0", "agent", "您好", "imported transcript", "greeting", "pass", "100.0"):
        assert shown in english
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    chinese = qa("call", "t1", "--store", made.root / "store").stdout
    for shown in ("客服", "导入的转写文本", "通过", "合格", "得分 100.0"):
        assert shown in chinese


def test_a_call_as_json(made: Made) -> None:
    run(made)
    told = json.loads(qa("call", "t1", "--store", made.root / "store", "--json").stdout)
    assert [turn["text"] for turn in told["turns"]] == ["您好", "你好"]
    assert told["provenance"]["transcript_sha256"]
    (judged,) = told["evaluations"]
    (verdict,) = judged["verdicts"]
    assert (verdict["criterion"], verdict["outcome"]) == ("greeting", "pass")
    assert verdict["findings"][0]["quote"] == "您好"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A store whose call holds escape sequences and markup wherever text can stand."""
    steered = replace(
        FULL,
        turns=(Turn("agent", 0, 0.5, 1.5, (Word(HOSTILE, 0.5, 1.5, 0.9),)),),
        metadata=MappingProxyType({"group": HOSTILE, "agent_id": HOSTILE, "x": HOSTILE}),
        notes=(HOSTILE,),
    )
    found = evaluation()
    verdict = found.verdicts[0]._replace(
        reason=HOSTILE,
        findings=(found.verdicts[0].findings[0]._replace(quote=HOSTILE),),
    )
    judged = replace(found, verdicts=(verdict,))
    with Store.open(tmp_path / "store", create=True) as store:
        put(store, result(steered, judged=(Judged(judged, "j" * 64, "{}"),)))
    return tmp_path / "store"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_nothing_in_a_call_steers_the_terminal(hostile: Path, more: tuple[str, ...]) -> None:
    done = qa("call", "call-1", "--store", hostile, *more)
    assert done.exit_code == 0
    for steering in ("\x1b", "\x07", "\x9b", "\u202e", "\r"):
        assert steering not in done.stdout
    assert "[red]" in "".join(done.stdout.split())


def test_what_steers_is_made_visible() -> None:
    assert visible("a\x1b[1m\u200fb\n") == "a\\u001b[1m\\u200fb\\n"
    assert visible("您好 [b] “x”") == "您好 [b] “x”"


def test_every_note_that_measuring_writes_has_words() -> None:
    import re

    from qa_pipeline.render.call_words import NOTES, TIERS

    folder = Path(__file__).resolve().parents[2] / "qa_pipeline" / "pipeline"
    written: set[str] = set()
    for name in ("measure", "parties", "sounds", "transcripts", "roles"):
        text = (folder / f"{name}.py").read_text()
        for line in text.splitlines():
            if "notes" in line:
                written |= set(re.findall(r'"([a-z]+_[a-z_]+|bleed)"', line))
    assert "not_diarised" in written
    assert written - set(TIERS) <= set(NOTES)


def test_a_run_warns_before_it_hears_what_nobody_will_judge(tmp_path: Path) -> None:
    made = made_night(tmp_path, 2)
    (demo,) = foreseen(made.night())
    assert "the recogniser is the demo's" in demo.en
    made.rewrite("orders", "elsewhere")
    unjudged, _ = foreseen(made.night())
    assert "applies to 2 of 2 calls" in unjudged.en
    assert "2 通中有 2 通" in unjudged.zh
    made.rewrite("agent_channel\n", "agent_channel,demo\n")
    made.rewrite(",zh,0", ",zh,0,true")
    assert [text.en for text in foreseen(made.night())] == [unjudged.en]


@pytest.mark.parametrize(
    ("demo", "n_warnings"),
    [(True, 2), (False, 1), (None, 1)],
    ids=["the-demos", "a-real-one", "without-a-manifest"],
)
def test_a_run_warns_of_the_demos_diariser(
    tmp_path: Path, demo: bool | None, n_warnings: int
) -> None:
    directory = made_models.pipeline(tmp_path / "pipeline")
    if demo is not None:
        made_models.described(directory, "diarisation", demo=demo)
    settings = Settings(diarisation=DiarisationSettings(pipeline=str(tmp_path / "pipeline")))
    night = replace(made_night(tmp_path, 1).night(), settings=settings)
    warnings = tuple(foreseen(night))
    assert len(warnings) == n_warnings
    assert ("the diariser is the demo's" in warnings[-1].en) == (n_warnings == 2)
