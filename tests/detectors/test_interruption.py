from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from tests.detectors.looking import drawn, findings, outcome, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("customer 0-5: 我想\nagent 3-6: 不行", [(3.0, 5.0)], id="cuts in"),
        pytest.param("customer 0-5: 我想\nagent 1-1.5: 不行", [(1.0, 1.5)], id="least of both"),
        pytest.param("customer 0-9: 我想\nagent 3-5: 好的好的", [(3.0, 5.0)], id="a long 好的"),
        pytest.param("customer 0-9: 我想\nagent 3-4: 好的不行", [(3.0, 4.0)], id="more than 好的"),
        pytest.param(
            "customer 0-3: 我想\ncustomer 3.5-9: 就是\nagent 4-6: 不行",
            [(4.0, 6.0)],
            id="the other has breathed",
        ),
        pytest.param(
            "customer 0-9: 我想\nagent 2-2.6: 嗯\nagent 3-4: 不行", [(3.0, 4.0)], id="after a 嗯"
        ),
    ],
)
def test_hits(text: str, expected: list[tuple[float, float]]) -> None:
    found = findings(drawn(text), "interruption", role="agent")
    assert spans(found) == expected
    assert [f.value for f in found] == [pytest.approx(b - a) for a, b in expected]
    assert {f.role for f in found} == {"agent"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("customer 0-5: 我想\nagent 5-6: 不行", id="they only touch"),
        pytest.param("customer 0-5: 我想\nagent 4.51-6: 不行", id="too short an overlap"),
        pytest.param("customer 0-5: 我想\nagent 0.99-6: 不行", id="the other has hardly begun"),
        pytest.param("customer 0-9: 我想\nagent 3-4.4: 好的好的", id="back-channels"),
        pytest.param("customer 0-9: 我想\nagent 3-3.8: OK", id="a back-channel in letters"),
        pytest.param(
            "customer 0-9: 我想\nagent 3-4.4: ……\nagent 9-10: 好", id="a short sound without words"
        ),
        pytest.param("agent 0-9: 请\ncustomer 3-5: 我想", id="the one who is interrupted"),
        pytest.param(
            "agent 0-5: 请\ncustomer 4-9: 我想\nagent 5.9-7: 说", id="going on after his own pause"
        ),
        pytest.param(
            "customer 0-3: 我想\nagent 3.2-6: 请说\ncustomer 3.9-5: 嗯", id="in the other's pause"
        ),
        pytest.param("agent 0-3: 请\nagent 2-5: 说", id="one alone"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "interruption", role="agent") == ()


def test_either_role_where_none_is_named_and_the_quote_is_the_interrupters() -> None:
    call = drawn("customer 0-5: 我想退货\nagent 3-8: 这个不能退\ncustomer 6-9: 为什么啊")
    found = findings(call, "interruption")
    assert [(f.role, f.turn, f.quote) for f in found] == [
        ("agent", 1, "这个"),
        ("customer", 2, "为什么"),
    ]


def test_own_thresholds_and_back_channels() -> None:
    call = drawn("customer 0-5: 我想\nagent 0.5-1: 行了")
    assert findings(call, "interruption") == ()
    assert len(findings(call, "interruption", min_other_s=0.5)) == 1
    assert findings(call, "interruption", min_other_s=0.5, back_channels=["行了"]) == ()


def test_needs_speech_of_each() -> None:
    mono = replace(drawn("agent 0-2: 好"), speech=(Speech(None, 0, (Span(0.0, 2.0),)),))
    assert isinstance(outcome(mono, "interruption"), NotMeasured)
    assert isinstance(outcome(drawn("agent: 好"), "interruption"), NotMeasured)


def test_without_words_a_short_start_may_be_a_back_channel() -> None:
    long = replace(drawn("customer 0-5: 我想\nagent 3-6: 不行"), turns=None)
    assert spans(findings(long, "interruption", role="agent")) == [(3.0, 5.0)]
    short = replace(drawn("customer 0-5: 我想\nagent 3-4: 不行"), turns=None)
    assert isinstance(outcome(short, "interruption", role="agent"), NotMeasured)


def test_where_no_word_of_a_party_is_recognised_a_short_start_may_be_a_back_channel() -> None:
    long = drawn("customer 0-5: 我想\nagent 3-6: ……")
    assert spans(findings(long, "interruption", role="agent")) == [(3.0, 5.0)]
    short = drawn("customer 0-5: 我想\nagent 3-4: ……")
    assert isinstance(outcome(short, "interruption", role="agent"), NotMeasured)
