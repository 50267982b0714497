"""Common or individual: does a criterion fail everywhere, or with a few agents? With evidence.

Common problems are the trainer's, individual ones the coach's. Agents are compared within their
group only, so that a team's own calls never look like a person's fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from qa_pipeline.aggregate.figures import MAX_FALSE_DISCOVERY, Change, CriterionMonth
from qa_pipeline.aggregate.tally import KEY, Tally
from qa_pipeline.sampling.strata import NO_VALUE
from qa_pipeline.statistics.concentration import concentration
from qa_pipeline.statistics.multiple import benjamini_hochberg

Kind = Literal["common", "individual", "both", "too_few"]

#: Fewer failures than this, or fewer agents who could fail, tell nothing of how they lie.
MIN_FAILURES, MIN_AGENTS = 10, 3
#: From this share of all failures on, what single agents have beyond chance is worth coaching;
#: below it, the uneven rest is too small to be the problem. A choice, not a law.
MIN_EXCESS_SHARE = 0.2
#: Both: what is left after the single agents' excess is still this large, and still as widespread.
MIN_COMMON_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class AgentFailures:
    """An agent's failures of a criterion against chance within the group(s) he or she works in.

    `q` is the chance of as many, after Benjamini-Hochberg over all agents and criteria. `baseline`
    is the month's share of the group, which the next month is compared with.
    """

    agent_id: str
    group: str
    n_failed: int
    n_judged: int
    expected: float
    p: float
    q: float

    @property
    def stands_out(self) -> bool:
        """Whether this many failures are more than chance."""
        return self.q <= MAX_FALSE_DISCOVERY and self.n_failed > self.expected


@dataclass(frozen=True, slots=True)
class Spread:
    """How a criterion's failures lie on agents.

    `dispersion` is 1 on average where chance alone spreads them; `p` is of that, `q` over the
    criteria. `excess_share` is what the agents who stand out have beyond chance, of all failures.
    `n_agents_failing` of `n_agents` failed at all. `kind_before` and `change` are of last month.
    """

    scorecard_id: str
    criterion: str
    severity: str
    is_fatal: bool
    kind: Kind
    n_failed: int
    n_judged: int
    n_agents: int
    n_agents_failing: int
    dispersion: float
    p: float
    q: float
    excess_share: float
    agents: tuple[AgentFailures, ...]
    kind_before: Kind | None = None
    change: Change | None = None

    @property
    def is_new(self) -> bool:
        """Whether this is a common problem that was none last month: a new training point."""
        was_common = self.kind_before in ("common", "both")
        return self.kind in ("common", "both") and self.kind_before is not None and not was_common


def spread_of(tally: Tally) -> tuple[Spread, ...]:
    """Return the spread of every criterion that failed anywhere, the most failures first."""
    judged = tally.verdicts.filter(
        pl.col("outcome").is_in(["pass", "fail"]), pl.col("agent_id") != NO_VALUE
    )
    tables = judged.group_by(*KEY, "group", "agent_id").agg(
        pl.col("n").sum().alias("n_judged"),
        pl.col("n").filter(pl.col("outcome") == "fail").sum().alias("n_failed"),
        pl.col("severity").sort_by("scorecard_version").last(),
        pl.col("fatal").any(),
    )
    found = [
        _raw(rows)
        for _, rows in tables.sort(*KEY, "group", "agent_id").group_by(*KEY, maintain_order=True)
        if rows["n_failed"].sum() > 0
    ]
    corrected = _corrected(found)
    return tuple(sorted(corrected, key=lambda s: (-s.n_failed, s.scorecard_id, s.criterion)))


def _raw(rows: pl.DataFrame) -> Spread:
    """Return a criterion's spread with its plain p, before criteria and agents are compared."""
    groups, agents = rows["group"].unique().sort(), rows["agent_id"].unique().sort()
    at = groups.search_sorted(rows["group"]).to_numpy(), agents.search_sorted(rows["agent_id"])
    failed = np.zeros((len(groups), len(agents)), dtype=np.int64)
    judged = np.zeros_like(failed)
    failed[at[0], at[1].to_numpy()] = rows["n_failed"].to_numpy()
    judged[at[0], at[1].to_numpy()] = rows["n_judged"].to_numpy()
    is_enough = int(failed.sum()) >= MIN_FAILURES and len(agents) >= MIN_AGENTS
    found = concentration(failed, judged) if is_enough else None
    first = rows.row(0, named=True)
    return Spread(
        first["scorecard_id"],
        first["criterion"],
        first["severity"],
        bool(rows["fatal"].any()),
        "common" if is_enough else "too_few",
        n_failed=int(failed.sum()),
        n_judged=int(judged.sum()),
        n_agents=len(agents),
        n_agents_failing=int((failed.sum(axis=0) > 0).sum()),
        dispersion=found.dispersion if found is not None else 1.0,
        p=found.p if found is not None else 1.0,
        q=1.0,
        excess_share=0.0,
        agents=tuple(
            AgentFailures(
                str(agent),
                str(groups[int(judged[:, i].argmax())]),
                int(failed[:, i].sum()),
                int(judged[:, i].sum()),
                float(found.expected[i]),
                float(found.p_agents[i]),
                1.0,
            )
            for i, agent in enumerate(agents)
        )
        if found is not None
        else (),
    )


def _corrected(found: Sequence[Spread]) -> tuple[Spread, ...]:
    """Correct p over the criteria, and over all agents of all criteria; then say which kind it is.

    Criteria with too few failures are no part of the family: nothing is claimed about them.
    """
    tested = [each for each in found if each.kind != "too_few"]
    q = dict(
        zip(
            map(_name, tested),
            benjamini_hochberg([each.p for each in tested]),
            strict=True,
        )
    )
    agents_q = iter(benjamini_hochberg([agent.p for each in tested for agent in each.agents]))
    corrected = [
        replace(
            each,
            q=q[_name(each)],
            agents=tuple(replace(agent, q=next(agents_q)) for agent in each.agents),
        )
        for each in tested
    ]
    return tuple(map(_decided, corrected)) + tuple(s for s in found if s.kind == "too_few")


def _decided(spread: Spread) -> Spread:
    """Say which kind of problem it is, and keep the agents that stand out, the worst first."""
    if spread.q > MAX_FALSE_DISCOVERY:
        return replace(spread, agents=())
    out = sorted(
        (agent for agent in spread.agents if agent.stands_out),
        key=lambda agent: (agent.expected - agent.n_failed, agent.agent_id),
    )
    share = sum(agent.n_failed - agent.expected for agent in out) / spread.n_failed
    if share < MIN_EXCESS_SHARE:
        kind: Kind = "common"
    else:
        kind = "both" if 1 - share >= MIN_COMMON_SHARE and _is_widespread(spread) else "individual"
    return replace(spread, kind=kind, excess_share=share, agents=tuple(out))


def _is_widespread(spread: Spread) -> bool:
    """Whether most of the agents who do not stand out fail too."""
    others = [agent for agent in spread.agents if not agent.stands_out]
    return bool(others) and 2 * sum(agent.n_failed > 0 for agent in others) > len(others)


def spread_since(
    spread: Sequence[Spread], spread_before: Sequence[Spread], criteria: Sequence[CriterionMonth]
) -> tuple[Spread, ...]:
    """Return the spread with last month's kind and the change of each criterion's failures.

    A criterion that failed nowhere last month was of no kind; it counts as "too_few".
    """
    last: Mapping[tuple[str, str], Kind] = {_name(each): each.kind for each in spread_before}
    change = {(c.scorecard_id, c.criterion): c.change for c in criteria}
    return tuple(
        replace(s, kind_before=last.get(_name(s), "too_few"), change=change.get(_name(s)))
        for s in spread
    )


def _name(spread: Spread) -> tuple[str, str]:
    return spread.scorecard_id, spread.criterion
