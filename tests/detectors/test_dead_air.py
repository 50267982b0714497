from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from tests.detectors.looking import drawn, findings, outcome, spans, with_confidence

EXCUSED = {"min_s": 8, "excused_by": ["请您稍等", "稍等一下"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("agent 0-2: 好\nagent 10-11: 好", [(2.0, 10.0)], id="exactly min_s"),
        pytest.param("agent 0-2: 好\ncustomer 10.1-11: 好", [(2.0, 10.1)], id="between the two"),
        pytest.param(
            "agent 0-2: 好\ncustomer 10-11: 好\nagent 20-21: 好",
            [(2.0, 10.0), (11.0, 20.0)],
            id="twice",
        ),
        pytest.param("agent 3-5: 好\nagent 14-15: 好", [(5.0, 14.0)], id="0.1 + 0.2 is no problem"),
    ],
)
def test_hits(text: str, expected: list[tuple[float, float]]) -> None:
    found = findings(drawn(text), "dead_air", min_s=8)
    assert spans(found) == expected
    assert [(f.role, f.turn, f.quote, f.kind) for f in found] == [
        (None, None, None, "silence")
    ] * len(expected)
    assert [f.value for f in found] == [pytest.approx(b - a) for a, b in expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agent 0-2: 好\nagent 9.99-11: 好", id="just too short"),
        pytest.param("# duration_s: 60\nagent 20-22: 好", id="before the first and after the last"),
        pytest.param("agent 0-2: 好\ncustomer 1-20: 好\nagent 20-21: 好", id="the other speaks"),
        pytest.param("agent 0-30: 好\nagent 29-31: 好", id="one long turn with few words"),
        pytest.param("# duration_s: 60", id="no speech at all"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "dead_air", min_s=8) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agent 0-2: 请您稍等。\nagent 20-21: 好", id="by the agent"),
        pytest.param("agent 0-4: 请您稍等，我查一查。\nagent 20-21: 好", id="and he goes on"),
        pytest.param(
            "agent 0-2: 請您稍等\n客户 3-4: 好的\nagent 20-21: 好", id="back-channel between"
        ),
        pytest.param(
            "agent 0-2: 请您稍等\ncustomer 11-11.5: 嗯\nagent 22-23: 好",
            id="10 s before, with a 嗯",
        ),
        pytest.param("customer 0-2: 稍等一下，我找找。\nagent 20-21: 好", id="by the customer"),
        pytest.param(
            "agent 0-2: 请您稍等\ncustomer 3-4: 好的，谢谢\nagent 20-21: 好", id="and is thanked"
        ),
        pytest.param(
            "agent 0-2: 请您稍等\ncustomer 3-4: OK，没关系，您慢慢查\nagent 20-21: 好",
            id="no hurry",
        ),
    ],
)
def test_excused(text: str) -> None:
    call = drawn(text)
    assert findings(call, "dead_air", min_s=8) != ()
    assert findings(call, "dead_air", **EXCUSED) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "agent 0-2: 请您稍等\nagent 2-13: 这款手机很好。\nagent 22-23: 好", id="too long ago"
        ),
        pytest.param(
            "agent 0-2: 请您稍等\ncustomer 3-4: 还要多久\nagent 20-21: 好", id="a question between"
        ),
        pytest.param(
            "agent 0-2: 请您稍等\ncustomer 3-4: 谢谢，那运费呢\nagent 20-21: 好",
            id="thanks, and a question",
        ),
        pytest.param("agent 0-2: 请您说\nagent 20-21: 请您稍等", id="said after it"),
        pytest.param(
            "customer 0-3: 你又让我稍等一下！\nagent 20-21: 好", id="the customer reports"
        ),
        pytest.param("agent 0-2: 请您。稍等\nagent 20-21: 好", id="no such phrase"),
    ],
)
def test_not_excused(text: str) -> None:
    call = drawn(text)
    assert findings(call, "dead_air", **EXCUSED) == findings(call, "dead_air", min_s=8) != ()


OWN = {
    "excused_by": [
        "稍等",
        "等一下",
        "看一下",
        "找一下",
        "查一下",
        "hold on",
        "one moment",
        "let me check",
    ]
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "我跟你说，你稍等一下我拿一下"),
        ("zh", "我跟您说您稍等"),
        ("zh", "你说的那个单号我找一下，稍等"),
        ("zh", "您说的我查一下"),
        ("zh", "您说，稍等"),
        ("zh", "我让我老公看一下，你稍等"),
        ("zh", "让我看一下"),
        ("zh", "我们说等一下"),
        ("zh", "我在电话里，等一下"),
        ("en", "You said I could have it, one moment."),
        ("en", "You said it's in the email, let me check."),
        ("en", "Like you said, hold on."),
    ],
)
def test_a_customer_excuses_what_he_does_himself(language: Language, said: str) -> None:
    call = drawn(f"customer 0-2: {said}\nagent 20-21: 好", language)
    assert findings(call, "dead_air", min_s=8, **OWN) == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "你们刚才让我稍等"),
        ("zh", "你让我再等一下"),
        ("zh", "你说让我先等一下"),
        ("zh", "你不是说稍等吗"),
        ("zh", "叫我等一下，等到现在"),
        ("zh", "你跟我说稍等的"),
        ("zh", "你叫我电话里稍等"),
        ("zh", "你让我一直在这里等一下"),
        ("zh", "你们说等一下"),
        ("en", "You told me to hold on."),
        ("en", "They said to please hold on."),
        ("en", "You told me I have to hold on."),
        ("en", "You asked me if I could hold on."),
        ("en", "You said just one moment, an hour ago."),
    ],
)
def test_a_customer_who_was_told_to_wait_excuses_nothing(language: Language, said: str) -> None:
    call = drawn(f"customer 0-2: {said}\nagent 20-21: 好", language)
    assert len(findings(call, "dead_air", min_s=8, **OWN)) == 1


@pytest.mark.parametrize(
    ("reply", "n"),
    [
        ("Sure, thank you.", 0),
        ("No worries, take your time!", 0),
        ("That's fine, I'll hold.", 0),
        ("Thank you, goodbye.", 1),
        ("That's fine, but how long?", 1),
    ],
)
def test_replies_in_english(reply: str, n: int) -> None:
    call = drawn(f"agent 0-2: One moment, please.\ncustomer 3-4: {reply}\nagent 20-21: Yes.", "en")
    assert len(findings(call, "dead_air", min_s=8, excused_by=["one moment"])) == n


@pytest.mark.parametrize(
    ("max_s", "expected"),
    [
        pytest.param(18.0, [], id="as long as allowed"),
        pytest.param(17.5, [(19.5, 20.0)], id="the excess, however short"),
        pytest.param(10.0, [(12.0, 20.0)], id="a long excess"),
    ],
)
def test_beyond_excused_max_the_excess_is_found(
    max_s: float, expected: list[tuple[float, float]]
) -> None:
    call = drawn("agent 0-2: 请您稍等\nagent 20-21: 好")
    found = findings(call, "dead_air", **EXCUSED, excused_max_s=max_s)
    assert spans(found) == expected
    assert {f.kind for f in found} <= {"excess"}


def test_words_never_end_a_silence() -> None:
    call = drawn("agent 0-20: 您好")
    quiet = (Speech("agent", 0, (Span(0.0, 1.0), Span(19.0, 20.0))), Speech("customer", 1, ()))
    assert spans(findings(replace(call, speech=quiet), "dead_air", min_s=8)) == [(1.0, 19.0)]


def test_unmeasured_words_matter_only_where_an_excuse_could() -> None:
    silent = replace(drawn("agent 0-2: 好\nagent 20-21: 好"), turns=None)
    assert isinstance(outcome(silent, "dead_air", **EXCUSED), NotMeasured)
    assert spans(findings(silent, "dead_air", min_s=8)) == [(2.0, 20.0)]
    talking = replace(drawn("agent 0-2: 好\nagent 4-5: 好"), turns=None)
    assert findings(talking, "dead_air", **EXCUSED) == ()


def test_an_unsure_announcement_excuses_nothing() -> None:
    call = drawn("agent 0-2: 请您稍等\nagent 20-21: 好")
    assert isinstance(outcome(call, "dead_air", **EXCUSED, min_confidence=0.5), NotMeasured)
    assert findings(drawn("agent 0-2: 好"), "dead_air", **EXCUSED, min_confidence=0.5) == ()
    heard = with_confidence(call, 0.4)
    assert findings(heard, "dead_air", **EXCUSED, min_confidence=0.4) == ()
    assert spans(findings(heard, "dead_air", **EXCUSED, min_confidence=0.5)) == [(2.0, 20.0)]


def test_an_agent_of_whom_no_word_is_recognised_may_have_asked_for_patience() -> None:
    deaf = drawn("agent 0-2: ……\ncustomer 2-3: 好\nagent 20-21: ……")
    assert isinstance(outcome(deaf, "dead_air", **EXCUSED), NotMeasured)
    assert spans(findings(deaf, "dead_air", min_s=8)) == [(3.0, 20.0)]


def test_without_speech_it_is_not_measured() -> None:
    assert isinstance(outcome(drawn("agent: 好\nagent: 好"), "dead_air", min_s=8), NotMeasured)
    unheard = replace(drawn("agent 0-2: 好"), speech=None)
    assert isinstance(outcome(unheard, "dead_air", min_s=8), NotMeasured)


def test_a_silence_belongs_to_the_turn_that_began_last() -> None:
    call = drawn("agent 0-2: 好\ncustomer 11-12: 好\nagent 21-22: 好\ncustomer 31-32: 好")
    silences = [(2.3, 11.0), (12.3, 21.0), (22.3, 31.0)]
    heard = (  # as speech activity says: it ends after the words
        Speech("agent", None, (Span(0.0, 2.3), Span(21.0, 22.3))),
        Speech("customer", None, (Span(11.0, 12.3), Span(31.0, 32.0))),
    )
    call = replace(call, speech=heard)
    keys = {"min_s": 8}
    assert spans(findings(call, "dead_air", **keys)) == silences
    assert spans(findings(call, "dead_air", **keys, first_turns=2)) == silences[:2]
    assert spans(findings(call, "dead_air", **keys, last_turns=2)) == silences[2:]
    assert spans(findings(call, "dead_air", **keys, role="agent", last_turns=1)) == silences[2:]
