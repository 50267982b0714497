"""What a month's problems call for, and whether last month's coaching and training helped.

Individual problems become coaching items, common ones training needs. Who was picked for a bad
month has a better one next anyway: a change is called an improvement only beyond that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from qa_pipeline.aggregate.spread import AgentFailures, Spread
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.aggregate.tally import KEY, Tally
from qa_pipeline.sampling.strata import NO_VALUE
from qa_pipeline.statistics.intervals import Interval, newcombe, wilson
from qa_pipeline.statistics.shrinkage import expected_shares
from qa_pipeline.statistics.stratified import MIN_EFFECTIVE_N

Effect = Literal["improved", "no_evidence", "worse", "too_few"]


@dataclass(frozen=True, slots=True)
class CoachingItem:
    """An agent who fails a criterion more than chance allows; `call_id` is the newest such call."""

    scorecard_id: str
    criterion: str
    severity: str
    agent: AgentFailures
    call_id: str | None


@dataclass(frozen=True, slots=True)
class TrainingNeed:
    """A criterion that fails everywhere. `is_new`: it was no common problem last month."""

    scorecard_id: str
    criterion: str
    severity: str
    n_failed: int
    n_judged: int
    n_agents: int
    n_agents_failing: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an earlier item was for: an agent, or everybody (None)."""

    scorecard_id: str
    criterion: str
    agent_id: str | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An item one month on: failure shares before and after, and the change with its interval.

    `expected` is the share that regression to the mean alone would have brought an agent to; for
    everybody it is last month's. "improved" needs a change beyond chance, and a share below
    `expected` beyond chance.
    """

    target: Target
    before: Interval | None
    after: Interval | None
    change: Interval | None
    expected: float | None
    effect: Effect


def coaching_items(spread: Iterable[Spread], tables: MonthTables) -> tuple[CoachingItem, ...]:
    """Return an item for each agent that stands out in an individual problem, fatal ones first."""
    found = [
        (problem, agent)
        for problem in spread
        if problem.kind in ("individual", "both")
        for agent in problem.agents
    ]
    calls = _newest_calls(tables, [(p.scorecard_id, p.criterion, a.agent_id) for p, a in found])
    items = [
        CoachingItem(
            problem.scorecard_id,
            problem.criterion,
            problem.severity,
            agent,
            calls.get((problem.scorecard_id, problem.criterion, agent.agent_id)),
        )
        for problem, agent in sorted(found, key=lambda each: not each[0].is_fatal)
    ]
    return tuple(items)


def training_needs(spread: Iterable[Spread]) -> tuple[TrainingNeed, ...]:
    """Return a need for each common problem, by class and then by failures."""
    needs = [
        TrainingNeed(
            s.scorecard_id,
            s.criterion,
            s.severity,
            s.n_failed,
            s.n_judged,
            s.n_agents,
            s.n_agents_failing,
            s.is_new,
        )
        for s in spread
        if s.kind in ("common", "both")
    ]
    return tuple(sorted(needs, key=lambda need: (need.severity, -need.n_failed, need.criterion)))


def targets_of(spread: Iterable[Spread]) -> tuple[Target, ...]:
    """Return whom the problems of a month called for: everybody, or the agents that stood out."""
    return tuple(
        Target(problem.scorecard_id, problem.criterion, who)
        for problem in spread
        for who in (
            *((None,) if problem.kind in ("common", "both") else ()),
            *(agent.agent_id for agent in problem.agents if problem.kind in ("individual", "both")),
        )
    )


def follow_up(targets: Iterable[Target], then: Tally, now: Tally) -> tuple[FollowUp, ...]:
    """Compare each target's failure share of the month it was found in with the next month's."""
    before, after = _counts(then), _counts(now)
    return tuple(_compared(target, before, after) for target in targets)


Counts = Mapping[tuple[str, str], pl.DataFrame]


def _compared(target: Target, before: Counts, after: Counts) -> FollowUp:
    key = (target.scorecard_id, target.criterion)
    was, is_ = (_share(side.get(key), target.agent_id) for side in (before, after))
    if was is None or is_ is None:
        return FollowUp(target, was, is_, None, None, "too_few")
    expected = was.value
    if target.agent_id is not None:
        expected = _expected(before[key], target.agent_id)
    change = newcombe(is_, was)
    effect: Effect = "no_evidence"
    if change.high < 0 and is_.high < expected:
        effect = "improved"
    elif change.low > 0:
        effect = "worse"
    return FollowUp(target, was, is_, change, expected, effect)


def _share(agents: pl.DataFrame | None, agent_id: str | None) -> Interval | None:
    if agents is None:
        return None
    own = agents if agent_id is None else agents.filter(agent_id=agent_id)
    n_judged = int(own["n_judged"].sum())
    if n_judged < MIN_EFFECTIVE_N:
        return None
    return wilson(int(own["n_failed"].sum()) / n_judged, n_judged)


def _expected(agents: pl.DataFrame, agent_id: str) -> float:
    """Return what the agent's share was to become by itself, drawn towards his or her group's."""
    home = agents.filter(agent_id=agent_id).sort("n_judged")["group"][-1]
    team = agents.filter(group=home)
    shares = expected_shares(team["n_failed"].to_numpy(), team["n_judged"].to_numpy())
    return float(shares[team["agent_id"].to_list().index(agent_id)])


def _counts(tally: Tally) -> Counts:
    """Return `group, agent_id, n_failed, n_judged` of each criterion."""
    judged = tally.verdicts.filter(
        pl.col("outcome").is_in(["pass", "fail"]), pl.col("agent_id") != NO_VALUE
    )
    tables = judged.group_by(*KEY, "group", "agent_id").agg(
        pl.col("n").filter(pl.col("outcome") == "fail").sum().alias("n_failed"),
        pl.col("n").sum().alias("n_judged"),
    )
    parts = tables.sort(*KEY, "group", "agent_id").partition_by(KEY, as_dict=True)
    return {(str(name[0]), str(name[1])): rows for name, rows in parts.items()}


def _newest_calls(
    tables: MonthTables, wanted: list[tuple[str, str, str]]
) -> dict[tuple[str, str, str], str]:
    columns = [*KEY, "agent_id"]
    chosen = pl.LazyFrame(wanted, schema=dict.fromkeys(columns, pl.String), orient="row")
    found = (
        tables.verdicts.filter(pl.col("outcome") == "fail")
        .select(*columns, "local_date", "call_id")
        .join(chosen, on=columns, how="semi")
        .collect(engine="streaming")
        .sort("local_date", "call_id", descending=[True, False])
        .unique(columns, keep="first", maintain_order=True)
    )
    return {
        (card, criterion, agent): call_id
        for card, criterion, agent, call_id in found.select(*columns, "call_id").iter_rows()
    }
