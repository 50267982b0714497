from typing import Any

import pytest

from tests.detectors.looking import drawn, findings, quotes, spans

CALL = """agent 0-4: 您好，天云商城，请问有什么可以帮您？
customer 5-9.5: 我要投诉。你们太差了
agent 10-17: 小票会寄给您，好吗？抱歉，实在抱歉
"""


@pytest.mark.parametrize(
    ("keys", "where", "said"),
    [
        pytest.param(
            {"role": "agent", "any_of": ["您好", "你好"]}, [(0.0, 0.533)], ["您好"], id="any of"
        ),
        pytest.param(
            {"any_of": ["抱歉", "投诉"]},
            [(6.0, 7.0), (14.0, 15.0), (16.0, 17.0)],
            ["投诉", "抱歉", "抱歉"],
            id="anyone, in order of time",
        ),
        pytest.param(
            {"role": "agent", "all_of": [["请问"], ["您好", "你好"]]},
            [(0.0, 2.133)],
            ["您好 … 请问"],
            id="a set in any order",
        ),
        pytest.param(
            {"all_of": [["抱歉"], ["投诉", "太差了"]]},
            [(6.0, 15.0), (8.0, 17.0)],
            ["投诉 … 抱歉", "太差了 … 抱歉"],
            id="one finding for every complete set",
        ),
        pytest.param(
            {"any_of": ["云.{1,2}，"], "match": "regex"}, [(0.8, 1.6)], ["云商城，"], id="regex"
        ),
        pytest.param(
            {"any_of": "小票", "except": "太差"}, [(10.0, 11.0)], ["小票"], id="excuse elsewhere"
        ),
    ],
)
def test_hits(keys: dict[str, Any], where: list[tuple[float, float]], said: list[str]) -> None:
    found = findings(drawn(CALL), "phrase", **keys)
    assert spans(found) == where
    assert quotes(found) == said


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"role": "customer", "any_of": ["您好"]}, id="said by the other"),
        pytest.param({"role": "agent", "any_of": ["您好吗"]}, id="across a mark"),
        pytest.param({"any_of": ["太差了小票"]}, id="across two turns"),
        pytest.param({"all_of": [["您好"], ["再见"]]}, id="an incomplete set"),
        pytest.param({"role": "customer", "all_of": [["投诉"], ["抱歉"]]}, id="half by the other"),
        pytest.param({"any_of": ["抱歉"], "except": ["小票"]}, id="excused in the same turn"),
        pytest.param(
            {"any_of": "抱歉", "except": "实在", "except_within": "sentence"}, id="in the sentence"
        ),
        pytest.param(
            {"any_of": "天云", "except": "天云商城", "except_within": "hit"}, id="by the hit itself"
        ),
        pytest.param(
            {"any_of": "天[^。]+城", "except": "商.", "match": "regex"}, id="by a pattern"
        ),
    ],
)
def test_near_misses(keys: dict[str, Any]) -> None:
    assert findings(drawn(CALL), "phrase", **keys) == ()


@pytest.mark.parametrize(
    ("within", "n"),
    [
        pytest.param("turn", 0, id="somewhere in the turn"),
        pytest.param("sentence", 1, id="another sentence does not excuse"),
        pytest.param("hit", 2, id="nor does a word beside"),
    ],
)
def test_how_far_an_excuse_reaches(within: str, n: int) -> None:
    call = drawn("agent 0-9: 喂，听得到吗？喂，你说。")
    found = findings(call, "phrase", any_of=["喂"], except_=["听得到"], except_within=within)
    assert len(found) == n


def test_an_excuse_reaches_over_others_that_begin_in_it() -> None:
    excuses = {"except": ["不能马上退款", "马上"], "except_within": "hit"}
    assert findings(drawn("agent 0-6: 不能马上退款"), "phrase", any_of=["退款"], **excuses) == ()
    call = drawn("agent 0-8: 不能马上退款，退款")
    assert spans(findings(call, "phrase", any_of=["退款"], **excuses)) == [(6.0, 8.0)]


def test_the_seed_traps_of_the_listening_standard() -> None:
    keys = {"role": "agent", "any_of": ["喂"], "except": ["喂您好能听到", "能听到吗"]}
    assert findings(drawn("agent 0-4: 喂，您好，能听到吗？"), "phrase", **keys) == ()
    assert quotes(findings(drawn("agent 0-2: 喂，你说。"), "phrase", **keys)) == ["喂"]
    quoted = {"any_of": ["不清楚"], "except": ["您不清楚的话"]}
    assert findings(drawn("agent 0-4: 您不清楚的话，我再说一遍。"), "phrase", **quoted) == ()
    assert len(findings(drawn("agent 0-4: 这个我不清楚。"), "phrase", **quoted)) == 1


def test_evidence_names_role_turn_and_match() -> None:
    (found,) = findings(drawn(CALL), "phrase", any_of=["投诉"])
    assert (found.role, found.turn, found.match, found.detector) == (
        "customer",
        1,
        "text",
        "phrase",
    )


def test_english_words_are_whole_and_the_quote_is_as_said() -> None:
    call = drawn("agent 0-6: Umm, I DON’T know your number um.", "en")
    assert quotes(findings(call, "phrase", any_of=["don't know", "um"])) == ["DON’T know", "um"]
