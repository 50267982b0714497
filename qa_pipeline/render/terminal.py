"""The figures in the terminal: tables of rich, in the reader's language."""

from collections.abc import Sequence
from typing import Protocol

from rich import box
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.render.numbers import count, month_name
from qa_pipeline.render.views import ChangeCell, GroupRow, RateCell, group_row, stratum_name
from qa_pipeline.render.wording import words_in
from qa_pipeline.texts import Language

#: The words of the columns to the right of the group's name.
_COLUMNS = (
    "calls",
    "human_short",
    "reviewed",
    "change",
    "machine_short",
    "undecided",
    "change",
)


def groups_table(month: Month, language: Language) -> Table:
    """Return each group's two rates, and all groups together in the last row."""
    words = words_in(language)
    table = Table(
        title=f"{words['report']} · {month_name(month.period, language)}",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    table.add_column(words["group"], overflow="fold")
    for key in _COLUMNS:
        table.add_column(words[key], justify="right")
    for group in month.groups:
        table.add_row(*_cells(group_row(group, language)))
    table.add_section()
    table.add_row(*_cells(group_row(month.overall, language)), style="bold")
    return table


def _cells(row: GroupRow) -> tuple[Line, ...]:
    return (
        Line(row.name),
        Line(row.n_calls),
        _rate(row.human),
        Line(row.human.n),
        _change(row.human.change),
        _rate(row.machine),
        Line(row.n_undecided),
        _change(row.machine.change),
    )


def _rate(cell: RateCell) -> Line:
    if cell.value is None:
        return Line(cell.note or "", style="dim italic")
    return Line.assemble(cell.value, "\n", (cell.interval or "", "dim"))


def _change(cell: ChangeCell) -> Line:
    if cell.value is None:
        return Line(cell.note, style="dim italic")
    return Line.assemble(f"{cell.arrow} {cell.value}".strip(), "\n", (cell.interval or "", "dim"))


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
