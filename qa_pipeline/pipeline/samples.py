"""Draws a period's sample from a store, freezes it in the ledger and gives it to reviewers.

The ledger keeps the whole batch: drawn calls under the purpose "random", the others under "frame",
so that every call has its inclusion probability and a late call is known by not being there.
Calls heard for a reason of their own (flagged, on a list) stand there as "targeted".
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from math import floor
from pathlib import Path

import polars as pl

from qa_pipeline.pipeline.issuing import Issued, issue
from qa_pipeline.pipeline.listing import write_listing
from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.pipeline.sample_frame import (
    DRAWN,
    NOT_DRAWN,
    TARGETED,
    days_covered,
    judged_frame,
    nothing_judged,
    seen_by_people,
)
from qa_pipeline.pipeline.sample_notes import notes_of
from qa_pipeline.sampling.allocation import smoothed_spread
from qa_pipeline.sampling.batch import Batch, draw_batch
from qa_pipeline.sampling.capacity import Days, batch_size, cumulative, random_calls
from qa_pipeline.sampling.draw import lowest, seed_of
from qa_pipeline.sampling.members import SUBJECTS, design_of, members_of, reason_of
from qa_pipeline.sampling.plan import Flagged
from qa_pipeline.sampling.plan_load import SHIPPED_PLAN, LoadedPlan, load_plan
from qa_pipeline.sampling.targets import FLAGGED, Listed, Target, back_checked, flagged
from qa_pipeline.settings import Settings
from qa_pipeline.store import AssignmentRow, BatchRow, SampleRow, Store
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """The period's sample as frozen, and the batch that this draw added.

    `rows` are all calls drawn at random, `targeted` those heard for a reason of their own,
    `assignments` who hears them. `new_batch` is None where nothing was to be added. `listing` is
    the CSV; `notes` are what a lead should know.
    """

    period: str
    rows: tuple[SampleRow, ...]
    targeted: tuple[SampleRow, ...]
    assignments: tuple[AssignmentRow, ...]
    new_batch: str | None
    listing: Path
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Period:
    """What a batch is closed against."""

    period: str
    loaded: LoadedPlan
    frozen: tuple[SampleRow, ...]
    days: Days
    until: date | None

    @property
    def next_batch(self) -> str:
        return f"{len({row.batch for row in self.frozen}) + 1:03d}"

    @property
    def names(self) -> tuple[str, str]:
        return self.period, self.loaded.plan.seed


@dataclass(frozen=True, slots=True)
class _Closed:
    rows: tuple[SampleRow, ...]
    batch: BatchRow
    lists: tuple[Listed, ...]


def draw_sample(
    store_path: Path,
    period: str,
    settings: Settings,
    plan: LoadedPlan | None = None,
    *,
    until: date | None = None,
) -> Drawn:
    """Draw and freeze the sample of a period's calls, up to the local date `until` if given.

    Drawing again gives the same sample; calls that came since then form the next batch, and the
    `plan` (the shipped one for None) counts for that batch alone. Raises WrongUse where the period
    has no judged calls.
    """
    checked_period(period)
    loaded = load_plan(SHIPPED_PLAN) if plan is None else plan
    now = datetime.now(UTC)
    with Store.open(store_path, database_url=settings.database_url) as store:
        calls = judged_frame(store, period)
        known = calls if until is None else calls.filter(pl.col("local_date") <= until)
        if known.is_empty():
            raise nothing_judged(store_path, period)
        batches, frozen = store.ledger.batches(period), store.ledger.samples(period)
        days = days_covered(period, batches, is_framed=bool(frozen), until=until)
        against = _Period(period, loaded, frozen, days, until)
        closed = _close(store, known, against, now)
        if closed.rows:
            store.ledger.save_sample(closed.rows, closed.batch)
            frozen = store.ledger.samples(period)
        issued = issue(store.ledger, calls, frozen, loaded.plan, (period, now, settings.zone))
    new = closed.batch if closed.rows else None
    listing = store_path / "samples" / f"{period}.csv"
    write_listing(listing, frozen, issued.assignments, calls)
    return Drawn(
        period=period,
        rows=tuple(row for row in frozen if row.purpose == DRAWN),
        targeted=tuple(row for row in frozen if row.purpose == TARGETED),
        assignments=issued.assignments,
        new_batch=None if new is None else new.batch,
        listing=listing,
        notes=tuple(_notes(known, against, batches, closed, issued)),
    )


def _notes(
    known: pl.DataFrame,
    against: _Period,
    batches: tuple[BatchRow, ...],
    closed: _Closed,
    issued: Issued,
) -> list[Text]:
    new = closed.batch if closed.rows else None
    n_drawn = sum(row.purpose == DRAWN for row in closed.rows)
    return notes_of(known, against.loaded, (batches, new, n_drawn), closed.lists, issued)


def _close(store: Store, known: pl.DataFrame, against: _Period, now: datetime) -> _Closed:
    """Close a batch over the calls that no batch knows; nothing is written."""
    framed = [row for row in against.frozen if row.purpose != TARGETED]
    fresh = known.filter(~pl.col("call_id").is_in([row.call_id for row in framed]))
    plan, names = against.loaded.plan, against.names
    n_wanted, rows = 0, []
    if not fresh.is_empty():
        n_wanted, batch = _random_part(store, fresh, known, against)
        rows = _doubled(_rows(batch, now), framed, plan.double_review, names)
    heard = {row.call_id for row in (*against.frozen, *rows) if row.purpose != NOT_DRAWN}
    targets, lists = back_checked(known, against.loaded.lists, heard, names)
    heard |= {target.call_id for target in targets}
    targets += flagged(fresh, _flag_rules(against), heard, names)
    rows += [_target_row(target, against, now) for target in targets]
    batch_row = BatchRow(
        period=against.period,
        batch=against.next_batch,
        until=against.until,
        n_calls=fresh.height,
        n_wanted=n_wanted,
        plan_sha256=against.loaded.sha256,
        drawn_at=now,
    )
    return _Closed(tuple(rows), batch_row, tuple(lists))


def _random_part(
    store: Store, fresh: pl.DataFrame, known: pl.DataFrame, against: _Period
) -> tuple[int, Batch]:
    """Return how many calls the plan wants of the batch, and the batch as drawn."""
    plan, days = against.loaded.plan, against.days
    framed = [row for row in against.frozen if row.purpose != TARGETED]
    drawn = [row.call_id for row in framed if row.purpose == DRAWN]
    n_new = fresh.filter(pl.col("local_date").dt.day() > days.before).height
    n_wanted = batch_size(
        random_calls(plan, _mean_min(known)),
        days,
        (n_new, fresh.height - n_new),
        (len(framed), len(drawn)),
    )
    as_of = against.until or fresh["local_date"].max()
    assert isinstance(as_of, date)
    levels = store.ledger.levels_in_force(as_of)
    new = set(fresh["call_id"])  # a few late calls may lack a column that the period has
    every = members_of(known, plan, levels, against.loaded.strata_at)
    members = [member for member in every if member.call_id in new]
    seen = seen_by_people(store, plan, against.period) if plan.allocation == "neyman" else {}
    spreads = {stratum: smoothed_spread(*counts) for stratum, counts in seen.items()}
    design = design_of(plan, members, _drawn_of_units(known, drawn), spreads, days)
    period, seed = against.names
    batch = draw_batch(
        members, period, against.next_batch, n_calls=n_wanted, design=design, seed=seed
    )
    return n_wanted, batch


def _mean_min(calls: pl.DataFrame) -> float:
    mean_s = calls["duration_s"].mean()
    return float(mean_s) / 60 if isinstance(mean_s, int | float) else 0.0


def _drawn_of_units(calls: pl.DataFrame, drawn: list[str]) -> Counter[str]:
    heard = calls.filter(pl.col("call_id").is_in(drawn))
    counts: Counter[str] = Counter()
    for kind, label in SUBJECTS.items():
        counts.update(f"{kind}={value}" for value in heard[label].drop_nulls())
    return counts


def _flag_rules(against: _Period) -> list[tuple[Flagged, int | None]]:
    """Return the plan's flags, each with how many calls it may still add."""
    used = Counter(row.stratum for row in against.frozen if row.purpose == TARGETED)
    days = against.days
    rules: list[tuple[Flagged, int | None]] = []
    for rule in against.loaded.plan.flagged:
        left = None
        if rule.most is not None:
            due = cumulative(rule.most, days.now, days.in_period)
            left = max(0, due - used[f"{FLAGGED}={rule.rule}"])
        rules.append((rule, left))
    return rules


def _rows(batch: Batch, drawn_at: datetime) -> list[SampleRow]:
    strata = {stratum.stratum: stratum for stratum in batch.strata}
    return [
        SampleRow(
            period=batch.period,
            batch=batch.batch,
            stratum=call.stratum,
            call_id=call.call_id,
            purpose=DRAWN if call.is_drawn else NOT_DRAWN,
            u_hex=f"{call.ticket:016x}",
            u=call.ticket / 2**64,
            n_population=strata[call.stratum].n_population,
            n_drawn=strata[call.stratum].n_drawn,
            inclusion_probability=strata[call.stratum].inclusion_probability,
            drawn_at=drawn_at,
            reason=reason_of(strata[call.stratum].block) if call.is_drawn else None,
        )
        for call in batch.calls
    ]


def _doubled(
    rows: list[SampleRow], framed: list[SampleRow], share: float, names: tuple[str, str]
) -> list[SampleRow]:
    """Mark the calls of a batch that two people hear, so that the period keeps their share."""
    drawn = [row.call_id for row in rows if row.purpose == DRAWN]
    n_drawn = len(drawn) + sum(row.purpose == DRAWN for row in framed)
    n_doubled = sum(row.double for row in framed)
    due = floor(Fraction(str(share)) * n_drawn + Fraction(1, 2)) - n_doubled
    chosen = set(lowest(drawn, max(0, due), seed_of(names[0], "double", names[1])))
    return [replace(row, double=True) if row.call_id in chosen else row for row in rows]


def _target_row(target: Target, against: _Period, drawn_at: datetime) -> SampleRow:
    return SampleRow(
        period=against.period,
        batch=against.next_batch,
        stratum=f"{target.reason}={target.rule}",
        call_id=target.call_id,
        purpose=TARGETED,
        u_hex=f"{target.ticket:016x}",
        u=target.ticket / 2**64,
        n_population=target.n_population,
        n_drawn=target.n_picked,
        inclusion_probability=target.n_picked / target.n_population,
        drawn_at=drawn_at,
        reason=target.reason,
    )
