"""The geometry of our charts: figures to coordinates; the templates draw and escape them.

One user unit is one CSS pixel at full width. Nothing here writes SVG. A long list becomes several
charts on one scale, none taller than a sheet of paper.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    is_zero: bool = False


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


def thinned(scale: Scale, n: int) -> Scale:
    """Return the scale with at most `n` grid lines, the outer ones kept where that is even."""
    step = max(1, math.ceil((len(scale.ticks) - 1) / max(1, n - 1)))
    return Scale(scale.low, scale.high, scale.ticks[::step])


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
    ticks = tuple(Tick(scale.x(v), label, is_zero=abs(v) < 1e-12) for v, label in scale.ticks)
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


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a panel's way through time, and its label."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A rate at one time, to be drawn; `is_forecast`: not seen yet."""

    interval: Interval | None
    is_forecast: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """One party's rates over the stops of a panel."""

    party: Party
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel to be drawn: a name and its courses; `note` where there is nothing to draw."""

    name: str
    courses: tuple[Course, ...]
    note: str = ""
    is_overall: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A dot with an interval line upright at `x`."""

    x: float
    y: float
    low: float
    high: float
    is_forecast: bool
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One party's points; `lines` join neighbours that were both seen, `dashes` lead into doubt."""

    party: Party
    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    dashes: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A small chart of rates over time within a frame."""

    name: str
    x: float
    y: float
    width: float
    height: float
    left: float
    right: float
    grid: tuple[tuple[float, str], ...]
    stops: tuple[Stop, ...]
    series: tuple[Series, ...]
    note: str
    is_overall: bool


@dataclass(frozen=True, slots=True)
class PanelChart:
    """Panels in rows, all on one scale. `is_single`: one wide panel, with figures at its points."""

    width: int
    height: int
    panels: tuple[Panel, ...]
    is_single: bool


_PER_ROW, _PANEL_HEIGHT, _SINGLE_HEIGHT = 4, 176, 300
_MAX_PANELS = 12


def panel_charts(
    lines: Sequence[PanelLine], stops: Sequence[str], scale: Scale
) -> tuple[PanelChart, ...]:
    """Return the panels as charts on one scale; `stops` name the times."""
    if len(lines) == 1:
        return (_panels(lines, stops, scale, per_row=1),)
    few = thinned(scale, 4)
    return tuple(
        _panels(lines[i : i + _MAX_PANELS], stops, few, per_row=_PER_ROW)
        for i in range(0, len(lines), _MAX_PANELS)
    )


def _panels(
    lines: Sequence[PanelLine], stops: Sequence[str], scale: Scale, *, per_row: int
) -> PanelChart:
    width = WIDTH / per_row
    height = _SINGLE_HEIGHT if per_row == 1 else _PANEL_HEIGHT
    panels = tuple(
        _panel(line, stops, scale, (width * (i % per_row), height * (i // per_row), width, height))
        for i, line in enumerate(lines)
    )
    n_rows = math.ceil(len(lines) / per_row)
    return PanelChart(WIDTH, round(height * n_rows) + 6, panels, is_single=per_row == 1)


def _panel(
    line: PanelLine, stops: Sequence[str], scale: Scale, box: tuple[float, float, float, float]
) -> Panel:
    x, y, width, height = box
    left, right, top, bottom = x + 52, x + width - 22, y + 38, y + height - 34
    room = (right - left) / len(stops)

    def at_y(value: float) -> float:
        inside = min(max(value, scale.low), scale.high)
        return round(bottom - (bottom - top) * (inside - scale.low) / (scale.high - scale.low), 1)

    places = [round(left + room * (i + 0.5), 1) for i in range(len(stops))]
    # two parties side by side, so that neither interval hides the other
    shift = {course.party: 5 * (2 * i - 1) for i, course in enumerate(line.courses[:2])}
    series = tuple(
        _series(course, [place + shift.get(course.party, 0) for place in places], at_y)
        for course in line.courses
    )
    return Panel(
        line.name, x, y, width, height, left, right,
        tuple((at_y(value), label) for value, label in scale.ticks),
        tuple(Stop(place, label) for place, label in zip(places, stops, strict=True)),
        series, line.note, line.is_overall,
    )  # fmt: skip


def _series(course: Course, places: Sequence[float], at_y: Callable[[float], float]) -> Series:
    points_by_stop = [
        None
        if seen.interval is None
        else Point(
            place,
            *(at_y(v) for v in (seen.interval.value, seen.interval.low, seen.interval.high)),
            is_forecast=seen.is_forecast,
            label=percent(seen.interval.value),
        )
        for seen, place in zip(course.seen, places, strict=True)
    ]
    pairs = [(a, b) for a, b in pairwise(points_by_stop) if a is not None and b is not None]
    return Series(
        course.party,
        tuple(point for point in points_by_stop if point is not None),
        tuple(pair for pair in pairs if not pair[1].is_forecast),
        tuple(pair for pair in pairs if pair[1].is_forecast),
    )
