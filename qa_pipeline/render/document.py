"""A report as a description: sections of sentences, charts and tables, in one language.

Renderers come after and decide nothing: HTML, workbook and pictures show the same cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from qa_pipeline.render.charts import DotChart, ParetoChart
from qa_pipeline.render.panels import PanelChart
from qa_pipeline.texts import Language

#: How a column's values are written. `rate`, `change` and `coefficient` may carry an interval,
#: `share` its counts.
Kind = Literal["text", "id", "count", "number", "rate", "share", "change", "coefficient", "date"]
#: What a cell is to be seen as: `note` says why there is no figure.
Tone = Literal["", "strong", "note", "good", "bad"]
Party = Literal["", "human", "machine", "combined"]
Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """`shown` is what people read, `detail` stands softer below it.

    A workbook has `value` in its place (rates 0-1, changes in points), and `low` and `high` in
    columns of their own. Of a share, `low` and `high` are the counts.
    `link` leads to the calls behind the figure; `rank` colours a class.
    """

    shown: str
    value: Value = None
    detail: str = ""
    low: float | None = None
    high: float | None = None
    link: str | None = None
    tone: Tone = ""
    rank: int | None = None
    is_quote: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and kind; `party` says whose figures stand in it."""

    title: str
    kind: Kind = "text"
    party: Party = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands flush right."""
        return self.kind not in ("text", "id")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, one a column. `is_overall`: all groups together."""

    cells: tuple[Cell, ...]
    is_overall: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. A page shows the first `n_shown` rows and says `more`; a workbook has them all."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    n_shown: int | None = None
    more: str = ""

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows that a page shows."""
        return self.rows[: self.n_shown]

    @property
    def n_left_out(self) -> int:
        """How many rows a page leaves to the workbook."""
        return len(self.rows) - len(self.shown)


Chart = DotChart | PanelChart | ParetoChart


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its title, a description for who cannot see it, and a key of its marks."""

    id: str
    title: str
    description: str
    chart: Chart
    key: tuple[tuple[str, str], ...] = ()

    @property
    def form(self) -> str:
        """The chart's kind, by which a template draws it."""
        return type(self.chart).__name__


@dataclass(frozen=True, slots=True)
class Section:
    """A section: sentences, then charts, then their tables, then what is to be said after."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    after: tuple[str, ...] = ()
    is_prose: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the few figures at the top."""

    title: str
    shown: str
    detail: str
    party: Party = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `data` are its figures as plain values."""

    kind: Literal["daily", "weekly", "monthly"]
    period: str
    language: Language
    kicker: str
    title: str
    headline: str
    warnings: tuple[str, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    made: str
    data: Mapping[str, Any] = field(default_factory=dict)
