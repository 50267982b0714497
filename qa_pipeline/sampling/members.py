"""A batch's calls as the draw sees them: each with its stratum and the block that claims it.

Inspection levels come first (an agent's own before the group's and the queue's), then the focus
rules in the plan's order; what nothing claims is the rest.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

import polars as pl

from qa_pipeline.sampling.capacity import Days
from qa_pipeline.sampling.cells import Design, Fixed, Member
from qa_pipeline.sampling.draw import ticket
from qa_pipeline.sampling.plan import Focus, SamplingPlan
from qa_pipeline.sampling.strata import NO_VALUE, column, strata_of

#: Subject kind of a level -> column of a call, the narrowest first.
SUBJECTS: Final = {"agent": "agent_id", "group": "group", "queue": "queue"}
VERDICT: Final = "machine_verdict"
FOCUS, LEVEL = "focus=", "level="
EXEMPT = f"{LEVEL}exempt"
#: By this share of the period all quotas are due.
_QUOTAS_DUE: Final = Fraction(4, 5)

LevelsInForce = Mapping[tuple[str, str], str]


def stratum_columns(plan: SamplingPlan) -> tuple[str, ...]:
    """Return the plan's strata; the machine's verdict is always one, so that both are heard."""
    return plan.strata if VERDICT in plan.strata else (*plan.strata, VERDICT)


def members_of(
    calls: pl.DataFrame,
    plan: SamplingPlan,
    levels: LevelsInForce,
    where: Sequence[str] | None = None,
) -> list[Member]:
    """Return the calls (as `strata.flagged_calls` gives them) in order of their ids.

    Raises WrongUse for a stratum that no call has; `where` says where the plan writes each.
    """
    names = stratum_columns(plan)
    places = None if where is None else (*where, VERDICT)[: len(names)]
    focus = (_focus(calls, rule) for rule in plan.focus)
    block = pl.coalesce(*_claimed(levels, level_block), *focus, pl.lit(""))
    agent = pl.lit("agent=") + pl.col("agent_id").fill_null(NO_VALUE)
    exempt = pl.coalesce(*_claimed(levels, exempt_unit), agent)
    table = calls.select(
        "call_id",
        strata_of(calls, names, places),
        VERDICT,
        pl.when(block == EXEMPT).then(exempt).otherwise(agent).alias("unit"),
        block.alias("block"),
    )
    return [Member(*row) for row in table.sort("call_id").iter_rows()]


def _claimed(
    levels: LevelsInForce, name: Callable[[str, str, str], str | None]
) -> Iterator[pl.Expr]:
    """Yield, the narrowest kind of subject first, what `name` makes of a call's level."""
    for kind, label in SUBJECTS.items():
        names = {
            subject: name(level, kind, subject)
            for (of, subject), level in levels.items()
            if of == kind
        }
        if names:
            yield pl.col(label).replace_strict(names, default=None, return_dtype=pl.String)


def level_block(level: str, kind: str, subject: str) -> str:
    """Return the block of a subject: its own when it is heard more, one for all exempt ones."""
    if level == "sampled":
        return ""
    return EXEMPT if level == "exempt" else f"{LEVEL}{level} {kind}={subject}"


def exempt_unit(level: str, kind: str, subject: str) -> str | None:
    """Return the unit whose floor sample is owed, None for a subject that is not exempt."""
    return f"{kind}={subject}" if level == "exempt" else None


def _focus(calls: pl.DataFrame, rule: Focus) -> pl.Expr:
    first, last = rule.days()
    holds = pl.col("local_date").is_between(first, last)
    if rule.agent_since_days is not None:
        since = column(calls, "agent_since")
        if since is None:
            return pl.lit(None, pl.String)
        known = since.cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
        n_days = (pl.col("local_date") - known).dt.total_days()
        holds &= n_days.is_between(0, rule.agent_since_days)
    for name, values in rule.when.items():
        value = column(calls, name)
        if value is None:
            return pl.lit(None, pl.String)
        holds &= value.cast(pl.String).is_in(list(values))
    return pl.when(holds).then(pl.lit(FOCUS + rule.id))


def unknown_columns(calls: pl.DataFrame, plan: SamplingPlan) -> tuple[str, ...]:
    """Return the columns that focus rules name and no call has: these rules find nothing."""
    named = [name for rule in plan.focus for name in rule.when]
    named += ["agent_since" for rule in plan.focus if rule.agent_since_days is not None]
    return tuple(name for name in dict.fromkeys(named) if column(calls, name) is None)


def design_of(
    plan: SamplingPlan,
    members: Sequence[Member],
    drawn_before: Mapping[str, int],
    spreads: Mapping[str, float],
    days: Days,
) -> Design:
    """Return how a batch is shared out: what the plan asks of a period, as far as it covers it.

    `drawn_before`: calls of each unit that earlier batches drew at random.
    """
    blocks = {member.block for member in members}
    shares = {"full": plan.levels.full, "half": plan.levels.half, "exempt": plan.levels.exempt}
    return Design(
        minimum=max(1, -(-plan.minimum * (days.now - days.before) // days.in_period)),
        quotas=_quotas(plan, members, drawn_before, days),
        random_floor=plan.random_floor,
        raised={FOCUS + rule.id: rule.share for rule in plan.focus},
        fixed={
            block: Fixed(shares[_level_of(block)]) for block in blocks if block.startswith(LEVEL)
        },
        spreads=spreads if plan.allocation == "neyman" else None,
    )


def _quotas(
    plan: SamplingPlan, members: Sequence[Member], drawn_before: Mapping[str, int], days: Days
) -> dict[str, int]:
    """Return what units are owed by the end of this batch: an agent's quota, an exempt floor.

    Quotas fall due one by one, for each unit on days of its own, so that daily batches do not hear
    everybody every day; and early enough that the last days can make good what was missed.
    """
    quotas: dict[str, int] = {}
    for member in members:
        is_exempt = member.block == EXEMPT
        asked = plan.levels.exempt_minimum if is_exempt else plan.per_agent
        if member.unit in quotas or asked is None:
            continue
        passed = min(Fraction(1), Fraction(days.now, days.in_period) / _QUOTAS_DUE)
        due = math.floor(asked * passed + _phase(member.unit))
        quotas[member.unit] = due - drawn_before.get(member.unit, 0)
    return {unit: owed for unit, owed in quotas.items() if owed > 0}


def _phase(unit: str) -> Fraction:
    return Fraction(ticket(unit, "phase"), 2**64)


def _level_of(block: str) -> str:
    return block.removeprefix(LEVEL).split(" ", 1)[0]


def reason_of(block: str) -> str:
    """Return why a call of the block is heard: a raised share is a focus, all else is random."""
    raised = block.startswith(FOCUS) or _level_of(block) in ("full", "half")
    return "focus" if raised else "random"
