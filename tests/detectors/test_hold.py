from dataclasses import replace

import pytest

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.hold import _announcements
from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from tests.detectors.looking import drawn, findings, n_steps, outcome, signal, spans

KEYS = {"announced_by": ["请您稍等", "稍等一下"], "thanked_by": ["久等"]}
BACK = "agent 23-26: 让您久等了，查到了。\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("agent 0-2: 请您稍等。\n" + BACK, [(2.0, 23.0, "thanked")], id="plain"),
        pytest.param("agent 0-2: 請您稍等\n" + BACK, [(2.0, 23.0, "thanked")], id="traditional"),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 2.5-3: 好的\n" + BACK,
            [(3.0, 23.0, "thanked")],
            id="after the customer's 好的",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 2.5-4: 好的，谢谢\n" + BACK,
            [(4.0, 23.0, "thanked")],
            id="after the customer's 谢谢",
        ),
        pytest.param(
            "agent 0-4: 请您稍等，我帮您查一查。\n" + BACK, [(4.0, 23.0, "thanked")], id="goes on"
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 12-12.5: 嗯\ncustomer 15-16: 喂？还在吗？\n" + BACK,
            [(2.0, 23.0, "thanked")],
            id="嗯 and 喂 make no second hold",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 6-7: 没事，不急\n" + BACK,
            [(2.0, 23.0, "thanked")],
            id="nor does no hurry",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 12-12.5: ……\n" + BACK,
            [(2.0, 23.0, "thanked")],
            id="nor a short sound without words",
        ),
        pytest.param("agent 0-2: 请您稍等。\nagent 5-7: 查到了", [(2, 5, "unthanked")], id="min_s"),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 12-14: 还在查\n" + BACK,
            [(2.0, 12.0, "thanked")],
            id="an agent who reports back ends it",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 12-14: 请您稍等一下\n" + BACK,
            [(2.0, 12.0, "unthanked"), (14.0, 23.0, "thanked")],
            id="thanks are for the last one",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 12-14: 查到了\nagent 26.1-28.6: 让您久等了",
            [(2.0, 12.0, "unthanked")],
            id="thanks that begin more than 15 s later",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 12-14: 查到了\nagent 26-28.5: 让您久等了",
            [(2.0, 12.0, "thanked")],
            id="thanks that begin within 15 s",
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 12-14: 查到了\ncustomer 15-17: 我等了好久等得急死了",
            [(2.0, 12.0, "unthanked")],
            id="the customer's words are no thanks",
        ),
    ],
)
def test_hits(text: str, expected: list[tuple[float, float, str]]) -> None:
    found = findings(drawn(text), "hold", **KEYS)
    assert [(*span, f.kind) for span, f in zip(spans(found), found, strict=True)] == expected
    assert [f.value for f in found] == [float(kind == "thanked") for *_, kind in expected]
    assert {(f.role, f.quote) for f in found} == {("agent", None)}
    alone = findings(drawn(text), "hold", **KEYS, unthanked=True)
    assert alone == tuple(f for f in found if f.kind == "unthanked")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agent 0-2: 我查查。\n" + BACK, id="not announced"),
        pytest.param("agent 0-2: 请您稍等。\nagent 4.99-7: 查到了", id="just too short"),
        pytest.param("customer 0-2: 请您稍等。\n" + BACK, id="the customer asks for patience"),
        pytest.param("customer 0-2: 你又让我稍等一下\n" + BACK, id="the customer reports"),
        pytest.param(
            "agent 0-2: 请您稍等。\ncustomer 3-5: 还要多久？\n" + BACK, id="a question between"
        ),
        pytest.param(
            "agent 0-2: 请您稍等。\nagent 2-13: 这款很好。\n" + BACK, id="too long before"
        ),
        pytest.param("# duration_s: 90\nagent 0-2: 请您稍等。", id="nobody comes back"),
        pytest.param("agent 0-2: 请您。稍等\n" + BACK, id="no such phrase"),
        pytest.param("# duration_s: 90", id="no speech at all"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "hold", **KEYS) == ()


def test_the_turn_is_that_of_the_announcement() -> None:
    call = drawn("customer 0-1: 你好\nagent 2-4: 请您稍等\ncustomer 4-4.5: 好\nagent 20-21: 好了")
    (hold,) = findings(call, "hold", **KEYS)
    assert hold.turn == 1
    assert findings(call, "hold", **KEYS, role="agent", first_turns=1) == (hold,)
    assert findings(call, "hold", **KEYS, role="agent", last_turns=1) == ()


@pytest.mark.parametrize(
    ("ask", "thank"),
    [
        ("麻烦您稍候", "感谢您的耐心等待"),
        ("您先别挂，我去问", "不好意思，久等了"),
        ("请稍后", "谢谢您的等待"),
        ("您等下哈", "感谢您的等候"),
        ("那您等会儿", "不好意思让您等了这么久"),
        ("请您等候片刻", "抱歉让您等待了"),
        ("我这边核实一下", "感谢您耐心等候"),
        ("我帮您查一下", "非常感谢您的耐心等待"),
        ("那我帮您这边查询一下订单", "让您久等了"),
        ("我给您再核实一下", "让您久等了"),
        ("我现在查一下", "让您久等了"),
        ("我们查一下", "让您久等了"),
        ("我去系统里查一下", "让您久等了"),
        ("我帮您检查一下", "让您久等了"),
        ("请您稍后给您查询一下", "让您久等了"),
        ("您稍等一下会给您查", "让您久等了"),
        ("您稍等，麻烦您查一下短信", "让您久等了"),
        ("您等下可以吗", "让您久等了"),
    ],
)
def test_the_shipped_lists_in_chinese(ask: str, thank: str) -> None:
    (hold,) = findings(drawn(f"agent 0-2: {ask}\nagent 20-22: {thank}"), "hold")
    assert (hold.start_s, hold.end_s, hold.value) == (2.0, 20.0, 1.0)


@pytest.mark.parametrize(
    ("ask", "thank"),
    [
        ("Could you hold for a moment?", "Thank you for holding."),
        ("Just one second, please.", "Sorry for the wait."),
        ("Please bear with me.", "I appreciate your patience."),
        ("Please don't hang up.", "Thanks for waiting."),
        ("May I place you on a brief hold?", "Thanks so much for waiting."),
        ("Can I put you on a short hold?", "Thank you so much for holding."),
        ("May I have a moment to check?", "Thank you for waiting."),
        ("Please wait while I check.", "Thank you very much for your patience."),
        ("Hold on, your order is loading.", "Sorry for the long wait."),
        ("Can I place a hold on the line while I check?", "Thanks for holding."),
        ("Your call is on hold while I check.", "Thanks for holding."),
        ("I'll put it on hold while I look.", "Thanks for holding."),
    ],
)
def test_the_shipped_lists_in_english(ask: str, thank: str) -> None:
    (hold,) = findings(drawn(f"agent 0-2: {ask}\nagent 20-22: {thank}", "en"), "hold")
    assert (hold.start_s, hold.end_s, hold.value) == (2.0, 20.0, 1.0)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "麻烦您查一下订单号。"),
        ("zh", "麻烦您帮我查一下订单号。"),
        ("zh", "您可以去官网查一下。"),
        ("zh", "您自己查一下短信"),
        ("zh", "那您先检查一下，您再核实一下"),
        ("zh", "跟您核实一下姓名"),
        ("zh", "麻煩您查一下"),
        ("zh", "请稍后再拨"),
        ("zh", "等一下会有短信"),
        ("zh", "请您稍后对我的服务做个评价"),
        ("zh", "等一下您会收到一条短信"),
        ("zh", "您等下会收到验证码"),
        ("zh", "请您耐心等待，三天内会到"),
        ("en", "Do you have a moment?"),
        ("en", "There is a hold on your account."),
        ("en", "Your order is on hold."),
        ("en", "Have you been on hold for long?"),
        ("en", "We placed a hold for security reasons."),
        ("en", "I see a second order."),
        ("en", "Please wait for your refund."),
    ],
)
def test_what_the_shipped_lists_take_for_no_hold(language: Language, said: str) -> None:
    call = drawn(f"agent 0-2: {said}\ncustomer 8-9: 123\nagent 20-22: 456", language)
    assert findings(call, "hold") == ()


@pytest.mark.parametrize("first", ["shipped", "own"])
def test_the_shipped_list_written_out_has_no_exceptions_in_any_order(first: str) -> None:
    shipped = signal("hold")
    own = signal("hold", announced_by=_announcements("zh"))
    signals = {"shipped": shipped, "own": own}
    ordered = {name: signals[name] for name in sorted(signals, key=lambda name: name != first)}
    found = detect_all(drawn("agent 0-3: 请稍后会\nagent 13-15: 好"), ordered)
    assert {name: getattr(one, "findings", None) != () for name, one in found.items()} == {
        "shipped": False,
        "own": True,
    }


@pytest.mark.parametrize("thank", ["查到了", "还得让您再等几天", "还需要您耐心等待"])
def test_what_the_shipped_lists_take_for_no_thanks(thank: str) -> None:
    (hold,) = findings(drawn(f"agent 0-2: 请您稍等\nagent 20-22: {thank}"), "hold")
    assert hold.kind == "unthanked"


def test_own_phrases_announce_wherever_they_stand() -> None:
    call = drawn("agent 0-2: 麻烦您帮我查一下\nagent 20-22: 好")
    assert findings(call, "hold") == ()
    assert spans(findings(call, "hold", announced_by=["我查一下"])) == [(2.0, 20.0)]


def test_own_min_s_and_no_thanks_that_would_do() -> None:
    call = drawn("agent 0-2: 请您稍等。\n" + BACK)
    assert findings(call, "hold", **KEYS, min_s=21.1) == ()
    (hold,) = findings(call, "hold", min_s=21, thanked_by=[])
    assert hold.kind == "unthanked"


def test_music_is_silence_whatever_the_words() -> None:
    call = drawn("agent 0-2: 请您稍等。\nagent 2-23: 啦啦啦\n" + BACK)
    spoken = Speech("agent", 0, (Span(0.0, 2.0), Span(23.0, 26.0))), Speech("customer", 1, ())
    assert spans(findings(replace(call, speech=spoken), "hold", **KEYS)) == [(2.0, 23.0)]


def test_an_unsure_announcement_announces_nothing() -> None:
    call = drawn("agent 0-2: 请您稍等。\n" + BACK)
    first, second, *_ = call.turns or ()
    unsure = first._replace(words=tuple(w._replace(confidence=0.4) for w in first.words))
    sure = second._replace(words=tuple(w._replace(confidence=0.9) for w in second.words))
    heard = replace(call, turns=(unsure, sure))
    assert findings(heard, "hold", **KEYS, min_confidence=0.5) == ()
    assert len(findings(heard, "hold", **KEYS, min_confidence=0.4)) == 1


def test_what_it_needs_and_a_call_may_lack() -> None:
    call = drawn("agent 0-2: 请您稍等。\n" + BACK)
    nobody = tuple(turn._replace(role=None) for turn in call.turns or ())
    for one in (
        replace(call, speech=None),
        replace(call, turns=None),
        replace(call, turns=nobody),
        replace(call, notes=("unclear_agent",)),
        drawn("agent: 请您稍等\nagent: 好了"),
        drawn("agent 0-2: ……\ncustomer 20-21: 你好"),
    ):
        assert isinstance(outcome(one, "hold", **KEYS), NotMeasured)


def test_roles_of_a_transcript_are_enough_where_audio_has_one_channel() -> None:
    call = drawn("agent 0-2: 请您稍等。\n" + BACK)
    mono = replace(call, speech=(Speech(None, 0, (Span(0.0, 2.0), Span(23.0, 26.0))),))
    assert spans(findings(mono, "hold", **KEYS)) == [(2.0, 23.0)]


def test_twice_the_announcements_take_twice_the_steps() -> None:
    lines = "agent {0}-{1}: 稍等\ncustomer {2}-{3}: 谢谢\nagent {4}-{5}: 久等了\n"

    def loop(n: int) -> int:
        starts = range(0, 18 * n, 18)
        call = drawn("".join(lines.format(s, s + 2, s + 3, s + 4, s + 10, s + 12) for s in starts))
        return n_steps(lambda: findings(call, "hold"))

    loop(50)  # compiles the words
    assert loop(800) < 2.3 * loop(400)
