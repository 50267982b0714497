import pytest

from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.passage import passage_of
from qa_pipeline.language.patterns import find_pattern, pattern_problem
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span


def found(text: str, pattern: str) -> list[str]:
    passage = passage_of(Turn("agent", 0, 0.0, 9.0, spread_words(text, Span(0, 9), "zh")), "zh")
    return [passage.text[start:end] for start, end in find_pattern(pattern, passage)]


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        pytest.param("月费18元、月费9元", "月费[0-9]+元", ["月费18元", "月费9元"], id="digits"),
        pytest.param("您好，请问", "您好，请", ["您好，请"], id="a full-width mark finds itself"),
        pytest.param("您好,请问", "您好，请", ["您好,请"], id="and its ASCII form"),
        pytest.param("对吗？好", "对吗？好", ["对吗？好"], id="a full-width ？ is no operator"),
        pytest.param("（含税）", "（含税）", ["（含税）"], id="full-width brackets are no group"),
        pytest.param("（含税）", r"\（含税\）", ["（含税）"], id="nor are those that were escaped"),
        pytest.param("等……好", "等…+好", ["等……好"], id="an ellipsis can be repeated"),
        pytest.param("為您服務", "为您服务", ["為您服務"], id="traditional text"),
        pytest.param("为您服务", "為您服務", ["为您服务"], id="traditional pattern"),
        pytest.param("Wifi wifi", "wifi", ["wifi"], id="case-sensitive"),
        pytest.param("Wifi wifi", "(?i)wifi", ["Wifi", "wifi"], id="unless asked"),
        pytest.param("5㎏", "5kg", ["5㎏"], id="one character is many"),
        pytest.param("您好", "(?P<x>您)好", ["您好"], id="a named group"),
        pytest.param(r"您\C好", r"您\\C", [r"您\C"], id="an escaped backslash and C"),
        pytest.param(r"您\C好", r"\Q您\C\E好", [r"您\C好"], id="a quoted backslash and C"),
        pytest.param("您好9月", r"\pN月", ["9月"], id="a kind of character"),
        pytest.param("您好", r"好\z", ["好"], id="at the end"),
        pytest.param("您好", r"\A您", ["您"], id="at the start"),
        pytest.param("您好", "(?s)您.", ["您好"], id="any character at all"),
        pytest.param("您ok好", r"\P{Han}+", ["ok"], id="all but Han characters"),
        pytest.param("ab您好", r"(|a)b", ["ab"], id="an empty branch"),
        pytest.param("ok好", r"\bok|好", ["ok", "好"], id="a word border before letters"),
        pytest.param("没有", "您", [], id="nothing"),
    ],
)
def test_finds(text: str, pattern: str, expected: list[str]) -> None:
    assert pattern_problem(pattern) is None
    assert found(text, pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "offset", "says"),
    [
        pytest.param("您(?=好)", 1, "look-around", id="look-ahead"),
        pytest.param("(?!您)好", 0, "look-around", id="negative look-ahead"),
        pytest.param("(?<=您)好", 0, "look-around", id="look-behind"),
        pytest.param("a(?<!b)", 1, "look-around", id="negative look-behind"),
        pytest.param(r"(您)\1", 3, "back-references", id="back-reference"),
        pytest.param(r"(?P<a>您)(?P=a)", 8, "back-references", id="named back-reference"),
        pytest.param(r"投诉\b", 2, r"\b", id="word border after Han"),
        pytest.param(r"\b投诉", 0, r"\b", id="word border before Han"),
        pytest.param(r"\B投诉", 0, r"\B", id="no word border before Han"),
        pytest.param(r"\w+投诉", 0, r"\w", id="repeated word character before Han"),
        pytest.param(r"投诉(?:\w)?", 5, r"\w", id="through a group"),
        pytest.param(r"您{2}\w", 4, r"\w", id="through a counter"),
        pytest.param(r"[\w您]", 0, r"\w", id="in one class"),
        pytest.param(r"[您你]\b", 4, r"\b", id="after a class with Han"),
        pytest.param(r"\p{Han}\b", 7, r"\b", id="after the Han class"),
        pytest.param("投诉[", 0, "RE2", id="what RE2 refuses"),
        pytest.param("a{1001}", 0, "RE2", id="RE2's own bounds"),
        pytest.param("您*", 0, "empty text", id="matches nothing at all"),
        pytest.param(r"\z", 0, "empty text", id="an end alone"),
        pytest.param("(?m)^", 0, "empty text", id="a start alone"),
        pytest.param(r"\b", 0, "empty text", id="a word border alone"),
        pytest.param(r"\bok|\b", 0, "empty text", id="a word border in place of a word"),
        pytest.param(r"\b(?:ok)?", 0, "empty text", id="a word border before what may be left out"),
        pytest.param(r"\C", 0, "a byte", id="a byte"),
        pytest.param(r"您\C好", 1, "a byte", id="a byte among characters"),
        pytest.param(r"(?:您|\C)+", 5, "a byte", id="a byte in a group"),
        pytest.param(r"\\\C", 2, "a byte", id="a byte after a backslash"),
        pytest.param(r"\Q(\E您\C", 6, "a byte", id="a byte after a quoted bracket"),
        pytest.param("您\\Ｃ", 1, "a byte", id="a byte written with a full-width letter"),
        pytest.param("5㎏\\C", 2, "a byte", id="a byte after one character that is many"),
        pytest.param(r"[您\C]", 0, "RE2", id="a byte in a class"),
    ],
)
def test_refused_with_place_and_fix(pattern: str, offset: int, says: str) -> None:
    problem = pattern_problem(pattern)
    assert problem is not None
    assert problem.offset == offset
    assert says in problem.what.en
    assert problem.fix.en
    assert problem.fix.zh != problem.fix.en


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\bok\b", id="word borders among ASCII"),
        pytest.param(r"\w+@\w+", id="word characters among ASCII"),
        pytest.param(r"您.\b", id="not beside"),
        pytest.param(r"\d{3}元", id="digits beside Han are ASCII digits"),
        pytest.param(r"\\b投诉", id="an escaped backslash"),
        pytest.param(r"(?i:ok)您", id="a flag group"),
    ],
)
def test_accepted(pattern: str) -> None:
    assert pattern_problem(pattern) is None


def test_a_pattern_that_backtracks_elsewhere_is_linear() -> None:
    assert found("a" * 5_000 + "！", "(a+)+b") == []
