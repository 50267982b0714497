"""The geometry of our charts: figures to coordinates; the templates draw and escape them.

One user unit is one CSS pixel at full width. Nothing here writes SVG.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa_pipeline.aggregate.figures import Change, CriterionMonth, GroupMonth
from qa_pipeline.render.numbers import NONE, count, percent, percent_range, points
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.views import ChangeCell, GroupRow
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Language

WIDTH = 1000
_LEFT, _RIGHT = 190, 784
_TOP = 34
_ROW, _LAST = 58, 14

Party = Literal["human", "machine"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line and its label."""

    x: float
    label: str
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot with its interval line at height `y`; without a rate only the text `label` stands.

    `is_faint`: a change without evidence.
    """

    party: Party
    y: float
    x: float | None
    low: float
    high: float
    label: str
    detail: str
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row with a mark for people and one for the machine."""

    name: str
    y: float
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
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(_LEFT + (_RIGHT - _LEFT) * (inside - self.low) / (self.high - self.low), 1)


def rates_chart(groups: Sequence[GroupMonth], rows: Sequence[GroupRow]) -> DotChart:
    """Return people's and the machine's rate of each group, side by side."""
    shown = [i for g in groups for i in (_human(g), _machine(g)) if i is not None]
    low = math.floor(10 * min((i.low for i in shown), default=0.0) + 1e-9) / 10
    high = math.ceil(10 * max((i.high for i in shown), default=1.0) - 1e-9) / 10
    if high - low < 0.2:
        low, high = max(0.0, high - 0.2), max(0.2, high)
    scale = _Scale(low, high)
    ticks = tuple(Tick(scale.x(value), f"{100 * value:.0f}%") for value in _steps(low, high))
    lines = [
        (
            _mark("human", _human(group), scale, row.human.n, row.human.note),
            _mark("machine", _machine(group), scale, row.machine.n, row.machine.note),
        )
        for group, row in zip(groups, rows, strict=True)
    ]
    return _dot_chart(rows, lines, ticks)


def changes_chart(groups: Sequence[GroupMonth], rows: Sequence[GroupRow]) -> DotChart | None:
    """Return the changes of both rates around zero; None where no month can be compared."""
    pairs = [(group.human.change, group.machine.change) for group in groups]
    reach = max((_reach(change) for pair in pairs for change in pair if change), default=None)
    if reach is None:
        return None
    edge = max(0.05, math.ceil(20 * reach - 1e-9) / 20)
    scale = _Scale(-edge, edge)
    step = next(s for s in (0.025, 0.05, 0.1, 0.2, 0.5) if edge / s <= 4)
    values = [
        step * i for i in range(-math.floor(edge / step + 1e-9), math.floor(edge / step + 1e-9) + 1)
    ]
    ticks = tuple(
        Tick(scale.x(value), points(value).removesuffix(".0"), is_zero=abs(value) < 1e-12)
        for value in values
    )
    lines = [
        (
            _change_mark("human", human, scale, row.human.change),
            _change_mark("machine", machine, scale, row.machine.change),
        )
        for (human, machine), row in zip(pairs, rows, strict=True)
    ]
    return _dot_chart(rows, lines, ticks)


def _human(group: GroupMonth) -> Interval | None:
    return group.human.interval


def _machine(group: GroupMonth) -> Interval | None:
    return group.machine.interval if group.machine.is_enough else None


def _reach(change: Change) -> float:
    return max(abs(change.difference.low), abs(change.difference.high))


def _steps(low: float, high: float) -> Iterable[float]:
    step = 0.1 if high - low <= 0.6 + 1e-9 else 0.2
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return (step * i for i in range(first, last + 1))


def _mark(party: Party, interval: Interval | None, scale: _Scale, n: str, note: str | None) -> Mark:
    if interval is None:
        return Mark(party, 0, None, 0, 0, note or NONE, n)
    return Mark(
        party,
        0,
        scale.x(interval.value),
        scale.x(interval.low),
        scale.x(interval.high),
        percent(interval.value),
        percent_range(interval),
    )


def _change_mark(party: Party, change: Change | None, scale: _Scale, cell: ChangeCell) -> Mark:
    if change is None:
        return Mark(party, 0, None, 0, 0, cell.note, "")
    d = change.difference
    return Mark(
        party,
        0,
        scale.x(d.value),
        scale.x(d.low),
        scale.x(d.high),
        f"{cell.arrow} {cell.value}".strip(),
        cell.interval or "",
        is_faint=change.direction is None,
    )


def _dot_chart(
    rows: Sequence[GroupRow], lines: Sequence[tuple[Mark, Mark]], ticks: tuple[Tick, ...]
) -> DotChart:
    placed = []
    for i, (row, (human, machine)) in enumerate(zip(rows, lines, strict=True)):
        y = _TOP + _ROW * i + _ROW / 2
        marks = (replace(human, y=y - 10), replace(machine, y=y + 10))
        placed.append(Row(row.name, y, marks, row.is_overall))
    height = _TOP + _ROW * len(rows) + _LAST
    return DotChart(WIDTH, height, _LEFT, _RIGHT, _RIGHT + 14, ticks, tuple(placed))


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar of a criterion's failures, with its class and share."""

    name: str
    severity: str
    severity_rank: int
    y: float
    width: float
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, the longest first."""

    width: int
    height: int
    left: int
    bar_height: int
    bars: tuple[Bar, ...]


_BAR_LEFT, _BAR_RIGHT, _BAR_ROW = 316, 800, 34


def pareto_chart(
    problems: Sequence[CriterionMonth],
    ranks: Mapping[str, int],
    titles: Titles,
    language: Language,
) -> BarChart:
    """Return the criteria that failed most, as bars of failed calls; `ranks` colour classes."""
    longest = max((problem.n_failed for problem in problems), default=1)
    bars = tuple(
        Bar(
            name=titles.criterion(problem.scorecard_id, problem.criterion, language),
            severity=problem.severity,
            severity_rank=ranks.get(problem.severity, 2),
            y=8 + _BAR_ROW * i,
            width=round((_BAR_RIGHT - _BAR_LEFT) * problem.n_failed / longest, 1),
            label=count(problem.n_failed),
            detail=percent(problem.failed_share or 0.0),
        )
        for i, problem in enumerate(problems)
    )
    return BarChart(WIDTH, 16 + _BAR_ROW * len(bars), _BAR_LEFT, 20, bars)
