"""Numbers that their giver takes back or denies need not be repeated; all others do."""

from dataclasses import replace

import pytest

from qa_pipeline.redaction import redact
from qa_pipeline.texts import Language
from tests.detectors.looking import drawn, findings, quotes

PHONE = "［电话 11 位］"
US_PHONE = "[phone 10 digits]"
BOTH = ["88612345", "88612346"]
TWO = ["88612345", "77123456"]
#: Two turns of the customer, and what the agent says between them.
OVER = "customer 0-3: {}\nagent 3.2-3.8: {}\ncustomer 4.5-8: {}\nagent 9-9.5: 好"
OVER_EN = "customer 0-3: {}\nagent 3.2-3.8: {}\ncustomer 4.5-8: {}\nagent 9-9.5: okay"


def unrepeated(text: str, language: Language) -> list[str | None]:
    """Return what the agent had to repeat of what the customer says, alone or in a dialogue."""
    if "customer" not in text:
        text = f"customer 0-9: {text}\nagent 10-11: {'好的' if language == 'zh' else 'Okay'}"
    return quotes(findings(drawn(text, language), "read_back"))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("88612345，不对，是88612346", "88612346"),
        ("88612345，不對，是88612346", "88612346"),
        ("88612345不对是88612346", "88612346"),
        ("88612345，啊不对不对，我刚才说错了，应该是88612346", "88612346"),
        ("88612345，不是不是，88612346", "88612346"),
        ("88612345，啊不是88612346", "88612346"),
        ("88612345，哦不，88612346", "88612346"),
        ("88612345，不不不，是88612346", "88612346"),
        ("88612345，呃那个，说错了啊，是88612346", "88612346"),
        ("88612345，不好意思，记错了，是88612346", "88612346"),
        ("88612345，不对，订单号是88612346", "88612346"),
        ("88612345，不对，我看一下啊，应该是88612346", "88612346"),
        ("88612345错了，应该是88612346", "88612346"),
        ("订单号TY20261127，不对，TY20261128", "TY20261128"),
        ("88612345，我给错了，是88612346", "88612346"),
        ("88612345，我给您报错了，是88612346", "88612346"),
        ("88612345，哎我报错了，是88612346", "88612346"),
        ("88612345，我好像说错了，是88612346", "88612346"),
        ("88612345，最后一位错了，是88612346", "88612346"),
        ("88612345，不好意思我给你报错了，是88612346", "88612346"),
        ("88612345，我说错号码了，应该是88612346", "88612346"),
        ("88612345，这个单号错了，应该是88612346", "88612346"),
        ("订单号是88612345错了，订单号88612346", "88612346"),
        ("88612345，好像说错了，是88612346", "88612346"),
        ("单号88612345不对，单号88612346才对", "88612346"),
        ("单号88612345，我念错单号了，88612346", "88612346"),
        ("八八六一二三四五，不对，八八六一二三四六", "八八六一二三四六"),
        pytest.param("88612345，不对，88612346，不对，还是88612345", "88612345", id="and back"),
        pytest.param("13800，不对，13900139000", PHONE, id="begun anew"),
        pytest.param("1380013800，不对，13900139000", PHONE, id="a digit forgotten"),
        pytest.param("13800138000，不对，13900139000", PHONE, id="both masked"),
        pytest.param("88612346，不是88612345", "88612346", id="denied after"),
        pytest.param("88612346，而不是88612345", "88612346", id="denied after, 而"),
        pytest.param("订单号不是88612345，是88612346", "88612346", id="denied before"),
        pytest.param("不是88612345，我的是88612346", "88612346", id="denied before, in words"),
        pytest.param(OVER.format("88612345", "嗯", "不对，是88612346"), "88612346", id="a nod"),
        pytest.param(OVER.format("88612345", "好的", "错了，88612346"), "88612346", id="好的"),
        pytest.param(
            "customer 0-3: 88612345\ncustomer 4.5-7: 不对，是88612346\nagent 8-9: 好",
            "88612346",
            id="after a pause",
        ),
    ],
)
def test_taken_back(text: str, right: str) -> None:
    assert unrepeated(text, "zh") == [right]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("It's 88612345, no, sorry, 88612346.", "88612346"),
        ("It's 88612345, I mean 88612346.", "88612346"),
        ("It's 88612345 no wait it's 88612346", "88612346"),
        ("It's 88612345. Uh, sorry, I got that wrong, it's 88612346.", "88612346"),
        ("It's 88612345. Oh, that's the wrong number. It should be 88612346.", "88612346"),
        ("It's 88612345. Sorry, I gave you the wrong number, it's 88612346.", "88612346"),
        ("It's 88612345. Sorry, the order number is 88612346.", "88612346"),
        ("It's 88612345... actually, no, make that 88612346.", "88612346"),
        ("It's 88612345, I gave you the wrong number, it's 88612346.", "88612346"),
        ("It's 88612345, I think I got that wrong, it's 88612346.", "88612346"),
        ("It's 88612345, I read that wrong, it's 88612346.", "88612346"),
        ("It's 88612345, no I think it's 88612346.", "88612346"),
        ("It's 88612345, the last digit is wrong, it's 88612346.", "88612346"),
        ("It's 88612345, that's my old number, sorry, it's 88612346.", "88612346"),
        ("It's A B one two three four, no, A C one two three four", "A C one two three four"),
        ("It's 88612346, not 88612345.", "88612346"),
        ("It's 88612346 and not 88612345.", "88612346"),
        ("It's not 88612345, it's 88612346.", "88612346"),
        pytest.param(OVER_EN.format("88612345", "okay", "No, it's 88612346."), "88612346", id="ok"),
    ],
)
def test_taken_back_in_english(text: str, right: str) -> None:
    assert unrepeated(text, "en") == [right]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("订单号是88612345，是不是已经发货了？电话是13900139000", ["88612345", PHONE]),
        ("订单号88612345，对不对？电话是13900139000", ["88612345", PHONE]),
        ("订单号88612345，我不是很着急，电话13900139000", ["88612345", PHONE]),
        ("订单号88612345，不是很着急，订单88612346也一样", BOTH),
        ("订单号88612345，颜色不对，88612346没收到", BOTH),
        ("订单号88612345，送错了，88612346没收到", BOTH),
        ("订单号88612345，你们搞错了地址，88612346没收到", BOTH),
        ("订单号88612345，搞错了地址，88612346没收到", BOTH),
        ("订单号88612345，不要了，88612346也不要", BOTH),
        ("订单号88612345，不好意思，88612346也不要", BOTH),
        ("订单88612345不对，订单88612346没送到", BOTH),
        ("单号88612345不对，单号88612346没送到", BOTH),
        ("订单号88612345不对，订单号88612346也不对", BOTH),
        ("订单号88612345，给错货了，订单号88612346没收到", BOTH),
        ("单号88612345，你们报错价了，单号88612346也是", BOTH),
        ("单号88612345，好像不对，单号88612346也查不到", BOTH),
        ("单号88612345，写错地址了，88612346没收到", BOTH),
        ("订单88612345，错了，送错地址了，订单88612346没收到", BOTH),
        ("订单88612345，不对，还有一个，88612346", BOTH),
        ("第一个88612345，不是，第二个是88612346", BOTH),
        ("是88612345，不对吗？那就是88612346", BOTH),
        ("是不是88612345，还是88612346", BOTH),
        ("我的不是88612345吗，88612346没见过", BOTH),
        pytest.param(OVER.format("88612345", "嗯", "不是很急，记一下88612346"), BOTH, id="a nod"),
        pytest.param(
            OVER.format("88612345", "是您的订单吗", "不是，我太太的是88612346"), BOTH, id="answers"
        ),
        pytest.param(
            OVER.format("88612345", "88612344", "不对，是88612345"),
            ["88612345"],
            id="an echo wrong",
        ),
    ],
)
def test_not_taken_back(text: str, given: list[str]) -> None:
    assert unrepeated(text, "zh") == given


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("My order is 88612345 and my account no is 77123456", TWO),
        ("Order 88612345 arrived with the wrong color, and order 77123456 is missing", TWO),
        ("Order 88612345, wrong color, order 77123456, missing", TWO),
        ("Order 88612345 is wrong. Order 77123456 is missing.", TWO),
        ("Order number 88612345 is wrong. Order number 88612346 is missing.", BOTH),
        ("Order 88612345, my account no is 77123456", TWO),
        ("Order 88612345, no number on the box, order 77123456", TWO),
        ("Order 88612345. You gave me the wrong number. Order 77123456.", TWO),
        ("Order 88612345, no rush, order 77123456", TWO),
        ("Order 88612345, sorry, and the other one is 77123456", TWO),
        ("Order 88612345, sorry to bother you, phone 415 555 2671", ["88612345", US_PHONE]),
        ("Order 88612345, sorry, phone 415 555 2671", ["88612345", US_PHONE]),
        ("Is it 88612345 or not? 77123456", TWO),
        pytest.param(OVER_EN.format("88612345", "yours?", "No, it's 77123456"), TWO, id="answers"),
    ],
)
def test_not_taken_back_in_english(text: str, given: list[str]) -> None:
    assert unrepeated(text, "en") == given


@pytest.mark.parametrize(
    "text",
    [
        "订单号88612345，不对，电话是13800138000，不对，13900139000，付了12500元",
        "我的号码不是13800138000，是13900139000，不对，88612345",
        "13900139000，不是13800138000，嗯，1380013800，不对，13800138000",
    ],
)
def test_the_same_on_a_redacted_call(text: str) -> None:
    call = drawn(f"customer 0-20: {text}\nagent 21-22: 好")
    safe = replace(call, turns=redact(call.turns or (), b"the key of a store", "zh").turns)
    assert findings(safe, "read_back") == findings(call, "read_back") != ()
