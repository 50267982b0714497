"""`phrase` with `match: sound`: what hit, what excuses, and what a verdict may rest on it."""

from typing import Any

import pytest

from qa_pipeline.records import Finding, Outcome, Verdict
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import bind, judge
from tests.detectors.looking import drawn, findings, quotes, spans

GREETING = [["您好", "你好"], ["天云商城"], ["有什么可以帮"]]


def by_sound(text: str, **keys: Any) -> tuple[Finding, ...]:
    return findings(drawn(text), "phrase", match="sound", **keys)


def kinds(found: tuple[Finding, ...]) -> list[tuple[str | None, str | None]]:
    return [(one.match, one.kind) for one in found]


def test_a_finding_says_what_hit_and_quotes_what_stands_there() -> None:
    found = by_sound("agent 0-8: 感谢您的来电，敢谢您的莱店", any_of=["感谢您的来电"])
    assert quotes(found) == ["感谢您的来电", "敢谢您的莱店"]
    assert spans(found) == [(0.0, 4.0), (4.0, 8.0)]
    assert kinds(found) == [("text", None), ("sound", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("您好，天云商城，有什么可以帮您", ("text", None), id="all by text"),
        pytest.param("您好，天晕商城，有什么可以帮您", ("sound", None), id="one by sound"),
        pytest.param("您好，天云商城，有什么可以邦您", ("sound", None), id="the last by sound"),
        pytest.param(
            "您号，天云商城，有什么可以帮您", ("sound", "short"), id="a short one by sound"
        ),
        pytest.param(
            "您号，天云商城，您好，有什么可以帮您", ("text", None), id="sets are made of the surest"
        ),
        pytest.param(
            "你好，天晕商城，天云商城，有什么可以帮您", ("text", None), id="of the surest, whenever"
        ),
    ],
)
def test_a_set_is_as_sure_as_its_weakest_member(
    text: str, expected: tuple[str | None, str | None]
) -> None:
    assert kinds(by_sound(f"agent 0-9: {text}", all_of=GREETING)) == [expected]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"any_of": ["请您稍等"], "role": "customer"}, id="said by the other"),
        pytest.param({"any_of": ["请您稍等"], "first_s": 1}, id="outside the window"),
        pytest.param({"any_of": ["请您稍等"], "except": ["我查一下"]}, id="excused by sound"),
        pytest.param(
            {"any_of": ["请您稍等"], "except": ["您稍等"], "except_within": "hit"},
            id="excused in the hit",
        ),
        pytest.param({"any_of": ["稍等我查一下订单"]}, id="across two turns"),
        pytest.param({"all_of": [["请您稍等"], ["再见"]]}, id="an incomplete set"),
    ],
)
def test_near_misses(keys: dict[str, Any]) -> None:
    text = "customer 0-1: 喂\nagent 2-5: 情您烧等，我茶一下\nagent 7-8: 订单"
    assert by_sound(text, **keys) == ()


def test_the_same_but_for_one_excuse_is_found() -> None:
    text = "agent 2-5: 情您烧等，我茶一下"
    assert quotes(by_sound(text, any_of=["请您稍等"])) == ["情您烧等"]
    excused = {"any_of": ["请您稍等"], "except": ["我茶两下"]}
    assert quotes(by_sound(text, **excused)) == ["情您烧等"]


@pytest.mark.parametrize("offset_s", [0, 7, 3_600])
def test_a_shift_in_time_shifts_the_findings(offset_s: int) -> None:
    text = f"agent {2 + offset_s}-{6 + offset_s}: 情您烧等"
    assert spans(by_sound(text, any_of=["请您稍等"])) == [(2.0 + offset_s, 6.0 + offset_s)]


CARD = """\
scorecard: by-sound
version: 1
language: zh
pass_mark: 80
severities:
  A: {title: 致命, fatal: true}
  B: {title: 严重}
signals:
  hello: {detector: phrase, role: agent, any_of: [您好], match: sound}
  thanks: {detector: phrase, role: agent, any_of: [感谢来电], match: sound}
  insult: {detector: phrase, role: agent, any_of: [神经病], match: sound}
sections:
  - id: all
    criteria:
      - {id: hello, severity: B, points: 1, pass_if: hello}
      - {id: thanks, severity: B, points: 1, pass_if: thanks}
      - {id: no_insult, severity: A, points: 1, pass_if: not insult}
      - {id: few_insults, severity: B, points: 1, pass_if: insult.count < 1}
"""


def verdicts(text: str) -> dict[str, Verdict]:
    loaded = read_scorecard(CARD.encode(), "card.yaml")
    return {v.criterion: v for v in judge(drawn(text), bind(loaded)).verdicts}


@pytest.mark.parametrize(
    ("text", "criterion", "outcome"),
    [
        pytest.param("您好。", "hello", "pass", id="required and short, by text"),
        pytest.param("您号。", "hello", "not_measured", id="required and short, by sound alone"),
        pytest.param("您号。您好。", "hello", "pass", id="by both"),
        pytest.param("你好。", "hello", "fail", id="by neither"),
        pytest.param("敢谢莱电", "thanks", "pass", id="required and long enough, by sound"),
        pytest.param("神经病", "no_insult", "fail", id="fatal, by text"),
        pytest.param("神经冰", "no_insult", "not_measured", id="fatal, by sound alone"),
        pytest.param("神经冰，神经病", "no_insult", "fail", id="fatal, by both"),
        pytest.param("神仙", "no_insult", "pass", id="fatal, not found"),
        pytest.param("神经冰", "few_insults", "fail", id="not fatal, by sound alone"),
    ],
)
def test_what_a_verdict_may_rest_on(text: str, criterion: str, outcome: Outcome) -> None:
    assert verdicts(f"agent 0-4: {text}")[criterion].outcome == outcome


def test_what_was_not_decided_goes_to_people_with_its_findings() -> None:
    said = verdicts("agent 0-4: 您号。神经冰")
    for name, quote in {"hello": "您号", "no_insult": "神经冰"}.items():
        assert quotes(said[name].findings) == [quote]
        assert said[name].points_won is None


def test_forbidden_phrases_by_sound_are_warned_of_and_required_ones_not() -> None:
    warnings = read_scorecard(CARD.encode(), "card.yaml").warnings
    assert [(w.where, w.got) for w in warnings] == [
        ("card.yaml:17:62", "insult"),
        ("card.yaml:18:60", "insult"),
    ]
