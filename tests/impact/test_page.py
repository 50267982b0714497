"""The page of an edit: true figures in both languages, nothing that runs, nothing from outside."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from qa_pipeline.cli import impact as verb
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.impact import impact_of
from qa_pipeline.render.impact import ImpactSubject, impact_html, impact_parts
from qa_pipeline.texts import Language
from tests.impact.made import CARD, CURT, DEAF, GOOD, RUDE, SLOW, call, fill, question
from tests.month.page import Page
from tests.store.calls import ZONE

LATER = CARD.replace("version: 1", "version: 2").replace("any_of: [您好]", "any_of: [您好, 你说]")
MADE_AT = datetime(2026, 11, 1, 9, 30, tzinfo=ZONE)
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>x()</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "<a href='//evil.example'>x</a>",
    "&lt;b&gt;&amp;&#60;i&#62;",
    "]]><svg onload=alert(1)>",
    "\u202egnp.exe\u2066",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    calls = [call(f"good{i:02}", GOOD) for i in range(20)]
    for name, dialogue in (("curt", CURT), ("rude", RUDE), ("deaf", DEAF), ("slow", SLOW)):
        calls += [call(f"{name}{i:02}", dialogue, group="west") for i in range(12)]
    return fill(tmp_path_factory.mktemp("page") / "store", calls)


@pytest.fixture(scope="module")
def subject(store: Path) -> Iterator[ImpactSubject]:
    with impact_of(question(store, LATER)) as run:
        yield ImpactSubject.of(run.impact, run.old, run.new, ZONE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImpactSubject]:
    """Return an impact in which names and words are an attacker's."""
    calls = [
        call(f"c{n}{text}"[:80], f"agent 0-2: 你说 {text}\n", group=text, agent_id=text)
        for text in HOSTILE
        for n in range(2)
    ]
    folder = fill(tmp_path_factory.mktemp("hostile") / "store", calls)
    new = LATER.replace("any_of: [您好, 你说]", "any_of: ['你说.*'], match: regex")
    new = new.replace("{zh: 开头, en: Hello}", "'<script>t()</script>'")
    with impact_of(question(folder, new)) as run:
        yield ImpactSubject.of(run.impact, run.old, run.new, ZONE)


def page(subject: ImpactSubject, language: Language) -> Page:
    return Page(impact_html(subject, language, MADE_AT))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_runs_and_nothing_is_fetched(subject: ImpactSubject, language: Language) -> None:
    html = impact_html(subject, language, MADE_AT)
    found = Page(html)
    assert found.scripts == []
    assert not {"img", "iframe", "link", "object", "form", "a"} & set(found.tags)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert "url(" not in found.style
    assert "@import" not in found.style
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in found.style
    assert "@page { size: A4" in found.style


def test_the_tables_hold_the_figures(subject: ImpactSubject) -> None:
    found = page(subject, "en")
    header, overall, east, west = found.tables["groups"]
    assert header[:3] == ["Group", "Calls", "Decided by both"]
    assert overall[:5] == ["All groups", "68", "56", "57.1%", "78.6%"]
    assert overall[5].startswith("▲ +21.4")
    assert overall[6:] == ["0", "12", "12 → 12"]
    assert east[0] == "east"
    assert west[:3] == ["west", "48", "36"]
    assert found.tables["criteria"][1][0] == "Hello"
    assert found.tables["criteria"][1][2:5] == ["12", "12 → 0", "−12"]
    assert found.tables["flows"][0][1:] == ["pass", "fail", "left to people", "Σ"]
    assert found.tables["flows"][2][1:] == ["12", "12", "–", "24"]


def test_the_page_says_what_was_edited_and_what_it_does(subject: ImpactSubject) -> None:
    text = " ".join(page(subject, "en").text.split())
    assert "the pass rate goes from 57.1% to 78.6%: +21.4 points" in text
    assert "phrases added: 你说" in text
    assert "12 calls: fail → pass" in text
    assert "Hello: fail → pass" in text
    assert "客服在开头 15 秒内没有说“您好”" in text
    assert "客服说了“你说”（0:00）" in text


def test_the_chinese_page_is_chinese(subject: ImpactSubject) -> None:
    text = " ".join(page(subject, "zh").text.split())
    assert "2026年10月两版均可判定的 56 通通话中，合格率由 57.1% 变为 78.6%" in text
    assert "12 通：不合格 → 合格" in text
    english = {"Before", "After", "fail", "Group", "Class", "Criterion", "Moved"}
    assert not english & set(re.findall(r"[A-Za-z]+", text))


V2 = CARD.replace("version: 1", "version: 2")
SILENCE = "id: silence, title: {zh: 冷场, en: Silence}, severity: B, points: 5"
#: Edits that change no verdict, and what page and terminal say of the cause and of a call.
WEIGHED: dict[str, tuple[str, dict[Language, tuple[str, ...]]]] = {
    "pass-mark": (
        V2.replace("pass_mark: 60", "pass_mark: 82.5"),
        {
            "zh": (
                "没有标准的结论改变，由此次修改决定：合格分 60 → 82.5",
                "得分 75.0 → 75.0", "合格分 60 → 82.5", "级别 B，5 分", "发现冷场 1 处",
            ),
            "en": (
                "No verdict changed, the edit decided: pass mark 60 → 82.5",
                "score 75.0 → 75.0", "pass mark 60 → 82.5", "class B, 5 points", "发现冷场 1 处",
            ),
        },
    ),
    "class": (
        V2.replace(SILENCE, SILENCE.replace("severity: B", "severity: A")),
        {
            "zh": ("冷场: 不通过，改为致命", "级别 B，5 分", "级别 A（致命），5 分", "合格分 60"),
            "en": ("Silence: fail, now fatal", "class A, fatal, 5 points", "pass mark 60"),
        },
    ),
    "points": (
        V2.replace(SILENCE, SILENCE.replace("points: 5", "points: 50")),
        {
            "zh": ("冷场: 不通过，分值 5 → 50", "级别 B，50 分", "冷场的分值 5 → 50"),
            "en": (
                "Silence: fail, points 5 → 50", "class B, 50 points", "points of Silence 5 → 50",
            ),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WEIGHED)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_weights_and_limits_decided_is_said_with_evidence(
    store: Path, name: str, language: Language
) -> None:
    new, expected = WEIGHED[name]
    with impact_of(question(store, new)) as run:
        made = ImpactSubject.of(run.impact, run.old, run.new, ZONE)
    console = Console(width=300, record=True, file=StringIO())
    for part in impact_parts(made, language):
        console.print(part)
    for shown in (page(made, language).text, console.export_text()):
        text = " ".join(shown.split())
        assert [said for said in expected[language] if said not in text] == []


def test_a_criterion_and_a_signal_of_one_name_are_told_apart(store: Path) -> None:
    new = "".join(line for line in V2.splitlines(True) if "silence" not in line)
    shown = [line.strip() for line in invoke(store, new=new).stdout.splitlines()]
    assert "· criterion silence (Silence): removed" in shown
    assert "· signal silence: removed" in shown


def test_json_has_the_evidence_of_what_a_limit_decided(store: Path) -> None:
    data = json.loads(invoke(store, "--json", new=WEIGHED["class"][0]).stdout)
    assert data["causes"][0]["steps"] == [
        {"criterion": "silence", "before": "fail", "now": "fail", "change": "fatal"}
    ]
    (weighed,) = data["calls"][0]["weighed"]
    assert (weighed["before"]["fatal"], weighed["now"]["fatal"]) == (False, True)
    assert weighed["now"]["findings"][0]["start_s"] == 2.0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_words_and_names_stay_words(hostile: ImpactSubject, language: Language) -> None:
    assert hostile.impact.n_flipped > 0
    found = page(hostile, language)
    assert found.scripts == []
    assert not {"img", "a", "iframe"} & set(found.tags)
    assert found.tags.count("svg") <= 1, "the chart alone"
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    for text in (HOSTILE[0], HOSTILE[4], HOSTILE[7]):
        assert text in found.text, "shown as it was said"
    assert "49" not in re.findall(r"\d+", found.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terminal_shows_no_escape_of_a_call(hostile: ImpactSubject, language: Language) -> None:
    console = Console(width=120, record=True, file=StringIO())
    for part in impact_parts(hostile, language):
        console.print(part)
    shown = console.export_text()
    assert "<script>alert(1)" in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_too_few_calls_make_no_rate(subject: ImpactSubject) -> None:
    overall = replace(subject.impact.overall, rate=None, flows=subject.impact.overall.flows[:1])
    few = replace(subject, impact=replace(subject.impact, overall=overall, groups=()))
    text = page(few, "en").text
    assert "too few for a rate" in text
    assert "too few calls" in text


def test_one_version_number_for_two_contents_is_warned_of(store: Path) -> None:
    with impact_of(question(store, LATER.replace("version: 2", "version: 1"))) as run:
        found = page(ImpactSubject.of(run.impact, run.old, run.new, ZONE), "en")
    assert "Both files call themselves version 1" in found.text


def invoke(store: Path, *arguments: str, new: str = LATER) -> Result:
    app = typer.Typer()
    verb.register(app)
    app.command("other")(lambda: None)
    asked = question(store, new)
    where = ["impact", asked.old, asked.new, "--period", "2026-10", "--store", str(store)]
    return CliRunner().invoke(app, [*where, "--workers", "0", *arguments])


def test_the_verb_prints_figures_and_writes_pages_and_the_list(store: Path, tmp_path: Path) -> None:
    result = invoke(store, "--out", str(tmp_path / "out"), "--language", "both")
    assert result.exit_code == 0, result.output
    assert "57.1%" in result.stdout
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    stem = "impact-line-1-2-2026-10"
    assert names == [f"{stem}.en.html", f"{stem}.json", f"{stem}.zh.html"]
    data = json.loads((tmp_path / "out" / f"{stem}.json").read_text("utf-8"))
    assert len(data["calls"]) == data["n_moved"] == 12
    assert f"{stem}.zh.html" in result.stderr.replace("\n", "")


def test_json_on_stdout_is_figures_and_every_call(store: Path) -> None:
    result = invoke(store, "--json")
    data = json.loads(result.stdout)
    assert data["overall"]["rate"]["before"] == 32 / 56
    assert data["overall"]["rate"]["difference"]["low"] > 0
    assert data["differences"][1]["zh"] == "信号 greeting：词句 增加：你说"
    assert {c["call_id"] for c in data["calls"]} == {f"curt{i:02}" for i in range(12)}
    found = data["calls"][0]["moved"][0]
    assert (found["before"]["outcome"], found["now"]["outcome"]) == ("fail", "pass")
    assert found["now"]["findings"][0]["quote"] == "你说"


def test_nothing_steers_the_terminal_in_json(tmp_path: Path) -> None:
    calls = [call(f"c{i:02}", "agent 0-2: 你说\u202eabc\n", group="\u2066") for i in range(12)]
    folder = fill(tmp_path / "store", calls)
    new = LATER.replace("any_of: [您好, 你说]", "any_of: ['你说.*'], match: regex")
    result = invoke(folder, "--json", new=new)
    assert "\u202e" not in result.stdout
    assert json.loads(result.stdout)["calls"][0]["group"] == "\u2066"


def test_examples_of_the_new_card_that_break_are_told(store: Path) -> None:
    broken = LATER.replace(
        "pass_if: greeting", 'pass_if: greeting, examples: {fail: "agent: 您好"}'
    )
    result = invoke(store, new=broken)
    assert result.exit_code == 0
    assert "1 of 1 examples of" in result.stderr


def test_wrong_use_ends_with_2(store: Path) -> None:
    result = invoke(store, new=CARD)
    assert isinstance(result.exception, WrongUse)
    assert result.exception.exit_code == 2
