"""The rates of earlier months that forecasts rest on, kept so that no report adds up a year.

A kept month stands as long as what it was added up from: its files, its batches, its reviews. It
is only a short way: lost or refused, it is worked out again.
"""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa_pipeline.aggregate.forecasts import PastGroup, PastMonth, past_group
from qa_pipeline.aggregate.month import rates_of
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.pipeline.periods import period_before
from qa_pipeline.store import Store
from qa_pipeline.store.columns import rates_state

#: Months before this one that a forecast looks back on.
N_PAST_MONTHS = 12
#: Raised whenever rates are worked out otherwise: what was kept before does not count then.
_VERSION = 1


def past_months(
    store: Store, period: str, tables: Callable[[Store, str], MonthTables]
) -> tuple[PastMonth, ...]:
    """Return the rates of the months before `period`, oldest first, back to the first gap."""
    months: list[PastMonth] = []
    for _ in range(N_PAST_MONTHS):
        period = period_before(period)
        state = _state(store, period)
        if state is None:
            break
        month = _kept(store, period, state)
        if month is None:
            month = _worked_out(tables(store, period))
            _keep(store, month, state)
        months.append(month)
    return tuple(reversed(months))


def _worked_out(tables: MonthTables) -> PastMonth:
    overall, groups = rates_of(tables)
    return PastMonth(tables.period, tuple(map(past_group, (overall, *groups))))


def _state(store: Store, period: str) -> str | None:
    """Return a hash of all that the month's rates rest on; None where nothing was judged."""
    facts = rates_state(store.ledger, period)
    if not facts["evaluations"]:
        return None
    said = json.dumps([_VERSION, facts], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _path(store: Store, period: str) -> Path:
    return store.path / "kept" / "rates" / f"{period}.json"


def _kept(store: Store, period: str, state: str) -> PastMonth | None:
    try:
        kept = json.loads(_path(store, period).read_bytes())
        if kept["state"] != state:
            return None
        groups = tuple(
            PastGroup(g["group"], _known(g["machine"]), _known(g["human"])) for g in kept["groups"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return PastMonth(period, groups)


def _known(pair: Any) -> tuple[float, float] | None:
    return None if pair is None else (float(pair[0]), float(pair[1]))


def _keep(store: Store, month: PastMonth, state: str) -> None:
    path = _path(store, month.period)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    kept = {"state": state, "groups": [asdict(group) for group in month.groups]}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)
    except OSError:  # a store that may only be read is reported all the same
        with suppress(OSError):
            partial.unlink()
