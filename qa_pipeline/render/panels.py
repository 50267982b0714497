"""The geometry of small multiples: rates over time, a panel a group, all on one scale."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa_pipeline.render.charts import WIDTH, Party, Scale
from qa_pipeline.render.numbers import percent
from qa_pipeline.statistics.intervals import Interval


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


def thinned(scale: Scale, n: int) -> Scale:
    """Return the scale with at most `n` grid lines, the outer ones kept where that is even."""
    step = max(1, math.ceil((len(scale.ticks) - 1) / max(1, n - 1)))
    return Scale(scale.low, scale.high, scale.ticks[::step])


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


def _point(
    x: float, interval: Interval, at_y: Callable[[float], float], *, is_forecast: bool
) -> Point:
    y, low, high = (at_y(v) for v in (interval.value, interval.low, interval.high))
    return Point(x, y, low, high, is_forecast, percent(interval.value))


def _series(course: Course, places: Sequence[float], at_y: Callable[[float], float]) -> Series:
    points_by_stop = [
        None
        if seen.interval is None
        else _point(place, seen.interval, at_y, is_forecast=seen.is_forecast)
        for seen, place in zip(course.seen, places, strict=True)
    ]
    pairs = [(a, b) for a, b in pairwise(points_by_stop) if a is not None and b is not None]
    return Series(
        course.party,
        tuple(point for point in points_by_stop if point is not None),
        tuple(pair for pair in pairs if not pair[1].is_forecast),
        tuple(pair for pair in pairs if pair[1].is_forecast),
    )
