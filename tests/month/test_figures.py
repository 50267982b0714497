"""Combined rates, weights within strata, comparisons, forecasts, recordings and lots, by hand."""

from dataclasses import replace
from datetime import date

import pytest

from qa_pipeline.aggregate.changes import against_rest
from qa_pipeline.aggregate.detail import listening_detail
from qa_pipeline.aggregate.forecasts import PastGroup, PastMonth
from qa_pipeline.aggregate.lots import lots_of
from qa_pipeline.aggregate.month import groups_of, month_of, rates_of
from qa_pipeline.aggregate.recordings import recordings_of
from qa_pipeline.aggregate.tables import MonthTables, between
from tests.month.frames import evaluated, framed, judged, opinion, reviewed, tables


def _with_machine(n_fail_fail: int = 15) -> MonthTables:
    """1,000 calls in one stratum, the machine passes 800; 100 heard as in STATISTICS."""
    seen = [(True, True)] * 70 + [(True, False)] * 12 + [(False, True)] * 3
    seen += [(False, False)] * n_fail_fail
    rest = [True] * (800 - 82) + [False] * (200 - 3 - n_fail_fail)
    evaluations = [evaluated(f"s{i:03d}", machine) for i, (machine, _) in enumerate(seen)]
    evaluations += [evaluated(f"r{i:03d}", machine) for i, machine in enumerate(rest)]
    frame = [framed(f"s{i:03d}", "all", drawn=True) for i in range(len(seen))]
    frame += [framed(f"r{i:03d}", "all", drawn=False) for i in range(len(rest))]
    heard = [reviewed(f"s{i:03d}", human) for i, (_, human) in enumerate(seen)]
    return tables(evaluations, frame=frame, reviews=heard)


def test_the_four_figures_of_the_oracle() -> None:
    overall, (group,) = groups_of(_with_machine())
    assert overall.machine.interval is not None
    assert overall.human.interval is not None
    assert overall.combined.interval is not None
    assert overall.machine.interval.value == pytest.approx(0.8)
    assert overall.human.interval.value == pytest.approx(0.73)
    assert overall.human.se == pytest.approx(0.04233, abs=5e-6)
    assert overall.combined.status == "combined"
    assert overall.combined.interval.value == pytest.approx(0.716260, abs=5e-7)
    assert overall.combined.se == pytest.approx(0.034399, abs=5e-7)
    assert overall.combined.gain == pytest.approx((0.04233 / 0.034399) ** 2 - 1, abs=1e-3)
    assert (overall.raw.n_reviewed, overall.raw.n_passed) == (100, 73)
    assert group.combined == overall.combined


def test_a_thin_cell_leaves_the_classical_rate() -> None:
    seen = _with_machine(n_fail_fail=0)
    few = replace(
        seen, reviews=seen.reviews.filter(~seen.reviews["call_id"].is_in(["s083", "s084"]))
    )
    overall, _ = groups_of(few)
    assert overall.combined.status == "classical"
    assert (overall.combined.interval, overall.combined.gain) == (overall.human.interval, None)
    assert overall.combined.n_thin_cells == 1


def test_without_a_human_rate_there_is_no_combined_one() -> None:
    overall, _ = groups_of(tables([evaluated("c", True)]))
    assert (overall.combined.status, overall.combined.interval) == ("no_sample", None)


def test_a_focus_within_a_stratum_is_weighted_call_by_call() -> None:
    """20 new agents' calls of 40 heard, 5 pass; 20 of 200 others, all pass: (2 x 5 + 200) / 240."""
    evaluations = [evaluated(f"n{i:03d}", True) for i in range(40)]
    evaluations += [evaluated(f"o{i:03d}", True) for i in range(200)]
    frame = [
        {**framed(row["call_id"], "all", drawn=int(row["call_id"][1:]) < 20),
         "inclusion_probability": 0.5 if row["call_id"].startswith("n") else 0.1}
        for row in evaluations
    ]  # fmt: skip
    heard = [reviewed(f"n{i:03d}", i < 5) for i in range(20)]
    heard += [reviewed(f"o{i:03d}", True) for i in range(20)]
    overall, _ = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert overall.human.interval is not None
    assert overall.human.interval.value == pytest.approx(210 / 240)
    assert overall.human.n_passed == 25  # the raw counts stay whole
    assert overall.human.n_effective is not None
    assert overall.human.n_effective < 40


def test_targeted_reviews_are_counted_beside_the_rates() -> None:
    made = _with_machine()
    complaints = [reviewed(f"r{i:03d}", i < 2) for i in range(5)]
    more = replace(made, reviews=made.reviews.vstack(tables(reviews=complaints).reviews))
    overall, _ = groups_of(more)
    assert (overall.raw.n_targeted, overall.raw.n_targeted_passed) == (5, 2)
    assert overall.human == groups_of(made)[0].human


def test_the_machines_rate_comes_with_its_coverage() -> None:
    rows = [{**evaluated("a", True), "coverage": 0.5}, {**evaluated("b", False), "coverage": 1.0}]
    assert groups_of(tables(rows))[0].machine.coverage == pytest.approx(0.75)


def test_each_group_is_compared_with_all_others() -> None:
    rows = [
        evaluated(f"{g}{i:03d}", i < n, g) for g, n in (("a", 95), ("b", 60)) for i in range(100)
    ]
    _, groups = groups_of(tables(rows))
    a, b = against_rest(groups)
    assert a.machine.against_rest is not None
    assert b.machine.against_rest is not None
    assert (a.machine.against_rest.direction, b.machine.against_rest.direction) == ("up", "down")
    assert a.machine.against_rest.before.value == pytest.approx(0.6)
    (alone,) = against_rest(groups[:1])
    assert alone.machine.against_rest is None


def test_a_class_that_fails_in_more_calls_has_moved() -> None:
    def made(n: int) -> MonthTables:
        calls = [f"c{i:03d}" for i in range(200)]
        verdicts = [judged(c, "k", "fail" if i < n else "pass") for i, c in enumerate(calls)]
        return tables([evaluated(c, True) for c in calls], verdicts)

    (count,) = month_of(made(60), made(20)).overall.severities
    assert (count.n_failed, count.n_before) == (60, 20)
    assert count.change is not None
    assert count.change.direction == "up"
    (same,) = month_of(made(20), made(20)).overall.severities
    assert same.change is not None
    assert same.change.direction is None


def _past(n_months: int, *, gap: int | None = None) -> list[PastMonth]:
    months = []
    for i in range(n_months):
        machine = None if i == gap else (0.8, 500.0)
        groups = (PastGroup(None, machine, None), PastGroup("a", machine, None))
        months.append(PastMonth(f"2026-{i + 1:02d}", groups))
    return months


@pytest.mark.parametrize(
    ("past", "is_told"),
    [
        pytest.param(_past(5), True, id="six-months-with-this-one"),
        pytest.param(_past(4), False, id="five-months"),
        pytest.param(_past(8, gap=5), False, id="a-gap"),
        pytest.param([], False, id="no-history"),
    ],
)
def test_a_forecast_needs_six_months_without_a_gap(past: list[PastMonth], is_told: bool) -> None:
    rows = [evaluated(f"c{i}", i < 80) for i in range(100)]
    overall = month_of(tables(rows), None, past).overall
    assert (overall.machine.forecast is not None) == is_told
    assert overall.human.forecast is None
    if overall.machine.forecast is not None:
        assert overall.machine.forecast.low < 0.8 < overall.machine.forecast.high


def test_the_rates_of_a_past_month_are_those_of_the_month() -> None:
    made = _with_machine()
    assert rates_of(made)[0].human == groups_of(made)[0].human
    assert rates_of(made)[0].machine == groups_of(made)[0].machine


def test_best_and_worst_recordings() -> None:
    scores = {"a": 100.0, "b": 90.0, "c": 50.0, "d": 20.0, "thin": 1.0, "undecided": 0.0}
    rows = [
        {**evaluated(c, None if c == "undecided" else s > 60), "score": s,
         "coverage": 0.3 if c == "thin" else 1.0}
        for c, s in scores.items()
    ]  # fmt: skip
    (agent,) = recordings_of(tables(rows, reviews=[reviewed("d", True)]))
    assert (agent.agent_id, agent.n_calls) == ("7", 4)
    assert [r.call_id for r in agent.best] == ["a", "b"]
    assert [(r.call_id, r.human_passed) for r in agent.worst] == [("d", True), ("c", None)]


def test_a_perfect_call_is_never_among_the_worst() -> None:
    rows = [{**evaluated(f"c{i}", True), "score": 100.0} for i in range(8)]
    (agent,) = recordings_of(tables(rows))
    assert (len(agent.best), agent.worst) == (3, ())


def test_suggestions_are_counted_by_group() -> None:
    findings = [
        {"call_id": f"c{i}", "signal": "wishes", "group": "a" if i < 2 else "b"} for i in range(3)
    ] * 2
    (counted,) = month_of(tables([evaluated("c0", True)], findings=findings)).counted
    assert (counted.n_findings, counted.n_calls) == (6, 3)
    assert [(g.group, g.n_findings, g.n_calls) for g in counted.groups] == [
        ("a", 4, 2),
        ("b", 2, 1),
    ]


def test_a_week_holds_its_own_calls_only() -> None:
    rows = [
        {**evaluated(f"c{day}", True), "local_date": date(2026, 10, day)} for day in range(1, 29)
    ]
    frame = [framed(row["call_id"], "s", drawn=True) for row in rows]
    week = between(tables(rows, frame=frame), date(2026, 10, 5), date(2026, 10, 11))
    month = month_of(week)
    assert month.overall.machine.n_calls == 7
    assert month.overall.human.n_framed == 7


def _week(reviews: int, failed: int, pi: tuple[float, float]) -> MonthTables:
    """Passed calls drawn with chance pi[0], failed ones with pi[1], in the week of 5 October."""
    calls = [f"c{i:02d}" for i in range(reviews)]
    return tables(
        [evaluated(call, i >= failed) for i, call in enumerate(calls)],
        [judged(call, "rude", "fail" if i == 0 else "pass", "A") for i, call in enumerate(calls)],
        frame=[
            {**framed(call, "s", drawn=True), "inclusion_probability": pi[int(i < failed)]}
            for i, call in enumerate(calls)
        ],
        reviews=[reviewed(call, i >= failed) for i, call in enumerate(calls)],
        opinions=[opinion("c00", "rude", "fail")] if failed else [],
    )


def test_a_lot_counts_calls_at_their_weight() -> None:
    """10 failures each heard, 10 of 100 passes: 10 of 110 failed, not 10 of 20."""
    (plain,) = lots_of([_week(20, 10, (0.5, 0.5))], "agent")
    (weighted,) = lots_of([_week(20, 10, (0.1, 1.0))], "agent")
    assert (plain.subject, plain.week, plain.n_reviewed, plain.n_failed) == (
        "7",
        date(2026, 10, 5),
        20,
        10,
    )
    assert weighted.n_reviewed == 12  # 110^2 / (10 + 1000)
    assert weighted.n_failed == 1
    assert plain.n_fatal == 1


def test_a_lot_of_a_group_spans_months_and_needs_a_confirmed_fatal_finding() -> None:
    lots = lots_of([_week(8, 0, (0.5, 0.5)), _week(8, 0, (0.5, 0.5))], "group")
    assert [(lot.subject, lot.n_reviewed, lot.n_fatal) for lot in lots] == [("a", 16, 0)]


def test_a_new_agent_has_a_lot_before_anybody_reviews() -> None:
    rows = [{**evaluated("c", True), "metadata": '{"agent_since": "2026-09-20"}'}]
    rows += [{**evaluated("d", True), "agent_id": "8", "metadata": '{"agent_since": "2026-08-20"}'}]
    (lot,) = lots_of([tables(rows)], "agent")
    assert (lot.subject, lot.n_reviewed, lot.is_new) == ("7", 0, True)


def test_the_listening_detail_has_a_line_a_review() -> None:
    made = tables(
        [
            {**evaluated("c1", False), "score": 40.0},
            evaluated("c2", True),
            evaluated("unheard", True),
        ],
        [judged("c1", "rude", "fail"), judged("c1", "calm", "fail"), judged("c2", "rude", "pass")],
        frame=[framed("c1", "s", drawn=True), framed("c2", "s", drawn=False)],
        reviews=[reviewed("c1", True, "r1"), reviewed("c1", False, "r2"), reviewed("c2", True)],
        opinions=[opinion("c1", "rude", "fail", "r2"), opinion("c1", "rude", "pass", "r1")],
    )
    lines = listening_detail(made)
    assert [(x.call_id, x.reviewer, x.passed, x.is_random) for x in lines] == [
        ("c1", "r1", True, True),
        ("c1", "r2", False, True),
        ("c2", "r1", True, False),
    ]
    assert [x.failed for x in lines] == [(), ("rude",), ()]
    assert lines[0].machine_failed == ("calm", "rude")
    assert (lines[0].machine_passed, lines[0].machine_score) == (False, 40.0)
    assert listening_detail(between(made, date(2026, 10, 6), date(2026, 10, 6))) == ()
