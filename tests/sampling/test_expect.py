"""What a plan buys, checked against the rate that is shown when the reviews are in."""

import math

import pytest

from qa_pipeline.sampling.cells import Cell, Member
from qa_pipeline.sampling.expect import Part, all_expected, expected_rate, groups_expected
from qa_pipeline.statistics.intervals import wilson
from qa_pipeline.statistics.stratified import StratumCount, weighted_rate


def test_it_is_the_interval_that_comes_out_when_reviews_are_as_expected() -> None:
    counts = (StratumCount(400, 40, 34), StratumCount(100, 20, 10))
    parts = [
        Part(c.n_population, c.n_reviewed, (c.n_passed + 1) / (c.n_reviewed + 2)) for c in counts
    ]
    planned, seen = expected_rate("G", parts), weighted_rate(counts)
    assert planned.n_effective == pytest.approx(seen.n_effective)
    assert planned.interval is not None
    wanted = wilson((400 * 35 / 42 + 100 * 11 / 22) / 500, seen.n_effective)
    assert planned.interval.low == pytest.approx(wanted.low)
    assert planned.interval.high == pytest.approx(wanted.high)
    assert planned.n_needed is None


@pytest.mark.parametrize(
    ("parts", "n_needed"),
    [
        pytest.param([Part(1000, 5, 0.5)], 10, id="five-of-a-thousand"),
        pytest.param([Part(12, 2, 0.5)], 6, id="a-small-group-needs-less"),
        pytest.param([Part(3, 1, 0.5)], 3, id="all-of-three"),
        pytest.param([Part(500, 2, 0.5), Part(500, 2, 0.5)], 10, id="two-strata"),
    ],
)
def test_too_few_is_told_with_what_it_would_take(parts: list[Part], n_needed: int) -> None:
    planned = expected_rate("G", parts)
    assert planned.interval is None
    assert planned.n_needed == n_needed


def test_what_it_would_take_is_enough_and_one_less_is_not() -> None:
    for n_population in (12, 40, 1000):
        n = expected_rate("G", [Part(n_population, 1, 0.3)]).n_needed
        assert n is not None
        assert expected_rate("G", [Part(n_population, n, 0.3)]).interval is not None
        assert expected_rate("G", [Part(n_population, n - 1, 0.3)]).interval is None


def test_five_points_either_way_oracle() -> None:
    assert expected_rate("G", [Part(2000, 100, 0.85)]).n_precise == 179
    assert expected_rate("G", [Part(9, 3, 0.5)]).n_precise == 9


def test_all_heard_is_known() -> None:
    planned = expected_rate("G", [Part(7, 7, 0.5)])
    assert math.isinf(planned.n_effective)
    assert planned.interval == wilson(0.5, math.inf)


def test_a_cell_that_cuts_through_groups_is_shared_out() -> None:
    members = [Member(f"c{i}", "pass" if i < 60 else "fail") for i in range(100)]
    cells = [Cell("pass", "", tuple(members[:60]), 12), Cell("fail", "", tuple(members[60:]), 20)]
    group_of = {m.call_id: "GH"[i % 4 == 0] for i, m in enumerate(members)}
    rates = {"pass": 0.9, "fail": 0.3}
    groups = groups_expected(cells, group_of, rates)
    assert [(g.group, g.n_population, g.n_drawn) for g in groups] == [("G", 75, 24), ("H", 25, 8)]
    overall = all_expected(cells, rates, "all")
    assert (overall.n_population, overall.n_drawn) == (100, 32)
    assert overall.n_effective > max(g.n_effective for g in groups)
