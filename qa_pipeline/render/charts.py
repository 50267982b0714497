"""The geometry of our charts: figures to coordinates; the templates draw and escape them.

One user unit is one CSS pixel at full width. Nothing here writes SVG. A long list becomes several
charts on one scale, none taller than a sheet of paper.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa_pipeline.aggregate.figures import CriterionMonth
from qa_pipeline.render.numbers import count, percent
from qa_pipeline.render.titles import Titles
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Language

WIDTH = 1000
_LEFT, _RIGHT = 190, 784
_TOP = 34
_LINE, _GAP, _LAST = 20, 18, 14
#: Rows of a dot chart that half a sheet of A4 holds: a taller chart leaves the sheet before empty.
MAX_ROWS = 11

Party = Literal["human", "machine", "combined"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line and its label."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure to be drawn: without an interval only its `label` stands, and `detail` in brackets.

    `is_faint`: a change without evidence.
    """

    party: Party
    interval: Interval | None
    label: str
    detail: str
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class DotLine:
    """A row to be drawn: a name and its figures."""

    name: str
    dots: tuple[Dot, ...]
    is_overall: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot with its interval line at height `y`; without a rate only the text `label` stands."""

    party: Party
    y: float
    x: float | None
    low: float
    high: float
    label: str
    detail: str
    is_faint: bool


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A labelled row of marks between `top` and `top + height`."""

    name: str
    y: float
    top: float
    height: float
    marks: tuple[Mark, ...]
    is_overall: bool


@dataclass(frozen=True, slots=True)
class DotChart:
    """Dots with interval lines, a row a group."""

    width: int
    height: int
    left: int
    right: int
    label_x: int
    ticks: tuple[Tick, ...]
    rows: tuple[MarkRow, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of values along the row, and where its grid lines stand."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def x(self, value: float) -> float:
        """Return the place of a value, at the edge where it lies outside."""
        inside = min(max(value, self.low), self.high)
        return round(_LEFT + (_RIGHT - _LEFT) * (inside - self.low) / (self.high - self.low), 1)


def rate_scale(intervals: Iterable[Interval]) -> Scale:
    """Return a scale of rates in tenths that holds the intervals, a fifth wide at least."""
    shown = list(intervals)
    low = math.floor(10 * min((i.low for i in shown), default=0.0) + 1e-9) / 10
    high = math.ceil(10 * max((i.high for i in shown), default=1.0) - 1e-9) / 10
    if high - low < 0.2:
        low, high = (high - 0.2, high) if high >= 0.2 else (low, low + 0.2)
    step = 0.1 if high - low <= 0.6 + 1e-9 else 0.2
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [step * i for i in range(first, last + 1)]
    return Scale(
        low, high, tuple((v, f"{100 * v:.0f}%".replace("-", "\N{MINUS SIGN}")) for v in values)
    )


def dot_charts(lines: Sequence[DotLine], scale: Scale) -> tuple[DotChart, ...]:
    """Return the rows as charts on one scale."""
    return tuple(_dot_chart(lines[i : i + MAX_ROWS], scale) for i in range(0, len(lines), MAX_ROWS))


def _dot_chart(lines: Sequence[DotLine], scale: Scale) -> DotChart:
    rows, top = [], float(_TOP)
    for line in lines:
        height = _LINE * len(line.dots) + _GAP
        marks = tuple(
            _mark(dot, scale, top + _GAP / 2 + _LINE * (i + 0.5)) for i, dot in enumerate(line.dots)
        )
        rows.append(MarkRow(line.name, top + height / 2, top, height, marks, line.is_overall))
        top += height
    ticks = tuple(Tick(scale.x(v), label) for v, label in scale.ticks)
    return DotChart(WIDTH, round(top) + _LAST, _LEFT, _RIGHT, _RIGHT + 14, ticks, tuple(rows))


def _mark(dot: Dot, scale: Scale, y: float) -> Mark:
    if dot.interval is None:
        return Mark(dot.party, y, None, 0, 0, dot.label, dot.detail, dot.is_faint)
    x, low, high = (scale.x(v) for v in (dot.interval.value, dot.interval.low, dot.interval.high))
    return Mark(dot.party, y, x, low, high, dot.label, dot.detail, dot.is_faint)


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar of a criterion's failures, and the share of all failures down to it."""

    name: str
    severity: str
    severity_rank: int
    y: float
    width: float
    label: str
    detail: str
    cumulative_x: float
    cumulative: str


@dataclass(frozen=True, slots=True)
class ParetoChart:
    """Bars, the longest first, and beside them the line of their cumulative share."""

    width: int
    height: int
    left: int
    bar_height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    line: str


_BAR_LEFT, _BAR_RIGHT, _BAR_ROW, _BAR_TOP = 300, 590, 34, 40
_SUM_LEFT, _SUM_RIGHT = 730, 920


def pareto_chart(
    problems: Sequence[CriterionMonth],
    n_failed: int,
    ranks: Mapping[str, int],
    titles: Titles,
    language: Language,
) -> ParetoChart:
    """Return the criteria that failed most, of `n_failed` in all; `ranks` colour classes."""
    longest = max((problem.n_failed for problem in problems), default=1)
    bars, so_far = [], 0
    for i, problem in enumerate(problems):
        so_far += problem.n_failed
        share = so_far / n_failed
        bars.append(
            Bar(
                name=_bar_name(problem, problems, titles, language),
                severity=problem.severity,
                severity_rank=ranks.get(problem.severity, 2),
                y=_BAR_TOP + _BAR_ROW * i,
                width=round((_BAR_RIGHT - _BAR_LEFT) * problem.n_failed / longest, 1),
                label=count(problem.n_failed),
                detail=percent(problem.failed_share or 0.0),
                cumulative_x=round(_SUM_LEFT + (_SUM_RIGHT - _SUM_LEFT) * share, 1),
                cumulative=f"{100 * share:.0f}%",
            )
        )
    ticks = tuple(
        Tick(_SUM_LEFT + (_SUM_RIGHT - _SUM_LEFT) * share / 100, f"{share}%")
        for share in (0, 50, 100)
    )
    line = " ".join(f"{bar.cumulative_x},{bar.y + 10}" for bar in bars)
    height = _BAR_TOP + 8 + _BAR_ROW * len(bars)
    return ParetoChart(WIDTH, height, _BAR_LEFT, 20, tuple(bars), ticks, line)


def _bar_name(
    problem: CriterionMonth, problems: Sequence[CriterionMonth], titles: Titles, language: Language
) -> str:
    """Return the criterion's title, and its scorecard's where two bars would be called alike."""
    name = titles.criterion(problem.scorecard_id, problem.criterion, language)
    named = [titles.criterion(p.scorecard_id, p.criterion, language) for p in problems]
    if named.count(name) == 1:
        return name
    return f"{name} · {titles.scorecard(problem.scorecard_id, language)}"
