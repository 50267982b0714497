"""Common or individual, what it calls for, and whether it helped: months made by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from qa_pipeline.aggregate.followup import (
    Target,
    coaching_items,
    follow_up,
    training_needs,
)
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.aggregate.spread import Kind, Spread, spread_of, spread_since
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.aggregate.tally import tally_of
from qa_pipeline.statistics.shrinkage import expected_shares
from tests.month.frames import evaluated, judged, tables

#: Agent: failed and judged calls. One row a criterion.
Failures = dict[str, tuple[int, int]]


def month(criteria: dict[str, Failures], *, group: str = "a", severity: str = "B") -> MonthTables:
    """Return a month in which each agent failed each criterion so many times."""
    rows: list[dict[str, Any]] = [
        judged(
            f"{criterion}-{agent}-{i:03d}", criterion, "fail" if i < n_failed else "pass", severity,
            agent_id=agent, group=group, local_date=date(2026, 10, 1 + i % 28),
        )
        for criterion, agents in criteria.items()
        for agent, (n_failed, n_judged) in agents.items()
        for i in range(n_judged)
    ]  # fmt: skip
    return tables([evaluated(row["call_id"], True, group) for row in rows], rows)


EVEN: Failures = {f"e{i}": (8 + i % 3, 60) for i in range(10)}
ONE: Failures = {"bad": (30, 60), **{f"e{i}": (1, 60) for i in range(9)}}
BOTH: Failures = {"bad": (50, 60), **{f"e{i}": (8, 60) for i in range(9)}}
FEW: Failures = {"x": (5, 40), "y": (4, 40), "z": (0, 40)}


def found(failures: Failures) -> Spread:
    (spread,) = spread_of(tally_of(month({"c": failures})))
    return spread


@pytest.mark.parametrize(
    ("failures", "kind"),
    [
        pytest.param(EVEN, "common", id="even"),
        pytest.param(ONE, "individual", id="one-agent"),
        pytest.param(BOTH, "both", id="one-agent-and-everybody"),
        pytest.param(FEW, "too_few", id="nine-failures"),
        pytest.param({"x": (9, 40), "y": (20, 40)}, "too_few", id="two-agents"),
    ],
)
def test_kinds(failures: Failures, kind: Kind) -> None:
    assert found(failures).kind == kind


def test_an_individual_problem_names_its_agents_with_evidence() -> None:
    spread = found(ONE)
    (agent,) = spread.agents
    assert (agent.agent_id, agent.group, agent.n_failed, agent.n_judged) == ("bad", "a", 30, 60)
    assert agent.expected == pytest.approx(3.9)  # 39 failures in 600 calls, 60 of them
    assert agent.q < 1e-9
    assert spread.excess_share == pytest.approx((30 - 3.9) / 39)
    assert (spread.n_agents_failing, spread.n_agents) == (10, 10)
    assert spread.dispersion > 10


def test_a_common_problem_names_nobody() -> None:
    assert found(EVEN).agents == ()


def test_a_team_with_harder_calls_is_no_persons_fault() -> None:
    """Everybody of one group fails often, nobody of the other: even within each of them."""
    hard, easy = (
        month({"c": {f"h{i}": (20, 60) for i in range(5)}}),
        {f"s{i}": (1, 60) for i in range(5)},
    )
    rows = [hard.verdicts.collect(), month({"c": easy}, group="b").verdicts.collect()]
    both = tables([], [row for part in rows for row in part.to_dicts()])
    (spread,) = spread_of(tally_of(both))
    assert (spread.kind, spread.n_failed) == ("common", 105)


def test_many_criteria_are_corrected_together() -> None:
    """One agent with p of about .02 stands out alone, and not among twenty even criteria."""
    mild = {"m": (14, 60), **{f"e{i}": (5, 60) for i in range(9)}}
    alone = found(mild)
    among = spread_of(tally_of(month({"mild": mild, **{f"c{i}": EVEN for i in range(20)}})))
    (same,) = (each for each in among if each.criterion == "mild")
    assert alone.p == pytest.approx(same.p, abs=0.02)
    assert same.q > alone.q
    assert all(each.kind == "common" for each in among if each.criterion != "mild")


def test_a_new_training_point_was_no_common_problem_last_month() -> None:
    now = spread_of(tally_of(month({"new": EVEN, "old": EVEN})))
    last = spread_of(tally_of(month({"new": FEW, "old": EVEN})))
    news = {each.criterion: (each.is_new, each.kind_before) for each in spread_since(now, last, ())}
    assert news == {"new": (True, "too_few"), "old": (False, "common")}
    assert not any(each.is_new for each in now)  # without a month before nothing is new


def test_problems_become_items_and_needs() -> None:
    made = month({"one": ONE, "everybody": EVEN, "both": BOTH})
    spread = spread_of(tally_of(made))
    items = coaching_items(spread, made)
    assert [(item.criterion, item.agent.agent_id) for item in items] == [
        ("both", "bad"),
        ("one", "bad"),
    ]
    assert items[1].call_id == "one-bad-027"  # failed on the 28th, the newest of its failures
    assert [need.criterion for need in training_needs(spread)] == ["both", "everybody"]


AGENT = Target("x", "c", "bad")


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        pytest.param((2, 60), "improved", id="beyond-regression"),
        pytest.param((24, 60), "no_evidence", id="within-chance"),
        pytest.param((50, 60), "worse", id="worse"),
        pytest.param((0, 9), "too_few", id="nine-calls"),
    ],
)
def test_coaching_is_followed_up(after: tuple[int, int], effect: str) -> None:
    then, now = month({"c": ONE}), month({"c": {**ONE, "bad": after}})
    (found,) = follow_up([AGENT], tally_of(then), tally_of(now))
    assert found.effect == effect
    assert found.before is not None
    assert found.before.value == 0.5


def test_a_bad_month_that_was_mostly_luck_is_no_success_of_coaching() -> None:
    """Agents who hardly differ: a high month falls back to the team's share by itself."""
    alike = {"bad": (14, 60), **{f"e{i}": (6 + i % 3, 60) for i in range(9)}}
    then, now = month({"c": alike}), month({"c": {**alike, "bad": (4, 60)}})
    (found,) = follow_up([AGENT], tally_of(then), tally_of(now))
    assert found.expected == pytest.approx(0.128, abs=0.03)
    assert found.change is not None
    assert found.change.high < 0  # a real fall, by the interval of the change alone
    assert found.effect == "no_evidence"


def test_training_is_followed_up_for_everybody() -> None:
    then, now = month({"c": EVEN}), month({"c": dict.fromkeys(EVEN, (2, 60))})
    (found,) = follow_up([Target("x", "c", None)], tally_of(then), tally_of(now))
    assert (found.effect, found.expected) == ("improved", found.before and found.before.value)


def test_a_criterion_that_is_gone_is_too_few() -> None:
    (found,) = follow_up(
        [Target("x", "gone", None)], tally_of(month({"c": EVEN})), tally_of(tables())
    )
    assert (found.effect, found.change) == ("too_few", None)


def test_shares_are_drawn_to_the_mean_by_what_is_chance() -> None:
    alike = expected_shares(np.array([6, 5, 7, 12]), np.array([60, 60, 60, 60]))
    apart = expected_shares(np.array([0, 0, 0, 60]), np.array([60, 60, 60, 60]))
    assert 0.12 < alike[3] < 0.2
    assert apart[3] > 0.95
    assert expected_shares(np.array([0, 0]), np.array([5, 5])) == pytest.approx([0, 0])


@pytest.mark.slow
def test_regression_to_the_mean_is_foreseen() -> None:
    """Of 2,000 picked agents, the next month is on average what was expected of them."""
    rng = np.random.default_rng(20261202)
    judged = np.full(40, 80)
    bias = []
    for _ in range(2000):
        true = np.clip(rng.normal(0.15, 0.04, 40), 0.01, 0.6)
        failed = rng.binomial(judged, true)
        worst = int(failed.argmax())
        bias.append(true[worst] - expected_shares(failed, judged)[worst])
    assert abs(np.mean(bias)) < 0.01


def test_the_month_holds_the_spread() -> None:
    assert [s.kind for s in month_of(month({"c": ONE})).spread] == ["individual"]
