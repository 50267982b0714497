import pytest

from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.passage import passage_of
from qa_pipeline.language.phrases import phrase_matcher, phrase_problem
from qa_pipeline.language.search import search
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word


def found(text: str, phrases: list[str], language: Language = "zh") -> list[str]:
    turn = Turn("agent", 0, 0.0, 10.0, spread_words(text, Span(0.0, 10.0), language))
    passage = passage_of(turn, language)
    return [passage.text[p.start : p.end] for p in search(passage, tuple(phrases), "text")]


HITS_ZH = [
    pytest.param("您好，请问", ["您好"], ["您好"], id="plain"),
    pytest.param("您 好", ["您好"], ["您 好"], id="white space is skipped"),
    pytest.param(
        "没有 任何，风险", ["没有任何风险"], ["没有 任何，风险"], id="long across a comma"
    ),
    pytest.param("請問妳要甚麼", ["你要什么"], ["妳要甚麼"], id="the quote shows the original"),
    pytest.param("请问你要什么", ["妳要甚麼"], ["你要什么"], id="a traditional phrase"),
    pytest.param("好好好", ["好好", "好"], ["好好", "好"], id="longest first, left to right"),
    pytest.param("感谢您的来电", ["感谢", "感谢您的来电"], ["感谢您的来电"], id="longest wins"),
    pytest.param("您，好吗", ["您，好"], ["您，好"], id="a short phrase that holds the mark"),
    pytest.param("下载APP吧", ["app"], ["APP"], id="case folded"),
    pytest.param("ＡＰＰ", ["app"], ["ＡＰＰ"], id="full width"),
    pytest.param("一共 3.5 元", ["3.5元"], ["3.5 元"], id="decimals"),
    pytest.param("1,000块", ["1000块"], ["1,000块"], id="thousands"),
    pytest.param("100%保证", ["100%"], ["100%"], id="per cent is said"),
    pytest.param("这是订单。确定单价", ["确定"], ["确定"], id="no variant spoils a neighbour"),
]
NEAR_ZH = [
    pytest.param("小票会寄给您，好吗", ["您好"], id="short across a comma"),
    pytest.param("小票会寄给您、好吗", ["您，好"], id="another mark than the phrase's"),
    pytest.param("没有任何。风险很小", ["没有任何风险"], id="across a full stop"),
    pytest.param("没有任何？风险", ["没有任何风险"], id="across a question mark"),
    pytest.param("没有任何!风险", ["没有任何风险"], id="across an ASCII exclamation mark"),
    pytest.param("没有任何；风险", ["没有任何风险"], id="across a semicolon"),
    pytest.param("没有任何……风险", ["没有任何风险"], id="across an ellipsis"),
    pytest.param("没有任何⋯⋯风险", ["没有任何风险"], id="across a mid-line ellipsis"),
    pytest.param("没有任何‥风险", ["没有任何风险"], id="across a two-dot leader"),
    pytest.param("没有任何...风险", ["没有任何风险"], id="across three dots"),
    pytest.param("没有任何.风险", ["没有任何风险"], id="across a recogniser's full stop"),
    pytest.param("你好", ["您好"], id="courtesy"),
    pytest.param("一共15元", ["5元"], id="part of a number"),
    pytest.param("一共3.5元", ["5元"], id="behind a decimal point"),
    pytest.param("Apple手机", ["app"], id="part of a Latin word"),
    pytest.param("您", ["您好"], id="half a phrase"),
    pytest.param("", ["您好"], id="no text"),
    pytest.param("，。！", ["您好"], id="marks alone"),
]
HITS_EN = [
    pytest.param("Thank you for calling", ["thank you"], ["Thank you"], id="case folded"),
    pytest.param("thank\n you", ["thank you"], ["thank\n you"], id="white space folded"),
    pytest.param("Thank you, for calling", ["thank you for calling"], None, id="across a comma"),
    pytest.param("I don’t know", ["don't know"], ["don’t know"], id="typographic apostrophe"),
    pytest.param("I don't know", ["don’t know"], ["don't know"], id="the phrase has it"),
    pytest.param("a follow-up call", ["follow up"], ["follow-up"], id="a hyphen joins words"),
    pytest.param("a follow up call", ["follow-up"], ["follow up"], id="a hyphen in the phrase"),
    pytest.param("'sorry' she said", ["sorry"], ["sorry"], id="quotation marks"),
    pytest.param("Okay, fine", ["ok"], ["Okay"], id="variant word"),
    pytest.param("ask Mr. Smith", ["mr smith"], ["Mr. Smith"], id="an abbreviation ends nothing"),
    pytest.param("pay 1,000 now", ["1000"], ["1,000"], id="thousands"),
    pytest.param("hold on hold on", ["hold on"], ["hold on", "hold on"], id="twice"),
    pytest.param("uh-huh", ["uh huh"], ["uh-huh"], id="joined answer"),
]
NEAR_EN = [
    pytest.param("the number of calls", ["um"], id="inside a word"),
    pytest.param("thanks", ["thank"], id="another form"),
    pytest.param("thank you. For calling", ["thank you for calling"], id="across a full stop"),
    pytest.param("is that all? I can help", ["that all i can"], id="across a question mark"),
    pytest.param("I dont know", ["don't know"], id="an apostrophe left out is another word"),
    pytest.param("we'll see", ["well"], id="we'll is not well"),
    pytest.param("on 5th", ["5"], id="part of an ordinal"),
    pytest.param("it costs 3.5", ["3"], id="part of a number"),
]


@pytest.mark.parametrize(("text", "phrases", "expected"), HITS_ZH)
def test_hits_zh(text: str, phrases: list[str], expected: list[str]) -> None:
    assert found(text, phrases) == expected


@pytest.mark.parametrize(("text", "phrases"), NEAR_ZH)
def test_near_misses_zh(text: str, phrases: list[str]) -> None:
    assert found(text, phrases) == []


@pytest.mark.parametrize(("text", "phrases", "expected"), HITS_EN)
def test_hits_en(text: str, phrases: list[str], expected: list[str] | None) -> None:
    assert found(text, phrases, "en") == ([text] if expected is None else expected)


@pytest.mark.parametrize(("text", "phrases"), NEAR_EN)
def test_near_misses_en(text: str, phrases: list[str]) -> None:
    assert found(text, phrases, "en") == []


@pytest.mark.parametrize(
    ("gap_s", "language", "hits"),
    [
        pytest.param(0.49, "zh", 1, id="a short pause does not part"),
        pytest.param(0.5, "zh", 0, id="half a second parts"),
        pytest.param(0.5, "en", 1, id="English words are whole: a pause does not part"),
    ],
)
def test_pauses_between_words(gap_s: float, language: Language, hits: int) -> None:
    texts = ("没有任何", "风险") if language == "zh" else ("no", " risk")
    words = (Word(texts[0], 2.3, 2.8), Word(texts[1], 2.8 + gap_s, 4.0))
    passage = passage_of(Turn("agent", 0, 2.0, 4.0, words), language)
    wanted = ("没有任何风险",) if language == "zh" else ("no risk",)
    assert len(search(passage, wanted, "text")) == hits


def test_time_runs_evenly_inside_a_word_and_marks_take_none() -> None:
    words = (Word("您好，请", 1.0, 2.5), Word("问？", 2.5, 3.0))
    passage = passage_of(Turn("agent", 0, 1.0, 3.0, words), "zh")
    (place,) = search(passage, ("好请问",), "text") or search(passage, ("好，请问",), "text")
    assert passage.span_s(place.start, place.end) == pytest.approx((1.5, 3.0))


def test_a_phrase_list_is_compiled_once() -> None:
    assert phrase_matcher(("您好", "再见"), "zh") is phrase_matcher(("您好", "再见"), "zh")


@pytest.mark.parametrize(
    ("phrase", "offset"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("，。", 0, id="marks alone"),
        pytest.param("您好。再见", 3, id="across the end of a sentence"),
    ],
)
def test_phrases_that_can_never_be_found(phrase: str, offset: int) -> None:
    problem = phrase_problem(phrase, "zh")
    assert problem is not None
    assert problem.offset == offset
    assert found(phrase, [phrase]) == []


@pytest.mark.parametrize("phrase", ["您好", "喂，您好。", "3.5元"])
def test_phrases_that_can(phrase: str) -> None:
    assert phrase_problem(phrase, "zh") is None
    assert found(phrase, [phrase])


def test_a_long_hostile_turn_is_searched_quickly() -> None:
    text = "好" * 1_000
    assert len(found(text, ["好" * n for n in range(1, 20)])) == 1_000 // 19 + 1
