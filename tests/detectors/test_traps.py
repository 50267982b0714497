"""The traps of a call centre's standard that go by words: what looks like a fault, and is none.

Thanks that a recogniser invents on silence: `tests/pipeline/test_thanks_on_silence.py`.
"""

from typing import Any

import pytest

from tests.detectors.looking import drawn, findings

BRUSH_OFF = {"role": "agent", "any_of": ["不知道", "不清楚", "不明白"]} | {
    "except": ["您不知道", "您不清楚", "您不明白", "不清楚的话"],
    "except_within": "hit",
}
HELLO = {"role": "agent", "any_of": ["喂"], "except": ["能听到", "听得到"]}
PHONE = "customer 0-11: 幺三八零零幺三八零零零\n"

#: What is looked for; a call in which it is only apparent; one in which it is there.
TRAPS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "the customer quoted": (
        "phrase", BRUSH_OFF, "agent 0-4: 您不清楚的话，我再说一遍。", "agent 0-4: 这个我不清楚。",
    ),
    "quoted, and then brushed off after all": (
        "phrase", BRUSH_OFF, "agent 0-4: 您不明白可以问我。", "agent 0-4: 您不明白，我也不明白。",
    ),
    "the line is checked": (
        "phrase", HELLO, "agent 0-4: 喂，您好，能听到吗？", "agent 0-4: 喂，说。",
    ),
    "an ordinary 这个": ("filler", {}, "agent 0-4: 这个杯子很好", "agent 0-4: 这个，这个杯子"),
    "an ordinary 那个": ("filler", {}, "agent 0-4: 您要那个吗", "agent 0-4: 那个，您要吗"),
    "an ordinary 啊": ("filler", {}, "agent 0-4: 是啊。您看", "agent 0-4: 啊，您看"),
    "a back-channel is no filler": ("filler", {}, "agent 0-1: 嗯嗯，好的", "agent 0-4: 嗯，您看"),
    "您 is not 你": (
        "phrase", {"any_of": ["你"]}, "agent 0-4: 请问您贵姓？", "agent 0-4: 你姓什么？",
    ),
    "妳 is 你": ("phrase", {"any_of": ["您"]}, "agent 0-4: 妳姓什么？", "agent 0-4: 您姓什么？"),
    "您 and 你 ask the same": (
        "repeated_question",
        {},
        "agent 0-4: 您姓什么？\nagent 5-9: 你姓什么？",
        "agent 0-4: 您姓什么？\ncustomer 4-5: 姓王\nagent 5-9: 你姓什么？",
    ),
    "read back in another grouping": (
        "read_back",
        {},
        PHONE + "agent 12-20: 一三八零，零一三八，零零零",
        PHONE + "agent 12-13: 好",
    ),
    "read back as 一 for 幺, and in figures": (
        "read_back",
        {},
        PHONE + "agent 12-20: 是13800一三八000吗",
        PHONE + "agent 12-20: 是13800一三九000吗",
    ),
    "read back in hundreds": (
        "read_back", {}, PHONE + "agent 12-20: 一百三十八，零零一三，八千",
        PHONE + "agent 12-20: 一百三十九，零零一三，八千",
    ),
    "suggested to the customer": (
        "suggestion", {}, "agent 0-4: 我建议您买大的。", "customer 0-4: 我建议你们改。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("detector", "keys", "apparent", "real"), TRAPS.values(), ids=TRAPS)
def test_what_is_only_apparent_is_not_found(
    detector: str, keys: dict[str, Any], apparent: str, real: str
) -> None:
    assert findings(drawn(apparent), detector, **keys) == ()
    assert len(findings(drawn(real), detector, **keys)) == 1
