"""One batch: the calls known when it is closed, and those of them that people will hear."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from qa_pipeline.sampling.allocation import allocate, proportional
from qa_pipeline.sampling.draw import lowest, seed_of, ticket


@dataclass(frozen=True, slots=True)
class StratumDraw:
    """A stratum of a batch: its calls, and how many of them are drawn."""

    stratum: str
    n_population: int
    n_drawn: int

    @property
    def inclusion_probability(self) -> float:
        """The chance of each of its calls to be drawn, 0-1."""
        return self.n_drawn / self.n_population


@dataclass(frozen=True, slots=True)
class FrameCall:
    """A call of the batch, drawn or not. `ticket` is its number in its stratum's draw."""

    call_id: str
    stratum: str
    ticket: int
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A closed batch: strata and calls, both in order of their ids."""

    period: str
    batch: str
    strata: tuple[StratumDraw, ...]
    calls: tuple[FrameCall, ...]

    @property
    def drawn(self) -> tuple[FrameCall, ...]:
        """The calls that people will hear."""
        return tuple(call for call in self.calls if call.is_drawn)


def draw_batch(
    frame: pl.DataFrame, period: str, batch: str, *, n_calls: int, minimum: int
) -> Batch:
    """Draw `n_calls` of `frame` (`call_id, stratum`), in proportion with a `minimum` a stratum.

    The order of the frame's rows does not matter. Strata that are smaller than `minimum` are heard
    whole; many small strata may therefore need more than `n_calls`.
    """
    members: dict[str, list[str]] = {}
    for call_id, stratum in frame.select("call_id", "stratum").iter_rows():
        members.setdefault(stratum, []).append(call_id)
    sizes = {stratum: len(calls) for stratum, calls in members.items()}
    drawn = allocate(n_calls, sizes, proportional(sizes), minimum=minimum)
    seeds = {stratum: seed_of(period, stratum) for stratum in drawn}
    chosen = {
        stratum: set(lowest(members[stratum], n, seeds[stratum])) for stratum, n in drawn.items()
    }
    return Batch(
        period,
        batch,
        tuple(StratumDraw(stratum, sizes[stratum], n) for stratum, n in drawn.items()),
        tuple(
            FrameCall(call_id, stratum, ticket(call_id, seeds[stratum]), call_id in chosen[stratum])
            for stratum in drawn
            for call_id in sorted(members[stratum])
        ),
    )


def late_calls(frame: pl.DataFrame, framed: Collection[str]) -> pl.DataFrame:
    """Return the calls of `frame` that no closed batch knows."""
    return frame.filter(~pl.col("call_id").is_in(list(framed)))


def size_of_late_batch(n_calls: int, n_late: int, n_framed: int) -> int:
    """Return how many late calls to draw: the month's share, at least one.

    The first batch of a period takes the whole `n_calls`; a later one adds in the same proportion,
    so that late calls are heard as often as others. The minimum of each stratum holds again.
    """
    return n_calls if n_framed == 0 else max(1, -(-n_calls * n_late // n_framed))
