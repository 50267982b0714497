"""This month against the last: differences with intervals, corrected for many comparisons.

A family is what a reader looks over at once: the groups' machine rates, the groups' human rates,
the criteria. The rates of all groups together are compared alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

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
    """Return the groups of this month with the changes of their rates, one family each."""
    last = {group.group: group for group in groups_before}
    pairs = [(group, last.get(group.group)) for group in groups]
    machine = changes([(_machine(now), _machine(before)) for now, before in pairs])
    human = changes([(_people(now, "human"), _people(was, "human")) for now, was in pairs])
    combined = changes([(_people(now, "combined"), _people(was, "combined")) for now, was in pairs])
    classes = iter(changes([pair for now, was in pairs for pair in _classes(now, was)]))
    return tuple(
        replace(
            group,
            machine=replace(group.machine, change=machine[i]),
            human=replace(group.human, change=human[i]),
            combined=replace(group.combined, change=combined[i]),
            severities=tuple(
                replace(count, n_before=_n_before(count, before), change=next(classes))
                for count in group.severities
            ),
        )
        for i, (group, before) in enumerate(pairs)
    )


def against_rest(groups: Sequence[GroupMonth]) -> tuple[GroupMonth, ...]:
    """Return the groups, each with its machine rate against that of all others together."""
    n_passed = sum(group.machine.n_passed for group in groups)
    n_decided = sum(group.machine.n_decided for group in groups)
    pairs: list[Pair] = []
    for group in groups:
        n = n_decided - group.machine.n_decided
        rest = (n_passed - group.machine.n_passed) / n if n >= MIN_EFFECTIVE_N else None
        pairs.append((_machine(group), None if rest is None else (wilson(rest, n), n)))
    found = changes(pairs)
    return tuple(
        replace(group, machine=replace(group.machine, against_rest=found[i]))
        for i, group in enumerate(groups)
    )


def _machine(group: GroupMonth | None) -> Measured | None:
    rate = group.machine if group is not None else None
    if rate is None or rate.interval is None or not rate.is_enough:
        return None
    return rate.interval, rate.n_decided


def _people(group: GroupMonth | None, which: Literal["human", "combined"]) -> Measured | None:
    if group is None:
        return None
    rate = group.human if which == "human" else group.combined
    if rate.interval is None or rate.n_effective is None:
        return None
    return rate.interval, rate.n_effective


def _classes(now: GroupMonth, before: GroupMonth | None) -> list[Pair]:
    return [
        (_class_share(now, c.severity), _class_share(before, c.severity)) for c in now.severities
    ]


def _class_share(group: GroupMonth | None, severity: str) -> Measured | None:
    """Return the share of calls with a failure of a class; None in months too small for one."""
    n_calls = group.machine.n_calls if group is not None else 0
    if group is None or n_calls < MIN_EFFECTIVE_N:
        return None
    n_failed = sum(c.n_calls for c in group.severities if c.severity == severity)
    return wilson(min(1.0, n_failed / n_calls), n_calls), n_calls


def _n_before(count: SeverityCount, before: GroupMonth | None) -> int | None:
    if before is None:
        return None
    return sum(c.n_failed for c in before.severities if c.severity == count.severity)


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
