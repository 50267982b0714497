"""Score, coverage and whether a call passed."""

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.records import Outcome, Verdict
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.scoring.totals import shown_score, totals
from tests.scorecard.cards import edited, load


def scorecard(pass_mark: str = "80", min_coverage: str = "0.8") -> Scorecard:
    keys = f"pass_mark: {pass_mark}\nmin_coverage: {min_coverage}"
    return load(edited(("pass_mark: 80", keys))).scorecard


def verdict(outcome: Outcome, points: float, *, fatal: bool = False) -> Verdict:
    return Verdict("c", "s", "B", outcome, points, None, "", (), fatal=fatal)


def result(
    *verdicts: tuple[Outcome, float] | tuple[Outcome, float, str], card: Scorecard | None = None
) -> tuple[float | None, float | None, bool | None]:
    made = [verdict(v[0], v[1], fatal=len(v) == 3) for v in verdicts]
    sums = totals(card or scorecard(), made)
    return sums.score, sums.coverage, sums.passed


def test_points_passed_of_points_judged() -> None:
    assert result(("pass", 80), ("fail", 20)) == (80.0, 1.0, True)
    assert result(("pass", 79), ("fail", 21)) == (79.0, 1.0, False)


def test_what_does_not_apply_or_waits_is_on_neither_side() -> None:
    verdicts = (("pass", 10), ("not_applicable", 90), ("pending", 90))
    assert result(*verdicts) == (100.0, 1.0, True)  # type: ignore[arg-type]


def test_what_was_not_measured_lowers_coverage_not_the_score() -> None:
    assert result(("pass", 80), ("not_measured", 20)) == (100.0, 0.8, True)
    assert result(("pass", 79), ("not_measured", 21)) == (100.0, 0.79, None)


def test_nothing_judged_is_no_score() -> None:
    assert result(("not_measured", 10)) == (None, 0.0, None)
    assert result(("pending", 10), ("not_applicable", 5)) == (None, None, None)
    assert result(("pass", 0)) == (None, None, None)
    assert result() == (None, None, None)


def test_a_failed_fatal_criterion_fails_whatever_else() -> None:
    assert result(("pass", 100), ("fail", 0, "fatal")) == (100.0, 1.0, False)
    assert result(("not_measured", 100), ("fail", 0, "fatal"))[2] is False


def test_a_fatal_criterion_that_was_not_measured_leaves_it_open() -> None:
    assert result(("pass", 100), ("not_measured", 1, "fatal"))[2] is None
    assert result(("fail", 100), ("not_measured", 1, "fatal"))[2] is None


def test_a_fatal_criterion_that_waits_for_people_does_not() -> None:
    assert result(("pass", 100), ("pending", 0, "fatal"))[2] is True


def test_the_score_is_compared_unrounded() -> None:
    assert result(("pass", 79.96), ("fail", 20.04)) == (79.96, 1.0, False)


def test_points_are_what_is_written_not_what_binary_makes_of_them() -> None:
    """0.1 + 0.2 + 0.5 of 1.0 is 80, where binary floats come to 79.99999999999999 or more."""
    verdicts = [("pass", 0.1)] * 8 + [("fail", 0.1)] * 2
    assert result(*verdicts) == (80.0, 1.0, True)  # type: ignore[arg-type]
    tenths = scorecard(pass_mark="33.3")
    assert result(("pass", 33.3), ("fail", 66.7), card=tenths)[2] is True


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (79.96, "79.9"),
        (79.99999999999999, "79.9"),
        (80.0, "80.0"),
        (66.66666666666667, "66.6"),
        (80.1, "80.1"),
        (0.0, "0.0"),
        (100.0, "100.0"),
        (0.04, "0.0"),
    ],
)
def test_a_shown_score_is_rounded_down(score: float, shown: str) -> None:
    assert shown_score(score) == shown


outcomes = st.sampled_from(get_args(Outcome))
points = st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5, 5.0, 33.3, 1e-3, 99.99])


@given(st.lists(st.tuples(outcomes, points), max_size=8), st.sampled_from(["33.3", "80", "66.7"]))
def test_shares_are_those_of_exact_fractions(made: list[tuple[Outcome, float]], mark: str) -> None:
    def sum_of(*wanted: Outcome) -> Fraction:
        return sum((Fraction(repr(n)) for outcome, n in made if outcome in wanted), Fraction(0))

    judged, applicable = sum_of("pass", "fail"), sum_of("pass", "fail", "not_measured")
    score = 100 * sum_of("pass") / judged if judged else None
    coverage = judged / applicable if applicable else None
    passed = None
    if score is not None and coverage is not None and coverage >= Fraction("0.8"):
        passed = score >= Fraction(mark)
    assert result(*made, card=scorecard(pass_mark=mark)) == (
        None if score is None else float(score),
        None if coverage is None else float(coverage),
        passed,
    )
