"""Lint on history: each warning at its place and with its figures, and none where none is due."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from qa_pipeline.cli import scorecards
from qa_pipeline.detectors.detect import Detection
from qa_pipeline.dialogue import parse_dialogue
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


def of_signal(signal: str, language: str = "zh", *, pass_if: str = "asked") -> str:
    """Return a scorecard with one signal `asked`, of that language."""
    head, _, _ = CARD.partition("signals:")
    return (
        head.replace("language: zh", f"language: {language}")
        + f"signals:\n  asked: {signal}\nsections:\n  - id: all\n    criteria:\n"
        f"      - {{id: asked, severity: B, points: 5, pass_if: {pass_if}}}\n"
    )


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call in Chinese and one in English: what only the agent or only the customer says."""
    chinese = "agent 0-2: 您好，请稍等。\ncustomer 3-5: 听得到吗，寄到北京，说错了。\n"
    english = "agent 0-2: One moment.\ncustomer 3-6: It is broken, and he paid for the kettle.\n"
    typed = replace(parse_dialogue(english, "dialogue", "en"), language="en")
    made = call("zh", chinese)
    calls = [made, replace(made, call_id="en", language="en", turns=typed.turns)]
    return fill(tmp_path_factory.mktemp("talks") / "store", calls)


def unheard(store: Path, text: str) -> set[str | None]:
    return {d.got for d in told(store, text) if d.what.en.startswith("never heard")}


@pytest.mark.parametrize(
    ("signal", "never"),
    [
        pytest.param("{detector: read_back, of: [北京, 稍等]}", {"稍等"}, id="given-by-the-other"),
        pytest.param(
            "{detector: read_back, role: customer, of: [北京, 稍等]}",
            {"北京"},
            id="or-by-the-agent",
        ),
        pytest.param(
            "{detector: read_back, role: any, of: [北京, 稍等]}", set(), id="or-by-either"
        ),
        pytest.param(
            "{detector: read_back, corrected_by: [说错了, 稍等]}",
            {"稍等"},
            id="taken-back-by-the-other",
        ),
        pytest.param(
            "{detector: repeated_question, not_heard: [说错了, 稍等, 吃饭]}",
            {"吃饭"},
            id="not-heard-by-either",
        ),
        pytest.param(
            "{detector: repeated_question, read_back_by: [说错了, 稍等]}",
            {"说错了"},
            id="read-back-by-the-asker",
        ),
        pytest.param(
            "{detector: repeated_question, except: [说错了, 稍等]}",
            {"说错了"},
            id="asked-by-the-asker",
        ),
        pytest.param(
            "{detector: slow_answer, role: agent, min_s: 3, line_checks: [听得到吗, 喂]}",
            {"喂"},
            id="the-line-checked-by-either",
        ),
        pytest.param(
            "{detector: slow_answer, role: customer, min_s: 3, excused_by: [听得到吗, 稍等, 喂]}",
            {"喂"},
            id="excused-by-either",
        ),
        pytest.param(
            "{detector: interruption, role: agent, back_channels: [说错了, 您好]}",
            {"说错了"},
            id="listened-by-who-cuts-in",
        ),
        pytest.param(
            "{detector: hold, announced_by: [请稍等, 听得到吗], thanked_by: [北京]}",
            {"听得到吗", "北京"},
            id="a-hold-by-the-agent",
        ),
        pytest.param("{detector: suggestion, phrases: [寄到, 稍等]}", {"稍等"}, id="the-customers"),
        pytest.param(
            "{detector: steps, role: agent, steps: [{id: a, any_of: [您好, 北京]}]}",
            {"北京"},
            id="steps-of-the-role",
        ),
        pytest.param(
            "{detector: dead_air, min_s: 3, excused_by: [北京, 您好]}", set(), id="anybody"
        ),
    ],
)
def test_whose_words_a_list_holds(talks: Path, signal: str, never: set[str]) -> None:
    pass_if = "asked.count == 0"
    assert unheard(talks, of_signal(signal, pass_if=pass_if)) == never


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ("{detector: phrase, role: customer, any_of: [break, call]}", {"break", "call"}),
        ("{detector: phrase, role: customer, any_of: [break, call], inflect: true}", {"call"}),
        ("{detector: phrase, any_of: [broken], except: [kettles]}", {"kettles"}),
        ("{detector: phrase, any_of: [broken], except: [kettles], inflect: true}", {"broken"}),
        ("{detector: phrase, any_of: [break], except: [pay], inflect: true}", {"break"}),
        (
            "{detector: phrase, any_of: [break], except: [pay], except_within: hit, inflect: true}",
            set(),
        ),
    ],
    ids=["as-written", "forms", "excuse-as-written", "forms-of-excuses", "both", "escapes"],
)
def test_forms_are_heard_where_the_signal_finds_forms(
    talks: Path, signal: str, said: set[str]
) -> None:
    """`broken` for break, `paid` for pay: never heard, or always excused."""
    doubts = told(talks, of_signal(signal, "en"))
    phrases = {d.got for d in doubts if d.what.en.startswith(("never heard", "always excused"))}
    assert phrases == said


@pytest.mark.parametrize(
    ("signal", "language", "pass_if", "is_tried"),
    [
        pytest.param("any_of: [早上好]", "zh", "asked", True, id="required"),
        pytest.param("any_of: [早上好]", "zh", "asked.count >= 1", True, id="counted"),
        pytest.param("any_of: [早上好]", "zh", "not asked", False, id="forbidden"),
        pytest.param("any_of: [早上好]", "zh", "asked.count == 0", False, id="forbidden-by-count"),
        pytest.param("any_of: [早上好], match: sound", "zh", "asked", False, id="by-sound-already"),
        pytest.param("any_of: ['早+好'], match: regex", "zh", "asked", False, id="a-pattern"),
        pytest.param("any_of: [早上好, 嗯]", "zh", "asked", False, id="one-syllable-beside-it"),
        pytest.param("any_of: [WiFi]", "zh", "asked", False, id="nothing-with-a-sound"),
        pytest.param("any_of: [good morning]", "en", "asked", False, id="english"),
        pytest.param("any_of: [您好], except: [早上好]", "zh", "asked", False, id="an-excuse"),
    ],
)
def test_to_go_by_sound_is_advised_where_it_can_help(
    talks: Path, signal: str, language: str, pass_if: str, *, is_tried: bool
) -> None:
    text = of_signal(f"{{detector: phrase, {signal}}}", language, pass_if=pass_if)
    [*fixes] = {d.fix for d in told(talks, text) if d.what.en.startswith("never heard")}
    assert fixes
    for fix in fixes:
        assert ("match: sound" in fix.en) is is_tried
        assert ("match: sound" in fix.zh) is ("match: sound" in fix.en)
    if is_tried:  # what is advised is neither refused nor warned of
        assert loaded(text.replace("]}", "], match: sound}")).warnings == ()


@pytest.mark.parametrize(
    ("within", "advice"),
    [
        ("turn", "narrow except, or except_within: sentence or hit"),
        ("sentence", "narrow except, or except_within: hit"),
        ("hit", "narrow except"),
    ],
)
def test_what_is_always_excused_is_narrowed_further(talks: Path, within: str, advice: str) -> None:
    signal = f"{{detector: phrase, any_of: [北京], except: [寄到北京], except_within: {within}}}"
    [doubt] = [d for d in told(talks, of_signal(signal)) if d.what.en.startswith("always")]
    assert doubt.fix.en == advice


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
    of = Detection.of

    def broken(detection, made):  # type: ignore[no-untyped-def]
        if made.call_id == "good1":
            raise KeyError("客户说的话")
        return of(detection, made)

    monkeypatch.setattr(Detection, "of", broken)
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
