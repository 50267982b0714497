"""Next month's rates, forecast from the months before; none where they are too few.

Only months without a gap count: a level that nobody measured for a month may have gone anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_pipeline.aggregate.figures import GroupMonth
from qa_pipeline.statistics.forecast import forecast
from qa_pipeline.statistics.intervals import Interval

#: A rate with its (effective) size, None where the month has none.
Known = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class PastGroup:
    """A group's rates in an earlier month; `group` None means all groups together."""

    group: str | None
    machine: Known
    human: Known


@dataclass(frozen=True, slots=True)
class PastMonth:
    """The rates of an earlier month."""

    period: str
    groups: tuple[PastGroup, ...]


def past_group(group: GroupMonth) -> PastGroup:
    """Return what a later month's forecast needs of a group."""
    machine, human = group.machine, group.human
    is_enough = machine.interval is not None and machine.is_enough
    return PastGroup(
        group.group,
        (machine.interval.value, machine.n_decided) if machine.interval and is_enough else None,
        (human.interval.value, human.n_effective)
        if human.interval is not None and human.n_effective is not None
        else None,
    )


def with_forecasts(group: GroupMonth, past: Sequence[PastMonth]) -> GroupMonth:
    """Return the group with next month's machine and human rate, where history allows."""
    known = [_of(month, group.group) for month in past] + [past_group(group)]
    return replace(
        group,
        machine=replace(group.machine, forecast=_next([month.machine for month in known])),
        human=replace(group.human, forecast=_next([month.human for month in known])),
    )


def _of(month: PastMonth, name: str | None) -> PastGroup:
    found = [group for group in month.groups if group.group == name]
    return found[0] if found else PastGroup(name, None, None)


def _next(months: Sequence[Known]) -> Interval | None:
    run: list[tuple[float, float]] = []
    for month in reversed(months):
        if month is None:
            break
        run.append(month)
    return forecast(run[::-1])
