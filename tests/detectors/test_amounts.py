"""Amounts written in digits need no more be repeated than those in words."""

import pytest

from qa_pipeline.texts import Language
from tests.detectors.test_taken_back import unrepeated


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我付了12500元", "zh"),
        ("总共是12500块钱", "zh"),
        ("總共是12500塊錢", "zh"),
        ("我充了100000块", "zh"),
        ("我卡里有50000多块", "zh"),
        ("花了￥12500", "zh"),
        ("花了 12500 元", "zh"),
        ("付了人民币12500", "zh"),
        ("付了RMB12500", "zh"),
        ("他们欠12345万", "zh"),
        ("我有50000积分", "zh"),
        ("他们欠12345万，不还", "zh"),
        ("他们欠12345万呢", "zh"),
        ("有12345万人", "zh"),
        ("花了12345万多", "zh"),
        ("花了12345万元", "zh"),
        ("花了12,500元", "zh"),
        ("I paid $12,500 for it.", "en"),
        ("I paid $12500 for it.", "en"),
        ("I paid 12500 dollars.", "en"),
        ("I paid 12500 US dollars.", "en"),
        ("My balance is 25000 dollars.", "en"),
        ("My balance is 12,500.", "en"),
        ("It was € 12500.", "en"),
        ("My account balance is 12,500.", "en"),
        ("The number of employees is 12,500.", "en"),
        ("The order total was 12,500.", "en"),
        ("My order was 12,500 dollars.", "en"),
        ("I have 25000 points on my card.", "en"),
        ("They have 12,500 employees.", "en"),
        ("It was USD 12500.", "en"),
        ("I've called 3 times in 2026 and 2025.", "en"),
        ("I called in twenty twenty five and twenty twenty six.", "en"),
    ],
)
def test_amounts(text: str, language: Language) -> None:
    assert unrepeated(text, language) == []


@pytest.mark.parametrize(
    ("text", "number", "language"),
    [
        ("订单号88612345万一丢了怎么办", "88612345", "zh"),
        ("订单号88612345元旦下的", "88612345", "zh"),
        ("我的订单号是88612345万先生收", "88612345", "zh"),
        ("订单88612345 万小姐的", "88612345", "zh"),
        ("电话62881234元小姐", "62881234", "zh"),
        ("12345元宝路", "12345", "zh"),
        ("付了500块，88612345", "88612345", "zh"),
        ("编号123，456，789", "123，456，789", "zh"),
        ("It's reference 482,913,221.", "482,913,221", "en"),
        ("My number is 123,456.", "123,456", "en"),
        ("I paid for order 123,456.", "123,456", "en"),
        ("It's order 123,456 no sorry 123,457", "123,457", "en"),
        ("My badge number 12345 points west.", "12345", "en"),
        ("It's 12, 500, 38.", "12, 500, 38", "en"),
        ("Order 88612345 pounding", "88612345", "en"),
        ("My number is 4719 and 2650", "4719 and 2650", "en"),
        ("It's 2026 and 1127", "2026 and 1127", "en"),
        ("It's 2026 1998", "2026 1998", "en"),
    ],
)
def test_numbers_that_are_no_amounts(text: str, number: str, language: Language) -> None:
    assert unrepeated(text, language) == [number]


def test_an_amount_repeats_a_number() -> None:
    assert unrepeated("customer 0-5: 是12500\nagent 6-8: 12500元对吧", "zh") == []
