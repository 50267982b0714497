"""`match: sound`: what sounds alike, what does not, and that it costs no more than it may."""

import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.language.readings import keys_of, sound_class
from qa_pipeline.language.search import search, search_all
from qa_pipeline.language.sounds import sound_matcher
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span
from qa_pipeline.words import Word


def passage(text: str) -> Passage:
    return passage_of(Turn("agent", 0, 0.0, 10.0, spread_words(text, Span(0.0, 10.0), "zh")), "zh")


def heard(text: str, phrases: list[str]) -> list[tuple[str, str]]:
    it = passage(text)
    return [(it.text[p.start : p.end], p.match) for p in search(it, tuple(phrases), "sound")]


HITS = [
    pytest.param("天晕商城", ["天云商城"], ["天晕商城"], id="another character"),
    pytest.param("请问有什么可以邦您", ["有什么可以帮"], ["有什么可以邦"], id="the last character"),
    pytest.param(
        "甘谢您的莱店", ["感谢您的来电"], ["甘谢您的莱店"], id="several, whatever the tone"
    ),
    pytest.param("抱欠抱歉啊", ["抱歉抱歉"], ["抱欠抱歉"], id="four syllables"),
    pytest.param("不好一思", ["不好意思"], ["不好一思"], id="di-syllabic parts need no words"),
    pytest.param("这个我不资道", ["我不知道"], ["我不资道"], id="zh is z"),
    pytest.param("请您扫等", ["请您稍等"], ["请您扫等"], id="sh is s"),
    pytest.param("没有任何封险", ["任何风险"], ["任何封险"], id="same initial and final"),
    pytest.param("订购次产品", ["订购此产品"], ["订购次产品"], id="c is c"),
    pytest.param("订购赤产品", ["订购此产品"], ["订购赤产品"], id="ch is c"),
    pytest.param("蓝方的客户", ["南方的客户"], ["蓝方的客户"], id="n is l"),
    pytest.param("您的订当号", ["您的订单号"], ["您的订当号"], id="-an is -ang"),
    pytest.param("本城支付", ["本成支付"], ["本城支付"], id="-eng"),
    pytest.param("蹦城支付", ["本成支付"], ["蹦城支付"], id="-en is -eng"),
    pytest.param("您贵幸", ["您贵姓"], ["您贵幸"], id="three syllables, anywhere"),
    pytest.param("请问您贵信啊", ["您贵姓"], ["您贵信"], id="-in is -ing"),
    pytest.param("领的产品", ["您的产品"], ["领的产品"], id="n, l, -in and -ing at once"),
    pytest.param("银航卡号", ["银行卡号"], ["银航卡号"], id="as it is read in its word"),
    pytest.param("因行卡号", ["银行卡号"], ["因行卡号"], id="alone, in any of its readings"),
    pytest.param("虫新下单", ["重新下单"], ["虫新下单"], id="chong"),
    pytest.param("中量很轻", ["重量很轻"], ["中量很轻"], id="zhong"),
    pytest.param("料解一下", ["了解一下"], ["料解一下"], id="liao"),
    pytest.param("等一会而", ["等一会儿"], ["等一会而"], id="an r of its own"),
    pytest.param("画蛇天足", ["画蛇添足"], ["画蛇天足"], id="an idiom"),
    pytest.param("一目了燃", ["一目了然"], ["一目了燃"], id="an idiom with a word of two readings"),
    pytest.param("夏载APP吧", ["下载app吧"], ["夏载APP吧"], id="letters are equal"),
    pytest.param("满100圆送", ["满100元送"], ["满100圆送"], id="digits are equal"),
    pytest.param("请闻，您贵姓", ["请问您贵姓"], ["请闻，您贵姓"], id="long across a comma"),
    pytest.param("請聞妳貴姓", ["请问你贵姓"], ["請聞妳貴姓"], id="the quote shows the original"),
    pytest.param("您，号吗", ["您，好吗"], ["您，号吗"], id="short, with the phrase's mark"),
    pytest.param("天运天晕天云", ["天运天云天云"], ["天运天晕天云"], id="longer than its parts"),
    pytest.param("感谢莱电话感谢来电", ["感谢来电"], ["感谢莱电", "感谢来电"], id="twice"),
    pytest.param("您号，天云商城", ["您好"], ["您号"], id="two syllables before a mark"),
    pytest.param("好，报欠", ["抱歉"], ["报欠"], id="two syllables between mark and end"),
    pytest.param("报欠。", ["抱歉"], ["报欠"], id="two syllables alone in a turn"),
]
NEAR = [
    pytest.param("你好", ["您好"], id="courtesy: ni is not nin"),
    pytest.param("感谢你的来电", ["感谢您的来电"], id="courtesy in a long phrase"),
    pytest.param("完先生您好", ["王先生您好"], id="wang is uang, wan is uan"),
    pytest.param("眼先生您好", ["杨先生您好"], id="yang is iang, yan is ian"),
    pytest.param("两接起来", ["连接起来"], id="-iang and -ian stay apart"),
    pytest.param("官大客户", ["光大客户"], id="-uang and -uan stay apart"),
    pytest.param("富先生您好", ["胡先生您好"], id="h is no f"),
    pytest.param("热先生您好", ["乐先生您好"], id="r is no l"),
    pytest.param("银形卡号", ["银行卡号"], id="a reading that it has not in its word"),
    pytest.param("众新下单", ["重新下单"], id="zhong in chongxin"),
    pytest.param("的零号楼", ["您好"], id="two syllables inside others"),
    pytest.param("零号楼，送到", ["您好"], id="two syllables, apart on one side only"),
    pytest.param("送到零号", ["您好"], id="the other side only"),
    pytest.param("您，号", ["您好"], id="short across a comma"),
    pytest.param("您贵，性", ["您贵姓"], id="three across a comma"),
    pytest.param("没有任何。封险", ["没有任何风险"], id="across a full stop"),
    pytest.param("没有任何？封险", ["没有任何风险"], id="across a question mark"),
    pytest.param("没有任何；封险", ["没有任何风险"], id="across a semicolon"),
    pytest.param("没有任何…封险", ["没有任何风险"], id="across an ellipsis"),
    pytest.param("夏载BPP吧", ["下载app吧"], id="other letters"),
    pytest.param("满101圆送", ["满100元送"], id="other digits"),
    pytest.param("满一百圆送", ["满100元送"], id="a numeral is no digit"),
    pytest.param("一共115圆整", ["15元整"], id="part of a number"),
    pytest.param("a先生您号", ["啊先生您好"], id="a letter is no syllable"),
    pytest.param("啊先生您号", ["a先生您好"], id="nor the other way"),
    pytest.param("等一会", ["等一会儿"], id="an r left out"),
    pytest.param("感谢您来电", ["感谢您的来电"], id="a syllable left out"),
    pytest.param("感谢您的的来电", ["感谢您的来电"], id="a syllable too many"),
    pytest.param("电来的您谢感", ["感谢您的来电"], id="backwards"),
    pytest.param("为", ["喂"], id="one syllable"),
    pytest.param("", ["您好吗"], id="no text"),
    pytest.param("，。！", ["您好吗"], id="marks alone"),
    pytest.param("呣嗯ê", ["您好吗"], id="syllables without vowels"),
]


@pytest.mark.parametrize(("text", "phrases", "expected"), HITS)
def test_hits(text: str, phrases: list[str], expected: list[str]) -> None:
    by_text = {p.strip() for p in phrases}
    assert heard(text, phrases) == [(e, "text" if e in by_text else "sound") for e in expected]


@pytest.mark.parametrize(("text", "phrases"), NEAR)
def test_near_misses(text: str, phrases: list[str]) -> None:
    assert heard(text, phrases) == []


SAME = ["ni li", "zhi zi", "chang can", "shen seng", "ying yin", "an ang", "nv lv", "lan nang"]
APART = [
    *("yan yang", "wan wang", "wen weng", "lian liang", "guan guang", "ni nin", "n l", "fu hu"),
    *("zi ci", "si shu", "nv nu", "e er", "en n", "jian jiang", "chuan chuang", "bo bu"),
]


@pytest.mark.parametrize("pair", SAME)
def test_one_class(pair: str) -> None:
    a, b = pair.split()
    assert sound_class(a) == sound_class(b)


@pytest.mark.parametrize("pair", APART)
def test_classes_apart(pair: str) -> None:
    a, b = pair.split()
    assert sound_class(a) != sound_class(b)


@pytest.mark.parametrize(
    ("text", "at", "classes"),
    [
        pytest.param("银行", 1, {"h-an"}, id="hang"),
        pytest.param("行为", 0, {"x-in"}, id="xing"),
        pytest.param("重新", 0, {"c-ong"}, id="chong"),
        pytest.param("长度", 0, {"c-an"}, id="chang"),
        pytest.param("校长", 1, {"z-an"}, id="zhang"),
        pytest.param("还钱", 0, {"h-uan"}, id="huan"),
        pytest.param("还是", 0, {"h-ai"}, id="hai"),
        pytest.param("了解", 0, {"l-iao"}, id="liao"),
        pytest.param("您", 0, {"l-in"}, id="one reading"),
        pytest.param("3", 0, set(), id="a digit has none"),
    ],
)
def test_readings_in_a_word(text: str, at: int, classes: set[str]) -> None:
    assert {key for key in keys_of(text)[at] if len(key) > 1} == classes


def said(*words: str, gap_s: float = 0.0) -> Passage:
    """Return a turn of recognised words, one a second, `gap_s` before the last."""
    starts = [float(i) for i in range(len(words))]
    starts[-1] += gap_s
    made = tuple(Word(w, at, at + 1.0) for w, at in zip(words, starts, strict=True))
    return passage_of(Turn("agent", 0, 0.0, 99.0, made), "zh")


@pytest.mark.parametrize(
    ("words", "gap_s", "n"),
    [
        pytest.param(("那个", "报欠", "啊"), 0.0, 1, id="one recognised word"),
        pytest.param(("那个", "报欠，", "啊"), 0.0, 1, id="its mark belongs to it"),
        pytest.param(("那个", "报", "欠", "啊"), 0.0, 0, id="characters are no words"),
        pytest.param(("那", "个报欠", "啊"), 0.0, 0, id="the end of a longer word"),
        pytest.param(("那个", "报欠啊"), 0.0, 0, id="the beginning of a longer word"),
        pytest.param(("那个报", "欠啊"), 0.0, 0, id="across two words"),
        pytest.param(("报", "欠", "啊"), 0.5, 1, id="a pause sets it apart"),
        pytest.param(("报", "欠", "啊"), 0.49, 0, id="a breath does not"),
    ],
)
def test_two_syllables_are_a_word_of_their_own(
    words: tuple[str, ...], gap_s: float, n: int
) -> None:
    assert len(search(said(*words, gap_s=gap_s), ("抱歉",), "sound")) == n


@pytest.mark.parametrize(
    ("gap_s", "n"),
    [
        pytest.param(0.49, 1, id="a short pause does not part"),
        pytest.param(0.5, 0, id="half a second parts"),
    ],
)
def test_no_match_crosses_a_pause(gap_s: float, n: int) -> None:
    assert len(search(said("没有任何", "封险", gap_s=gap_s), ("没有任何风险",), "sound")) == n


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        pytest.param("天云商城", ["天云商城"], [("天云商城", "text")], id="the same place"),
        pytest.param(
            "感谢您的莱店", ["感谢", "感谢您的来电"], [("感谢", "text")], id="inside a longer one"
        ),
        pytest.param(
            "干谢您的来电",
            ["感谢您的", "您的来电"],
            [("您的来电", "text")],
            id="though it begins later",
        ),
        pytest.param(
            "干谢您的感谢您的",
            ["感谢您的"],
            [("干谢您的", "sound"), ("感谢您的", "text")],
            id="beside each other both",
        ),
    ],
)
def test_text_wins_over_sound(
    text: str, phrases: list[str], expected: list[tuple[str, str]]
) -> None:
    assert heard(text, phrases) == expected


#: Characters of few sounds, some with several readings, so that random texts often sound alike.
ALIKE = "行航形重虫中长常张您零宁好号了料乐还环孩"
MARKS = "，。、 ？"
texts = st.text(alphabet=ALIKE + MARKS, max_size=24)
phrase_lists = st.lists(st.text(alphabet=ALIKE, min_size=2, max_size=5), min_size=1, max_size=5)


@settings(deadline=None)
@given(texts, phrase_lists)
def test_what_is_found_by_text_is_found_by_sound(text: str, phrases: list[str]) -> None:
    it, wanted = passage(text + "好"), tuple(phrases)
    by_text, by_sound = search(it, wanted, "text"), search(it, wanted, "sound")
    assert [place for place in by_sound if place.match == "text"] == by_text
    assert set(search_all(it, wanted, "text")) <= set(search_all(it, wanted, "sound"))
    ends = [place.end for place in by_sound]
    assert all(b.start >= end for b, end in zip(by_sound[1:], ends, strict=False))


@settings(deadline=None)
@given(texts, phrase_lists)
def test_as_found_by_trying_every_reading_at_every_place(text: str, phrases: list[str]) -> None:
    """The reference: three syllables or more, position by position, key sets that meet."""
    it, wanted = passage(text + "好"), tuple(phrases)
    symbols = "".join(unit.symbol for unit in it.units)
    expected = set()
    for at, phrase in product(range(len(symbols)), range(len(wanted))):
        keys = zip(keys_of(wanted[phrase]), keys_of(symbols)[at:], strict=False)
        n = len(wanted[phrase])
        if n >= 3 and at + n <= len(symbols) and all(set(a) & set(b) for a, b in keys):
            inner = it.units[at + 1 : at + n]
            if not it.parted_inside(at, at + n) and (n > 3 or not any(u.marks for u in inner)):
                expected.add((at, phrase))
    found = sound_matcher(wanted).matches(it)
    assert {(h.first, h.phrase) for h in found if h.last - h.first >= 3} == expected


@settings(deadline=None)
@given(st.text(max_size=30), st.lists(st.text(max_size=6), max_size=4))
def test_whatever_stands_there_nothing_breaks(text: str, phrases: list[str]) -> None:
    it, wanted = passage(text + "好"), tuple(phrases)
    by_text = set(search_all(it, wanted, "text"))
    assert by_text <= set(search_all(it, wanted, "sound"))


def test_an_english_call_is_searched_by_text_alone() -> None:
    words = (Word("天晕商城", 0.0, 1.0), Word(" it is 天云商城", 1.0, 2.0))
    it = passage_of(Turn("agent", 0, 0.0, 2.0, words), "en")
    found = search(it, ("天云商城",), "sound")
    assert [(it.text[p.start : p.end], p.match) for p in found] == [("天云商城", "text")]


#: No two of these sound alike.
DISTINCT = "天地人我他来去东南"


@settings(deadline=None)
@given(
    st.text(alphabet=DISTINCT + MARKS, max_size=24),
    st.lists(st.text(alphabet=DISTINCT, min_size=2, max_size=4), min_size=1, max_size=4),
)
def test_without_homophones_both_find_the_same(text: str, phrases: list[str]) -> None:
    it, wanted = passage(text + "人"), tuple(phrases)
    assert search(it, wanted, "sound") == search(it, wanted, "text")


def test_fifty_characters_of_many_readings_do_not_explode() -> None:
    phrase, text = "还重" * 25, "环虫" * 500
    assert len(heard(text, [phrase])) == len(text) // len(phrase)


def test_thousands_of_phrases_over_a_long_turn() -> None:
    phrases = tuple("".join(p) for p in product("还重差", repeat=7))
    it = passage("环虫拆" * 700)
    assert len(search(it, phrases, "sound")) == 300


def test_a_list_is_compiled_once() -> None:
    assert sound_matcher(("您好吗", "再见了")) is sound_matcher(("您好吗", "再见了"))


def test_the_dictionary_waits_until_somebody_asks_for_sounds() -> None:
    script = (
        "import sys\n"
        "import qa_pipeline.cli.main, qa_pipeline.detectors.detect\n"
        "from qa_pipeline.scorecard.load import load_directory\n"
        "from qa_pipeline.settings import SCORECARDS_DIR\n"
        "load_directory(SCORECARDS_DIR)\n"
        "print('pypinyin' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
