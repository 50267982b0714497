from dataclasses import replace

import pytest

from qa_pipeline.records import Turn
from qa_pipeline.words import Word
from tests.detectors.looking import drawn, findings, quotes, spans


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("嗯我看一下呃订单", [("嗯", "lexicon"), ("呃", "lexicon")], id="lexicon"),
        pytest.param("我要这个，这个手机", [("这个，这个", "ambiguous")], id="repeated"),
        pytest.param("那个那个那个手机", [("那个那个那个", "ambiguous")], id="three times is one"),
        pytest.param("那个，您稍等", [("那个", "ambiguous")], id="opens before a comma"),
        pytest.param("那个……您稍等", [("那个", "ambiguous")], id="opens before an ellipsis"),
        pytest.param("那个⋯⋯您稍等", [("那个", "ambiguous")], id="before one of another kind"),
        pytest.param("好了。然后，您看", [("然后", "ambiguous")], id="opens a later sentence"),
        pytest.param("啊，是这样", [("啊", "ambiguous")], id="a particle that opens"),
        pytest.param("就是说，您看", [("就是说", "ambiguous")], id="longest first"),
        pytest.param("嗯，哼，我看", [("嗯", "lexicon")], id="no 嗯哼 across a comma"),
        pytest.param("嗯-我看", [("嗯", "lexicon")], id="a hyphen joins no Chinese words"),
    ],
)
def test_hits(said: str, expected: list[tuple[str, str]]) -> None:
    found = findings(drawn(f"agent 0-9: {said}"), "filler", role="agent")
    assert [(f.quote, f.kind) for f in found] == expected


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("我要这个手机", id="this one"),
        pytest.param("这个手机很好", id="opens without a pause"),
        pytest.param("我说的，那个，手机", id="between commas, opening no sentence"),
        pytest.param("您好呀", id="a particle at the end"),
        pytest.param("您好啊。请问", id="a particle before a full stop"),
        pytest.param("好啊啊！", id="a doubled particle at the end"),
        pytest.param("这个。", id="an answer"),
        pytest.param("这个？", id="a question"),
        pytest.param("这个", id="an answer without a mark"),
        pytest.param("嗯嗯，好的", id="back-channels alone"),
        pytest.param("嗯。", id="one back-channel"),
        pytest.param("嗯哼，您的名字？", id="half of a back-channel"),
        pytest.param("这个，那个手机", id="two different ones, the first a choice"),
    ],
)
def test_near_misses(said: str) -> None:
    found = findings(drawn(f"agent 0-9: 您稍等\nagent 10-19: {said}"), "filler", role="agent")
    expected = ["这个"] if said.startswith("这个，那个") else []
    assert quotes(found) == expected


def test_boundaries_are_those_of_the_words() -> None:
    found = findings(drawn("agent 0-6: 嗯，这个，这个吧"), "filler")
    assert spans(found) == [(0.0, 1.0), (1.0, 5.0)]


@pytest.mark.parametrize(
    ("pause_s", "n"),
    [pytest.param(0.29, 0, id="too short"), pytest.param(0.3, 1, id="long enough")],
)
def test_a_pause_stands_for_a_mark(pause_s: float, n: int) -> None:
    words = (Word("那个", 0.0, 0.4), Word("您", 0.4 + pause_s, 1.0), Word("稍等", 1.0, 2.0))
    call = replace(drawn("agent 0-2: 好"), turns=(Turn("agent", 0, 0.0, 2.0, words),))
    assert len(findings(call, "filler")) == n


def test_own_lists_take_the_place_of_the_shipped() -> None:
    call = drawn("agent 0-9: 嗯那个，我想，反正就这样")
    assert quotes(findings(call, "filler", lexicon=["反正"], ambiguous=["那个"])) == ["反正"]
    assert findings(call, "filler", lexicon=[], ambiguous=[]) == ()


def test_english() -> None:
    call = drawn("agent 0-9: Um, so, I was, I mean, like like the number, uh, drum.", "en")
    assert quotes(findings(call, "filler")) == ["Um", "like like", "uh"]
    call = drawn("agent 0-9: Well, let me see. You know, it is well done.", "en")
    assert quotes(findings(call, "filler")) == ["Well", "You know"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("Um- let me look.", ["Um"], id="cut off"),
        pytest.param("Well - I mean, it is gone.", ["Well"], id="a dash"),
        pytest.param("U-um, let me look.", ["um"], id="stammered"),
        pytest.param("So, so-called plans.", ["So"], id="repeated as another word"),
        pytest.param("A follow-up, um, call.", ["um"], id="a hyphen elsewhere"),
        pytest.param("Uh, and uh-huh, right.", ["Uh"], id="one of two"),
        pytest.param("Uh-huh, and your name?", [], id="half of a back-channel"),
        pytest.param("Uh huh. And your name?", [], id="the same with a space"),
        pytest.param("Mm-hmm, and your name?", [], id="both halves"),
        pytest.param("Uh-oh, that is bad.", [], id="another word"),
        pytest.param("Uh-uh, we can not.", [], id="a no"),
        pytest.param("I um-I think we can.", ["um"], id="a hyphen for a dash"),
        pytest.param("Uh-we can do that.", ["Uh"], id="the same at the start"),
        pytest.param("Um-um, we go now.", ["Um", "um"], id="a row of them"),
        pytest.param("So-called premium plans.", [], id="opens a compound"),
        pytest.param("Well\u2010known issue.", [], id="a typeset hyphen"),
        pytest.param("Like-new like-new items.", [], id="a compound repeated"),
    ],
)
def test_hyphens(said: str, expected: list[str]) -> None:
    found = findings(drawn(f"agent 0-9: Hello there.\nagent 10-19: {said}", "en"), "filler")
    assert quotes(found) == expected


def test_a_back_channel_that_is_listed_counts() -> None:
    call = drawn("agent 0-9: 嗯哼，您的名字？")
    assert quotes(findings(call, "filler", lexicon=["嗯哼"])) == ["嗯哼"]
