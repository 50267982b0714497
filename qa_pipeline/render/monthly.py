"""The monthly report as one self-contained HTML file: no script runs, nothing is fetched."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.plain import plain
from qa_pipeline.render.charts import changes_chart, pareto_chart, rates_chart
from qa_pipeline.render.numbers import count, month_name
from qa_pipeline.render.pages import csp_hash, environment, style
from qa_pipeline.render.sections import (
    N_PROBLEMS,
    class_table,
    coverage_tables,
    problem_tables,
    provenance_tables,
    severity_ranks,
    strata_rows,
)
from qa_pipeline.render.sentences import sentences
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.views import group_row
from qa_pipeline.render.wording import words_in
from qa_pipeline.texts import Language


def write_monthly(
    month: Month, titles: Titles, language: Language, made_at: datetime, folder: Path
) -> Path:
    """Write the report into `folder` and return its path; a reader never sees half a file."""
    path = folder / f"monthly-{month.period}.{language}.html"
    partial = path.with_suffix(".partial")
    partial.write_text(monthly_html(month, titles, language, made_at), encoding="utf-8")
    partial.replace(path)
    return path


def monthly_html(month: Month, titles: Titles, language: Language, made_at: datetime) -> str:
    """Return the report as HTML. Everything that people or calls said is escaped."""
    groups = (month.overall, *month.groups)
    rows = tuple(group_row(group, language) for group in groups)
    sheet = style()
    html = (
        _environment()
        .get_template("monthly.html.j2")
        .render(
            language=language,
            w=words_in(language),
            says=sentences(month, language),
            style=sheet,
            style_hash=csp_hash(sheet),
            period=month_name(month.period, language),
            made_at=made_at.strftime("%Y-%m-%d %H:%M %Z"),
            overall=rows[0],
            reviewed=count(month.overall.human.n_reviewed),
            drawn=count(month.overall.human.n_drawn),
            rows=rows,
            rates_chart=rates_chart(groups, rows),
            changes_chart=changes_chart(groups, rows),
            classes=class_table(month, titles, language),
            **problem_tables(month, titles, language),
            pareto_chart=pareto_chart(
                month.problems[:N_PROBLEMS], severity_ranks(month), titles, language
            ),
            strata=strata_rows(month, language),
            **coverage_tables(month, titles, language),
            **provenance_tables(month, titles, language),
            data=plain(month),
        )
    )
    return html.strip() + "\n"


@cache
def _environment() -> Environment:
    return environment("qa_pipeline.render", {"shortened": shortened})


def shortened(text: str, width: int) -> str:
    """Return `text` cut to `width` Latin letters' room; a Chinese character takes two."""
    used = 0.0
    for i, character in enumerate(text):
        used += 2 if ord(character) > 0x2E7F else 1
        if used > width:
            return f"{text[: max(1, i - 1)]}…"
    return text
