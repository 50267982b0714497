"""This month against the last: differences with intervals, corrected for many comparisons.

A family is what a reader looks over at once: the groups' machine rates, the groups' human rates,
the criteria. The rates of all groups together are compared alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa_pipeline.aggregate.figures import (
    Change,
    CriterionMonth,
    GroupMonth,
    SeverityCount,
)
from qa_pipeline.statistics.intervals import Interval, change_p, newcombe, wilson
from qa_pipeline.statistics.multiple import benjamini_hochberg
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

#: A rate as this module compares it: the estimate with its interval, and its (effective) size.
Measured = tuple[Interval, float]
Pair = tuple[Measured | None, Measured | None]


def changes(pairs: Sequence[Pair]) -> tuple[Change | None, ...]:
    """Return the change of each (now, before), None where either month has no rate."""
    found = [None if now is None or before is None else _raw(now, before) for now, before in pairs]
    q = iter(benjamini_hochberg([change.p for change in found if change is not None]))
    return tuple(None if change is None else replace(change, q=next(q)) for change in found)


def _raw(now: Measured, before: Measured) -> Change:
    p = change_p(now[0].value, now[1], before[0].value, before[1])
    return Change(before[0], newcombe(now[0], before[0]), p, p)


def groups_against(
    groups: Sequence[GroupMonth], groups_before: Sequence[GroupMonth]
) -> tuple[GroupMonth, ...]:
    """Return the groups of this month with the changes of both rates, one family each."""
    last = {group.group: group for group in groups_before}
    pairs = [(group, last.get(group.group)) for group in groups]
    machine = changes([(_machine(now), _machine(before)) for now, before in pairs])
    human = changes([(_human(now), _human(before)) for now, before in pairs])
    return tuple(
        replace(
            group,
            machine=replace(group.machine, change=machine[i]),
            human=replace(group.human, change=human[i]),
            severities=_severities(group, before),
        )
        for i, (group, before) in enumerate(pairs)
    )


def _machine(group: GroupMonth | None) -> Measured | None:
    rate = group.machine if group is not None else None
    if rate is None or rate.interval is None or not rate.is_enough:
        return None
    return rate.interval, rate.n_decided


def _human(group: GroupMonth | None) -> Measured | None:
    rate = group.human if group is not None else None
    if rate is None or rate.interval is None or rate.n_effective is None:
        return None
    return rate.interval, rate.n_effective


def _severities(group: GroupMonth, before: GroupMonth | None) -> tuple[SeverityCount, ...]:
    if before is None:
        return group.severities
    last = {count.severity: count.n_failed for count in before.severities}
    return tuple(replace(count, n_before=last.get(count.severity, 0)) for count in group.severities)


def criteria_against(
    criteria: Sequence[CriterionMonth], criteria_before: Sequence[CriterionMonth]
) -> tuple[CriterionMonth, ...]:
    """Return the criteria of this month with the change of their failure shares."""
    last = {(c.scorecard_id, c.criterion): c for c in criteria_before}
    pairs = [(c, last.get((c.scorecard_id, c.criterion))) for c in criteria]
    found = changes([(_failures(now), _failures(before)) for now, before in pairs])
    return tuple(replace(c, change=found[i]) for i, (c, _) in enumerate(pairs))


def _failures(criterion: CriterionMonth | None) -> Measured | None:
    share = criterion.failed_share if criterion is not None else None
    if criterion is None or share is None or criterion.n_judged < MIN_EFFECTIVE_N:
        return None
    return wilson(share, criterion.n_judged), criterion.n_judged
