"""Inspection levels: every switch of the rules, its near-misses, and a replay from anywhere."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.sampling.level_words import explained
from qa_pipeline.sampling.levels import (
    MIN_LOT,
    Level,
    Lot,
    Standing,
    Switch,
    replay,
)

MONDAY = date(2026, 3, 2)
SHARE = 0.1
#: Of 20 calls at most 4 may fail (binomial, 95 %).
GOOD, BAD = 0, 5


def weeks(failed: str, *, n: int = 20, first: int = 0, subject: str = "7") -> list[Lot]:
    """Return a lot a week: `.` accepted, `x` refused, `f` fatal, `-` too few calls, `n` new."""
    return [
        Lot(
            subject,
            MONDAY + timedelta(weeks=first + i),
            MIN_LOT - 1 if mark == "-" else n,
            BAD if mark == "x" else GOOD,
            n_fatal=mark == "f",
            is_new=mark == "n",
        )
        for i, mark in enumerate(failed)
    ]


def after(lots: list[Lot], level: Level) -> list[tuple[Level, str, int]]:
    """Return the switches from a standing level: (level, reason, weeks after the first lot)."""
    switches = replay(lots, SHARE, {"7": Standing(level, MONDAY)}).switches
    return [(s.level, s.reason, (s.effective_on - MONDAY).days // 7) for s in switches]


@pytest.mark.parametrize(
    ("level", "lots", "switches"),
    [
        pytest.param("sampled", "x.x", [("half", "two_of_five_refused", 3)], id="two-of-three"),
        pytest.param("sampled", "x...x", [("half", "two_of_five_refused", 5)], id="two-of-five"),
        pytest.param("sampled", "x....x", [], id="near-miss-two-of-six"),
        pytest.param("sampled", "x---x", [("half", "two_of_five_refused", 5)], id="few-calls-skip"),
        pytest.param("half", ".....", [("sampled", "five_accepted", 5)], id="five-in-a-row"),
        pytest.param("half", "....x....", [], id="near-miss-row-broken"),
        pytest.param("half", "..-...", [("sampled", "five_accepted", 6)], id="a-thin-week-waits"),
        pytest.param(
            "half", "xx.xx.x", [("full", "five_refused_on_half", 7)], id="five-refused-on-half"
        ),
        pytest.param("half", "xxxx", [], id="near-miss-four-refused"),
        pytest.param("full", ".....", [("half", "five_accepted", 5)], id="full-relaxes-to-half"),
        pytest.param(
            "full",
            "..........",
            [("half", "five_accepted", 5), ("sampled", "five_accepted", 10)],
            id="counts-begin-anew",
        ),
        pytest.param("sampled", ".f", [("full", "fatal_finding", 2)], id="fatal"),
        pytest.param("exempt", "f", [("full", "fatal_finding", 1)], id="fatal-while-exempt"),
        pytest.param("full", "f", [], id="fatal-on-full-stays"),
        pytest.param("sampled", "n", [("full", "new_agent", 1)], id="new-agent"),
        pytest.param("sampled", "." * 10, [("exempt", "switching_score", 10)], id="score-30"),
        pytest.param("sampled", "." * 9, [], id="near-miss-score-27"),
        pytest.param("sampled", "....x" + "." * 9, [], id="a-refused-week-sets-the-score-to-0"),
        pytest.param("exempt", "..x", [("sampled", "lot_refused", 3)], id="exempt-ends-on-one"),
        pytest.param("exempt", "..-..", [], id="exempt-stays"),
    ],
)
def test_switches(level: Level, lots: str, switches: list[tuple[Level, str, int]]) -> None:
    assert after(weeks(lots), level) == switches


def test_a_week_that_a_stricter_grade_would_refuse_sets_the_score_back() -> None:
    """4 of 20 are acceptable, 3 one grade stricter: nine clean weeks, one of 4, then nine."""
    close = [replace(lot, n_failed=4) for lot in weeks(".", first=9)]
    lots = weeks("." * 9) + close + weeks("." * 9, first=10)
    assert after(lots, "sampled") == []
    assert after([*lots, *weeks(".", first=19)], "sampled") == [("exempt", "switching_score", 20)]


def test_small_lots_score_two_points() -> None:
    """Of 2 to 3 % acceptable in five calls the number is 1 or less: fifteen weeks to 30."""
    lots = weeks("." * 15, n=5)
    found = replay(lots, 0.02, {"7": Standing("sampled", MONDAY)}).switches
    assert [(s.level, s.lot) for s in found] == [("exempt", lots[-1])]


def test_everybody_begins_as_sampled_and_a_new_agent_as_full() -> None:
    lots = weeks(".") + weeks("n....-.....", subject="8")
    found = replay(lots, SHARE).switches
    assert [(s.subject, s.level, s.reason) for s in found] == [
        ("7", "sampled", "first_seen"),
        ("8", "full", "new_agent"),
        ("8", "half", "five_accepted"),
        ("8", "sampled", "five_accepted"),
    ]


def test_an_override_begins_all_counts_anew() -> None:
    by_hand = Switch("7", "sampled", MONDAY + timedelta(weeks=1), "overridden", note="lead", by="l")
    found = replay(weeks("x.x.x"), SHARE, {"7": Standing("sampled", MONDAY)}, [by_hand])
    assert [(s.level, s.reason, s.level_before) for s in found.switches] == [
        ("sampled", "overridden", "sampled"),
        ("half", "two_of_five_refused", "sampled"),
    ]
    assert found.switches[1].effective_on == MONDAY + timedelta(weeks=5)


@given(st.text("..x-fn", max_size=40), st.integers(0, 40))
def test_a_replay_from_the_last_switch_goes_on_as_the_whole(marks: str, cut: int) -> None:
    """What the ledger keeps (level and day of the last switch) is enough to go on from."""
    lots = weeks(marks)
    whole = replay(lots, SHARE).switches
    first = replay(lots[:cut], SHARE)
    kept = {s.subject: Standing(s.level, s.effective_on) for s in first.switches}
    assert first.switches + replay(lots, SHARE, kept).switches == whole
    assert replay(reversed(lots), SHARE).switches == whole


def test_a_switch_explains_itself_in_both_languages() -> None:
    (switch,) = replay(weeks("x.x"), SHARE, {"7": Standing("sampled", MONDAY)}).switches
    words = explained(switch, SHARE)
    assert words.en == (
        "2 of the last 5 weeks refused; week of 2026-03-16: 5 of 20 reviewed calls failed, "
        "4 are acceptable"
    )
    assert "复核 20 通，不合格 5 通，可接收数 4" in words.zh
