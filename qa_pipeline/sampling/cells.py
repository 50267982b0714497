"""Cuts a batch into cells, in each of which a simple random sample is drawn.

A call stands in exactly one cell, and how many are drawn of a cell depends on numbers of calls
alone, never on which calls: so its inclusion probability is n/N of its cell, exactly, also where
focus, inspection levels, per-agent quotas and strata overlap. No cell gets none.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from types import MappingProxyType

from qa_pipeline.sampling.allocation import allocate

#: Stands in a cell's name for strata that were taken together.
TOGETHER = "*"
_MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Member:
    """A call of the batch: its stratum, the machine's verdict, whose it is, and its block.

    `unit` is whom a quota is for: "agent=A1", or an exempt group. `block` "" is the rest: calls
    that no focus rule or inspection level claims.
    """

    call_id: str
    stratum: str
    verdict: str = ""
    unit: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A block that is heard at a share of its own, at least `least` calls of it (a level)."""

    share: float
    least: int = 1

    def of(self, n_population: int) -> int:
        """Return how many of a block's calls are heard."""
        wanted = math.ceil(Fraction(str(self.share)) * n_population)
        return min(n_population, max(self.least, wanted, 1))


@dataclass(frozen=True, slots=True)
class Design:
    """What shares a batch out.

    `fixed` and `raised` (a focus: its least share of the drawn calls) name blocks; the rest keeps
    `random_floor` of the drawn calls. `quotas`: the calls that a unit is still owed; its calls form
    cells of their own, all others are taken by stratum, each stratum of the rest with at least
    `minimum`. `spreads`: the standard deviation of each stratum (Neyman); one that is not there
    counts 0.5, the most there is.
    """

    minimum: int = 5
    quotas: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    random_floor: float = 0.0
    raised: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fixed: Mapping[str, Fixed] = field(default_factory=lambda: MappingProxyType({}))
    spreads: Mapping[str, float] | None = None

    def weight(self, members: Iterable[Member]) -> Fraction:
        """Return what a set of calls weighs in the allocation."""
        strata = Counter(member.stratum for member in members)
        if self.spreads is None:
            return Fraction(strata.total())
        return sum((Fraction(self.spreads.get(s, 0.5)) * n for s, n in strata.items()), Fraction(0))


@dataclass(frozen=True, slots=True)
class Cell:
    """Calls among which `n_drawn` are drawn with equal chances; `name` is unique in the batch."""

    name: str
    block: str
    members: tuple[Member, ...]
    n_drawn: int


def cells_of(members: Sequence[Member], n: int, design: Design) -> tuple[Cell, ...]:
    """Share `n` calls over the cells of a batch, in order of their names.

    More are drawn where minimums, quotas and levels ask for more.
    """
    blocks = _grouped(members, [member.block for member in members])
    shares = block_sizes({block: len(calls) for block, calls in blocks.items()}, n, design)
    owed = _owed(blocks, shares, design.quotas)
    cells = [
        cell
        for block, calls in blocks.items()
        for cell in _cells_of_block(calls, shares[block], owed[block], design)
    ]
    return tuple(sorted(cells, key=lambda cell: cell.name))


def block_sizes(sizes: Mapping[str, int], n: int, design: Design) -> dict[str, int]:
    """Return how many of `n` calls each block gets.

    Fixed blocks first; of what remains (never less than the random floor of `n`) a raised block
    gets its share, or what it would get anyway where that is more; the rest keeps its floor.
    """
    given = {
        block: design.fixed[block].of(sizes[block]) for block in sizes if block in design.fixed
    }
    open_sizes = {block: size for block, size in sizes.items() if block not in given}
    if not open_sizes:
        return given
    floor = Fraction(str(design.random_floor))
    left = max(n - sum(given.values()), math.ceil(floor * n), 1)
    total = sum(open_sizes.values())
    raised = {
        block: max(Fraction(str(design.raised[block])), Fraction(size, total))
        for block, size in open_sizes.items()
        if block
    }
    most = 1 - floor if "" in open_sizes else Fraction(1)
    if (asked := sum(raised.values(), Fraction(0))) > most or "" not in open_sizes:
        raised = {block: share * most / asked for block, share in raised.items()}
    weights = {"": 1 - sum(raised.values(), Fraction(0)), **raised}
    return given | allocate(left, open_sizes, weights, minimum=1)


def _cells_of_block(
    calls: Sequence[Member], n: int, owed: Mapping[str, int], design: Design
) -> Iterator[Cell]:
    """Share a block's calls over the units that are owed some and the strata of all others.

    What a unit gets is shared over its strata again, as far as it goes.
    """
    block = calls[0].block
    suffix = f"/{escaped(block)}" if block else ""
    pooled = [call for call in calls if call.unit not in owed]
    n_parts = max(1, n - sum(owed.values())) if block else len(pooled)
    strata = _parts(pooled, n_parts)
    own_calls = [call for call in calls if call.unit in owed]
    units = _grouped(own_calls, [f"{TOGETHER}/{escaped(call.unit)}" for call in own_calls])
    least = dict.fromkeys(strata, 1 if block else design.minimum)
    least |= {name: owed[own[0].unit] for name, own in units.items()}
    for name, n_drawn in _shared(n, {**strata, **units}, least, design).items():
        if name in strata:
            yield Cell(_named(name + suffix), block, tuple(strata[name]), n_drawn)
            continue
        parts = _parts(units[name], n_drawn)
        for part, n_part in _shared(n_drawn, parts, dict.fromkeys(parts, 1), design).items():
            own = f"/{escaped(units[name][0].unit)}"
            yield Cell(_named(part + suffix + own), block, tuple(parts[part]), n_part)


def _parts(calls: Sequence[Member], most: int) -> dict[str, list[Member]]:
    """Return calls by stratum; by verdict, or all together, where that makes more than `most`."""
    by_stratum = _grouped(calls, [call.stratum for call in calls])
    if len(by_stratum) <= most:
        return by_stratum
    by_verdict = _grouped(calls, [f"{TOGETHER}/{escaped(call.verdict)}" for call in calls])
    return by_verdict if len(by_verdict) <= most else {TOGETHER: list(calls)}


def _shared(
    n: int, parts: Mapping[str, Sequence[Member]], least: Mapping[str, int], design: Design
) -> dict[str, int]:
    sizes = {name: len(calls) for name, calls in parts.items()}
    weights = {name: design.weight(calls) for name, calls in parts.items()}
    return allocate(n, sizes, weights, minimum=least)


def _owed(
    blocks: Mapping[str, Sequence[Member]], shares: Mapping[str, int], quotas: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """Split what units are owed over the blocks that their calls stand in, at least 1 in each."""
    owed: dict[str, dict[str, int]] = {block: {} for block in blocks}
    counts = {block: Counter(call.unit for call in calls) for block, calls in blocks.items()}
    for unit, quota in quotas.items():
        sizes = {block: count[unit] for block, count in counts.items()}
        weights = {
            block: Fraction(shares[block] * sizes[block], len(calls))
            for block, calls in blocks.items()
        }
        for block, least in allocate(quota, sizes, weights, minimum=1).items():
            owed[block][unit] = least
    return owed


def _grouped(members: Sequence[Member], names: Sequence[str]) -> dict[str, list[Member]]:
    groups: dict[str, list[Member]] = {}
    for name, member in zip(names, members, strict=True):
        groups.setdefault(name, []).append(member)
    return groups


def _named(name: str) -> str:
    """Return a name that the ledger can hold: the end of a longer one is hashed."""
    if len(name) <= _MAX_NAME:
        return name
    digest = blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[: _MAX_NAME - 17]}~{digest}"


def escaped(part: str) -> str:
    """Return a part of a cell's name: the slash that parts are joined by does not stand in it."""
    return part.replace("%", "%25").replace("/", "%2F")
