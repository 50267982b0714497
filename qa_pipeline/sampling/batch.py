"""One batch: the calls known when it is closed, and those of them that people will hear."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_pipeline.sampling.cells import Cell, Design, Member, cells_of
from qa_pipeline.sampling.draw import lowest, seed_of, ticket


@dataclass(frozen=True, slots=True)
class StratumDraw:
    """A cell of a batch: its calls, and how many of them are drawn."""

    stratum: str
    block: str
    n_population: int
    n_drawn: int

    @property
    def inclusion_probability(self) -> float:
        """The chance of each of its calls to be drawn, 0-1."""
        return self.n_drawn / self.n_population


@dataclass(frozen=True, slots=True)
class FrameCall:
    """A call of the batch, drawn or not. `ticket` is its number in its cell's draw."""

    call_id: str
    stratum: str
    ticket: int
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A closed batch: cells and calls, both in order of their ids."""

    period: str
    batch: str
    strata: tuple[StratumDraw, ...]
    calls: tuple[FrameCall, ...]

    @property
    def drawn(self) -> tuple[FrameCall, ...]:
        """The calls that people will hear."""
        return tuple(call for call in self.calls if call.is_drawn)


def draw_batch(
    members: Sequence[Member],
    period: str,
    batch: str,
    *,
    n_calls: int,
    design: Design,
    seed: str = "",
) -> Batch:
    """Draw `n_calls` of the batch's calls as `design` shares them out.

    The order of `members` does not matter. Cells that are smaller than their minimum are heard
    whole; many small ones may therefore need more than `n_calls`. `seed` names another draw.
    """
    strata: list[StratumDraw] = []
    calls: list[FrameCall] = []
    for cell in cells_of(members, n_calls, design):
        strata.append(StratumDraw(cell.name, cell.block, len(cell.members), cell.n_drawn))
        calls += _drawn(cell, seed_of(period, cell.name, seed))
    return Batch(period, batch, tuple(strata), tuple(calls))


def _drawn(cell: Cell, seed: str) -> list[FrameCall]:
    call_ids = sorted(member.call_id for member in cell.members)
    chosen = set(lowest(call_ids, cell.n_drawn, seed))
    return [
        FrameCall(call_id, cell.name, ticket(call_id, seed), call_id in chosen)
        for call_id in call_ids
    ]
