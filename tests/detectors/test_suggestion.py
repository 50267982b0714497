"""`suggestion`: what customers propose."""

from typing import Any

import pytest

from tests.detectors.looking import drawn, findings, quotes, spans


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("我建议你们改一下包装。", ["我建议你们改一下包装"], id="suggests"),
        pytest.param(
            "很好。提个意见，盒子太薄了。再见", ["提个意见，盒子太薄了"], id="its sentence alone"
        ),
        pytest.param(
            "要是能早点发货就好了", ["要是能早点发货就好了"], id="wishes, two phrases once"
        ),
        pytest.param("希望你們改善一下", ["希望你們改善一下"], id="traditional"),
        pytest.param(
            "你们应该送货上门。还有，建议多放说明书！",
            ["你们应该送货上门", "还有，建议多放说明书"],
            id="two sentences",
        ),
        pytest.param(
            "下次能不能多放两颗螺丝？", ["下次能不能多放两颗螺丝"], id="asks for it next time"
        ),
    ],
)
def test_hits(said: str, expected: list[str]) -> None:
    assert quotes(findings(drawn(f"customer 0-9: {said}"), "suggestion")) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("customer 0-9: 您有什么建议吗？", id="asks for one"),
        pytest.param("customer 0-9: 你建议我买哪个？", id="asks the agent's"),
        pytest.param("customer 0-9: 我没有建议", id="has none"),
        pytest.param("customer 0-9: 建议零售价是多少", id="a price"),
        pytest.param("customer 0-9: 医生建议我喝这个", id="somebody else's"),
        pytest.param("customer 0-9: 你上次建议我换个插座", id="the agent's, last time"),
        pytest.param("customer 0-9: 我建议我爱人也买一个", id="to his own people"),
        pytest.param("customer 0-9: 能不能快一点", id="a request of now"),
        pytest.param("customer 0-9: 我希望退款", id="a demand"),
        pytest.param("agent 0-9: 我建议您买大号的", id="the agent's"),
        pytest.param("customer 0-9: 我建。议你们改", id="across a mark"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "suggestion") == ()


@pytest.mark.parametrize(
    ("said", "n"),
    [
        ("It would be nice if you opened on Sundays.", 1),
        ("I'd suggest a bigger box.", 1),
        ("You should put that on your site. And why don't you answer emails?", 2),
        ("Do you have any suggestions?", 0),
        ("What do you suggest?", 0),
        ("You should have my number.", 0),
        ("I wish to return it.", 0),
    ],
)
def test_english(said: str, n: int) -> None:
    assert len(findings(drawn(f"customer 0-9: {said}", "en"), "suggestion")) == n


@pytest.mark.parametrize(
    ("keys", "n"),
    [
        ({"phrases": ["最好"]}, 0),
        ({"phrases": ["最好"], "except": []}, 1),
        ({"phrases": ["最好"], "except": ["送"]}, 0),
        ({"except": []}, 1),
        ({"role": "agent"}, 1),
        ({"role": "any"}, 1),
        ({}, 0),
    ],
)
def test_own_lists(keys: dict[str, Any], n: int) -> None:
    call = drawn("customer 0-9: 最好下午送，你建议呢\nagent 10-19: 建议您选次日达")
    assert len(findings(call, "suggestion", **keys)) == n


def test_boundaries_are_those_of_the_sentence() -> None:
    call = drawn("customer 0-10: 好的。我建议改小一点。谢")
    assert spans(findings(call, "suggestion")) == [(2, 9)]
