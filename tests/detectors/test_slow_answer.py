from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from tests.detectors.looking import drawn, findings, n_steps, outcome, spans, with_confidence

ASKED = "customer 0-4: 这款手机怎么退货？\n"
ANSWERED = "agent 9-12: 您可以在订单里申请退货。\n"
EXCUSED = {"min_s": 3, "excused_by": ["稍等"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ASKED + "agent 7-9: 您可以申请退货。", [(4.0, 7.0)], id="exactly min_s"),
        pytest.param(ASKED + ANSWERED, [(4.0, 9.0)], id="longer"),
        pytest.param(
            ASKED + "agent 5-5.4: 嗯\n" + ANSWERED,
            [(4.0, 9.0)],
            id="a back-channel answers nothing",
        ),
        pytest.param(
            ASKED + "agent 5-7: 嗯，好的，好的，嗯\n" + ANSWERED,
            [(4.0, 9.0)],
            id="nor does a long row of them",
        ),
        pytest.param(
            ASKED + "agent 5-5.4: ……\n" + ANSWERED,
            [(4.0, 9.0)],
            id="nor a short sound without words",
        ),
        pytest.param(
            ASKED + "customer 6-7: 喂？在吗？\n" + ANSWERED,
            [(4.0, 9.0)],
            id="a customer who asks whether anybody is there still waits",
        ),
        pytest.param(
            ASKED + "customer 6-6.4: 嗯\n" + ANSWERED, [(4.0, 9.0)], id="one who says 嗯 as well"
        ),
        pytest.param(
            "customer 0-1: 喂？\nagent 6-9: 您好，天云商城。",
            [(1.0, 6.0)],
            id="喂 that opens the call waits for an answer",
        ),
        pytest.param(
            "agent 0-1: 您请讲\n"
            + "customer 1.5-4: 怎么退货？\nagent 2-2.5: 退货是吧\n"
            + ANSWERED,
            [(4.0, 9.0)],
            id="what the agent said inside the customer's turn is no answer to it",
        ),
        pytest.param(
            ASKED + ANSWERED + "customer 13-15: 运费呢？\nagent 18.5-20: 我们出。",
            [(4.0, 9.0), (15.0, 18.5)],
            id="twice",
        ),
    ],
)
def test_hits(text: str, expected: list[tuple[float, float]]) -> None:
    found = findings(drawn(text), "slow_answer", min_s=3)
    assert spans(found) == expected
    assert [(f.role, f.kind, f.quote) for f in found] == [("agent", "wait", None)] * len(expected)
    assert [f.value for f in found] == [pytest.approx(b - a) for a, b in expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ASKED + "agent 6.99-9: 您可以申请退货。", id="just in time"),
        pytest.param(ASKED + "agent 3-9: 您可以申请退货。", id="before the customer has ended"),
        pytest.param(
            ASKED + "customer 8-10: 是上周买的。\nagent 11-13: 可以退。",
            id="the customer goes on himself",
        ),
        pytest.param("agent 0-2: 请稍候。\ncustomer 2.5-3: 好的\nagent 20-22: 查到了。", id="好的"),
        pytest.param(ASKED, id="nobody ever answers"),
        pytest.param("agent 0-4: 您好\nagent 9-12: 您好？", id="no customer"),
        pytest.param("# duration_s: 60", id="no speech at all"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "slow_answer", min_s=3) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("customer 0-4: 稍等一下，我找找订单号。\n" + ANSWERED, id="by the customer"),
        pytest.param("customer 0-4: 我跟你说，你稍等我拿一下\n" + ANSWERED, id="我跟你说"),
        pytest.param(
            "customer 0-4: 那请你帮我查一下这个订单\nagent 2-3.5: 请您稍等\n" + ANSWERED,
            id="by the agent, while the customer speaks",
        ),
        pytest.param(
            "customer 0-4: 那请你帮我查一下\nagent 3-4.5: 请您稍等\n"
            "customer 4.2-5.2: 好的好的\n" + ANSWERED,
            id="and the customer agrees",
        ),
        pytest.param(
            "customer 0-4: 那请你帮我查一下\nagent 3-4.5: 请您稍等\n"
            "customer 4.6-5.6: 好的谢谢\n" + ANSWERED,
            id="and the customer says thank you",
        ),
    ],
)
def test_excused(text: str) -> None:
    assert findings(drawn(text), "slow_answer", **EXCUSED) == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "agent 0-1: 请您稍等\ncustomer 1.5-4: 还要多久？\n" + ANSWERED,
            id="the customer asks after it",
        ),
        pytest.param("customer 0-4: 你又让我稍等！\n" + ANSWERED, id="the customer reports"),
        pytest.param(
            "customer 0-14: 稍等" + "，我在这里找" * 8 + "\nagent 20-21: 在的", id="long ago"
        ),
    ],
)
def test_not_excused(text: str) -> None:
    call = drawn(text)
    found = findings(call, "slow_answer", **EXCUSED)
    assert found == findings(call, "slow_answer", min_s=3) != ()


def test_beyond_excused_max_the_excess_is_found() -> None:
    call = drawn("customer 0-4: 稍等一下，我找找。\n" + ANSWERED)
    assert findings(call, "slow_answer", **EXCUSED, excused_max_s=5) == ()
    (excess,) = findings(call, "slow_answer", **EXCUSED, excused_max_s=3.5)
    assert (excess.start_s, excess.end_s, excess.kind) == (7.5, 9.0, "excess")


def test_what_is_said_in_several_turns_is_read_as_words() -> None:
    call = drawn(
        "customer 0-4: How long is the warranty\n"
        "agent 5-5.4: Okay\nagent 5.6-6: Yes\nagent 6.2-6.6: right\n"
        "agent 9-12: Two years from the day you bought it",
        "en",
    )
    assert spans(findings(call, "slow_answer", min_s=3)) == [(4.0, 9.0)]


def test_own_word_lists_take_the_place_of_the_shipped() -> None:
    call = drawn(ASKED + "agent 5-5.4: 中\ncustomer 6-7: 歪？\n" + ANSWERED)
    assert findings(call, "slow_answer", min_s=3) == ()
    keys = {"min_s": 3, "back_channels": ["中"], "line_checks": ["歪"]}
    assert spans(findings(call, "slow_answer", **keys)) == [(4.0, 9.0)]


def test_the_customer_may_be_the_one_who_is_slow() -> None:
    call = drawn("agent 0-4: 您的订单号是多少？\ncustomer 9-12: 一三五七")
    assert findings(call, "slow_answer", min_s=3) == ()
    (late,) = findings(call, "slow_answer", min_s=3, role="customer")
    assert (late.role, late.start_s, late.end_s) == ("customer", 4.0, 9.0)


def test_in_english() -> None:
    call = drawn(
        "customer 0-4: How do I return this?\nagent 5-5.5: Mm-hmm.\n"
        "customer 7-8: Hello? Are you there?\nagent 10-12: You can return it online.",
        "en",
    )
    assert spans(findings(call, "slow_answer", min_s=3)) == [(4.0, 10.0)]


def test_a_turn_that_begins_with_a_back_channel_answers() -> None:
    call = drawn(ASKED + "agent 5-8: 嗯，可以申请退货")
    parts = Span(5.0, 5.4), Span(6.2, 8.0)
    speech = Speech("agent", 0, parts), Speech("customer", 1, (Span(0.0, 4.0),))
    assert findings(replace(call, speech=speech), "slow_answer", min_s=2) == ()


def test_unheard_words_matter_only_where_a_back_channel_could_be_one() -> None:
    long = drawn(ASKED + "agent 5-9: ……\ncustomer 10-12: 好，谢谢\nagent 17-20: ……")
    assert spans(findings(long, "slow_answer", min_s=3)) == [(12.0, 17.0)]
    short = drawn(ASKED + "agent 5-6: ……\nagent 9-12: ……")
    assert isinstance(outcome(short, "slow_answer", min_s=3), NotMeasured)
    assert findings(short, "slow_answer", min_s=6) == ()
    asker = drawn("customer 0-1: ……\nagent 9-12: 您好")
    assert isinstance(outcome(asker, "slow_answer", min_s=3), NotMeasured)


def test_unheard_words_may_have_excused() -> None:
    call = drawn("customer 0-4: 怎么退货？\nagent 9-12: ……")
    assert spans(findings(call, "slow_answer", min_s=3)) == [(4.0, 9.0)]
    assert isinstance(outcome(call, "slow_answer", **EXCUSED), NotMeasured)
    unclear = replace(drawn(ASKED + ANSWERED), notes=("unclear_customer",))
    assert isinstance(outcome(unclear, "slow_answer", **EXCUSED), NotMeasured)


def test_an_unsure_announcement_excuses_nothing() -> None:
    call = drawn("customer 0-4: 稍等一下，我找找。\n" + ANSWERED)
    assert isinstance(outcome(call, "slow_answer", **EXCUSED, min_confidence=0.5), NotMeasured)
    heard = with_confidence(call, 0.4)
    assert findings(heard, "slow_answer", **EXCUSED, min_confidence=0.4) == ()
    assert spans(findings(heard, "slow_answer", **EXCUSED, min_confidence=0.5)) == [(4.0, 9.0)]


def test_without_speech_of_each_party_it_is_not_measured() -> None:
    call = drawn(ASKED + ANSWERED)
    mono = replace(call, speech=(Speech(None, 0, (Span(0.0, 4.0), Span(9.0, 12.0))),))
    for one in (drawn("customer: 怎么退货？\nagent: 可以"), replace(call, speech=None), mono):
        assert isinstance(outcome(one, "slow_answer", min_s=3), NotMeasured)


def test_first_and_last_turns_are_those_that_answer() -> None:
    call = drawn(
        ASKED + "agent 9-12: 您可以在订单里申请退货。\n"
        "customer 12.5-14: 运费谁出？\nagent 20-22: 运费由我们承担。"
    )
    keys = {"role": "agent", "min_s": 3}
    assert spans(findings(call, "slow_answer", **keys)) == [(4.0, 9.0), (14.0, 20.0)]
    assert spans(findings(call, "slow_answer", **keys, first_turns=1)) == [(4.0, 9.0)]
    assert spans(findings(call, "slow_answer", **keys, last_turns=1)) == [(14.0, 20.0)]


def test_an_answer_is_in_its_turn_though_speech_begins_before_its_words() -> None:
    call = drawn(ASKED + ANSWERED)
    heard = (  # as speech activity says: a little more than the words
        Speech("agent", None, (Span(8.8, 12.2),)),
        Speech("customer", None, (Span(0.0, 4.2),)),
    )
    found = findings(
        replace(call, speech=heard), "slow_answer", role="agent", min_s=3, first_turns=1
    )
    assert spans(found) == [(4.2, 8.8)]


def test_twice_the_excuses_take_twice_the_steps() -> None:
    pair = "customer {0}-{1}: 谢谢\nagent {2}-{3}: 稍等\n"

    def loop(n: int) -> int:
        call = drawn("".join(pair.format(s, s + 2, s + 8, s + 10) for s in range(0, 16 * n, 16)))
        return n_steps(lambda: findings(call, "slow_answer", min_s=3, excused_by=["稍等"]))

    loop(50)  # compiles the words
    assert loop(800) < 2.3 * loop(400)
