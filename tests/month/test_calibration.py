"""Agreement, accuracy and reviewers' sheets of small months, worked out by hand."""

from datetime import date
from typing import Any

import pytest

from qa_pipeline.aggregate.calibration import Calibration, CriterionAgreement
from qa_pipeline.aggregate.month import month_of
from tests.month.frames import evaluated, framed, judged, opinion, reviewed, tables

Said = dict[str, dict[str, str]]


def _month(
    machine: dict[str, str], said: Said, *, drawn: dict[str, float] | None = None, **more: Any
) -> Calibration:
    """Return the calibration of one criterion: what the machine and each reviewer say of calls."""
    chances = drawn if drawn is not None else dict.fromkeys(machine, 0.5)
    return month_of(
        tables(
            [evaluated(call, outcome == "pass") for call, outcome in machine.items()],
            [judged(call, "c", outcome) for call, outcome in machine.items()],
            frame=[
                {
                    **framed(call, "s", drawn=call in chances),
                    "inclusion_probability": chances.get(call),
                }
                for call in machine
            ],
            opinions=[
                opinion(call, "c", outcome, reviewer)
                for reviewer, calls in said.items()
                for call, outcome in calls.items()
            ],
            reviews=[
                reviewed(call, outcome == "pass", reviewer)
                for reviewer, calls in said.items()
                for call, outcome in calls.items()
            ],
            **more,
        )
    ).calibration


def _of(found: Calibration, criterion: str = "c") -> CriterionAgreement:
    (only,) = (each for each in found.criteria if each.criterion == criterion)
    return only


CALLS = [f"c{i:03d}" for i in range(50)]
#: Both pass 30, both fail 10; r1 passes 4 that r2 fails, r2 passes 6 that r1 fails.
ONE = {call: "pass" if i < 34 else "fail" for i, call in enumerate(CALLS)}
OTHER = {call: "pass" if i < 30 or i >= 44 else "fail" for i, call in enumerate(CALLS)}


def test_reviewers_are_compared_on_calls_that_both_heard() -> None:
    found = _month(ONE, {"r1": ONE, "r2": {call: OTHER[call] for call in CALLS[:50]}})
    between = _of(found).between_reviewers
    assert between is not None
    assert between.n_calls == 50
    assert between.raw.value == pytest.approx(0.8)
    assert between.raw.low < 0.8 < between.raw.high
    assert between.ac1 is not None
    assert found.n_double == 50
    assert _of(found, "").between_reviewers == between  # the call's own verdict, the same here


def test_the_machine_is_compared_with_blind_reviews_only() -> None:
    seen = [{**opinion(call, "c", "pass", "peeps"), "blind": False} for call in CALLS]
    blind = [opinion(call, "c", OTHER[call], "r1") for call in CALLS]
    made = tables(
        [evaluated(call, True) for call in CALLS],
        [judged(call, "c", ONE[call]) for call in CALLS],
        frame=[framed(call, "s", drawn=True) for call in CALLS],
        opinions=[*seen, *blind],
    )
    with_machine = _of(month_of(made).calibration).with_machine
    assert with_machine is not None
    assert with_machine.raw.value == pytest.approx(0.8)
    assert with_machine.kappa is not None
    assert with_machine.kappa.value == pytest.approx((0.8 - 0.5792) / (1 - 0.5792))  # Cohen's


def test_accuracy_is_weighted_by_the_chance_to_be_heard() -> None:
    """All 20 machine failures heard, and 30 of 300 passes: missed failures stand for ten each."""
    machine = {f"f{i}": "fail" for i in range(20)} | {f"p{i}": "pass" for i in range(300)}
    said = {f"f{i}": "fail" if i < 16 else "pass" for i in range(20)}
    said |= {f"p{i}": "fail" if i < 2 else "pass" for i in range(30)}
    chances = {call: 1.0 if call.startswith("f") else 0.1 for call in said}
    found = _of(_month(machine, {"r1": said}, drawn=chances))
    se, sp = found.accuracy.sensitivity, found.accuracy.specificity
    assert se is not None
    assert sp is not None
    assert (se.value, sp.value) == (pytest.approx(16 / 36), pytest.approx(280 / 284))
    assert se.interval is None  # two calls carry most of it: too few
    assert found.machine_failed_share == pytest.approx(20 / 320)
    assert found.corrected is None


def test_the_machines_share_is_corrected_where_accuracy_is_known() -> None:
    machine = {f"c{i:03d}": "fail" if i % 4 == 0 else "pass" for i in range(200)}
    said = {call: "fail" if i % 20 in (0, 4, 8, 1) else "pass" for i, call in enumerate(machine)}
    found = _of(_month(machine, {"r1": said}))
    assert found.accuracy.sensitivity is not None
    assert found.accuracy.sensitivity.value == pytest.approx(0.75)
    assert found.corrected is not None
    assert found.corrected.value == pytest.approx(0.2)  # what people found: 4 of 20
    assert _of(found_calls(machine, said), "").corrected is None  # never for whole calls


def found_calls(machine: dict[str, str], said: dict[str, str]) -> Calibration:
    return _month(machine, {"r1": said})


def test_targeted_reviews_say_nothing_of_the_machine() -> None:
    found = _month(ONE, {"r1": OTHER}, drawn={})
    assert _of(found).with_machine is None
    assert found.n_blind == 0


def test_not_applicable_is_an_answer_and_not_measured_is_none() -> None:
    machine = dict.fromkeys(CALLS[:20], "not_applicable") | dict.fromkeys(
        CALLS[20:], "not_measured"
    )
    found = _of(_month(machine, {"r1": dict.fromkeys(CALLS, "pass")}))
    assert found.with_machine is not None
    assert (found.with_machine.n_calls, found.with_machine.raw.value) == (20, 0.0)
    assert found.accuracy.specificity is None


def test_a_machine_that_drifts_raises_the_alarm() -> None:
    calls = [f"d{i:03d}" for i in range(120)]
    agreeing = dict.fromkeys(calls, "pass")
    parting = {call: "fail" if i % 3 == 0 else "pass" for i, call in enumerate(calls)}

    def made(said: dict[str, str]) -> Any:
        return tables(
            [evaluated(call, True) for call in calls],
            [judged(call, "c", "pass") for call in calls],
            frame=[framed(call, "s", drawn=True) for call in calls],
            opinions=[opinion(call, "c", outcome) for call, outcome in said.items()],
        )

    calm = _of(month_of(made(agreeing), made(agreeing)).calibration).drift
    worse = _of(month_of(made(parting), made(agreeing)).calibration).drift
    assert calm is not None
    assert worse is not None
    assert (calm.alarm, worse.alarm) == (False, True)
    assert worse.n_disagreed == 40


def test_a_reviewers_sheet() -> None:
    """r2 is stricter than r1 by 5 net failures in 50 calls; the third makes a majority."""
    strict = {call: "fail" if i % 2 else OTHER[call] for i, call in enumerate(CALLS)}
    found = _month(
        ONE,
        {"r1": ONE, "r2": strict, "r3": ONE},
        assignments=[
            {"call_id": call, "reviewer": "r2", "due_on": date(2026, 10, 31) if i else None}
            for i, call in enumerate([*CALLS[:10], "never-heard"])
        ],
        gold=[
            {"call_id": call, "scorecard_id": "x", "criterion": "c", "outcome": "pass"}
            for call in CALLS[:20]
        ],
    )
    sheets = {sheet.reviewer: sheet for sheet in found.reviewers}
    r1, r2 = sheets["r1"], sheets["r2"]
    assert (r2.load.n_calls, r2.load.n_assigned, r2.load.n_open, r2.load.n_late) == (50, 11, 1, 9)
    assert r1.load.n_assigned == 0
    assert r1.with_gold is not None
    assert (r1.with_gold.value, r1.with_gold.n_calls) == (1.0, 20)
    assert r2.with_gold is not None
    assert r2.with_gold.value == 0.5
    assert r1.with_peers is not None
    assert r2.with_peers is not None
    assert r1.with_peers.value > r2.with_peers.value
    assert r2.with_majority is not None
    same = sum(strict[call] == ONE[call] for call in CALLS) / 50
    assert r2.with_majority.value == pytest.approx(same)
    assert r1.strictness is not None
    assert r2.strictness is not None
    assert r2.strictness.low > 0 > r1.strictness.value


def test_a_sheet_of_few_calls_has_no_interval() -> None:
    few = {call: ONE[call] for call in CALLS[:9]}
    (r1, r2) = _month(ONE, {"r1": few, "r2": few}).reviewers
    assert r1.with_peers is not None
    assert (r1.with_peers.value, r1.with_peers.interval) == (1.0, None)
    assert r2.strictness is None
    assert r2.load.minutes is None
