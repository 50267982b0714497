"""Who hears which call: fair by expected work, in a language they know, never always the same pair.

Deterministic: the same calls, reviewers and earlier assignments give the same result.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qa_pipeline.sampling.capacity import review_min, reviewer_min
from qa_pipeline.sampling.draw import ticket
from qa_pipeline.sampling.plan import Reviewer, SamplingPlan

#: Why nobody can hear a call.
Obstacle = Literal["no_reviewer", "language", "own_team", "second"]


@dataclass(frozen=True, slots=True)
class Work:
    """A call to be heard, with its labels; `avoid` is who heard it first (a double review)."""

    call_id: str
    duration_s: float
    language: str | None
    group: str | None
    agent_id: str | None
    avoid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """A call and its reviewer, or the reason why nobody can hear it; the work in minutes."""

    call_id: str
    reviewer: str | None
    expected_min: float
    obstacle: Obstacle | None = None


@dataclass(slots=True)
class Desk:
    """What reviewers have been given so far: minutes each, and calls of each agent by each."""

    minutes: dict[str, float] = field(default_factory=dict)
    pairs: dict[str | None, Counter[str]] = field(default_factory=dict)

    def add(self, reviewer: str, agent_id: str | None, minutes: float) -> None:
        """Note a call that was given to a reviewer."""
        self.minutes[reviewer] = self.minutes.get(reviewer, 0.0) + minutes
        self.pairs.setdefault(agent_id, Counter())[reviewer] += 1


def assign(works: Iterable[Work], plan: SamplingPlan, before: Desk, seed: str) -> tuple[Given, ...]:
    """Give every call to a reviewer: those first that the fewest can hear, else by a keyed hash.

    A call goes to whoever would be least loaded by it, reckoned against each one's time, and each
    call of that agent that a reviewer has had weighs as much again. An agent whose calls were all
    heard by one person gets another one, where there is one. `before` counts what was given
    earlier in the period and is not changed; who is new to the period starts level with the least
    loaded.
    """
    times_min = dict(zip(_names(plan), reviewer_min(plan.capacity), strict=True))
    desk = _level(before, times_min)
    given = []
    for able, work in _in_turn(works, plan, seed):
        minutes = review_min(work.duration_s / 60, plan.capacity)
        if isinstance(able, str):
            given.append(Given(work.call_id, None, minutes, able))
            continue
        chosen = _chosen(work, minutes, _rotated(work, able, desk), desk, times_min)
        desk.add(chosen, work.agent_id, minutes)
        given.append(Given(work.call_id, chosen, minutes))
    return tuple(given)


def _in_turn(
    works: Iterable[Work], plan: SamplingPlan, seed: str
) -> list[tuple[list[str] | Obstacle, Work]]:
    able = [(able_reviewers(work, plan), work) for work in works]

    def turn(one: tuple[list[str] | Obstacle, Work]) -> tuple[int, int, str]:
        people, work = one
        n_able = 0 if isinstance(people, str) else len(people)
        return n_able, ticket(work.call_id, seed), work.call_id

    return sorted(able, key=turn)


def _names(plan: SamplingPlan) -> list[str]:
    return [reviewer.name for reviewer in plan.capacity.reviewers]


def _level(before: Desk, times_min: Mapping[str, float]) -> Desk:
    loads = [before.minutes[name] / t for name, t in times_min.items() if name in before.minutes]
    least = min(loads, default=0.0)
    minutes = {name: before.minutes.get(name, least * t) for name, t in times_min.items()}
    return Desk(minutes, {agent_id: Counter(heard) for agent_id, heard in before.pairs.items()})


def able_reviewers(work: Work, plan: SamplingPlan) -> list[str] | Obstacle:
    """Return who may hear a call, else the first thing that leaves nobody."""
    people: Sequence[Reviewer] = plan.capacity.reviewers
    if not people:
        return "no_reviewer"
    people = [r for r in people if not r.languages or work.language in r.languages]
    if not people:
        return "language"
    if plan.exclude_own_team:
        people = [r for r in people if r.team is None or r.team != work.group]
    if not people:
        return "own_team"
    return [r.name for r in people if r.name not in work.avoid] or "second"


def _rotated(work: Work, able: Sequence[str], desk: Desk) -> Sequence[str]:
    """Leave out the one person who heard all of the agent's calls so far, if others can."""
    heard = desk.pairs.get(work.agent_id, Counter())
    others = [name for name in able if name not in heard]
    return others if len(heard) == 1 and others else able


def _chosen(
    work: Work,
    minutes: float,
    able: Sequence[str],
    desk: Desk,
    times_min: Mapping[str, float],
) -> str:
    heard = desk.pairs.get(work.agent_id, Counter())

    def cost(name: str) -> tuple[float, int, str]:
        weight = 1 + heard[name]
        load = (desk.minutes[name] + minutes * weight) / times_min[name]
        return round(load, 9), ticket(work.call_id, name), name

    return min(able, key=cost)
