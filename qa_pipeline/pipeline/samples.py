"""Draws a period's sample from a store and freezes it in the ledger.

The ledger keeps the whole batch: drawn calls under the purpose "random", the others under "frame",
so that every call has its inclusion probability and a late call is known by not being there.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.sampling.batch import Batch, draw_batch, late_calls, size_of_late_batch
from qa_pipeline.sampling.strata import calls_with_verdicts, frame_of
from qa_pipeline.settings import Settings
from qa_pipeline.store import SampleRow, Store
from qa_pipeline.texts import Text

DRAWN, NOT_DRAWN = "random", "frame"

#: What a reviewer's list shows: enough to find the call, nothing of what the machine said of it.
_LISTED = ("batch", "call_id", "group", "agent_id", "local_date", "duration_s")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The period's sample as frozen: all its drawn calls, and the batch that this draw added.

    `new_batch` is None where every call stood in a closed batch already. `listing` is the CSV.
    """

    period: str
    rows: tuple[SampleRow, ...]
    new_batch: str | None
    listing: Path


def draw_sample(
    store_path: Path, period: str, settings: Settings, *, until: date | None = None
) -> Drawn:
    """Draw and freeze the sample of a period's calls, up to the local date `until` if given.

    Drawing again gives the same sample; calls that came since then form the next batch. Raises
    WrongUse where the period has no judged calls.
    """
    checked_period(period)
    with Store.open(store_path, database_url=settings.database_url) as store:
        evaluations = store.read("evaluations", period)
        known = evaluations if until is None else evaluations.filter(pl.col("local_date") <= until)
        if known.is_empty():
            raise nothing_judged(store_path, period)
        frozen = store.ledger.samples(period)
        batch = _next_batch(frame_of(known, settings.sampling.strata), frozen, period, settings)
        if batch is not None:
            store.ledger.save_sample(_rows(batch, datetime.now(UTC)))
            frozen = store.ledger.samples(period)
    drawn = tuple(row for row in frozen if row.purpose == DRAWN)
    listing = store_path / "samples" / f"{period}.csv"
    _write_listing(listing, drawn, evaluations)
    return Drawn(period, drawn, batch.batch if batch else None, listing)


def _next_batch(
    frame: pl.DataFrame, frozen: tuple[SampleRow, ...], period: str, settings: Settings
) -> Batch | None:
    framed = [row for row in frozen if row.purpose in (DRAWN, NOT_DRAWN)]
    late = late_calls(frame, {row.call_id for row in framed})
    if late.is_empty():
        return None
    return draw_batch(
        late,
        period,
        f"{len({row.batch for row in framed}) + 1:03d}",
        n_calls=size_of_late_batch(settings.sampling.n_calls, late.height, len(framed)),
        minimum=settings.sampling.min_per_stratum,
    )


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
        )
        for call in batch.calls
    ]


def _write_listing(path: Path, drawn: tuple[SampleRow, ...], evaluations: pl.DataFrame) -> None:
    """Write the reviewers' list as CSV that a spreadsheet opens in Chinese and does not run."""
    calls = calls_with_verdicts(evaluations).rows_by_key("call_id", named=True, unique=True)
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".csv.partial")
    with partial.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_LISTED)
        for row in sorted(drawn, key=lambda row: (row.batch, row.call_id)):
            facts = {**calls.get(row.call_id, {}), "call_id": row.call_id, "batch": row.batch}
            writer.writerow([harmless(facts.get(name)) for name in _LISTED])
    partial.replace(path)


def harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def nothing_judged(store_path: Path, period: str) -> WrongUse:
    """Return the error for a period without judged calls."""
    return WrongUse(
        str(store_path),
        Text(en="the store holds no judged call of this period", zh="存储中没有该周期已评分的通话"),
        Text(
            en="check --period and --date, or run the night first: qa run SOURCE --manifest M",
            zh="请检查 --period 与 --date，或先运行夜间任务：qa run SOURCE --manifest M",
        ),
        got=period,
    )
