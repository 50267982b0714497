"""`sensitive_data`: verified numbers and addresses, on masked calls and on the words themselves."""

from typing import Any

import pytest

from tests.detectors.looking import drawn, findings, quotes, spans

CARD = "4111111111111111"


@pytest.mark.parametrize(
    ("text", "where", "kind", "quote"),
    [
        pytest.param(f"customer 0-18: 卡号{CARD}。", (2, 18), "card", "［卡号 16 位］", id="card"),
        pytest.param(
            "customer 0-11: 幺三八零零幺三八零零零",
            (0, 11),
            "phone",
            "［电话 11 位］",
            id="phone, spoken",
        ),
        pytest.param(
            "customer 0-21: 身份证11010519491231002X",
            (3, 21),
            "id",
            "［证件号 18 位］",
            id="identity",
        ),
        pytest.param("agent 0-9: 邮箱li@qq.com", (2, 9), "email", "［邮箱］", id="e-mail"),
        pytest.param(
            "customer 0-4: 幺三八零\nagent 4-5: 嗯\ncustomer 5-9: 零幺三八\nagent 9-10: 零幺三八\n"
            "customer 10-13: 零零零",
            (0, 13),
            "phone",
            "［电话 11 位］",
            id="in pieces, over a nod and an echo",
        ),
    ],
)
def test_hits(text: str, where: tuple[float, float], kind: str, quote: str) -> None:
    (found,) = findings(drawn(text), "sensitive_data")
    assert spans((found,)) == [where]
    assert (found.kind, found.quote, found.turn) == (kind, quote, 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("customer 0-9: 卡号4111111111111112", id="wrong check digit"),
        pytest.param("customer 0-9: 订单号202611270001", id="an order number"),
        pytest.param("customer 0-9: 验证码884422", id="a code"),
        pytest.param("agent 0-9: 尾号8000", id="four digits alone"),
        pytest.param("agent 0-9: 拨打95588或者4008001234", id="service lines"),
        pytest.param("customer 0-9: 一百三十八元", id="an amount"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "sensitive_data") == ()


def test_said_again_is_another_and_the_tail_is_none() -> None:
    text = f"customer 0-16: {CARD}\nagent 20-24: 尾号一一一一吗\nagent 30-46: {CARD}"
    assert spans(findings(drawn(text), "sensitive_data")) == [(0, 16), (30, 46)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ["［卡号 16 位］", "［电话 11 位］"]),
        ({"kinds": "phone"}, ["［电话 11 位］"]),
        ({"kinds": ["card", "id"]}, ["［卡号 16 位］"]),
        ({"role": "agent"}, ["［电话 11 位］"]),
        ({"role": "customer"}, ["［卡号 16 位］"]),
        ({"first_s": 10}, ["［卡号 16 位］"]),
        ({"role": "agent", "last_turns": 1}, ["［电话 11 位］"]),
    ],
)
def test_kinds_roles_and_windows(keys: dict[str, Any], expected: list[str]) -> None:
    call = drawn(f"customer 0-16: {CARD}\nagent 20-31: 13800138000")
    assert quotes(findings(call, "sensitive_data", **keys)) == expected


def test_an_address_in_two_pieces_is_one_and_two_addresses_are_two() -> None:
    text = "customer 0-11: {}\nagent 11-12: 嗯\ncustomer 12-14: {}"
    pieces = drawn(text.format("邮箱是liming艾特", "qq点com"))
    assert spans(findings(pieces, "sensitive_data")) == [(3, 14)]
    two = drawn(text.format("li@qq.com", "wang@qq.com"))
    assert len(findings(two, "sensitive_data")) == 2


def test_english() -> None:
    call = drawn(f"customer 0-6: it's {CARD} and john dot smith at gmail dot com thanks", "en")
    assert quotes(findings(call, "sensitive_data")) == ["[card 16 digits]", "[e-mail]"]
