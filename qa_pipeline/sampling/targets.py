"""Calls that people hear for a reason of their own: flagged by the machine, or on a list.

They are targeted: a rate is never made of them. A call that was drawn at random is heard already
and not picked again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from qa_pipeline.sampling.draw import lowest, seed_of, ticket
from qa_pipeline.sampling.plan import Flagged
from qa_pipeline.sampling.strata import column

FLAGGED, BACK_CHECK = "flagged", "back_check"


@dataclass(frozen=True, slots=True)
class Target:
    """A call picked by a rule: `n_picked` of the `n_population` calls that it fits."""

    call_id: str
    reason: str
    rule: str
    ticket: int
    n_population: int
    n_picked: int


@dataclass(frozen=True, slots=True)
class BackCheckList:
    """The values of a list that was read: what to look for in the column `match`."""

    id: str
    match: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a list: its values, the calls they name, and the values that name none."""

    id: str
    n_wanted: int
    n_calls: int
    n_heard_already: int
    unknown: tuple[str, ...]


def back_checked(
    calls: pl.DataFrame,
    lists: Iterable[BackCheckList],
    heard: Collection[str],
    names: tuple[str, str],
) -> tuple[list[Target], list[Listed]]:
    """Return the listed calls that nobody hears yet, and what became of each list.

    `heard` are calls that people hear already; `names` are the period and the plan's seed.
    """
    taken = set(heard)
    targets: list[Target] = []
    found: list[Listed] = []
    for listed in lists:
        by_value = _calls_by(calls, listed.match)
        named = sorted({c for value in listed.wanted for c in by_value.get(value, ())})
        new = [call_id for call_id in named if call_id not in taken]
        targets += _picked(new, BACK_CHECK, listed.id, names, len(named))
        taken.update(new)
        unknown = tuple(value for value in listed.wanted if value not in by_value)
        found.append(
            Listed(listed.id, len(listed.wanted), len(named), len(named) - len(new), unknown)
        )
    return targets, found


def flagged(
    calls: pl.DataFrame,
    rules: Iterable[tuple[Flagged, int | None]],
    heard: Collection[str],
    names: tuple[str, str],
) -> list[Target]:
    """Return the flagged calls that nobody hears yet; each rule comes with how many it may add."""
    taken = set(heard)
    targets: list[Target] = []
    for rule, most in rules:
        fit = calls.filter(pl.col(rule.rule))["call_id"].to_list()
        new = [call_id for call_id in fit if call_id not in taken]
        chosen = lowest(new, len(new) if most is None else most, _seed(FLAGGED, rule.rule, names))
        targets += _picked(chosen, FLAGGED, rule.rule, names, len(fit))
        taken.update(chosen)
    return targets


def _picked(
    call_ids: Collection[str], reason: str, rule: str, names: tuple[str, str], n_population: int
) -> list[Target]:
    seed = _seed(reason, rule, names)
    return [
        Target(call_id, reason, rule, ticket(call_id, seed), n_population, len(call_ids))
        for call_id in sorted(call_ids)
    ]


def _seed(reason: str, rule: str, names: tuple[str, str]) -> str:
    period, seed = names
    return seed_of(period, f"{reason}={rule}", seed)


def _calls_by(calls: pl.DataFrame, name: str) -> Mapping[str, list[str]]:
    """Return value of the column -> calls with it; no calls where no call has the column."""
    values = column(calls, name)
    by_value: dict[str, list[str]] = {}
    if values is not None:
        table = calls.select("call_id", values.cast(pl.String).alias("value")).drop_nulls()
        for call_id, value in table.iter_rows():
            by_value.setdefault(value, []).append(call_id)
    return by_value
