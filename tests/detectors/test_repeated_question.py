"""`repeated_question`: what is asked again after it was answered."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.detectors.repeated_question import _holding, _Question, _Talk
from qa_pipeline.language.asked import Asked, Passages
from qa_pipeline.language.passage import passage_of
from qa_pipeline.language.wordings import finder, wordings
from qa_pipeline.records import Role, Turn
from qa_pipeline.scorecard.signals import RepeatedQuestionSignal
from qa_pipeline.texts import Language
from qa_pipeline.words import Word
from tests.detectors.looking import drawn, findings, n_steps, outcome, quotes, spans

PHONE = "agent 0-2: 您的电话是多少？\ncustomer 2-4: 一三八零零一三八零零零\n"


@pytest.mark.parametrize(
    ("text", "where", "said", "similarity"),
    [
        pytest.param(
            PHONE + "agent 10-14: 您的电话是多少？", (10, 14), "您的电话是多少", 1.0, id="same"
        ),
        pytest.param(
            PHONE + "agent 10-14: 你的电话是多少", (10, 14), "你的电话是多少", 1.0, id="您 or 你"
        ),
        pytest.param(
            PHONE + "agent 10-14: 好的。请问一下，您电话多少？",
            (10.727, 14),
            "请问一下，您电话多少",
            1.0,
            id="other politeness, no mark needed",
        ),
        pytest.param(
            "agent 0-2: 请问您贵姓？\ncustomer 2-4: 免贵姓王\nagent 8-10: 您贵姓？",
            (8, 10),
            "您贵姓",
            1.0,
            id="name",
        ),
        pytest.param(
            "agent 0-2: 您要红色的吗？\ncustomer 2-3: 对\nagent 5-7: 您要红色吗？",
            (5, 7),
            "您要红色吗",
            1.0,
            id="a yes is an answer",
        ),
        pytest.param(
            "agent 0-2: 您用的是几号电池？\ncustomer 2-4: 七号的\n"
            "agent 8-10: 您用的是几号电池来着？",
            (8, 10),
            "您用的是几号电池来着",
            1.0,
            id="forgotten, 来着",
        ),
        pytest.param(
            PHONE + "agent 5-6: 好的\ncustomer 6-7: 嗯\nagent 10-14: 您的家电话是多少？",
            (10, 14),
            "您的家电话是多少",
            8 / 9,
            id="nearly the same",
        ),
        pytest.param(
            PHONE + "agent 5-7: 收货地址呢？\ncustomer 7-8: 没听清\nagent 8-9: 收货地址呢？\n"
            "customer 9-10: 文三路\nagent 10-14: 您的电话是多少？",
            (10, 14),
            "您的电话是多少",
            1.0,
            id="another question was not heard",
        ),
        pytest.param(
            "agent 0-2: 我跟您核对一下\ncustomer 2-3: 好的\nagent 3-5: 您是送到公司吗？\n"
            "customer 5-7: 对的，送公司门口\nagent 9-11: 您是送到公司吗？",
            (9, 11),
            "您是送到公司吗",
            1.0,
            id="the read-back is over",
        ),
    ],
)
def test_hits(text: str, where: tuple[float, float], said: str, similarity: float) -> None:
    (found,) = findings(drawn(text), "repeated_question")
    assert (round(found.start_s or 0, 3), round(found.end_s or 0, 3)) == where
    assert (found.quote, found.value, found.role) == (said, pytest.approx(similarity), "agent")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "agent 0-2: 您的电话是多少？\nagent 5-7: 您的电话是多少？", id="nobody answered"
        ),
        pytest.param(
            "agent 0-2: 您的电话是多少？\ncustomer 2-3: 嗯，等一下\nagent 5-7: 您的电话是多少？",
            id="the answer is only coming",
        ),
        pytest.param(
            "agent 0-2: 您的电话是多少？\ncustomer 2-3: 为什么要电话？\n"
            "agent 5-7: 您的电话是多少？",
            id="answered with a question",
        ),
        pytest.param(PHONE + "customer 8-9: 什么？\nagent 10-14: 您的电话是多少？", id="什么"),
        pytest.param(PHONE + "customer 8-9: 啊？\nagent 10-14: 您的电话是多少？", id="啊, asking"),
        pytest.param(
            PHONE + "customer 8-9: 请你再说一遍\nagent 10-14: 您的电话是多少？", id="say it again"
        ),
        pytest.param(PHONE + "agent 10-14: 没听清，您的电话是多少？", id="the agent did not hear"),
        pytest.param(
            PHONE + "agent 8-9: 不好意思没听清\ncustomer 9-10: 好\nagent 10-14: 您的电话是多少？",
            id="nor in the turn before",
        ),
        pytest.param(PHONE + "agent 10-14: 跟您核对一下您的电话是多少？", id="a read-back"),
        pytest.param(
            PHONE + "agent 8-9: 跟您核对一下\ncustomer 9-10: 好的\nagent 10-14: 您的电话是多少？",
            id="a read-back that goes on",
        ),
        pytest.param(
            "agent 0-2: 您的电话是一三八零零一三八零零零吗？\ncustomer 2-4: 没错是的是的\n"
            "agent 10-14: 您的电话是一三八零零一三八零零零吗？",
            id="reads a number",
        ),
        pytest.param(
            PHONE + "agent 10-14: 您的地址是多少？", id="another thing, same words around"
        ),
        pytest.param(
            "agent 0-2: 您要黑色的吗？\ncustomer 2-3: 对\nagent 5-7: 您要白色的吗？",
            id="another choice",
        ),
        pytest.param(
            "agent 0-2: 喂，您好，能听到吗？\ncustomer 2-4: 能听到，你说\n"
            "agent 5-7: 喂，您好，能听到吗？",
            id="the line is checked",
        ),
        pytest.param(
            "agent 0-2: 还有什么可以帮您？\ncustomer 2-4: 我再问一下发票\n"
            "agent 5-7: 还有什么可以帮您？",
            id="anything else",
        ),
        pytest.param(
            "agent 0-2: 请您稍等一下可以吗？\ncustomer 2-4: 行，你查吧\n"
            "agent 5-7: 请您稍等一下可以吗？",
            id="an announced hold",
        ),
        pytest.param(
            "agent 0-2: 好吗？\ncustomer 2-4: 这样可以\nagent 5-7: 好吗？", id="nothing to compare"
        ),
        pytest.param(PHONE + "customer 10-14: 您的电话是多少？", id="asked by the other"),
        pytest.param(PHONE + "agent 10-14: 您的电话我记下了。", id="no question"),
        pytest.param("agent 0-2: 您贵姓？您贵姓？\ncustomer 2-4: 姓王", id="twice in one go"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "repeated_question") == ()


ENGLISH = "agent 0-4: Could I have your phone number please?\ncustomer 4-8: It's in my account.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            ENGLISH + "agent 9-12: And what's your phone number?",
            ["And what's your phone number"],
            id="other words",
        ),
        pytest.param(
            ENGLISH + "agent 9-12: so what is your phone number",
            ["so what is your phone number"],
            id="no mark",
        ),
        pytest.param(ENGLISH + "agent 9-12: What is your order number?", [], id="another number"),
        pytest.param(
            ENGLISH + "agent 9-12: Do what I say with your phone number.", [], id="not a question"
        ),
        pytest.param(
            ENGLISH + "customer 8-9: Sorry?\nagent 9-12: What is your phone number?", [], id="sorry"
        ),
        pytest.param(
            ENGLISH + "agent 9-12: Let me confirm, what is your phone number?", [], id="a read-back"
        ),
        pytest.param(
            "agent 0-4: When will it arrive?\ncustomer 4-8: On Monday.\n"
            "agent 9-12: Where will it arrive?",
            [],
            id="when and where",
        ),
        pytest.param(
            "agent 0-2: Is there anything else?\ncustomer 2-4: A bill.\n"
            "agent 9-12: Is there anything else?",
            [],
            id="anything else",
        ),
    ],
)
def test_english(text: str, said: list[str]) -> None:
    assert quotes(findings(drawn(text, "en"), "repeated_question")) == said


_ASKS: dict[Language, str] = {"zh": "您的电话是多少？", "en": "What is your order number?"}


def _asked_again_after(reply: str, language: Language, asks: str | None = None) -> int:
    """Return how often a question is found that is asked again after a reply."""
    asks = asks or _ASKS[language]
    call = drawn(f"agent 0-2: {asks}\ncustomer 2-4: {reply}\nagent 8-10: {asks}", language)
    return len(findings(call, "repeated_question"))


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        *(
            ("zh", reply)
            for reply in ("嗯", "呃，那个", "请稍等", "您稍等哈", "好的，稍等", "等会儿啊")
        ),
        *(
            ("zh", reply)
            for reply in ("行，您稍等我找一下", "稍等，我看一下手机", "好的，我先看一下订单")
        ),
        *(
            ("zh", reply)
            for reply in ("我找一下哈", "等我看看", "好的，你稍等一会", "稍等，查一下")
        ),
        *(("en", reply) for reply in ("Hm.", "Um, well", "One moment please.", "Sure, one second")),
        *(("en", reply) for reply in ("Let me find it", "Just give me a minute, please.")),
        *(("en", reply) for reply in ("Okay, let me see", "Oh, hang on, let me check my email.")),
        *(("en", reply) for reply in ("Hang on a second", "Hold on, please", "Wait, hold on")),
    ],
)
def test_a_reply_that_only_asks_for_patience_is_no_answer(language: Language, reply: str) -> None:
    assert _asked_again_after(reply, language) == 0


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        *(
            ("zh", reply)
            for reply in ("好的", "嗯，对", "那个，可以", "稍等，一三八零零", "不方便，等一下")
        ),
        *(
            ("zh", reply)
            for reply in ("等一下，是王小明的", "我看看，红色的", "我下午看一下再打给你")
        ),
        *(("en", reply) for reply in ("Sure.", "Um, yes", "Well, okay", "Hold on, it's 5 1 2")),
        *(("en", reply) for reply in ("No, one moment.", "Let me see, it was red.")),
        *(("en", reply) for reply in ("I don't have it, hang on", "My wife's name, one second")),
    ],
)
def test_a_reply_that_says_more_is_an_answer(language: Language, reply: str) -> None:
    assert _asked_again_after(reply, language) == 1


@pytest.mark.parametrize(
    ("language", "asks", "reply"),
    [
        *(
            ("zh", "请问您是机主本人吗？", reply)
            for reply in ("是的，稍等", "对，我看一下", "没错，稍等", "可以，等一下")
        ),
        *(("zh", "您需要办理什么业务？", reply) for reply in ("查一下订单", "我查一下订单")),
        ("zh", "您打电话来是想做什么呢？", "看一下订单"),
        ("zh", "您想咨询什么呢？", "我问一下"),
        ("zh", "您等了多久？", "等一会"),
        ("zh", "您是要买还是看看？", "看看"),
        *(
            ("en", "Are you the account holder?", reply)
            for reply in ("Yes, one moment.", "Exactly, hold on", "Right, let me check")
        ),
        *(("en", "How long did you wait?", reply) for reply in ("One minute.", "Two seconds")),
        ("en", "What would you like to do?", "Wait."),
    ],
)
def test_a_yes_or_what_is_wanted_is_an_answer(language: Language, asks: str, reply: str) -> None:
    assert _asked_again_after(reply, language, asks) == 1


@pytest.mark.parametrize(
    ("keys", "n"),
    [
        ({"min_similarity": 0.89}, 0),
        ({"min_similarity": 8 / 9}, 1),
        ({"min_similarity": 0.9, "ignored_words": ["家", "您的", "是"]}, 1),
        ({"not_heard": ["是一三"]}, 1),
        ({"not_heard": ["家电"]}, 0),
        ({"except": ["电话"]}, 0),
        ({"read_back_by": ["您的家"]}, 0),
        ({"question_words": ["贵姓"]}, 0),
        ({"role": "customer"}, 0),
        ({"role": "any"}, 1),
        ({"first_s": 5}, 0),
        ({"last_turns": 1}, 1),
    ],
)
def test_own_lists_and_limits(keys: dict[str, Any], n: int) -> None:
    call = drawn(PHONE + "agent 10-14: 您的家电话是多少")
    assert len(findings(call, "repeated_question", **keys)) == n


def test_each_time_it_is_asked_again_is_found() -> None:
    again = "agent {0}-{1}: 您的电话是多少？\ncustomer {1}-{2}: 说过了\n"
    text = PHONE + again.format(10, 12, 14) + again.format(20, 22, 24)
    assert spans(findings(drawn(text), "repeated_question")) == [(10, 12), (20, 22)]


def test_both_parties_must_be_understood() -> None:
    deaf = outcome(
        drawn("agent 0-2: 您贵姓？\ncustomer 2-9: …\nagent 10-12: 您贵姓？"), "repeated_question"
    )
    assert isinstance(deaf, NotMeasured)
    assert "customer" in deaf.reason.en


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["zh", "en"]),
    st.lists(st.text("您好吗a5b ，。?…·_.\n'", max_size=8), max_size=6),
    st.lists(st.sampled_from(["吗", "好吗", "您好吗a", "a", "a b", "5", "b?a", "，好", "a5"])),
)
def test_all_sentences_are_searched_at_once(
    language: Language, turns: list[str], listed: list[str]
) -> None:
    texts = [
        said
        for text in turns
        for said in wordings(passage_of(Turn(None, None, 0, 1, (Word(text, 0, 1),)), language))
    ]
    wanted = finder(tuple(listed), language)
    each = enumerate(map(wanted.search, texts))
    assert _holding(wanted, texts) == {at: match.start() for at, match in each if match}


def test_a_loop_of_questions_fills_no_memory() -> None:
    call = drawn(f"agent 0-900: {'您电话号码是多少？' * 3_000}\ncustomer 900-902: 好\n")
    tracemalloc.start()
    assert findings(call, "repeated_question") == ()
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 15e6  # 10 MB; with all pairs in one table 24, in lists of pairs hundreds


def test_questions_far_apart_are_compared() -> None:
    """More questions lie between the two than are compared in one go."""
    others = "".join(f"agent {i}-{i + 1}: {chr(0x4E00 + i) * 4}吗？\n" for i in range(10, 320))
    again = "agent 400-402: 您的电话是多少？"
    assert spans(findings(drawn(PHONE + others + again), "repeated_question")) == [(400, 402)]


@pytest.mark.parametrize(
    "reply", ["嗯", "稍等一下", "一三八零零一三八零零零", "为什么？", "没听清"]
)
def test_a_loop_twice_as_long_takes_twice_the_steps(reply: str) -> None:
    pair = f"agent {{0}}-{{1}}: 您的电话是多少？\ncustomer {{1}}-{{2}}: {reply}\n"

    def loop(n: int) -> int:
        starts = range(4, 4 + 3 * n, 3)
        call = drawn(PHONE + "".join(pair.format(i, i + 1, i + 2) for i in starts))
        return n_steps(lambda: findings(call, "repeated_question"))

    loop(50)  # compiles the words
    assert loop(200) < 2.3 * loop(100)


_SAID = [
    "您贵姓？",
    "你贵姓？您贵姓？",
    "您的电话是多少？",
    "跟您核对，您贵姓？",
    "没听清，您贵姓？",
]
_SAID += [
    "嗯",
    "好的",
    "稍等",
    "姓王",
    "什么？",
    "跟您核对一下",
    "没听清",
    "一三八",
    "好的，姓王。",
]
_LINES = st.lists(st.tuples(st.sampled_from(["agent", "customer"]), st.sampled_from(_SAID)))


@settings(max_examples=500, deadline=None)
@given(_LINES, st.sampled_from(["agent", "customer"]), st.sampled_from([0.3, 0.8, 1.0]))
def test_the_short_way_finds_what_the_plain_way_finds(
    lines: list[tuple[str, str]], role: Role, least: float
) -> None:
    text = "\n".join(f"{who} {i}-{i + 1}: {said}" for i, (who, said) in enumerate(lines))
    call = drawn(text or "# duration_s: 1")
    passages = Passages(call.turns or (), "zh", Asked("zh"))
    talk = _Talk(call, RepeatedQuestionSignal(detector="repeated_question"), passages)
    assert list(talk.repeated(role, least)) == list(_plainly(talk, role, least))


def _plainly(talk: _Talk, role: Role, least: float) -> Iterator[tuple[_Question, float]]:
    """Yield what was answered before, every pair of questions looked at by itself."""
    asked = list(talk._questions(role))
    for again in asked:
        similar = [
            Indel.normalized_similarity(one.content, again.content)
            for one in asked
            if any(
                talk.turns[turn].role != role and talk._answers(turn)
                for turn in range(one.turn + 1, again.turn)
            )
        ]
        similar = [similarity for similarity in similar if similarity >= least - 1e-6]
        may_ask = _was_lost(talk, again, role) or _reads_back(talk, again, role)
        if similar and not may_ask:
            yield again, max(similar)


def _was_lost(talk: _Talk, again: _Question, role: Role) -> bool:
    for turn in range(again.turn, -1, -1):
        if talk._not_heard(turn):
            return True
        if talk.turns[turn].role == role and turn < again.turn:
            return False
    return False


def _reads_back(talk: _Talk, again: _Question, role: Role) -> bool:
    numbers = range(again.number + 1)
    for turn in range(again.turn, -1, -1):
        said = [talk.said.texts[n] for n in talk.said.numbers(turn) if n in numbers]
        if talk.turns[turn].role == role:
            if any(talk._lists.reading.search(text) for text in said):
                return True
        elif said and not talk._agrees(turn):
            return False
    return False
