"""Criteria, classes, examples, coverage and changes, worked out by hand."""

from datetime import date

import pytest

from qa_pipeline.aggregate.changes import changes
from qa_pipeline.aggregate.figures import Change
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.statistics.intervals import Interval, wilson
from tests.month.frames import evaluated, judged, tables


def test_classes_count_failed_criteria_and_the_calls_they_stand_in() -> None:
    verdicts = [
        judged("c1", "rude", "fail", "A"),
        judged("c1", "greeting", "fail", "B"),
        judged("c1", "closing", "fail", "B"),
        judged("c2", "greeting", "pass", "B"),
        judged("c2", "closing", "not_measured", "B"),
        judged("c2", "silence", "pass", "C"),
    ]
    counts = month_of(
        tables([evaluated("c1", False), evaluated("c2", True)], verdicts)
    ).overall.severities
    assert [(c.severity, c.is_fatal, c.n_failed, c.n_calls) for c in counts] == [
        ("A", True, 1, 1),
        ("B", False, 2, 1),
        ("C", False, 0, 0),
    ]


def test_problems_are_ordered_by_failures_and_keep_every_outcome_apart() -> None:
    verdicts = [judged(f"c{i}", "often", "fail" if i < 3 else "pass") for i in range(4)]
    verdicts += [judged(f"c{i}", "once", "fail" if i < 1 else "not_applicable") for i in range(4)]
    verdicts += [judged(f"c{i}", "never", "pass") for i in range(4)]
    verdicts += [
        judged("c0", "people", "pending"),
        judged("c1", "unheard", "not_measured", reason="no words"),
    ]
    month = month_of(tables([evaluated(f"c{i}", True) for i in range(4)], verdicts))
    assert [(p.criterion, p.n_failed, p.n_judged) for p in month.problems] == [
        ("often", 3, 4),
        ("once", 1, 1),
    ]
    by_name = {c.criterion: c for c in month.criteria}
    assert by_name["often"].failed_share == 0.75
    assert by_name["once"].n_not_applicable == 3
    assert by_name["people"].n_pending == 1
    assert by_name["people"].failed_share is None
    assert by_name["unheard"].commonest_reason_not_measured == "no words"


def test_examples_show_evidence_first_then_other_agents_then_the_newest() -> None:
    days = {"old": 2, "new": 9, "newest-no-quote": 20, "same-agent": 10}
    verdicts = [
        judged(
            call_id,
            "rude",
            "fail",
            agent_id="8" if call_id == "old" else "7",
            local_date=date(2026, 10, day),
        )
        for call_id, day in days.items()
    ]
    findings = [
        {"call_id": call_id, "scorecard_id": "x", "criterion": "rude", "signal": "s", "position": i,
         "start_s": 10.0 + i, "quote": quote}
        for call_id in ("old", "new", "same-agent")
        for i, quote in enumerate((None, "不知道"))
    ]  # fmt: skip
    month = month_of(tables([evaluated("old", False)], verdicts, findings))
    examples = month.problems[0].examples
    assert [e.call_id for e in examples] == ["same-agent", "old", "new"]
    assert (examples[0].quote, examples[0].start_s, examples[0].reason) == (
        "不知道",
        11.0,
        "because",
    )


def test_undecided_calls_say_why() -> None:
    evaluations = [evaluated("fatal", None), evaluated("thin", None), evaluated("fine", True)]
    verdicts = [
        judged("fatal", "rude", "not_measured", "A"),
        judged("thin", "silence", "not_measured", "C"),
        judged("fine", "rude", "not_measured", "A"),
    ]
    coverage = month_of(tables(evaluations, verdicts)).coverage
    assert (coverage.n_fatal_unmeasured, coverage.n_thin) == (1, 1)


def test_tiers_notes_and_made_up_calls_are_counted() -> None:
    calls = [
        {
            "call_id": "1",
            "tier": "imported",
            "notes": ["demo_model", "x"],
            "metadata": '{"demo": "true"}',
        },
        {
            "call_id": "2",
            "tier": "imported",
            "notes": ["demo_model"],
            "metadata": '{"demo": "no"}',
        },
        {"call_id": "3", "tier": "dual_channel", "notes": [], "metadata": '{"demo": "YES"}'},
        {"call_id": "4", "tier": "dual_channel", "notes": [], "metadata": "{}"},
    ]
    coverage = month_of(tables([evaluated("1", True)], calls=calls)).coverage
    assert coverage.tiers == (("dual_channel", 2), ("imported", 2))
    assert coverage.notes == (("demo_model", 2), ("made_up", 2), ("x", 1))


def test_a_change_needs_evidence() -> None:
    """56/70 against 48/80 has p = .008; alone it is a change, among 20 groups it is not."""
    pair = ((wilson(0.8, 70), 70.0), (wilson(0.6, 80), 80.0))
    still = ((wilson(0.5, 70), 70.0), (wilson(0.5, 80), 80.0))
    (alone,) = changes([pair])
    assert alone is not None
    assert (alone.difference.low, alone.difference.high) == (
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )
    assert alone.direction == "up"
    among = changes([pair, *[still] * 19])[0]
    assert among is not None
    assert among.q == pytest.approx(20 * alone.p)
    assert among.direction is None
    assert changes([(pair[1], pair[0])])[0].direction == "down"  # type: ignore[union-attr]


def test_no_arrow_where_interval_and_test_disagree() -> None:
    q_small = Change(Interval(0.5, 0.4, 0.6), Interval(0.1, -0.01, 0.2), 0.01, 0.01)
    assert q_small.direction is None


def test_months_without_a_rate_are_not_compared() -> None:
    pair = (wilson(0.8, 70), 70.0)
    assert changes([(pair, None), (None, pair), (None, None)]) == (None, None, None)


def test_groups_and_criteria_are_compared_with_the_month_before() -> None:
    def month(n_passed: int, n_failed: int) -> list[dict[str, object]]:
        return [evaluated(f"c{i}", i < n_passed) for i in range(n_passed + n_failed)]

    now = tables(
        month(56, 14), [judged(f"c{i}", "k", "fail" if i < 14 else "pass") for i in range(70)]
    )
    before = tables(
        month(48, 32), [judged(f"c{i}", "k", "fail" if i < 32 else "pass") for i in range(80)]
    )
    result = month_of(now, before)
    change = result.groups[0].machine.change
    assert change is not None
    assert change.before.value == 0.6
    assert change.direction == "up"
    failures = result.criteria[0].change
    assert failures is not None
    assert failures.direction == "down"
    assert [(c.n_failed, c.n_before) for c in result.overall.severities] == [(14, 32)]
    assert month_of(now, tables()).period_before is None


def test_a_group_that_is_new_is_not_compared() -> None:
    now = tables([evaluated(f"c{i}", True, "new") for i in range(20)])
    before = tables([evaluated(f"c{i}", True, "old") for i in range(20)])
    assert month_of(now, before).groups[0].machine.change is None
