"""Reasons that go by what is said, as a QA specialist reads them, and the words of the screen."""

import pytest

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call
from qa_pipeline.render.call_words import kind_words
from tests.scoring.test_timing_reasons import said

TALK = """agent 0-4: 您好，请问您贵姓？
customer 5-9: 我姓王，电话一三八零零一三八零零零
agent 10-14: 您的地址？
customer 15-20: 文三路。我建议你们快一点
agent 30-34: 您贵姓？
"""
STEPS = (
    "steps, steps: [{id: address, any_of: [地址]}, {id: name, any_of: [贵姓]}, "
    "{id: confirm, any_of: [核对]}]"
)
ORDERED = "steps, steps: [{id: name, any_of: [贵姓]}, {id: address, any_of: [地址]}]"


def drawn(text: str = TALK) -> Call:
    return parse_dialogue(text, "made", "zh")


@pytest.mark.parametrize(
    ("signal", "rule", "zh", "en"),
    [
        (
            "repeated_question",
            "not it",
            "发现重复提问 1 处：“您贵姓”（0:30）〔it〕",
            'questions asked again found: "您贵姓" (0:30) [it]',
        ),
        (
            STEPS,
            "not it",
            "缺少步骤 confirm（0:34 之后）〔it〕",
            "step confirm missing (after 0:34) [it]",
        ),
        (
            STEPS.replace("贵姓", "您好"),
            "it.count < 1",
            "步骤缺失或顺序不对：次数 2 次，要求 < 1 次（步骤 name 顺序不对：“您好”（0:00）、"
            "缺少步骤 confirm（0:14 之后））〔it〕",
            "steps missing or out of order: count 2, asked < 1 (step name out of order: "
            '"您好" (0:00), step confirm missing (after 0:14)) [it]',
        ),
        (
            ORDERED,
            "not it",
            "未发现步骤缺失或顺序不对〔it〕",
            "no steps missing or out of order found [it]",
        ),
        (
            "read_back",
            "not it",
            "未复述：“［电话 11 位］”（0:06）〔it〕",
            'not read back: "［电话 11 位］" (0:06) [it]',
        ),
        (
            "read_back, of: [文三路], last_s: 1",
            "not it",
            "在最后 1 秒内对方给出的信息均已复述，或没有需要复述的〔it〕",
            "all that was given in the last 1 s was read back, or there was nothing [it]",
        ),
        (
            "sensitive_data, kinds: phone",
            "not it",
            "发现敏感信息 1 处：“［电话 11 位］”（0:06）〔it〕",
            'sensitive data found: "［电话 11 位］" (0:06) [it]',
        ),
        (
            "suggestion",
            "it",
            "发现建议 1 处：“我建议你们快一点”（0:16）〔it〕",
            'suggestions found: "我建议你们快一点" (0:16) [it]',
        ),
    ],
)
def test_reasons_in_both_languages(signal: str, rule: str, zh: str, en: str) -> None:
    assert said(drawn(), signal, rule).reason == zh
    assert said(drawn(), signal, rule, language="en").reason == en


def test_a_step_of_a_dialogue_without_times_is_placed_by_its_line() -> None:
    untimed = "agent: 您的地址？\ncustomer: 文三路"
    assert said(drawn(untimed), ORDERED, "not it").reason == "缺少步骤 name〔it〕"
    swapped = "agent: 您的地址？\nagent: 您贵姓？"
    reason = said(drawn(swapped), ORDERED, "not it").reason
    assert reason == "步骤 address 顺序不对：“地址”（第 1 句）〔it〕"


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("missing:address", "address（缺少）", "address (missing)"),
        ("phone", "（电话）", "(telephone number)"),
        ("of_tomorrow", "of_tomorrow", "of_tomorrow"),
    ],
)
def test_kinds_on_the_screen(kind: str, zh: str, en: str) -> None:
    assert (kind_words(kind).zh, kind_words(kind).en) == (zh, en)
