"""Reasons that go by times, levels and the telephone's facts, as a QA specialist reads them."""

import pytest

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call, Tier, Verdict
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import bind
from qa_pipeline.scoring.evidence import Evidence
from qa_pipeline.scoring.judge import verdict
from tests.detectors.test_loudness import heard, track

CARD = """\
scorecard: made
version: 1
language: {language}
pass_mark: 80
severities: {{A: {{fatal: true}}, B: {{}}}}
signals:
  it: {{{signal}}}
sections:
  - id: all
    criteria:
      - {{id: it, severity: {severity}, points: 1, pass_if: {rule}}}
"""
TALK = """# hangup_by: agent
# ring_s: 12
# duration_s: 60
customer 0-4: 怎么退货
agent 9-11: 请您稍等
customer 11.2-11.6: 好的
agent 31-34: 查到了
agent 40-41.5: 嗯
"""
LOUD = heard(track((4, -45.1), (5, -26), (3, -9.9)), clipped=(0.004, 0))
LOUDNESS = "loudness, role: agent, min_dbfs: -40, max_dbfs: -10"


def said(
    call: Call, signal: str, rule: str, *, language: str = "zh", severity: str = "B"
) -> Verdict:
    text = CARD.format(
        language=language, signal=f"detector: {signal}", rule=rule, severity=severity
    )
    loaded = read_scorecard(text.encode(), "made.yaml")
    outcomes = detect_all(call, loaded.scorecard.signals)
    return verdict(bind(loaded).criteria[0], Evidence(loaded.scorecard, call, outcomes))


def drawn(text: str = TALK, tier: Tier = "dual_channel") -> Call:
    return parse_dialogue(text, "made", "zh", tier=tier)


@pytest.mark.parametrize(
    ("signal", "rule", "zh", "en"),
    [
        (
            "slow_answer, min_s: 3",
            "not it",
            "发现应答迟缓 1 处：0:04 起 5 秒",
            "slow answers found: 5 s from 0:04",
        ),
        (
            "speech_rate, role: agent, min: 100",
            "not it",
            "发现语速过快或过慢的话轮 1 处：“查到了”过慢 60 字/分钟（0:31）",
            'turns spoken too fast or too slow found: "查到了" too slow at 60 words/min (0:31)',
        ),
        (
            "speech_rate, role: agent, min: 50",
            "it",
            "未发现语速过快或过慢的话轮",
            "no turns spoken too fast or too slow found",
        ),
        (
            "speech_rate, role: agent, min: 100",
            "it.value >= 100",
            "客服语速：73.8 字/分钟，要求 ≥ 100 字/分钟〔it〕",
            "the agent's rate of speech: 73.8 words/min, asked ≥ 100 words/min [it]",
        ),
        (
            "speech_rate, role: agent, min: 100, first_s: 1",
            "it.value >= 100",
            "客服语速：没有可比较的结果（value ≥ 100）",
            "the agent's rate of speech: there is nothing to compare (value ≥ 100)",
        ),
        (
            "talk_share, role: agent",
            "it.value <= 0.5",
            "客服说话占比：59.6%，要求 ≤ 50%",
            "the agent's share of all speech: 59.6 %, asked ≤ 50 %",
        ),
        (
            "drawn_out, role: agent, min_s: 0.7",
            "it.count <= 1",
            "拖音：次数 4 次，要求 ≤ 1 次（“查”（0:31）、“到”（0:32）、“了”（0:33）等 4 处）",
            'drawn-out syllables: count 4, asked ≤ 1 ("查" (0:31), "到" (0:32), "了" (0:33) and 1'
            " more)",
        ),
        (
            "hold",
            "it.thanked >= 1",
            "让客户等待：已致谢 0 次，要求 ≥ 1 次（0:11 起 19.4 秒未致谢）",
            "holds: thanked for 0, asked ≥ 1 (19.4 s from 0:11 without thanks)",
        ),
        ("hang_up", "not it", "客服先挂机（1:00）", "the agent hung up first (at 1:00)"),
        ("hang_up, first_s: 9", "it", "在开头 9 秒内客服没有先挂机", "the agent did not hang up"),
        ("ring, max_s: 10", "not it", "振铃 12 秒后才接听", "answered after ringing for 12 s"),
        ("ring, max_s: 20", "it", "20 秒内接听", "answered within 20 s"),
        (
            "ring, max_s: 10",
            "it.value <= 10",
            "振铃：12 秒，要求 ≤ 10 秒",
            "ringing: 12 s, asked ≤ 10 s",
        ),
    ],
)
def test_reasons(signal: str, rule: str, zh: str, en: str) -> None:
    for language, expected in (("zh", zh), ("en", en)):
        found = said(drawn(), signal, rule, language=language)
        assert (found.outcome, found.reason[: len(expected)]) == ("fail", expected)


def test_reasons_of_loudness() -> None:
    assert said(LOUD, LOUDNESS, "not it").reason == (
        "发现音量异常 3 处：“您好，请问有什么可以帮您？”过轻 -45.1 dBFS（0:00）、削波 0.4%、"
        "“好的”过响 -9.9 dBFS（0:09）〔it〕"
    )
    assert said(LOUD, LOUDNESS, "not it", language="en").reason == (
        'speech too quiet, loud or distorted found 3 times: "您好，请问有什么可以帮您？" too quiet '
        'at -45.1 dBFS (0:00), 0.4 % clipped, "好的" too loud at -9.9 dBFS (0:09) [it]'
    )
    level = said(LOUD, LOUDNESS, "it.value >= -13", language="en")
    assert level.reason.startswith("the agent's level of speech: -13.6 dBFS, asked ≥ -13 dBFS [it]")


@pytest.mark.parametrize(
    ("signal", "rule", "why"),
    [
        (LOUDNESS, "not it", "对话没有时间"),
        ("hang_up", "not it", "不知道谁先挂机"),
        ("ring, max_s: 10", "not it", "没有给出振铃秒数"),
        ("slow_answer, min_s: 3", "not it", "对话没有时间"),
        ("talk_share, role: agent", "it.value <= 0.5", "对话没有时间"),
        ("hold", "not it", "对话没有时间"),
        ("drawn_out, min_s: 1", "not it", "对话没有时间"),
    ],
)
def test_what_could_not_be_looked_at_is_neither_passed_nor_failed(
    signal: str, rule: str, why: str
) -> None:
    found = said(drawn("agent: 您好\ncustomer: 你好"), signal, rule)
    assert (found.outcome, found.points_won) == ("not_measured", None)
    assert why in found.reason


def test_without_times_the_reason_gives_none() -> None:
    found = said(drawn("# hangup_by: agent\nagent: 您好"), "hang_up", "not it")
    assert (found.outcome, found.reason) == ("fail", "客服先挂机〔it〕")


@pytest.mark.parametrize(
    ("signal", "outcome"),
    [
        ("hang_up, role: agent", "fail"),
        ("ring, role: agent, max_s: 10", "fail"),
        ("hold", "not_measured"),
        ("slow_answer, min_s: 3", "not_measured"),
        ("drawn_out, role: agent, min_s: 0.7", "not_measured"),
    ],
)
def test_inferred_roles_fail_no_call_but_the_telephones_facts_do(signal: str, outcome: str) -> None:
    mono = drawn(tier="mono_diarised")
    assert said(mono, signal, "not it", severity="A").outcome == outcome
