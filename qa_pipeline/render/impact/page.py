"""The impact of an edit as one self-contained HTML file: no script, nothing that is fetched."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment

from qa_pipeline.render.impact.chart import MAX_ROWS, dumbbells
from qa_pipeline.render.impact.evidence import N_CAUSES, cause_blocks
from qa_pipeline.render.impact.rows import (
    class_rows,
    criterion_rows,
    difference_groups,
    flow_rows,
    group_name,
    group_rows,
)
from qa_pipeline.render.impact.sentences import (
    headline,
    left_to_people,
    shown_of_all,
    warnings,
)
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.words import READING, words_in
from qa_pipeline.render.numbers import count, period_name
from qa_pipeline.render.page import shortened
from qa_pipeline.render.pages import csp_hash, environment, style
from qa_pipeline.texts import Language

#: A page that is sent round stays a page: longer lists are counted, and whole in the data.
_MAX_DIFFERENCES, _MAX_CRITERIA, _MAX_GROUPS = 60, 40, 200


def write_impact(
    subject: ImpactSubject, language: Language, made_at: datetime, folder: Path, name: str
) -> Path:
    """Write the page into `folder` and return its path; a reader never sees half a file."""
    path = folder / f"{name}.{language}.html"
    partial = path.with_suffix(".partial")
    partial.write_text(impact_html(subject, language, made_at), encoding="utf-8")
    partial.replace(path)
    return path


def impact_html(subject: ImpactSubject, language: Language, made_at: datetime) -> str:
    """Return the page as HTML. Everything that people or calls said is escaped."""
    impact, sheet = subject.impact, style(("qa_pipeline.render", "impact.css"))
    groups = [(group_name(g, language), g) for g in (impact.overall, *impact.groups)]
    rows, changed = group_rows(subject, language), criterion_rows(subject, language)
    parts, n_more = difference_groups(subject, language, _MAX_DIFFERENCES)
    causes = cause_blocks(subject, language)
    n_shown = sum(len(cause["calls"]) for cause in causes)
    html = (
        _environment()
        .get_template("impact.html.j2")
        .render(
            language=language,
            w=words_in(language),
            style=sheet,
            style_hash=csp_hash(sheet),
            title=subject.scorecard(language),
            versions=_versions(subject),
            period=period_name(impact.period, language),
            made_at=made_at.strftime("%Y-%m-%d %H:%M %Z"),
            headline=headline(impact, language),
            warnings=warnings(impact, language),
            overall=rows[0],
            n_flipped=count(impact.n_flipped),
            differences=parts,
            n_more_differences=n_more,
            chart=dumbbells(groups, language),
            is_chart_short=len(groups) > MAX_ROWS,
            rows=rows[:_MAX_GROUPS],
            n_more_groups=max(0, len(rows) - _MAX_GROUPS),
            flows=flow_rows(subject, language),
            people=left_to_people(impact.overall, language),
            classes=class_rows(subject, language),
            criteria=changed[:_MAX_CRITERIA],
            n_more_criteria=max(0, len(changed) - _MAX_CRITERIA),
            n_same_criteria=len(impact.criteria) - len(changed),
            causes=causes,
            n_more_causes=max(0, impact.n_causes - N_CAUSES),
            shown=shown_of_all(impact, n_shown, language),
            reading=[text.say(language) for text in READING],
            cards=(impact.old, impact.new),
            n_stored=count(impact.n_stored),
            n_outside=count(impact.n_outside),
        )
    )
    return html.strip() + "\n"


def _versions(subject: ImpactSubject) -> str:
    old, new = subject.impact.old, subject.impact.new
    if old.scorecard_id == new.scorecard_id:
        return f"v{old.version} → v{new.version}"
    return f"{old.scorecard_id} v{old.version} → {new.scorecard_id} v{new.version}"


@cache
def _environment() -> Environment:
    return environment("qa_pipeline.render", {"shortened": shortened})
