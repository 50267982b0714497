"""What a plan buys: the interval that each group's rate will have, and what too few would take.

Expected rates come from people's earlier reviews of the stratum, smoothed (x+1)/(m+2); a stratum
that nobody has reviewed yet counts 0.5, which gives the widest interval there is.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_pipeline.sampling.allocation import allocate, proportional
from qa_pipeline.sampling.capacity import calls_for_precision
from qa_pipeline.sampling.cells import Cell, Member
from qa_pipeline.statistics.intervals import Interval, wilson
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

#: Half the width of an interval that most decisions can live with: five points.
PRECISE = 0.05
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """A group's calls in one cell: how many, how many of them are expected to be drawn, its rate.

    `rate` is the expected share that passes, 0-1, neither 0 nor 1.
    """

    n_population: int
    n_drawn: float
    rate: float


@dataclass(frozen=True, slots=True)
class Expected:
    """A group's rate to come. `interval` is None where it would be too few.

    `n_needed`: the calls that would just be enough, None where they are enough as planned.
    `n_precise`: the calls that would make it plus or minus five points.
    """

    group: str
    n_population: int
    n_drawn: float
    n_effective: float
    interval: Interval | None
    n_needed: int | None
    n_precise: int


def expected_rate(group: str, parts: Sequence[Part]) -> Expected:
    """Return what the interval of a group's rate will be.

    Source: as `statistics.stratified.weighted_rate`, with expected counts in the place of seen.
    """
    n_effective, rate = _effective_n(parts)
    is_enough = n_effective >= MIN_EFFECTIVE_N
    return Expected(
        group=group,
        n_population=sum(part.n_population for part in parts),
        n_drawn=math.fsum(part.n_drawn for part in parts),
        n_effective=n_effective,
        interval=wilson(rate, n_effective) if is_enough else None,
        n_needed=None if is_enough else _needed(parts),
        n_precise=_precise(rate, sum(part.n_population for part in parts)),
    )


def _effective_n(parts: Sequence[Part]) -> tuple[float, float]:
    n_population = sum(part.n_population for part in parts)
    rate = variance = 0.0
    for part in parts:
        share = part.n_population / n_population
        rate += share * part.rate
        unseen = max(0.0, 1 - part.n_drawn / part.n_population)
        variance += share**2 * unseen * part.rate * (1 - part.rate) / part.n_drawn
    return (math.inf if variance == 0 else rate * (1 - rate) / variance), min(rate, 1.0)


def _precise(rate: float, n_population: int) -> int:
    n = calls_for_precision(rate, PRECISE, n_population)
    return min(n_population, math.ceil(n - _ROUNDING))


def _needed(parts: Sequence[Part]) -> int:
    """Return the fewest calls, shared out in proportion, that make the rate one that is shown."""
    sizes = {f"{i:06d}": part.n_population for i, part in enumerate(parts)}
    rates = {f"{i:06d}": part.rate for i, part in enumerate(parts)}
    low, high = len(sizes), sum(sizes.values())
    while low < high:
        n = (low + high) // 2
        drawn = allocate(n, sizes, proportional(sizes), minimum=1)
        tried = [Part(sizes[i], drawn[i], rates[i]) for i in sizes]
        low, high = (low, n) if _effective_n(tried)[0] >= MIN_EFFECTIVE_N else (n + 1, high)
    return low


def groups_expected(
    cells: Sequence[Cell], group_of: Mapping[str, str], rates: Mapping[str, float]
) -> tuple[Expected, ...]:
    """Return each group's rate to come, by name, from the cells of a planned batch.

    `group_of` is of calls, `rates` of strata.
    """
    parts: dict[str, list[Part]] = {}
    for cell in cells:
        for group, n in Counter(group_of[member.call_id] for member in cell.members).items():
            own = [m for m in cell.members if group_of[m.call_id] == group]
            expected = cell.n_drawn * n / len(cell.members)
            parts.setdefault(group, []).append(Part(n, expected, _mean_rate(own, rates)))
    return tuple(expected_rate(group, parts[group]) for group in sorted(parts))


def all_expected(cells: Sequence[Cell], rates: Mapping[str, float], name: str) -> Expected:
    """Return the rate to come over all calls, under the name `name`."""
    parts = [
        Part(len(cell.members), cell.n_drawn, _mean_rate(cell.members, rates)) for cell in cells
    ]
    return expected_rate(name, parts)


def _mean_rate(members: Sequence[Member], rates: Mapping[str, float]) -> float:
    return math.fsum(rates.get(member.stratum, 0.5) for member in members) / len(members)
