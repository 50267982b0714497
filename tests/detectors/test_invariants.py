"""What must not change an answer, whatever the detector."""

from dataclasses import replace
from typing import Any

import pytest

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.records import Call, Finding, Role, Turn
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.words import Word
from tests.detectors.looking import drawn, shifted, signal

CALL = """agent 0-4: 嗯，您好，这个这个天云商城，请问有什么可以帮您？
customer 5-9: 我要投诉！你们太差了
agent 8-12: 那个，抱歉抱歉。请您稍等。
customer 12-12.5: 好的
agent 31-36: 好了，您的订单已经取消了，还有别的需要吗
customer 36.5-38: 没有了
agent 50-51: 再见
"""
KEYS: dict[str, dict[str, Any]] = {
    "phrase": {"any_of": ["抱歉", "您好", "再见", "投诉"]},
    "filler": {},
    "dead_air": {"min_s": 8, "excused_by": ["请您稍等"], "excused_max_s": 10},
    "interruption": {},
    "speech_rate": {"min": 150, "max": 250},
    "slow_answer": {"min_s": 5, "excused_by": ["请您稍等"]},
    "drawn_out": {"min_s": 0.5},
    "hold": {},
}
#: What a dialogue cannot show, or what no voice says, has these tests of its own: a value without
#: findings, levels, the telephone's facts; and what is said of numbers, questions and steps.
ELSEWHERE = {"talk_share", "loudness", "hang_up", "ring"} | {
    *("repeated_question", "steps", "read_back", "sensitive_data", "suggestion"),
}
ROLES = ("agent", "customer", "any")


def _signals(role: str) -> dict[str, Signal]:
    return {name: signal(name, role=role, **keys) for name, keys in KEYS.items()}


def _all(call: Call, role: str) -> list[Finding]:
    found = []
    for one in detect_all(call, _signals(role)).values():
        assert isinstance(one, Detected), one
        found += one.findings
    return found


def test_the_call_has_something_for_each_detector() -> None:
    assert {f.detector for f in _all(drawn(CALL), "any")} == set(KEYS)
    assert set(KEYS) | ELSEWHERE == set(DETECTORS)


def _later(call: Call, offset_s: float) -> Call:
    def word(one: Word) -> Word:
        return one._replace(start_s=one.start_s + offset_s, end_s=one.end_s + offset_s)

    def turn(one: Turn) -> Turn:
        return one._replace(
            start_s=one.start_s + offset_s,
            end_s=one.end_s + offset_s,
            words=tuple(word(w) for w in one.words),
        )

    return replace(
        call,
        duration_s=call.duration_s + offset_s,
        turns=tuple(turn(one) for one in call.turns or ()),
        speech=tuple(replace(s, spans=shifted(s.spans, offset_s)) for s in call.speech or ()),
    )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("offset_s", [0.1, 7.3, 3_600.0])
def test_a_shift_in_time_shifts_the_findings(role: str, offset_s: float) -> None:
    before, after = _all(drawn(CALL), role), _all(_later(drawn(CALL), offset_s), role)
    assert len(before) == len(after)
    for a, b in zip(before, after, strict=True):
        assert b.start_s == pytest.approx((a.start_s or 0.0) + offset_s)
        assert b.end_s == pytest.approx((a.end_s or 0.0) + offset_s)
        assert b.value == pytest.approx(a.value)
        assert (b.role, b.quote, b.kind, b.turn) == (a.role, a.quote, a.kind, a.turn)


def _swapped(call: Call) -> Call:
    other: dict[Role | None, Role | None] = {"agent": "customer", "customer": "agent", None: None}
    return replace(
        call,
        turns=tuple(one._replace(role=other[one.role]) for one in call.turns or ()),
        speech=tuple(replace(one, role=other[one.role]) for one in call.speech or ()),
    )


@pytest.mark.parametrize(("role", "swapped"), [("agent", "customer"), ("customer", "agent")])
def test_swapped_roles_swap_the_findings(role: str, swapped: str) -> None:
    before = _all(drawn(CALL), role)
    after = _all(_swapped(drawn(CALL)), swapped)
    key = [(f.detector, f.start_s, f.end_s, f.quote, f.value, f.turn) for f in before]
    assert [(f.detector, f.start_s, f.end_s, f.quote, f.value, f.turn) for f in after] == key
    assert {f.role for f in after} <= {swapped, None}


@pytest.mark.parametrize("role", ROLES)
def test_unrelated_turns_add_and_take_nothing_before_them(role: str) -> None:
    before = _all(drawn(CALL), role)
    more = "customer 52-53: 一二三四五六\nagent 54-57: 一二三四五六七八九十\n"
    after = _all(drawn(CALL + more), role)
    assert after == before


@pytest.mark.parametrize("role", ROLES)
def test_the_order_of_lines_in_a_timed_dialogue_does_not_matter(role: str) -> None:
    lines = CALL.splitlines()
    assert _all(drawn("\n".join(reversed(lines))), role) == _all(drawn(CALL), role)


@pytest.mark.parametrize("role", ROLES)
def test_traditional_characters_give_the_same_places(role: str) -> None:
    written = CALL.replace("这个", "這個").replace("请", "請").replace("什么", "甚麼")
    simple, traditional = _all(drawn(CALL), role), _all(drawn(written), role)
    assert [(f.detector, f.start_s, f.end_s) for f in traditional] == [
        (f.detector, f.start_s, f.end_s) for f in simple
    ]


def test_findings_are_in_order_of_time_and_inside_the_call() -> None:
    call = drawn(CALL)
    for one in detect_all(call, _signals("any")).values():
        assert isinstance(one, Detected)
        starts = [f.start_s or 0.0 for f in one.findings]
        assert starts == sorted(starts)
        assert all(0 <= (f.start_s or 0) < (f.end_s or 0) <= call.duration_s for f in one.findings)
