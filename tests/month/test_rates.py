"""Machine and human rates of small months, worked out by hand."""

import pytest

from qa_pipeline.aggregate.figures import HumanRate
from qa_pipeline.aggregate.month import groups_of, month_of
from qa_pipeline.statistics.intervals import wilson
from tests.month.frames import evaluated, framed, reviewed, tables


def test_machine_rate_counts_decided_calls_only() -> None:
    """3 passed, 1 failed, 1 undecided: 3/4 of the decided, 5 calls in all."""
    passed = [True, True, True, False, None]
    month = month_of(tables([evaluated(f"c{i}", p) for i, p in enumerate(passed)]))
    machine = month.overall.machine
    assert (machine.n_calls, machine.n_decided, machine.n_undecided) == (5, 4, 1)
    assert machine.interval == wilson(0.75, 4)
    assert not machine.is_enough  # four calls are too few to speak of a rate


def test_a_call_counts_once_however_many_scorecards_judged_it() -> None:
    month = month_of(
        tables(
            [
                evaluated("both-pass", True, card="x"),
                evaluated("both-pass", True, card="y"),
                evaluated("one-fails", True, card="x"),
                evaluated("one-fails", False, card="y"),
                evaluated("one-undecided", True, card="x"),
                evaluated("one-undecided", None, card="y"),
                evaluated("fails-and-undecided", False, card="x"),
                evaluated("fails-and-undecided", None, card="y"),
            ]
        )
    )
    machine = month.overall.machine
    assert (machine.n_calls, machine.n_passed, machine.n_failed) == (4, 1, 2)
    by_card = {card.scorecard_id: card.machine for card in month.scorecards}
    assert (by_card["x"].n_passed, by_card["x"].n_failed) == (3, 1)
    assert (by_card["y"].n_passed, by_card["y"].n_failed, by_card["y"].n_undecided) == (1, 1, 2)


def _sampled(reviews: dict[str, int]) -> tuple[HumanRate, HumanRate]:
    """100 calls that the machine passed, 20 that it failed; 10 and 10 drawn; some reviewed."""
    evaluations = [evaluated(f"p{i:03d}", True) for i in range(100)]
    evaluations += [evaluated(f"f{i:03d}", False) for i in range(20)]
    frame = [framed(f"p{i:03d}", "a/pass", drawn=i < 10) for i in range(100)]
    frame += [framed(f"f{i:03d}", "a/fail", drawn=i < 10) for i in range(20)]
    heard = [reviewed(f"p{i:03d}", i < reviews["p_passed"]) for i in range(reviews["p"])]
    heard += [reviewed(f"f{i:03d}", i < reviews["f_passed"]) for i in range(reviews["f"])]
    overall, groups = groups_of(tables(evaluations, frame=frame, reviews=heard))
    return overall.human, groups[0].human


def test_human_rate_is_weighted_by_stratum() -> None:
    """9 of 10 and 2 of 10: (100 x .9 + 20 x .2) / 120 = .78333; unweighted it would be .55."""
    overall, group = _sampled({"p": 10, "p_passed": 9, "f": 10, "f_passed": 2})
    assert overall.interval is not None
    assert overall.interval.value == pytest.approx(94 / 120)
    variance = (100 / 120) ** 2 * 0.9 * 0.9 * 0.1 / 9 + (20 / 120) ** 2 * 0.5 * 0.2 * 0.8 / 9
    assert overall.se == pytest.approx(variance**0.5)
    assert overall == group
    assert (overall.n_framed, overall.n_drawn, overall.n_reviewed, overall.n_passed) == (
        120,
        20,
        20,
        11,
    )


def test_a_stratum_nobody_heard_leaves_no_rate() -> None:
    overall, _ = _sampled({"p": 10, "p_passed": 9, "f": 0, "f_passed": 0})
    assert (overall.status, overall.interval, overall.n_reviewed) == ("unfinished", None, 10)


def test_a_stratum_that_cuts_through_groups_may_miss_a_small_one() -> None:
    """38 calls of a, 2 of b in one stratum; 20 of a drawn and heard, 15 passed: .75 for all."""
    evaluations = [evaluated(f"c{i}", True, group="b" if i >= 38 else "a") for i in range(40)]
    frame = [framed(f"c{i}", "pass", drawn=i < 20) for i in range(40)]
    heard = [reviewed(f"c{i}", i < 15) for i in range(20)]
    overall, (a, b) = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert overall.human.interval is not None
    assert overall.human.interval.value == pytest.approx(0.75)
    assert a.human.status == "rate"
    assert b.human.status == "no_sample"


def test_a_group_of_which_a_stratum_was_never_drawn_has_too_few() -> None:
    evaluations = [evaluated(f"c{i}", True, group="b" if i % 2 else "a") for i in range(80)]
    frame = [framed(f"c{i}", "x" if i < 78 else "y", drawn=i < 40 or i == 78) for i in range(80)]
    heard = [reviewed(f"c{i}", True) for i in (*range(40), 78)]
    overall, (a, b) = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert (overall.human.status, a.human.status, b.human.status) == ("rate", "rate", "too_few")


def test_too_few_reviews_are_no_rate() -> None:
    overall, _ = _sampled({"p": 3, "p_passed": 2, "f": 2, "f_passed": 1})
    assert overall.status == "too_few"
    assert overall.interval is None
    assert overall.n_effective is not None
    assert overall.n_effective < 10


def test_without_a_sample_there_is_none() -> None:
    month = month_of(tables([evaluated("c1", True)]))
    assert month.overall.human.status == "no_sample"
    assert month.n_unframed == 1


def test_reviews_of_calls_that_were_not_drawn_count_nowhere() -> None:
    """A targeted review (a complaint, say) must not enter the rate."""
    evaluations = [evaluated(f"c{i}", True) for i in range(40)]
    frame = [framed(f"c{i}", "a/pass", drawn=i < 20) for i in range(40)]
    heard = [reviewed(f"c{i}", True) for i in range(20)]
    targeted = [reviewed(f"c{i}", False) for i in range(20, 30)]
    plain, _ = groups_of(tables(evaluations, frame=frame, reviews=heard))
    both, _ = groups_of(tables(evaluations, frame=frame, reviews=heard + targeted))
    assert plain.human == both.human
    assert plain.human.interval is not None
    assert plain.human.interval.value == 1.0


def test_the_latest_review_stands_and_an_open_one_does_not_count() -> None:
    evaluations = [evaluated("twice", True), evaluated("open", True), evaluated("two-cards", True)]
    evaluations.append(evaluated("two-cards", True, card="y"))
    frame = [framed(c, "s", drawn=True) for c in ("twice", "open", "two-cards")]
    heard = [
        reviewed("twice", True, "r1", day=1),
        reviewed("twice", False, "r2", day=2),
        reviewed("open", None),
        reviewed("two-cards", True, card="x"),
    ]
    overall, _ = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert (overall.human.n_reviewed, overall.human.n_passed) == (1, 0)
    finished = [*heard, reviewed("two-cards", True, card="y")]
    overall, _ = groups_of(tables(evaluations, frame=frame, reviews=finished))
    assert (overall.human.n_reviewed, overall.human.n_passed) == (2, 1)


def test_late_calls_are_weighted_by_their_own_batch() -> None:
    """40 calls, 20 drawn, all pass; 10 late ones, 5 drawn, all fail: 40/50 passed."""
    frame = [framed(f"c{i}", "s", drawn=i < 20) for i in range(40)]
    frame += [framed(f"l{i}", "s", drawn=i < 5, batch="002") for i in range(10)]
    evaluations = [evaluated(row["call_id"], True) for row in frame]
    heard = [reviewed(f"c{i}", True) for i in range(20)] + [
        reviewed(f"l{i}", False) for i in range(5)
    ]
    overall, _ = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert overall.human.interval is not None
    assert overall.human.interval.value == pytest.approx(0.8)


def test_an_unheard_late_batch_is_taken_together_with_its_stratum() -> None:
    """Without a review of the late ones, the stratum's 20 of 50 speak for all of it."""
    frame = [framed(f"c{i}", "s", drawn=i < 20) for i in range(40)]
    frame += [framed(f"l{i}", "s", drawn=i < 5, batch="002") for i in range(10)]
    evaluations = [evaluated(row["call_id"], True) for row in frame]
    heard = [reviewed(f"c{i}", i < 15) for i in range(20)]
    overall, _ = groups_of(tables(evaluations, frame=frame, reviews=heard))
    assert overall.human.interval is not None
    assert overall.human.interval.value == pytest.approx(0.75)
    assert overall.human.se == pytest.approx((0.6 * 0.75 * 0.25 / 19) ** 0.5)


def test_strata_across_groups_are_post_stratified_by_group() -> None:
    """One stratum over two groups: group b's rate rests on b's calls, 30 of them."""
    evaluations = [evaluated(f"a{i}", True, "a") for i in range(70)]
    evaluations += [evaluated(f"b{i}", True, "b") for i in range(30)]
    frame = [framed(f"a{i}", "all", drawn=i < 30) for i in range(70)]
    frame += [framed(f"b{i}", "all", drawn=i < 15) for i in range(30)]
    heard = [reviewed(f"a{i}", True) for i in range(30)] + [
        reviewed(f"b{i}", i < 6) for i in range(15)
    ]
    overall, groups = groups_of(tables(evaluations, frame=frame, reviews=heard))
    rates = [group.human.interval and group.human.interval.value for group in groups]
    assert rates == [pytest.approx(1.0), pytest.approx(0.4)]
    assert groups[1].human.n_framed == 30
    assert overall.human.interval is not None
    assert overall.human.interval.value == pytest.approx(0.82)


def test_a_failed_recording_stands_beside_its_group() -> None:
    failures = [
        {"recording": "x.wav", "group": "a", "stage": "decode", "code": "truncated"},
        {"recording": "y.wav", "group": None, "stage": "probe", "code": "unreadable"},
    ]
    month = month_of(tables([evaluated("c1", True)], failures=failures))
    assert month.overall.n_failures == 2
    assert [(g.group, g.n_failures, g.machine.n_calls) for g in month.groups] == [
        ("-", 1, 0),
        ("a", 1, 1),
    ]
    assert [(f.code, f.n_recordings) for f in month.coverage.failures] == [
        ("truncated", 1),
        ("unreadable", 1),
    ]


def test_an_empty_month_has_no_figures_and_no_error() -> None:
    month = month_of(tables())
    assert month.overall.machine.interval is None
    assert month.groups == ()
    assert month.coverage.mean_coverage is None
