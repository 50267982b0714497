"""Workbooks, pictures, links, audiences: what leaves as files, against hostile names."""

import json
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.reports import Wanted, run_report
from qa_pipeline.render import pictures
from qa_pipeline.render.document import Document
from qa_pipeline.render.edition import Audience, Edition
from qa_pipeline.render.links import Links, links_below
from qa_pipeline.render.monthly import monthly_html, report_document
from qa_pipeline.render.page import page_html
from qa_pipeline.render.workbook import workbook
from qa_pipeline.settings import Settings
from qa_pipeline.texts import Language
from tests.month.made_up import HOSTILE, HOSTILE_GROUP, PERIOD, TITLES, ZONE
from tests.month.page import Page

MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)
FORMULAS = ('=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0")


def document(
    month: Month,
    language: Language = "en",
    audience: Audience | None = None,
    url: str | None = None,
) -> Document:
    return report_document(
        Edition(month, TITLES, language, Links(url, month.period), audience), MADE_AT
    )


def opened(made: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(made)))


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_looks_like_a_formula_is_stored_as_text(month: Month, name: str) -> None:
    groups = tuple(
        replace(group, group=name) if group.group == HOSTILE_GROUP else group
        for group in month.groups
    )
    book = opened(document(replace(month, groups=groups)))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == name]
    assert len(cells) >= 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_numbers_are_numbers_and_rates_are_per_cent(month: Month) -> None:
    sheet = opened(document(month))["Pass rate by group"]
    heading = [cell.value for cell in sheet[1]]
    assert heading[:5] == [
        "Group", "Calls", "People’s pass rate", "People’s pass rate from", "People’s pass rate to",
    ]  # fmt: skip
    overall = sheet[2]
    human = month.overall.human.interval
    assert human is not None
    assert overall[1].value == month.overall.machine.n_calls
    assert [cell.value for cell in overall[2:5]] == [human.value, human.low, human.high]
    assert {cell.number_format for cell in overall[2:5]} == {"0.0%"}
    assert sheet.freeze_panes == "B2"
    assert sheet.page_setup.paperSize == 9


def test_a_workbook_holds_every_row_that_a_page_leaves_out(month: Month) -> None:
    made = document(month)
    tables = {table.title: table for section in made.sections for table in section.tables}
    recordings = tables["Best and worst recordings of each agent"]
    assert recordings.n_left_out > 0
    assert recordings.more in page_html(made)
    book = opened(made)
    sheet = next(s for s in book if s.title.startswith("Best and worst"))
    assert sheet.max_row == 1 + len(recordings.rows)


def test_shares_stand_beside_their_counts(month: Month) -> None:
    sheet = opened(document(month))["What failed most"]
    heading = [cell.value for cell in sheet[1]]
    at = heading.index("Failure share")
    assert heading[at : at + 3] == ["Failure share", "Failure share n", "Failure share of"]
    worst = month.problems[0]
    share, n, of = (sheet[2][i] for i in range(at, at + 3))
    assert (n.value, of.value) == (worst.n_failed, worst.n_judged)
    assert share.value == pytest.approx(worst.n_failed / worst.n_judged)
    assert share.number_format == "0.0%"


def test_numbers_lead_to_their_calls_and_stay_numbers(month: Month) -> None:
    sheet = opened(document(month, url="https://qa.example"))["Pass rate by group"]
    calls = sheet["B2"]
    assert calls.value == month.overall.machine.n_calls
    assert calls.hyperlink.target == f"https://qa.example/calls?period={PERIOD}"


def test_titles_that_excel_refuses_become_sheets_all_the_same(month: Month) -> None:
    names = opened(document(month, "zh")).sheetnames
    assert len(names) == len({name.lower() for name in names})
    assert max(map(len, names)) <= 31


def test_every_chart_is_a_picture(month: Month) -> None:
    made = document(month, "zh")
    figures = [figure for section in made.sections for figure in section.figures]
    assert {"rates", "slopes", "pareto", "agreement"} <= {figure.id for figure in figures}
    if not pictures.has_chinese():
        pytest.skip("no font on this machine has Chinese glyphs")
    for figure in figures:
        png = pictures.picture(figure, "note")
        assert png.startswith(b"\x89PNG\r\n")
        width = int.from_bytes(png[16:20], "big")
        assert width == pictures.SCALE * (figure.chart.width + 40)


def test_boxes_in_the_place_of_characters_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_png", lambda svg, _font: str(len(svg)).encode())
    assert not pictures.has_chinese(Path("no such font"))


def test_pictures_that_would_be_boxes_are_left_out_and_told(
    drawn_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa_pipeline.pipeline.reports.has_chinese", lambda _font: False)
    wanted = Wanted(languages=("zh",), forms=("html", "png"))
    made = run_report(drawn_store, "monthly", PERIOD, Settings(), tmp_path, wanted)
    assert made.lacks_chinese
    assert [file.name for file in made.files] == [f"monthly-{PERIOD}.zh.html"]


def test_figures_lead_to_their_calls_below_the_given_address(month: Month) -> None:
    page = Page(page_html(document(month, url="https://qa.example/centre")))
    outside = [v for _, name, v in page.attributes if name == "href" and not v.startswith("#")]
    assert all(v.startswith("https://qa.example/centre/call") for v in outside)
    assert f"https://qa.example/centre/calls?period={PERIOD}&outcome=fail" in outside
    assert len([v for v in outside if "/call?call=" in v]) > 20
    assert HOSTILE not in "".join(outside)


def test_within_the_review_page_links_are_of_the_same_host(month: Month) -> None:
    page = Page(monthly_html(month, TITLES, "en", MADE_AT, review_url=""))
    hrefs = [v for _, name, v in page.attributes if name == "href"]
    assert all(v.startswith(("#", "/call")) for v in hrefs)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "qa.example",
        "file:///etc/passwd",
        "https://",
        "http://[",
        "https://a/?b",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(WrongUse) as refused:
        links_below(address, PERIOD)
    assert refused.value.exit_code == 2


def test_management_sees_no_single_person_or_call(month: Month) -> None:
    text = Page(page_html(document(month, audience="management"))).text
    agents = {agent.agent_id for agent in month.recordings}
    calls = {recording.call_id for agent in month.recordings for recording in agent.best}
    assert len(agents) == 15
    assert not [name for name in (*agents, *calls, "made-up reviewer") if name in text]


def test_trainers_see_cases_people_and_needs(month: Month) -> None:
    made = document(month, audience="training")
    assert [s.id for s in made.sections] == [
        "groups", "change", "classes", "problems", "kinds", "advice", "recordings", "counted",
        "agreement", "reviewers", "levels", "reading",
    ]  # fmt: skip
    assert "data" not in page_html(made).partition("</main>")[2]


def test_a_week_is_compared_with_the_week_before(drawn_store: Path, tmp_path: Path) -> None:
    wanted = Wanted(languages=("en",), forms=("html", "json"))
    made = run_report(drawn_store, "weekly", "2026-W42", Settings(), tmp_path, wanted)
    assert made.month.period == "2026-10-12..2026-10-18"
    assert made.month.period_before == "2026-10-05..2026-10-11"
    assert len(made.month.days) == 7
    assert sum(d.machine.n_calls for d in made.month.days) == made.month.overall.machine.n_calls
    html, data = made.files
    assert html.name == "weekly-2026-10-12_2026-10-18.en.html"
    text = Page(html.read_text(encoding="utf-8")).text
    assert "Weekly quality report" in text
    assert "month" not in text
    assert json.loads(data.read_bytes())["figures"]["period"] == made.month.period


def test_weeks_over_two_months_count_each_call_once(drawn_store: Path, tmp_path: Path) -> None:
    def n_calls(period: str) -> int:
        wanted = Wanted(forms=())
        made = run_report(drawn_store, "weekly", period, Settings(), tmp_path, wanted)
        return made.month.overall.machine.n_calls

    whole = n_calls("2026-09-26..2026-10-05")
    assert whole == n_calls("2026-09-26..2026-09-30") + n_calls("2026-10-01..2026-10-05") > 0


def test_days_add_up_to_their_week(drawn_store: Path, tmp_path: Path) -> None:
    def listened(day: int) -> int:
        period = f"2026-10-{day:02d}"
        made = run_report(
            drawn_store, "daily", period, Settings(), tmp_path, Wanted(("zh",), ("html",))
        )
        text = Page(made.files[0].read_text(encoding="utf-8")).text
        assert all(line.call_id in text for line in made.month.listened)
        assert "本月" not in text
        return len(made.month.listened)

    week = run_report(
        drawn_store, "weekly", "2026-10-12..2026-10-13", Settings(), tmp_path, Wanted(forms=())
    )
    assert listened(12) + listened(13) == week.month.overall.human.n_reviewed > 0


@pytest.mark.parametrize(
    ("cadence", "period"),
    [
        ("daily", "2026-10"),
        ("daily", "2026-10-32"),
        ("daily", "20261014"),
        ("weekly", "2026-W54"),
        ("weekly", "2026-10"),
        ("weekly", "2026-10-12..2026-10-12"),
        ("weekly", "2026-10-18..2026-10-12"),
        ("weekly", "2026-01-01..2026-10-12"),
        ("monthly", "2026-10-14"),
    ],
)
def test_a_period_that_is_none_is_refused(
    drawn_store: Path, tmp_path: Path, cadence: str, period: str
) -> None:
    with pytest.raises(WrongUse) as refused:
        run_report(drawn_store, cadence, period, Settings(), tmp_path)  # type: ignore[arg-type]
    assert refused.value.where == "--period"


def test_charts_are_lines_through_time_in_order(month: Month) -> None:
    made = document(month)
    slopes = next(f for s in made.sections for f in s.figures if f.id == "slopes")
    for panel in slopes.chart.panels:  # type: ignore[union-attr]
        assert all(a.x < b.x for a, b in pairwise(panel.stops))
        for series in panel.series:
            assert all(p.high <= p.y <= p.low for p in series.points)  # y grows downwards
