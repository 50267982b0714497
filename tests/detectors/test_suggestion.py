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
        pytest.param("我的建议是多加几个客服。", ["我的建议是多加几个客服"], id="his own"),
        pytest.param("希望以後能改善服務", ["希望以後能改善服務"], id="for later, traditional"),
        pytest.param("如果有个提醒就好了！", ["如果有个提醒就好了"], id="a wish with two ends"),
        pytest.param("你们应该多培训一下", ["你们应该多培训一下"], id="for everybody"),
        pytest.param(
            "没人能帮我，你们应该多招人", ["没人能帮我，你们应该多招人"], id="with what went wrong"
        ),
        pytest.param("建议改进退款流程", ["建议改进退款流程"], id="how refunds are made"),
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
        pytest.param("customer 0-9: 希望你们尽快给我退款", id="his own refund"),
        pytest.param("customer 0-9: 希望你们能今天发货", id="his own parcel"),
        pytest.param("customer 0-9: 你们应该给我退款", id="his due"),
        pytest.param("customer 0-9: 要是能帮我查一下就好了", id="his own help"),
        pytest.param("customer 0-9: 你放在门卫那里就好了", id="will do"),
        pytest.param("customer 0-9: 这样就好了，谢谢", id="that is all"),
        pytest.param("customer 0-9: 就好了。要是这样", id="the ends of a wish in two sentences"),
        pytest.param("customer 0-9: 就好了，要是这样", id="the ends of a wish turned round"),
        pytest.param("customer 0-9: 你们应该收到我的邮件了吧", id="supposes"),
        pytest.param("customer 0-9: 医生的建议是少吃", id="somebody else's, a noun"),
        pytest.param("customer 0-9: 没有别的建议了", id="has no other"),
        pytest.param("agent 0-9: 我建议您买大号的", id="the agent's"),
        pytest.param("customer 0-9: 我建。议你们改", id="across a mark"),
    ],
)
def test_near_misses(text: str) -> None:
    assert findings(drawn(text), "suggestion") == ()


@pytest.mark.parametrize(
    "said",
    [
        "希望你们快递员不要把东西放在门口",
        "建议送货前打电话，不要直接放门口",
        "建议你们尽快处理售后问题",
        "建议你们尽快回复客户消息",
        "建议你们马上处理客户投诉",
        "希望你们能尽快解决这个系统老是卡的问题",
        "希望你们以后今天下单明天送到",
        "希望你们明天发通知的时候说清楚",
        "希望你们能给我们老客户一点优惠",
        "建议你们应该赔偿规则写清楚",
        "要是能退货不收运费就好了",
        "要是能早点发货就好了，谢谢",
        "你们应该是先打电话再送货",
        "你们应该是24小时客服才对",
        "希望你们生意做得更规范一点",
        "早点发货就好了",
        "包装好一点就好了",
        "有夜间配送就好了",
        "再便宜点就好了",
        "东西不错，有电梯就好了",
        "你们有夜间配送就好了",
        "建议下午一点以后送",
        "上次没人给我回电话，你们应该加个客服",
        "钱还没退给我，你们应该把客服电话写在包装上",
    ],
)
def test_words_of_the_own_order_excuse_no_other_wish(said: str) -> None:
    assert len(findings(drawn(f"customer 0-9: {said}"), "suggestion")) == 1


@pytest.mark.parametrize(
    "said",
    [
        "希望你们能尽快把货款退给我",
        "希望你们今天能把货送过来",
        "希望你们赶紧把钱退给我",
        "你们应该马上给我处理",
        "你们该给我一个说法",
        "如果能帮我查一下物流就好了",
        "要是能退就好了",
        "有空给我回个电话就好了",
        "放门口就好了",
        "我有一个就好了",
        "我再看看就好了",
        "希望你们马上退",
        "你们应该是搞错了吧",
        "没有问题就好了",
        "希望你们生意越来越好",
    ],
)
def test_wishes_about_the_own_order(said: str) -> None:
    assert findings(drawn(f"customer 0-9: {said}"), "suggestion") == ()


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
        ("It would be really nice if you opened on Sundays. It'd be great if you had a chat.", 2),
        ("You should be open on Sundays.", 1),
        ("The bot can't answer my questions, you should improve it.", 1),
        ("I wish you took cards.", 1),
        ("Why don't you answer my emails?", 0),
        ("You should be receiving the parcel tomorrow.", 0),
        ("I don't know what you should do.", 0),
        ("It would be great if you could help me.", 0),
        ("You should refund my money.", 0),
        ("I wish you a nice day.", 0),
        ("It would be better if you could check my order online.", 1),
        ("It would be nice if you could tell me earlier.", 1),
        ("You should help me and other customers by adding a chat.", 1),
        ("I suggest you tell people what you should bring.", 1),
        ("I wish you a better app.", 1),
        ("I wish you all had a chat.", 1),
        ("The bot couldn't help me, you should add a person.", 1),
        ("It would be great if you could tell me where my order is.", 0),
        ("It would be nice if I could check my order in the app.", 1),
        ("I wish you all the best.", 0),
        ("You should really just send me my money.", 0),
        ("I wish there was a way you can help me.", 0),
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


def test_own_excuses_take_the_place_of_the_shipped_about_the_own_order() -> None:
    call = drawn("customer 0-9: 希望你们尽快给我退款")
    assert len(findings(call, "suggestion", **{"except": ["没有"]})) == 1


def test_own_phrases_leave_no_shipped_wishes() -> None:
    call = drawn("customer 0-9: 要是快一点就好了")
    assert len(findings(call, "suggestion")) == 1
    assert findings(call, "suggestion", phrases=["最好"]) == ()


def test_boundaries_are_those_of_the_sentence() -> None:
    call = drawn("customer 0-10: 好的。我建议改小一点。谢")
    assert spans(findings(call, "suggestion")) == [(2, 9)]
