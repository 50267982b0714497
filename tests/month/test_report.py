"""The monthly page: self-contained, safe against hostile text, the same figures everywhere."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime
from io import StringIO
from shutil import which

import pytest
from rich.console import Console

from qa_pipeline.aggregate.figures import HumanRate, Month
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.aggregate.plain import plain
from qa_pipeline.render.monthly import monthly_html
from qa_pipeline.render.page import shortened
from qa_pipeline.render.terminal import groups_table
from qa_pipeline.render.titles import Titles
from qa_pipeline.texts import Language
from tests.month.frames import evaluated, tables
from tests.month.made_up import HOSTILE, HOSTILE_GROUP, TITLES, ZONE
from tests.month.page import Page

MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return "zh" if request.param == "zh" else "en"


@pytest.fixture(scope="module")
def html(month: Month, language: Language) -> str:
    return monthly_html(month, TITLES, language, MADE_AT)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_hostile_text_stays_text(page: Page) -> None:
    """Names of groups and criteria and a quote hold `<script>`; the page's only one is data."""
    assert [attributes.get("type") for attributes, _ in page.scripts] == ["application/json"]
    assert page.text.count(HOSTILE) > 10
    assert HOSTILE_GROUP in page.text
    assert f"喂，你说。{HOSTILE}" in page.text


def test_nothing_runs_and_nothing_is_fetched(page: Page, html: str) -> None:
    assert not {"iframe", "object", "embed", "link", "img", "form", "base"} & set(page.tags)
    names = {name for _, name, _ in page.attributes}
    assert not {"src", "style", "srcset", "action"} & names
    assert all(v.startswith("#") for _, name, v in page.attributes if name == "href")
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"https?://|url\(|@import", page.style)
    assert "://" not in html


def test_policy_allows_this_style_and_nothing_else(page: Page) -> None:
    policy = next(
        v
        for tag, name, v in page.attributes
        if (tag, name) == ("meta", "content") and "default-src" in v
    )
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        policy
        == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_data_terminal_and_page_hold_the_same_figures(
    month: Month, page: Page, language: Language
) -> None:
    data = json.loads(page.scripts[0][1])
    assert data == json.loads(json.dumps(plain(month)))
    output = StringIO()
    Console(file=output, width=200).print(groups_table(month, language))
    terminal = output.getvalue()
    rows = {row[0].strip(): row for row in page.tables["groups"] if len(row) == 9}
    for group in (data["overall"], *data["groups"]):
        name = group["group"] or {"zh": "全部", "en": "All groups"}[language]
        human, machine = (
            f"{100 * group[p]['interval']['value']:.1f}%" for p in ("human", "machine")
        )
        cells = rows[name]
        assert cells[2].split()[0] == human
        assert cells[6].split()[0] == machine
        lines = terminal.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith(name))
        assert human in lines[at]
        assert machine in lines[at + 1]
        assert str(group["machine"]["n_undecided"]) == cells[7]


def test_no_figure_is_cut_in_a_narrow_terminal(month: Month, language: Language) -> None:
    output = StringIO()
    Console(file=output, width=80).print(groups_table(month, language))
    assert "…" not in output.getvalue()
    for group in (month.overall, *month.groups):
        assert group.human.interval is not None
        assert f"{100 * group.human.interval.high:.1f}%" in output.getvalue()


def test_every_chart_has_a_title_and_a_table(page: Page) -> None:
    roles = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "role")]
    assert roles == ["img"] * page.tags.count("svg") == ["img"] * page.tags.count("desc")
    drawn = {v for tag, name, v in page.attributes if (tag, name) == ("title", "id")}
    assert drawn == {f"{name}-title" for name in ("rates", "slopes", "pareto", "agreement")}
    for section in ("groups", "change", "problems", "agreement"):
        assert len(page.tables[section]) > 3


def test_months_change_is_told_only_with_evidence(month: Month, page: Page) -> None:
    cells = {row[0]: row for row in page.tables["change"] if len(row) == 7}
    moved = {g.group for g in month.groups if g.machine.change and g.machine.change.direction}
    assert moved == {"订购一组"}
    arrows = {name for name, row in cells.items() if "▲" in row[6] or "▼" in row[6]}
    assert arrows == {"订购一组", next(iter(cells.keys() & {"全部", "All groups"}))}


def test_warnings_and_failures_are_said(page: Page, language: Language) -> None:
    assert {"zh": "为演示而虚构", "en": "made up for the demo"}[language] in page.text
    assert {"zh": "演示用小模型", "en": "small demo recogniser"}[language] in page.text
    assert {"zh": "录音比容器所述的短", "en": "ends before its container says"}[
        language
    ] in page.text


def test_the_page_speaks_one_language() -> None:
    """Where calls and titles are English, the English page holds no Chinese at all."""
    english = month_of(tables([evaluated(f"c{i}", i > 5) for i in range(40)]))
    assert not re.search(
        r"[\u3000-\u9fff]", Page(monthly_html(english, Titles(), "en", MADE_AT)).text
    )


@pytest.mark.parametrize("status", ["no_sample", "unfinished", "too_few"])
def test_without_a_human_rate_the_page_says_why(
    month: Month, status: str, language: Language
) -> None:
    human = HumanRate(610, 5, 3, 2, status)  # type: ignore[arg-type]
    partial = replace(month, overall=replace(month.overall, human=human))
    page = Page(monthly_html(partial, TITLES, language, MADE_AT))
    says = {
        "no_sample": {"zh": "尚未抽样", "en": "no sample yet"},
        "unfinished": {"zh": "复核未完成", "en": "reviews unfinished"},
        "too_few": {"zh": "样本太少", "en": "too few"},
    }[status][language]
    overall = next(row for row in page.tables["groups"] if row[0] in ("全部", "All groups"))
    assert overall[2].strip() == says


def test_a_month_with_failures_only_still_has_a_page(language: Language) -> None:
    failures = [{"recording": "x.wav", "group": "a", "stage": "decode", "code": "truncated",
                 "message_en": "cut short", "message_zh": "不完整"}]  # fmt: skip
    text = Page(monthly_html(month_of(tables(failures=failures)), Titles(), language, MADE_AT)).text
    assert {"zh": "不完整", "en": "cut short"}[language] in text


def test_a_centre_with_many_groups_fits(language: Language) -> None:
    groups = [f"group {i:02d} with quite a long name" for i in range(30)]
    evaluations = [evaluated(f"{g}-{i}", i > 3, g) for g in groups for i in range(12)]
    page = Page(monthly_html(month_of(tables(evaluations)), Titles(), language, MADE_AT))
    assert [len(row) for row in page.tables["groups"]].count(9) == 32
    heights = [int(v.split()[3]) for tag, name, v in page.attributes
               if (tag, name) == ("svg", "viewbox")]  # fmt: skip
    assert max(heights) < 1100  # a sheet of A4 holds 1,400


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("订购一组", 8, "订购一组"),
        ("订购一组呀", 8, "订购一…"),
    ],
)
def test_shortened(text: str, width: int, expected: str) -> None:
    assert shortened(text, width) == expected


@pytest.mark.slow
def test_a_browser_runs_nothing_and_refuses_nothing(html: str) -> None:
    """Chromium shows the page without a console message, dialog, request or policy violation."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    browser_path = which("chromium")
    if browser_path is None:
        pytest.skip("no chromium on this machine")
    seen: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.on("console", lambda message: seen.append(message.text))
        tab.on("dialog", lambda dialog: seen.append(dialog.message))
        tab.on("pageerror", lambda error: seen.append(str(error)))
        tab.on("request", lambda request: seen.append(request.url))
        tab.set_content(html)
        assert tab.locator("h1").evaluate("e => getComputedStyle(e).fontSize") == "40px"
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert seen == []
