"""Who the agent is, told by what was said; undecided rather than wrong."""

import pytest

from qa_pipeline.pipeline.roles import role_evidence
from qa_pipeline.texts import Language

DECIDED = [
    pytest.param("zh", "您好，工号八零一，很高兴为您服务", "我想问一下我的订单", id="greeting"),
    pytest.param(
        "zh", "喂，你说。请您稍等，帮您查一下", "喂，我要投诉", id="no-greeting-but-service"
    ),
    pytest.param("zh", "请问您贵姓？", "我姓王，", id="asks-the-name"),
    pytest.param("zh", "感謝您的來電", "嗯", id="traditional-characters"),
    pytest.param("zh", "感谢 您的，来电", "嗯", id="spaces-and-marks"),
    pytest.param(
        "en",
        " Thank you for calling, how may I help you?",
        " Hi, I have a problem.",
        id="en-greeting",
    ),
    pytest.param("en", " Okay.", " I'd like to order a kettle.", id="en-only-the-customer-shows"),
    pytest.param("en", " THANK YOU FOR CALLING", " hm", id="en-case"),
    pytest.param("en", " What can I do for you?", " Yes.", id="en-offers-help"),
    pytest.param("en", " Okay.", " My address is three River Road.", id="en-gives-an-address"),
    pytest.param("zh", "感谢您的耐心等待", "好", id="thanks-for-waiting"),
    pytest.param("zh", "好", "我要取消，给我退", id="wants-to-cancel"),
]
UNDECIDED = [
    pytest.param("zh", "", "", id="silence"),
    pytest.param("zh", "嗯，好的", "对，好的", id="back-channels"),
    pytest.param("zh", "您好", "您好", id="both-greet"),
    pytest.param("zh", "很高兴为您服务", "很高兴为您服务", id="both-say-the-same"),
    pytest.param("zh", "多少钱", "嗯", id="one-hint-is-not-enough"),
    pytest.param("en", " yes", " no", id="en-yes-no"),
    pytest.param("zh", "您看呢", "嗯", id="a-polite-word-is-not-enough"),
    pytest.param("en", " One moment please.", " Okay.", id="en-one-hint-is-not-enough"),
]


@pytest.mark.parametrize(("language", "agent", "customer"), DECIDED)
def test_decided_both_ways_round(language: Language, agent: str, customer: str) -> None:
    assert role_evidence((agent, customer), language).agent == 0
    assert role_evidence((customer, agent), language).agent == 1


@pytest.mark.parametrize(("language", "first", "second"), UNDECIDED)
def test_undecided(language: Language, first: str, second: str) -> None:
    assert role_evidence((first, second), language).agent is None


def test_a_phrase_inside_a_longer_one_counts_once() -> None:
    longer = role_evidence(("很高兴为您服务", ""), "zh").points[0]
    assert longer == 2
    assert role_evidence(("很高兴为您服务。很高兴为您服务", ""), "zh").points[0] == longer
