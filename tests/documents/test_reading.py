"""YAML 1.2 core with places: what values are, where they stand, and what is refused, quickly."""

import math
import re
import time
from typing import Any

import pytest

from qa_pipeline.documents import Document, Place, read_document
from qa_pipeline.errors import DocumentRefused


def read(text: str) -> Document:
    return read_document(text.encode(), "card.yaml")


def refused(raw: bytes | str) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read_document(raw.encode() if isinstance(raw, str) else raw, "card.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("no", "no", id="no-is-a-word"),
        pytest.param("on", "on", id="on-is-a-word"),
        pytest.param("12:30", "12:30", id="no-sexagesimal"),
        pytest.param("2026-10-01", "2026-10-01", id="a-date-is-text"),
        pytest.param("010", 10, id="a-leading-zero-is-decimal"),
        pytest.param("0o17", 15, id="octal"),
        pytest.param("0xFF", 255, id="hexadecimal"),
        pytest.param("1_000", "1_000", id="no-underscores"),
        pytest.param("-7", -7, id="negative"),
        pytest.param("0.5", 0.5, id="decimal"),
        pytest.param(".5", 0.5, id="bare-decimal"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param("-.inf", -math.inf, id="infinity"),
        pytest.param("true", True, id="true"),
        pytest.param("yes", "yes", id="yes-is-a-word"),
        pytest.param("~", None, id="tilde"),
        pytest.param("", None, id="empty"),
        pytest.param("'true'", "true", id="quoted"),
        pytest.param('"400"', "400", id="quoted-number"),
        pytest.param("9" * 301, "9" * 301, id="too-long-for-a-number"),
        pytest.param("您好", "您好", id="chinese"),
    ],
)
def test_scalars_are_what_they_look_like(written: str, value: object) -> None:
    found = read(f"key: {written}\n").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_two_escapes_of_json_are_one_character() -> None:
    assert read('{"\\ud83d\\ude00": "a\\ud840\\udc00b\\u597d"}').data == {"😀": "a𠀀b好"}


def test_byte_order_mark_is_no_character() -> None:
    with_mark = read_document("\ufeffa: 1\nb: x\n".encode(), "card.yaml")
    assert with_mark.data == {"a": 1, "b": "x"}
    assert with_mark.place(("a",), key=True) == Place(1, 1)


def test_empty_file_is_an_empty_mapping() -> None:
    assert read("").data == {}
    assert read("# nothing but a comment\n").data == {}


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_in_three_ways(line_break: str) -> None:
    document = read(line_break.join(["a: 1", "b:", "  - x", "  - y"]))
    assert document.place(("b", 1)) == Place(4, 5)


def test_places_count_characters_not_bytes() -> None:
    document = read("标题: {中文: 您好, en: x}\n𠀀: y\n")
    assert document.place(("标题", "en"), key=True) == Place(1, 14)
    assert document.place(("𠀀",)) == Place(2, 4)


@pytest.mark.parametrize(
    ("text", "character", "place"),
    [
        pytest.param("k: foo and bar", 8, Place(1, 12), id="plain"),
        pytest.param("k: 'a''b cd'", 4, Place(1, 10), id="single-quoted-escape-is-one"),
        pytest.param('k: "a\\u4f60b cd"', 4, Place(1, 14), id="double-quoted-escape-is-one"),
        pytest.param("k: >-\n   foo and\n   bar", 8, Place(3, 4), id="folded"),
        pytest.param("k: |\n  foo\n  bar\n", 4, Place(3, 3), id="literal"),
        pytest.param("k: foo\n  and bar", 4, Place(2, 3), id="plain-over-lines"),
        pytest.param("k: foo and", 10, Place(1, 11), id="after-the-last"),
        pytest.param("k: 'foo'", 0, Place(1, 5), id="first-inside-quotes"),
    ],
)
def test_a_texts_character_has_a_place(text: str, character: int, place: Place) -> None:
    assert read(text).place(("k",), character=character) == place


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("a: 1\nb: !!str 2\n", "2:4", id="tag"),
        pytest.param("a: !x 1\n", "1:4", id="own-tag"),
        pytest.param("a: &here 1\n", "1:4", id="anchor"),
        pytest.param("a: 1\nb: *here\n", "2:4", id="alias"),
        pytest.param("a: {b: 1, c: 2, b: 3}\n", "1:17", id="duplicate-key-at-the-second"),
        pytest.param("a: .nan\n", "1:4", id="not-a-number"),
        pytest.param("a: 1\n---\nb: 2\n", "2:1", id="second-document"),
        pytest.param("%YAML 1.1\n---\na: 1\n", "1:1", id="directive-of-another-version"),
        pytest.param("%YAML 1.2\n# x\n%TAG ! x:\n---\na: 1\n", "3:1", id="another-directive"),
        pytest.param('a: ["x", "\\ud83d"]\n', "1:10", id="half-a-character"),
        pytest.param('a: 1\n"\\ude00": 2\n', "2:1", id="half-a-character-as-key"),
        pytest.param("? [a, b]\n: 1\n", "1:3", id="a-list-as-key"),
        pytest.param("a: [1, 2\n", "2:1", id="open-bracket"),
        pytest.param("a: b: c\n", "1:5", id="second-colon"),
        pytest.param("a:\n\t- x\n", "2:1", id="tab"),
        pytest.param("a: x\x00y\n", "1:5", id="control-character"),
    ],
)
def test_form_is_refused_at_its_place(text: str, where: str) -> None:
    assert refused(text).errors[0].where == f"card.yaml:{where}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: [1, 2\n", id="open bracket"),
        pytest.param("a: b: c\n", id="second colon"),
        pytest.param("a:\n\t- x\n", id="tab"),
        pytest.param("a: 'b\n", id="open quotation mark"),
        pytest.param("a: [, 1]\n", id="no value"),
        pytest.param("a: - b\n", id="list item beside a key"),
        pytest.param("a: ? b\n", id="question mark beside a key"),
        pytest.param("a: | b\n  c\n", id="text beside a block's mark"),
        pytest.param("a: > {b}\n  c\n", id="bracket beside a block's mark"),
        pytest.param("[a]\nb: 1\n", id="a mapping after a list"),
        pytest.param('a: "\\q"\n', id="escape"),
    ],
)
def test_what_breaks_the_form_is_told_in_chinese_too(text: str) -> None:
    what = refused(text).errors[0].what
    assert re.search(r"[a-z]{4}", what.zh) is None, what.zh


def test_two_words_for_one_key_are_told_together() -> None:
    errors = refused("a: 1\na: 2\nb: .nan\nc: {d: 1, d: 2}\n").errors
    assert [error.where for error in errors] == [
        "card.yaml:2:1",
        "card.yaml:3:4",
        "card.yaml:4:11",
    ]
    assert errors[0].got == '"a"'


def test_bytes_that_are_not_utf8_are_placed_in_characters() -> None:
    error = refused("您好: ".encode() + b"\xff\n").errors[0]
    assert error.where == "card.yaml:1:5"
    assert error.got == "byte 0xFF"


def test_utf16_is_refused() -> None:
    assert refused("a: 1".encode("utf-16")).errors[0].where == "card.yaml:1:1"


def test_nesting_is_bounded_at_32() -> None:
    assert read("[" * 32 + "]" * 32).data is not None
    assert refused("[" * 33 + "]" * 33).errors[0].where == "card.yaml:1:33"
    blocks = "".join(" " * depth + "a:\n" for depth in range(40))
    assert refused(blocks).errors[0].where == "card.yaml:33:33"


def test_a_megabyte_is_the_limit() -> None:
    line = "# " + "x" * 97 + "\n"
    assert read(line * 10_000).data == {}
    assert refused(line * 10_000 + "#").errors[0].got == "1000001 bytes"


def test_ten_thousand_phrases_are_a_list_that_somebody_may_write() -> None:
    lines = "".join(f"  - phrase {n}\n" for n in range(10_000))
    assert len(read(f"any_of:\n{lines}").data["any_of"]) == 10_000
    error = refused("- phrase\n" * 13_000).errors[0]
    assert error.what.en == "more than 12,000 values"


HOSTILE: dict[str, Any] = {
    "open-brackets": "[" * 900_000,
    "open-braces": "{a: " * 200_000,
    "dashes": "- " * 450_000,
    "question-marks": "? " * 450_000,
    "exclamation-marks": "!" * 900_000,
    "tags-in-lines": ("!" * 9_900 + "\n") * 90,
    "anchor": "a: &" + "a" * 900_000,
    "billion-laughs": "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n",
    "long-number": "a: " + "9" * 9_990,
    "many-numbers": "".join(f"k{i}: {'9' * 290}\n" for i in range(600)),
    "many-keys": "".join(f"k{i}: v{i}\n" for i in range(19_000)),
    "same-key": "a: 1\n" * 9_000,
    "many-items": "- a\n" * 200_000,
    "plain-words": "a: x\n" + " x y z\n" * 19_000,
    "folded": "a: >\n" + "\n x\n" * 9_000,
    "quoted-over-lines": 'a: "x\n' + " xx\n" * 19_000 + '"',
    "directives": "%a b\n" * 190_000,
    "documents": "---\na\n" * 9_000,
    "colons": "a" + ":" * 9_900,
    "blank": " " * 900_000,
    "nul": "\0" * 900_000,
}


def seconds_to_answer(text: str) -> tuple[float, bool]:
    """Return the processor time until a file is read or refused, and which it was."""
    start = time.process_time()
    try:
        read(text)
    except DocumentRefused:
        return time.process_time() - start, True
    return time.process_time() - start, False


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_hold_nobody_up(text: str) -> None:
    """Unbounded, these took 10 to 35 s; bounded, well under one. Room for a busy machine."""
    spent_s, _ = seconds_to_answer(text)
    assert spent_s < 6
