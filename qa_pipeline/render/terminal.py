"""The figures in the terminal: tables of rich, in the reader's language."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from rich import box
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.render.edition import as_said_of
from qa_pipeline.render.numbers import NONE, count, period_name
from qa_pipeline.render.views import GroupRow, RateCell, group_row, stratum_name
from qa_pipeline.render.wording import words_in
from qa_pipeline.texts import Language


def groups_table(month: Month, language: Language) -> Table:
    """Return each group's two rates, people's above the machine's; all groups stand last.

    "Judged" is reviewed of drawn calls for people, decided of all calls for the machine; an arrow
    stands only with evidence of a change. The table fits 80 columns, and no figure is ever cut.
    """
    words = words_in(language)
    words = {key: as_said_of(month.period, word) for key, word in words.items()}
    title = f"{words['report']} · {period_name(month.period, language)}"
    table = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(words["group"], overflow="fold", min_width=8)
    table.add_column("", no_wrap=True)
    for key in ("pass_rate", "interval", "judged", "change_short"):
        table.add_column(words[key], justify="right", no_wrap=True)
    for group in month.groups:
        _add(table, group_row(group, language), words)
    table.add_section()
    _add(table, group_row(month.overall, language), words)
    return table


def _add(table: Table, row: GroupRow, words: Mapping[str, str]) -> None:
    style = "bold" if row.is_overall else ""
    table.add_row(Line(row.name), words["human"], *_cells(row.human), style=style)
    machine = replace(row.machine, n=f"{row.machine.n} / {row.n_calls}")
    table.add_row("", words["machine"], *_cells(machine), style=style)


def _cells(cell: RateCell) -> tuple[Line, ...]:
    change = cell.change
    return (
        Line(cell.value or NONE),
        Line(cell.interval or cell.note or "", style="dim"),
        Line(cell.n),
        Line(f"{change.arrow} {change.value or NONE}".strip()),
    )


#: Columns of the reviewers' work, most urgent first.
REASONS = ("back_check", "flagged", "focus", "random", "double")


class DrawnRow(Protocol):
    """What a row of a frozen sample tells of its stratum."""

    @property
    def batch(self) -> str: ...
    @property
    def stratum(self) -> str: ...
    @property
    def n_population(self) -> int: ...
    @property
    def n_drawn(self) -> int: ...
    @property
    def inclusion_probability(self) -> float: ...


def strata_table(rows: Sequence[DrawnRow], language: Language) -> Table:
    """Return the strata of a frozen sample, batch by batch."""
    words = words_in(language)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for key in ("batch", "stratum"):
        table.add_column(words[key], overflow="fold")
    for key in ("population", "drawn", "probability"):
        table.add_column(words[key], justify="right")
    strata = {(row.batch, row.stratum): row for row in rows}
    for (batch, stratum), row in sorted(strata.items()):
        table.add_row(
            Line(batch),
            Line(stratum_name(stratum, language)),
            count(row.n_population),
            count(row.n_drawn),
            f"{row.inclusion_probability:.3f}",
        )
    return table


class WorkRow(Protocol):
    """What an assignment tells of its reviewer's work."""

    @property
    def reviewer(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def expected_min(self) -> float: ...


class HeardRow(Protocol):
    """What a frozen row tells of why it is heard."""

    @property
    def reason(self) -> str | None: ...


def work_table(work: Sequence[WorkRow], heard: Sequence[HeardRow], language: Language) -> Table:
    """Return each reviewer's calls by reason and the minutes they take; all calls stand last."""
    words = words_in(language)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(words["reviewer"], overflow="fold")
    for reason in REASONS:
        table.add_column(words[f"reason_{reason}"], justify="right")
    table.add_column(words["minutes"], justify="right")
    for name in sorted({row.reviewer for row in work}):
        own = [row for row in work if row.reviewer == name]
        counts = Counter(row.reason for row in own)
        minutes = math.fsum(row.expected_min for row in own)
        table.add_row(Line(name), *(count(counts[r]) for r in REASONS), f"{minutes:.0f}")
    table.add_section()
    drawn = Counter(row.reason for row in heard)
    drawn["double"] = sum(row.reason == "double" for row in work)
    table.add_row(words["drawn"], *(count(drawn[r]) for r in REASONS), "", style="bold")
    return table
