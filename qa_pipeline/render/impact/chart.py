"""The chart of groups: two dots and the way between them, one row a group, on a cut-out of 0-100 %.

One user unit is one CSS pixel at full width. Nothing here writes SVG.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa_pipeline.aggregate.impact import GroupImpact
from qa_pipeline.render.numbers import percent, points, points_range
from qa_pipeline.texts import Language

WIDTH = 1000
LABEL_X = 700
_LEFT, _RIGHT = 196, 670
_TOP, _ROW, _LAST = 34, 40, 12
#: More rows make no picture; the table has them all.
MAX_ROWS = 20


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    """One group's rates as places; `direction` None where the change may be chance."""

    name: str
    y: float
    x_before: float
    x_now: float
    rates: str
    change: str
    interval: str
    direction: Literal["up", "down"] | None
    is_overall: bool


@dataclass(frozen=True, slots=True)
class DumbbellChart:
    """Rows and grid lines of the chart."""

    width: int
    height: float
    label_x: int
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[DumbbellRow, ...]


def dumbbells(
    groups: Sequence[tuple[str, GroupImpact]], language: Language
) -> DumbbellChart | None:
    """Return the chart of named groups that have a rate, all groups first; None without any."""
    with_rate = [(name, g.rate, g.n_decided_by_both) for name, g in groups if g.rate is not None]
    if not with_rate:
        return None
    rest = sorted(with_rate[1:], key=lambda row: (-row[2], row[0]))
    drawn = [(name, rate) for name, rate, _ in (with_rate[0], *rest[: MAX_ROWS - 1])]
    rates = [r for _, rate in drawn for r in (rate.before, rate.now)]
    low = max(0.0, math.floor((min(rates) - 0.04) * 10) / 10)
    high = min(1.0, math.ceil((max(rates) + 0.04) * 10) / 10)

    def at(rate: float) -> float:
        return round(_LEFT + (rate - low) / (high - low) * (_RIGHT - _LEFT), 1)

    step = 0.1 if high - low <= 0.5 else 0.2
    n_ticks = round((high - low) / step)
    ticks = tuple(
        (at(low + i * step), percent(low + i * step).replace(".0", ""))
        for i in range(n_ticks + 1)
        if low + i * step <= high + 1e-9
    )
    rows = tuple(
        DumbbellRow(
            name=name,
            y=_TOP + _ROW * i + _ROW / 2,
            x_before=at(rate.before),
            x_now=at(rate.now),
            rates=f"{percent(rate.before)} → {percent(rate.now)}",
            change=points(rate.difference.value),
            interval=points_range(rate.difference, language),
            direction=rate.direction,
            is_overall=i == 0,
        )
        for i, (name, rate) in enumerate(drawn)
    )
    return DumbbellChart(WIDTH, _TOP + _ROW * len(rows) + _LAST, LABEL_X, ticks, rows)
