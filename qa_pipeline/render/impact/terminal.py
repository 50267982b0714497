"""The impact of an edit in the terminal: a sentence, four tables, and a few calls as evidence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.render.impact.evidence import cause_blocks
from qa_pipeline.render.impact.rows import (
    class_rows,
    criterion_rows,
    difference_groups,
    group_rows,
)
from qa_pipeline.render.impact.sentences import (
    headline,
    left_to_people,
    shown_of_all,
    warnings,
)
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.words import words_in
from qa_pipeline.texts import Language

_MAX_DIFFERENCES, _MAX_GROUPS, _MAX_CRITERIA, _MAX_CAUSES, _MAX_CALLS = 20, 30, 12, 4, 2
#: Criteria of one call that stand as its evidence, those that turned it first.
_MAX_MOVED = 3
_STYLES = {"up": "green", "down": "red", None: "", "": ""}
_WORSE = {"up": "red", "down": "green", "": ""}


def impact_parts(subject: ImpactSubject, language: Language) -> Iterator[RenderableType]:
    """Yield what to print, from top to bottom. What calls and people said is not interpreted."""
    words = words_in(language)
    yield Line(headline(subject.impact, language), style="bold")
    for warning in warnings(subject.impact, language):
        yield Line(warning, style="yellow")
    yield from _edits(subject, words, language)
    yield _groups(subject, words, language)
    yield Line(left_to_people(subject.impact.overall, language), style="dim")
    yield _classes(subject, words, language)
    criteria = criterion_rows(subject, language)
    if criteria:
        yield _criteria(criteria, words)
    if subject.impact.causes:
        yield from _flips(subject, words, language)


def _table(*columns: str, title: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD,
        show_edge=False, pad_edge=False,
    )  # fmt: skip
    for i, column in enumerate(columns):
        table.add_column(
            column, justify="right" if i else "left", overflow="fold", min_width=0 if i else 8
        )  # narrow terminals: headings break between words before names and figures do
    return table


def _edits(
    subject: ImpactSubject, words: Mapping[str, str], language: Language
) -> Iterator[RenderableType]:
    groups, n_more = difference_groups(subject, language, _MAX_DIFFERENCES)
    yield Line(f"\n{words['changes_title']}", style="bold")
    for group in groups:
        for line in group["lines"]:
            yield Padding(Line(_visible(f"· {line['said']}")), (0, 0, 0, 1))
    if n_more:
        yield Line(f"  + {n_more}", style="dim")
    if not groups:
        yield Padding(Line(words["nothing_edited"]), (0, 0, 0, 1))


def _groups(subject: ImpactSubject, words: Mapping[str, str], language: Language) -> Table:
    keys = ("calls", "before", "now", "change", "interval", "to_fail", "to_pass")
    table = _table(words["group"], *(words[k] for k in keys), title=f"\n{words['groups_title']}")
    rows = group_rows(subject, language)
    for row in rows[: _MAX_GROUPS + 1]:
        change = Line(
            f"{row['arrow']} {row['change'] or words['too_few']}".strip(),
            style=_STYLES[row["direction"]],
        )
        table.add_row(
            Line(_visible(row["name"])),
            *_cells(row, "n_calls", "before", "now"),
            change,
            Line(row["interval"] or "", style="dim"),
            *_cells(row, "n_to_fail", "n_to_pass"),
            style="bold" if row["is_overall"] else "",
        )
    if len(rows) > _MAX_GROUPS + 1:
        table.add_row(Line(f"+ {len(rows) - _MAX_GROUPS - 1}", style="dim"))
    return table


def _classes(subject: ImpactSubject, words: Mapping[str, str], language: Language) -> Table:
    table = _table(
        words["class"], words["failed"], "", words["calls_with"], "",
        title=f"\n{words['classes_title']}",
    )  # fmt: skip
    for row in class_rows(subject, language):
        table.add_row(
            Line(_visible(f"{row['severity']} {row['title']}")),
            f"{row['failed_before']} → {row['failed_now']}",
            Line(row["failed_change"], style=_WORSE[row["failed_sign"]]),
            f"{row['calls_before']} → {row['calls_now']}",
            Line(row["calls_change"], style=_WORSE[row["calls_sign"]]),
        )
    return table


def _criteria(rows: list[dict[str, Any]], words: Mapping[str, str]) -> Table:
    keys = ("class", "moved", "failed", "failed_share", "not_measured")
    table = _table(
        words["criterion"], *(words[k] for k in keys), title=f"\n{words['criteria_title']}"
    )
    for row in rows[:_MAX_CRITERIA]:
        mark = f" ({row['mark']})" if row["mark"] else ""
        table.add_row(
            Line(_visible(row["title"] + mark)),
            Line(_visible(row["severity"])),
            row["n_moved"],
            Line(f"{row['failed']} ({row['change']})", style=_WORSE[row["sign"]]),
            *_cells(row, "share", "not_measured"),
        )
    if len(rows) > _MAX_CRITERIA:
        table.add_row(Line(f"+ {len(rows) - _MAX_CRITERIA}", style="dim"))
    return table


def _flips(
    subject: ImpactSubject, words: Mapping[str, str], language: Language
) -> Iterator[RenderableType]:
    causes = cause_blocks(subject, language)[:_MAX_CAUSES]
    n_shown = sum(len(cause["calls"][:_MAX_CALLS]) for cause in causes)
    yield Line(f"\n{words['flips_title']}", style="bold")
    yield Line(shown_of_all(subject.impact, n_shown, language), style="dim")
    for cause in causes:
        steps = [f"{s['criterion']}: {s['before']}{s['sign']}{s['now']}" for s in cause["steps"]]
        yield Line(f"\n{cause['title']}", style="bold")
        yield Padding(Line(_visible("; ".join(steps) or cause["no_step"])), (0, 0, 0, 2))
        for call in cause["calls"][:_MAX_CALLS]:
            yield from _call(call, words)


def _call(call: dict[str, Any], words: Mapping[str, str]) -> Iterator[RenderableType]:
    scores = f"{words['score']} {call['score_before']} → {call['score_now']} · {call['limits']}"
    facts = "  ".join((call["call_id"], call["who"], call["at"], scores))
    yield Padding(Line(_visible(facts), style="cyan"), (0, 0, 0, 2))
    for moved in call["moved"][:_MAX_MOVED]:
        for label, verdict, style in _sides(moved, words):
            name = " · ".join(part for part in (verdict["name"], verdict["weight"]) if part)
            text = f"{label}: {moved['criterion']}: {name}  {verdict['reason']}"
            yield Padding(Line(_visible(text), style=style), (0, 0, 0, 4))
    if len(call["moved"]) > _MAX_MOVED:
        yield Padding(Line(f"+ {len(call['moved']) - _MAX_MOVED}", style="dim"), (0, 0, 0, 4))


def _sides(
    moved: Mapping[str, Any], words: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield the two verdicts with how each is called and its style; one where they are alike."""
    if moved["before"] == moved["now"]:
        yield words["both"], moved["now"], ""
        return
    yield words["before"], moved["before"], "dim"
    yield words["now"], moved["now"], ""


def _cells(row: Mapping[str, Any], *keys: str) -> Iterable[str]:
    return (str(row[key] if row[key] is not None else "–") for key in keys)


def _visible(text: str) -> str:
    """Return text without what would steer the terminal; markup is not read in a `Line`."""
    return "".join(c if c.isprintable() or c == " " else "\N{REPLACEMENT CHARACTER}" for c in text)
