"""Who hears what: fair by work, in a language they know, not their own team, never one pair."""

from collections import Counter
from typing import Any

import pytest

from qa_pipeline.sampling.assign import Desk, Given, Work, assign
from qa_pipeline.sampling.plan import Capacity, Reviewer, SamplingPlan


def plan(*people: Reviewer, **keys: Any) -> SamplingPlan:
    return SamplingPlan(
        sampling="x", strata=("group",), calls=9, capacity=Capacity(reviewers=people), **keys
    )


def person(name: str, **keys: Any) -> Reviewer:
    return Reviewer(name=name, **keys)


def calls(n: int, n_agents: int = 5, **keys: Any) -> list[Work]:
    facts: dict[str, Any] = {"language": "zh", "group": "一组", **keys}
    return [
        Work(f"c{i:03d}", 120.0 + 30 * (i % 7), agent_id=f"A{i % n_agents}", **facts)
        for i in range(n)
    ]


def minutes(given: tuple[Given, ...]) -> Counter[str | None]:
    load: Counter[str | None] = Counter()
    for one in given:
        load[one.reviewer] += one.expected_min  # type: ignore[assignment]
    return load


def test_work_is_shared_by_time_and_pace() -> None:
    people = (person("a", hours=6), person("b", hours=3), person("c", hours=6, pace=0.5))
    load = minutes(assign(calls(200), plan(*people), Desk(), "seed"))
    longest = max(one.expected_min for one in assign(calls(200), plan(*people), Desk(), "seed"))
    shares = [load["a"] / 6, load["b"] / 3, load["c"] / 3]
    assert max(shares) - min(shares) <= 2 * longest / 3


def test_the_same_input_gives_the_same_work_in_any_order() -> None:
    people = plan(person("a"), person("b"), person("c"))
    works = calls(40)
    forth, back = (assign(w, people, Desk(), "seed") for w in (works, works[::-1]))
    assert forth == back
    assert assign(works, people, Desk(), "other") != forth


def test_every_agent_is_heard_by_several_and_no_pair_prevails() -> None:
    people = plan(person("a"), person("b"), person("c"))
    works = calls(60)
    agent_of = {work.call_id: work.agent_id for work in works}
    pairs: dict[str | None, Counter[str | None]] = {}
    for one in assign(works, people, Desk(), "seed"):
        pairs.setdefault(agent_of[one.call_id], Counter())[one.reviewer] += 1
    assert all(len(heard) == 3 for heard in pairs.values())
    assert all(max(heard.values()) <= 6 for heard in pairs.values()), "of 12 calls"


def test_two_calls_of_an_agent_are_not_both_for_one_person() -> None:
    """Also where the other one has little time, and where the first call was months of work ago."""
    people = plan(person("a", hours=24), person("b", hours=0.5))
    given = assign(calls(2, n_agents=1), people, Desk(), "seed")
    assert {one.reviewer for one in given} == {"a", "b"}
    before = Desk()
    before.add("a", "A0", 5.0)
    [one] = assign(calls(1), people, before, "seed")
    assert one.reviewer == "b"
    assert before.pairs == {"A0": {"a": 1}}, "what was given before is not changed"


def test_somebody_new_to_the_period_is_not_buried() -> None:
    before = Desk()
    for i in range(100):
        before.add("ab"[i % 2], f"A{i % 5}", 10.0)
    given = assign(calls(60), plan(person("a"), person("b"), person("new")), before, "seed")
    heard = Counter(one.reviewer for one in given)
    assert 15 <= heard["new"] <= 40


@pytest.mark.parametrize(
    ("people", "keys", "work", "reviewer", "obstacle"),
    [
        pytest.param([person("a", languages=("zh",)), person("b", languages=("en",))], {}, {},
                     "a", None, id="language"),
        pytest.param([person("a")], {}, {"language": "en"}, "a", None, id="any-language"),
        pytest.param([person("a", languages=("en",))], {}, {}, None, "language",
                     id="nobody-knows-it"),
        pytest.param([person("a", languages=("zh",))], {}, {"language": None}, None, "language",
                     id="language-not-known"),
        pytest.param([person("a", team="一组"), person("b", team="二组")],
                     {"exclude_own_team": True}, {}, "b", None, id="own-team"),
        pytest.param([person("a", team="一组")], {"exclude_own_team": True}, {}, None, "own_team",
                     id="only-the-own-team"),
        pytest.param([person("a", team="一组")], {}, {}, "a", None, id="own-team-allowed"),
        pytest.param([person("a", team="一组"), person("b")], {"exclude_own_team": True}, {},
                     "b", None, id="no-team"),
        pytest.param([person("a", team="一组")], {"exclude_own_team": True}, {"group": None},
                     "a", None, id="call-without-a-group"),
        pytest.param([person("a"), person("b")], {}, {"avoid": frozenset("a")}, "b", None,
                     id="second-hearing"),
        pytest.param([person("a")], {}, {"avoid": frozenset("a")}, None, "second",
                     id="no-second-person"),
        pytest.param([], {}, {}, None, "no_reviewer", id="nobody"),
    ],
)  # fmt: skip
def test_who_may_hear_a_call(
    people: list[Reviewer],
    keys: dict[str, Any],
    work: dict[str, Any],
    reviewer: str | None,
    obstacle: str | None,
) -> None:
    [given] = assign(calls(1, **work), plan(*people, **keys), Desk(), "seed")
    assert (given.reviewer, given.obstacle) == (reviewer, obstacle)


def test_a_call_that_few_can_hear_is_given_first() -> None:
    """Else the only speaker of English would be full of Chinese calls by then."""
    people = plan(person("zh", languages=("zh",)), person("both"))
    works = calls(30) + [Work(f"e{i}", 180.0, "en", "二组", f"E{i % 3}") for i in range(15)]
    load = minutes(assign(works, people, Desk(), "seed"))
    assert load["zh"] == pytest.approx(load["both"], rel=0.1)
