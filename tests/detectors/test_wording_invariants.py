"""What must not change what the detectors of wording find; above all redaction."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.redaction import redact
from qa_pipeline.texts import Language
from tests.detectors.looking import drawn, signal
from tests.detectors.test_invariants import _later, _swapped

CALL = """agent 0-4: 您好，请问您贵姓？您的地址？
customer 5-9: 我姓王，订单号TY20261127
agent 10-12: 您的电话？
customer 12-16: 一三八零
agent 16-17: 嗯
customer 17-24: 零一三八零零零，我建议你们打包仔细点
agent 25-30: 尾号八零零零，您贵姓？
customer 31-33: 姓王
customer 40-44: 你怎么称呼？
agent 45-50: 我姓李，工号12345，建议您先看看
customer 51-53: 好，你怎么称呼？再见
agent 54-57: 跟您核对，再见
"""
STEPS = [
    {"id": "name", "any_of": ["贵姓", "称呼"]},
    {"id": "phone", "any_of": ["电话"]},
    {"id": "address", "any_of": ["地址"]},
    {"id": "price", "any_of": ["价格"]},
    {"id": "confirm", "any_of": ["核对", "再见", "姓王"]},
]
KEYS: dict[str, dict[str, Any]] = {
    "repeated_question": {},
    "steps": {"steps": STEPS},
    "read_back": {},
    "sensitive_data": {},
    "suggestion": {},
}
ROLES: tuple[Role, ...] = ("agent", "customer")
OTHER: dict[Role | None, Role | None] = {"agent": "customer", "customer": "agent", None: None}


def found(call: Call, role: str, **keys: Any) -> list[Finding]:
    signals = {n: signal(n, role=role, **k, **keys.get(n, {})) for n, k in KEYS.items()}
    findings = []
    for one in detect_all(call, signals).values():
        assert isinstance(one, Detected), one
        findings += one.findings
    return findings


def test_the_call_has_something_for_each_detector() -> None:
    assert {f.detector for f in found(drawn(CALL), "any")} == set(KEYS)
    assert {f.detector for role in ROLES for f in found(drawn(CALL), role)} == set(KEYS)


@pytest.mark.parametrize("role", [*ROLES, "any"])
@pytest.mark.parametrize("offset_s", [0.1, 7.3, 3_600.0])
def test_a_shift_in_time_shifts_the_findings(role: str, offset_s: float) -> None:
    before, after = found(drawn(CALL), role), found(_later(drawn(CALL), offset_s), role)
    assert len(before) == len(after)
    for a, b in zip(before, after, strict=True):
        assert b.start_s == pytest.approx((a.start_s or 0.0) + offset_s)
        assert b.end_s == pytest.approx((a.end_s or 0.0) + offset_s)
        assert b._replace(start_s=0, end_s=0) == a._replace(start_s=0, end_s=0)


@pytest.mark.parametrize("role", ROLES)
def test_swapped_roles_swap_the_findings(role: Role) -> None:
    before = found(drawn(CALL), role)
    after = found(_swapped(drawn(CALL)), str(OTHER[role]))
    assert after == [one._replace(role=OTHER[one.role]) for one in before]


@pytest.mark.parametrize("role", [*ROLES, "any"])
def test_unrelated_turns_add_and_take_nothing_before_them(role: str) -> None:
    more = "customer 60-62: 今天天气真不错\nagent 63-66: 祝您生活愉快\n"
    assert found(drawn(CALL + more), role) == found(drawn(CALL), role)


@pytest.mark.parametrize("role", [*ROLES, "any"])
def test_traditional_characters_give_the_same_places(role: str) -> None:
    written = (
        CALL.replace("请问", "請問").replace("贵", "貴").replace("电话", "電話").replace("号", "號")
    )
    simple, traditional = found(drawn(CALL), role), found(drawn(written), role)
    assert [(f.kind, f.start_s, f.end_s) for f in traditional] == [
        (f.kind, f.start_s, f.end_s) for f in simple
    ]


@pytest.mark.parametrize("role", [*ROLES, "any"])
def test_findings_are_in_order_and_inside_the_call(role: str) -> None:
    call = drawn(CALL)
    for name, keys in KEYS.items():
        one = detect_all(call, {"it": signal(name, role=role, **keys)})["it"]
        assert isinstance(one, Detected)
        starts = [f.start_s or 0.0 for f in one.findings]
        assert starts == sorted(starts)
        assert all(0 <= (f.start_s or 0) <= (f.end_s or 0) <= call.duration_s for f in one.findings)


# -- a redacted call gives what the words themselves give ----------------------------------------

_ZH = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN = dict(zip("0123456789", _DIGITS, strict=True))
_NUMBERS: dict[Language, list[str]] = {
    "zh": [
        "13800138000",
        "4111111111111111",
        "11010519491231002X",
        "20261127",
        "8000",
        "1111",
        "12345",
    ],
    "en": ["2125550187", "4111111111111111", "20261127", "0187", "12345"],
}
_AROUND: dict[Language, list[str]] = {
    "zh": [
        *("{}", "号码是{}。", "订单TY{}", "嗯", "好的", "不对，是{}", "您的电话是多少？"),
        *("是{}吗？", "跟您核对{}", "我建议改进"),
    ],
    "en": [
        *("{}", "It is {}.", "order TY{}", "okay", "right", "no, {}", "What is your phone number?"),
        *("Is it {}?", "to confirm {}", "You should improve {}"),
    ],
}
_FORMS = st.sampled_from(["written", "spoken", "groups", "tail", "hundreds"])


def _say(number: str, form: str, language: Language) -> str:
    words = _ZH if language == "zh" else _EN
    if form == "tail":
        number, form = number[-4:], "spoken"
    if form == "hundreds" and number.startswith("138"):
        return ("一百三十八" if language == "zh" else "one thirty eight ") + _say(
            number[3:], "spoken", language
        )
    if form == "groups":
        return "，".join(number[i : i + 4] for i in range(0, len(number), 4))
    if form == "spoken":
        return ("" if language == "zh" else " ").join(words.get(d, d) for d in number)
    return number


@st.composite
def dialogues(draw: st.DrawFn, language: Language) -> str:
    around = _AROUND[language]
    lines = []
    for i in range(draw(st.integers(1, 8))):
        role = draw(st.sampled_from(["agent", "customer"]))
        number = draw(st.sampled_from(_NUMBERS[language]))
        whole = _say(number, draw(_FORMS), language)
        cut = draw(st.integers(0, len(whole))) if draw(st.booleans()) else len(whole)
        said = draw(st.sampled_from(around)).format(whole[:cut])
        lines.append(f"{role} {3 * i}-{3 * i + 2}: {said or '…'}")
        if cut < len(whole):
            nod = draw(
                st.sampled_from(
                    ["嗯", "好的", whole[:cut] or "嗯"] if language == "zh" else ["okay"]
                )
            )
            lines.append(
                f"{'customer' if role == 'agent' else 'agent'} {3 * i + 2}-{3 * i + 2.5}: {nod}"
            )
            lines.append(f"{role} {3 * i + 2.5}-{3 * i + 3}: {whole[cut:]}")
    return "\n".join(lines)


def _same_after_redaction(text: str, language: Language) -> None:
    call = parse_dialogue(text, "made", language)
    safe = replace(call, turns=redact(call.turns or (), b"the key of a store", language).turns)
    signals = {
        "read_back": signal("read_back", role="any"),
        "by_tail": signal("read_back", role="any", tail=4),
        "sensitive_data": signal("sensitive_data"),
        "repeated_question": signal("repeated_question", role="any"),
    }
    plain, masked = detect_all(call, signals), detect_all(safe, signals)
    for name in signals:
        assert plain[name] == masked[name], (name, text)


@example("agent 0-2: 13800138000\nagent 15-17: 嗯\nagent 17.5-18: 1010519491231002X")
@settings(max_examples=250, deadline=None)
@given(dialogues("zh"))
def test_redact_then_detect_is_detect_zh(text: str) -> None:
    _same_after_redaction(text, "zh")


@settings(max_examples=120, deadline=None)
@given(dialogues("en"))
def test_redact_then_detect_is_detect_en(text: str) -> None:
    _same_after_redaction(text, "en")


def test_redact_then_detect_is_detect_in_the_drawn_call() -> None:
    _same_after_redaction(CALL, "zh")
    assert "138" not in repr(found(drawn(CALL), "any"))
