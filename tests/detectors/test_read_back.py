"""`read_back`: what the customer gave and the agent did not repeat."""

from typing import Any

import pytest

from qa_pipeline.detectors.registry import NotMeasured
from tests.detectors.looking import drawn, findings, outcome, quotes, spans

PHONE = "customer 0-11: 一三八零零一三八零零零\n"
ORDER = "customer 0-13: 订单号TY20261127\n"


def found(text: str, **keys: Any) -> list[tuple[str | None, str | None]]:
    return [(f.kind, f.quote) for f in findings(drawn(text), "read_back", **keys)]


@pytest.mark.parametrize(
    ("text", "where", "kind", "quote"),
    [
        pytest.param(
            PHONE + "agent 12-14: 好的", (0, 11), "phone", "［电话 11 位］", id="not at all"
        ),
        pytest.param(
            PHONE + "agent 12-20: 一三八零零一三八零零一",
            (0, 11),
            "phone",
            "［电话 11 位］",
            id="a digit wrong",
        ),
        pytest.param(
            PHONE + "agent 12-20: 一三八零零一三",
            (0, 11),
            "phone",
            "［电话 11 位］",
            id="half of it",
        ),
        pytest.param(
            PHONE + "agent 12-16: 尾号八零零零",
            (0, 11),
            "phone",
            "［电话 11 位］",
            id="the tail alone",
        ),
        pytest.param(
            ORDER + "agent 14-16: 好的", (3, 13), "order", "TY20261127", id="order number"
        ),
        pytest.param(
            "customer 0-8: 编号一二三四五\nagent 9-10: 好",
            (16 / 7, 8),
            "number",
            "一二三四五",
            id="five digits",
        ),
        pytest.param(
            "customer 0-4: 编号一二三四\nagent 4-5: 嗯\ncustomer 5-6: 五六\nagent 6-7: 好",
            (4 / 3, 6),
            "number",
            "一二三四 … 五六",
            id="in pieces",
        ),
        pytest.param(
            PHONE + "agent 12-14: 好\n" + "customer 20-31: 一三八零零一三八零零零",
            (0, 11),
            "phone",
            "［电话 11 位］",
            id="given twice is found once",
        ),
        pytest.param(
            "agent 0-2: 12346\ncustomer 3-8: 12345\nagent 9-10: 好",
            (3, 8),
            "number",
            "12345",
            id="another before",
        ),
    ],
)
def test_hits(text: str, where: tuple[float, float], kind: str, quote: str) -> None:
    (one,) = findings(drawn(text), "read_back")
    assert (one.start_s, one.end_s) == pytest.approx(where)
    assert (one.kind, one.quote, one.role) == (kind, quote, "customer")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("customer 0-9: 我要APP一百块的，还有VIP两百那个", id="amounts after letters"),
        pytest.param(PHONE + "agent 12-20: 一三八，零零一三，八零零零", id="in other groups"),
        pytest.param(PHONE + "agent 12-20: 幺三八零零幺三八零零零", id="幺 for 一"),
        pytest.param(PHONE + "agent 12-20: 13800138000", id="in figures"),
        pytest.param(PHONE + "agent 12-20: 一百三十八，零零一三，八千", id="in hundreds"),
        pytest.param(PHONE + "agent 12-20: 幺三八零零幺三八三个零", id="three zeros"),
        pytest.param(
            "customer 0-9: 一百三十八零零一三八零零零\nagent 12-20: 13800138000",
            id="given in hundreds",
        ),
        pytest.param(
            "customer 0-3: 一三八零\nagent 3-4: 一三八零\ncustomer 4-7: 零一三八\n"
            "agent 7-8: 零一三八\ncustomer 8-9: 零零零\nagent 9-10: 零零零",
            id="echoed piece by piece",
        ),
        pytest.param(
            PHONE + "agent 12-14: 一三八零零\ncustomer 14-15: 对\nagent 15-17: 一三八零零零",
            id="over a nod",
        ),
        pytest.param(ORDER + "agent 14-20: T Y 二零二六一一二七", id="letters spelled"),
        pytest.param(ORDER + "agent 14-20: 是ty-2026-1127吧", id="letters and hyphens"),
        pytest.param(
            "agent 0-5: 您的号码是12345吗\ncustomer 6-9: 对，12345", id="the agent said it first"
        ),
        pytest.param("customer 0-5: 一二三四\nagent 6-7: 好", id="four digits"),
        pytest.param("customer 0-5: 我花了一万二千元\nagent 6-7: 好", id="an amount"),
        pytest.param("customer 0-5: 总共1,299.00元\nagent 6-7: 好", id="a price"),
        pytest.param("customer 0-5: 2026-11-27下的单\nagent 6-7: 好", id="a date"),
        pytest.param("customer 0-5: 二零二六年十一月二十七号\nagent 6-7: 好", id="a date, spoken"),
        pytest.param("customer 0-5: 10:30到12:00在家\nagent 6-7: 好", id="times"),
        pytest.param("customer 0-5: 我买的iPhone15和KN95\nagent 6-7: 好", id="names of products"),
        pytest.param("agent 0-5: 订单号12345678\ncustomer 6-7: 好", id="the agent's own"),
        pytest.param("customer 0-5: 邮箱li@qq.com\nagent 6-7: 好", id="an address"),
        pytest.param(
            "customer 0-9: 12345，不对，是12346\nagent 10-14: 12346对吧", id="taken back at once"
        ),
        pytest.param(
            "customer 0-9: 12345和67890\nagent 10-14: 67890\nagent 14-15: 还有12345",
            id="two, in any order",
        ),
        pytest.param(
            "customer 0-9: 1234567890\nagent 10-14: 12345，67890", id="one, in two halves"
        ),
    ],
)
def test_near_misses(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "customer 0-9: two one two five five five oh one eight seven\nagent 9-12: okay",
            [("phone", "[phone 10 digits]")],
            id="a phone",
        ),
        pytest.param(
            "customer 0-9: plan B two thousand dollars, and call 4719265\nagent 9-12: 4719265",
            [],
            id="an amount after a letter",
        ),
        pytest.param(
            "customer 0-9: the order is T Y twenty twenty six\nagent 9-12: okay",
            [("order", "T Y twenty twenty six")],
            id="an order number in tens",
        ),
        pytest.param(
            "customer 0-9: two one two five five five oh one eight seven\n"
            "agent 9-12: two twelve, triple five, zero one eighty seven",
            [],
            id="triple, twelve, eighty",
        ),
        pytest.param(
            "customer 0-9: one three eight double five\nagent 9-12: one thirty eight fifty five",
            [],
            id="thirty eight",
        ),
        pytest.param(
            "customer 0-9: one three eight double five\n"
            "agent 9-12: one hundred and thirty eight, five five",
            [],
            id="hundred and",
        ),
        pytest.param(
            "customer 0-9: it is oh one oh two oh\nagent 9-12: zero one zero two zero", [], id="oh"
        ),
        pytest.param(
            "customer 0-9: order A B one two three four\nagent 9-12: AB1234, thank you",
            [],
            id="an order number",
        ),
        pytest.param(
            "customer 0-9: order AB-1234\nagent 9-12: A C one two three four",
            [("order", "AB-1234")],
            id="a letter wrong",
        ),
        pytest.param(
            "customer 0-9: I have a one two three\nagent 9-12: okay", [], id="a, no letter"
        ),
        pytest.param("customer 0-9: twelve thousand dollars\nagent 9-12: okay", [], id="an amount"),
    ],
)
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    got = findings(drawn(text, "en"), "read_back")
    assert [(f.kind, f.quote) for f in got] == expected


@pytest.mark.parametrize(
    ("text", "n"),
    [
        pytest.param(PHONE + "agent 12-16: 尾号八零零零对吗", 0, id="spoken"),
        pytest.param(PHONE + "agent 12-16: 尾号8000对吗", 0, id="in figures"),
        pytest.param(PHONE + "agent 12-16: 尾号八千对吗", 0, id="eight thousand"),
        pytest.param(PHONE + "agent 12-16: 尾号八零零一对吗", 1, id="another tail"),
        pytest.param(
            "agent 0-4: 尾号8000吗\n" + PHONE.replace("0-11", "5-16"), 1, id="before it was given"
        ),
        pytest.param(PHONE + "customer 12-16: 尾号8000", 1, id="by the customer himself"),
        pytest.param(ORDER + "agent 14-16: 尾号一一二七的订单", 0, id="of an order number"),
        pytest.param(
            "customer 0-3: 一三八零\nagent 3-4: 嗯\ncustomer 4-7: 零一三八\nagent 7-8: 对\n"
            "customer 8-9: 零零零\nagent 9-12: 八零零零",
            0,
            id="of a number in pieces",
        ),
    ],
)
def test_the_last_four_are_enough_where_that_is_said(text: str, n: int) -> None:
    assert len(found(text, tail=4)) == n
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "customer 0-9: 送到文三路，要红色的\nagent 10-14: 好，文三路", ["红色"], id="one of two"
        ),
        pytest.param("customer 0-9: 要紅色的\nagent 10-14: 红色", [], id="traditional"),
        pytest.param(
            "agent 0-4: 要红色吗？\ncustomer 5-9: 要红色的", [], id="the agent said it first"
        ),
        pytest.param("customer 0-9: 红，色", [], id="across a mark"),
    ],
)
def test_listed_phrases(text: str, expected: list[str]) -> None:
    got = found(text, of=["文三路", "红色"])
    assert [quote for _, quote in got] == expected
    assert {kind for kind, _ in got} <= {"phrase"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, [(0, 5)]),
        ({"role": "customer"}, [(10, 15)]),
        ({"role": "any"}, [(0, 5), (10, 15)]),
        ({"role": "any", "first_turns": 1}, [(0, 5)]),
        ({"first_s": 0.5}, [(0, 5)]),
        ({"last_s": 3}, []),
    ],
)
def test_roles_and_windows(keys: dict[str, Any], expected: list[tuple[float, float]]) -> None:
    call = drawn("customer 0-5: 12345\nagent 10-15: 67890\ncustomer 16-17: 好")
    assert spans(findings(call, "read_back", **keys)) == expected


def test_own_words_of_correction_take_the_place_of_the_shipped() -> None:
    text = "customer 0-9: 12345，{}，12346\nagent 10-14: 12346"
    assert found(text.format("不对")) == []
    assert len(found(text.format("不对"), corrected_by=[])) == 1
    assert found(text.format("哎呀"), corrected_by=["哎呀"]) == []


@pytest.mark.parametrize("deaf", ["agent", "customer"])
def test_both_parties_must_be_understood(deaf: str) -> None:
    text = (PHONE + "agent 12-20: 好的").replace(
        "一三八零零一三八零零零" if deaf == "customer" else "好的", "…"
    )
    assert isinstance(outcome(drawn(text), "read_back"), NotMeasured)


def test_quotes_of_a_number_among_marks_are_the_mask_alone() -> None:
    assert quotes(findings(drawn("customer 0-9: 是（13800138000）。"), "read_back")) == [
        "［电话 11 位］"
    ]
