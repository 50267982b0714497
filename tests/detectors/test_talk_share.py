from dataclasses import replace
from typing import Any

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from tests.detectors.looking import drawn, outcome, shifted


def share(text: str, **keys: Any) -> float | None:
    detected = outcome(drawn(text), "talk_share", **keys)
    assert isinstance(detected, Detected), detected
    assert detected.findings == ()
    return detected.value


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        pytest.param("agent 0-3: 您好\ncustomer 4-5: 你好", 0.75, id="silence is nobody's"),
        pytest.param(
            "agent 0-2: 您好\nagent 1-3: 请讲\ncustomer 4-5: 好", 0.75, id="once a second"
        ),
        pytest.param("agent 0-3: 您好\ncustomer 2-3: 嗯", 0.75, id="at once: each has that time"),
        pytest.param("agent 0-3: 您好", 1.0, id="agent alone"),
        pytest.param("customer 0-3: 您好", 0.0, id="customer alone"),
        pytest.param("agent 0-3: ……\ncustomer 4-5: ……", 0.75, id="words do not matter"),
    ],
)
def test_both_shares_add_up_to_one(text: str, agent: float) -> None:
    assert share(text, role="agent") == pytest.approx(agent)
    assert share(text, role="customer") == pytest.approx(1 - agent)


def test_a_window_is_looked_at_alone() -> None:
    text = "agent 2-8: 您好\ncustomer 8-10: 你好\nagent 10-12: 再见"
    assert share(text, role="agent", first_s=7) == pytest.approx(6 / 7)
    assert share(text, role="agent", last_s=3) == pytest.approx(2 / 3)


@pytest.mark.parametrize("offset_s", [0.1, 7.3, 3_600.0])
def test_a_shift_in_time_changes_no_share(offset_s: float) -> None:
    call = drawn("agent 2-8: 您好\ncustomer 8-10: 你好\nagent 10-12: 再见")
    later = replace(
        call, speech=tuple(replace(s, spans=shifted(s.spans, offset_s)) for s in call.speech or ())
    )
    for keys in ({}, {"first_s": 7}, {"last_s": 3}):
        before = outcome(call, "talk_share", role="agent", **keys)
        after = outcome(later, "talk_share", role="agent", **keys)
        assert isinstance(before, Detected)
        assert isinstance(after, Detected)
        assert after.value == pytest.approx(before.value)


@pytest.mark.parametrize(
    "text", ["# duration_s: 60", "agent: 您好\ncustomer: 你好"], ids=["nobody speaks", "no times"]
)
def test_no_share_of_nothing(text: str) -> None:
    assert isinstance(outcome(drawn(text), "talk_share", role="agent"), NotMeasured)


def test_mono_without_roles_is_not_measured() -> None:
    mono = replace(drawn("agent 0-3: 您好"), speech=(Speech(None, 0, (Span(0.0, 3.0),)),))
    assert isinstance(outcome(mono, "talk_share", role="agent"), NotMeasured)
