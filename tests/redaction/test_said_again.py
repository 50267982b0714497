"""A number that was verified once is masked in every form that it is said in, and its tail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.language.normalise import normalise
from qa_pipeline.redaction import redact
from qa_pipeline.redaction.reading import has_numerals
from qa_pipeline.redaction.sayings import _runs, sayings
from tests.redaction.test_redaction import KEY, masked

PHONE = "customer 0-5: 13800138000\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("agent 6-9: 一百三十八零零一三八千", "［电话 11 位］", id="hundreds"),
        pytest.param("agent 6-9: 一百三十八，零零一三，八零零零", "［电话 11 位］", id="mixed"),
        pytest.param("agent 6-9: 尾号八零零零对吗", "尾号［电话尾号 4 位］对吗", id="the tail"),
        pytest.param("agent 6-9: 尾号8000。", "尾号［电话尾号 4 位］。", id="the tail in figures"),
        pytest.param("agent 6-9: 尾号八千", "尾号［电话尾号 4 位］", id="the tail as a thousand"),
        pytest.param("customer 6-9: 尾号8000", "尾号8000", id="the giver's own four digits"),
        pytest.param("agent 6-9: 尾号8001", "尾号8001", id="other digits"),
        pytest.param("agent 6-9: 编号18000", "编号18000", id="part of a longer number"),
        pytest.param("agent 6-9: 一百三十八元", "一百三十八元", id="a part in hundreds"),
    ],
)
def test_said_again(text: str, shown: str) -> None:
    assert masked(PHONE + text)[1] == shown


def test_what_comes_before_the_verified_form_is_masked_too_and_the_tail_is_not() -> None:
    before = (
        "agent 0-1: 一百三十八零零一三八零零零吗\nagent 1-2: 尾号8000\ncustomer 3-9: 13800138000"
    )
    assert masked(before) == ["［电话 11 位］吗", "尾号8000", "［电话 11 位］"]


def test_english_tails_and_forms() -> None:
    text = (
        "customer 0-5: 212 555 0187\nagent 6-9: two twelve, triple five, zero one eighty seven\n"
        "agent 10-12: ending in oh one eight seven"
    )
    assert masked(text, "en") == [
        "[phone 10 digits]",
        "[phone 10 digits]",
        "ending in [phone, last 4]",
    ]


def test_a_tail_has_the_number_s_tail_token_for_both_and_four_digits() -> None:
    turns = parse_dialogue(PHONE + "agent 6-9: 8000", "t", "zh").turns or ()
    whole, tail = (w.masked for turn in redact(turns, KEY).turns for w in turn.words if w.masked)
    assert whole is not None
    assert tail is not None
    assert (tail.token, tail.tail_token, tail.n_digits) == (whole.tail_token, whole.tail_token, 4)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["13800138000", "一百三十八零零一三八千", "8000", "嗯", "好的", "八零零零，对"]
        ),
        min_size=1,
        max_size=8,
    )
)
def test_redacting_twice_changes_nothing(said: list[str]) -> None:
    lines = [
        f"{'agent' if i % 2 else 'customer'} {i}-{i + 1}: {text}" for i, text in enumerate(said)
    ]
    once = redact(parse_dialogue("\n".join(lines), "t", "zh").turns or (), KEY)
    assert redact(once.turns, KEY) == once


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("幺三八零零", ["13800"]),
        ("一百零八和一百三", ["108", "130"]),
        ("五千五，十八，二十，一万两千三百四十五", ["5500182012345"]),
        ("T Y 二零二六，AB-12", ["TY2026AB12"]),
        ("三个零一二", ["00012"]),
        ("one thirty eight double five oh", ["138550"]),
        ("one hundred and eight, nineteen", ["10819"]),
        ("twelve thousand three hundred and forty five", ["12345"]),
        ("two thousand twenty six", ["2026"]),
        ("iPhone15", ["IPHONE15"]),
        ("1,299.00元", []),
        ("2026-11-27", []),
        ("10:30/11:45", ["10", "30", "11", "45"]),
        ("someone often", []),
    ],
)
def test_what_is_read_as_one_number(text: str, codes: list[str]) -> None:
    assert [saying.code for saying in sayings(text)] == codes


@pytest.mark.parametrize("n", range(2, 9999, 37))
def test_chinese_numerals_are_read_by_their_value(n: int) -> None:
    said = _in_chinese(n)
    assert [saying.code for saying in sayings(f"是{said}元")] == ([str(n)] if n > 9 else [])


def _in_chinese(n: int) -> str:
    digits = "零一二三四五六七八九"
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            said += ("零" if zero and said else "") + digits[digit] + name
        zero = digit == 0
    return said.replace("一十", "十", 1) if said.startswith("一十") else said


_PIECES = st.sampled_from(
    [
        *("一", "零", "幺", "三个", "十", "百", "千", "，", " ", "嗯", "1", "2", "好的"),
        *("one ", "oh ", "double ", "thirty ", "hundred ", "and ", "a", "x"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_the_quick_look_misses_no_number(text: str) -> None:
    plain = normalise(text).text
    codes = ("".join(part.code for part in run) for run in _runs(plain))
    longest = max((sum(map(str.isdigit, code)) for code in codes), default=0)
    if longest >= 4:
        assert has_numerals(plain, at_least=2)


def test_a_hostile_run_is_read_quickly() -> None:
    text = "1 " * 3_000 + "13800138000"
    turns = parse_dialogue(f"customer 0-9: {text}\nagent 10-19: {text}", "t", "zh").turns or ()
    assert len(redact(turns, KEY).turns) == 2
    assert sayings("一百" * 3_000)
