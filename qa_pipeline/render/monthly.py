"""Reports described: which sections of a day, a week or a month, for whom, in what order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.plain import plain
from qa_pipeline.render import (
    across,
    advice,
    agents_sections,
    basis,
    days,
    faults,
    over_time,
    reviewers_sections,
)
from qa_pipeline.render.document import Document, Section, Tile
from qa_pipeline.render.edition import Audience, Edition, cadence
from qa_pipeline.render.links import Links
from qa_pipeline.render.numbers import NONE, count, period_name
from qa_pipeline.render.page import page_html
from qa_pipeline.render.sentences import headline, warnings
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.views import RateCell, group_row
from qa_pipeline.texts import Language

_SECTIONS: Mapping[str, Callable[[Edition], Section]] = {
    "listened": days.listened_section,
    "days": days.days_section,
    "groups": across.groups_section,
    "change": over_time.change_section,
    "trend": over_time.trend_section,
    "classes": across.classes_section,
    "problems": faults.problems_section,
    "kinds": faults.kinds_section,
    "advice": advice.advice_section,
    "recordings": agents_sections.recordings_section,
    "counted": agents_sections.counted_section,
    "agreement": reviewers_sections.agreement_section,
    "reviewers": reviewers_sections.reviewers_section,
    "levels": agents_sections.levels_section,
    "sample": basis.sample_section,
    "coverage": basis.coverage_section,
    "reading": basis.reading_section,
    "provenance": basis.provenance_section,
}
#: What an audience is not shown. Management sees no single agent, call or reviewer; the trainer
#: needs no strata and no provenance.
_LEFT_OUT: Mapping[Audience | None, frozenset[str]] = {
    None: frozenset(),
    "management": frozenset({"listened", "recordings", "reviewers", "sample"}),
    "training": frozenset({"trend", "sample", "coverage", "provenance"}),
}
#: What a cadence does not hold: a few days have no trend, a day no training plan.
_NOT_IN: Mapping[str, frozenset[str]] = {
    "monthly": frozenset({"listened", "days"}),
    "weekly": frozenset({"listened", "trend", "levels"}),
    "daily": frozenset(
        {
            "days",
            "change",
            "trend",
            "kinds",
            "advice",
            "recordings",
            "agreement",
            "levels",
            "sample",
        }
    ),
}


def report_document(e: Edition, made_at: datetime) -> Document:
    """Describe the report of a period."""
    kind = cadence(e.month.period)
    left_out = _LEFT_OUT[e.audience] | _NOT_IN[kind]
    w = e.words
    made_for = f" · {w[e.audience]}" if e.audience else ""
    return Document(
        kind=kind,
        period=e.month.period,
        language=e.language,
        kicker=f"{w[kind]}{made_for}",
        title=period_name(e.month.period, e.language),
        headline=headline(e),
        warnings=warnings(e),
        tiles=_tiles(e),
        sections=tuple(make(e) for name, make in _SECTIONS.items() if name not in left_out),
        made=f"{w['made_at']} {made_at.strftime('%Y-%m-%d %H:%M %Z')}",
        data=plain(e.month) if e.audience is None else {},
    )


def _tiles(e: Edition) -> tuple[Tile, ...]:
    w, overall = e.words, e.month.overall
    row = group_row(overall, e.language)
    human = overall.human
    return (
        Tile(
            w["human_rate"], row.human.value or NONE, _interval(row.human, w["interval"]), "human",
            e.links.calls(heard="random"),
        ),
        Tile(
            w["machine_rate"], row.machine.value or NONE, _interval(row.machine, w["interval"]),
            "machine", e.links.calls(outcome="fail"),
        ),
        Tile(
            w["calls"], row.n_calls,
            f"{w['undecided']} {row.n_undecided} · {w['failures']} {row.n_failures}",
            link=e.links.calls(),
        ),
        Tile(
            w["reviewed"], count(human.n_reviewed),
            f"{w['drawn']} {count(human.n_drawn)} · {w['n_effective']} {row.n_effective}",
            link=e.links.calls(heard="random"),
        ),
    )  # fmt: skip


def _interval(cell: RateCell, word: str) -> str:
    return f"{word} {cell.interval}" if cell.value is not None else cell.note or ""


def monthly_html(
    month: Month,
    titles: Titles,
    language: Language,
    made_at: datetime,
    *,
    review_url: str | None = None,
) -> str:
    """Return the whole report as HTML; `review_url` "" links to pages of the same host."""
    links = Links(review_url, month.period)
    return page_html(report_document(Edition(month, titles, language, links), made_at))


def file_name(document: Document, audience: Audience | None) -> str:
    """Return the name of a report's files, without their endings."""
    parts = (document.kind, document.period.replace("..", "_"))
    made_for = (audience,) if audience else ()
    return "-".join(parts) + "".join(f".{part}" for part in (*made_for, document.language))


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file and return its path; a reader never sees half of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
    return path
