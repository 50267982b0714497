"""RE2 patterns over a turn's normalised text, and what a pattern may not contain.

A pattern goes through the same normaliser as the text: `，` finds `,`, 為 finds 为. Only its
literal characters change; a full-width mark never turns into an operator.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

import re2

from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.problems import Problem
from qa_pipeline.language.units import is_han
from qa_pipeline.texts import Text, same

#: Memory that one compiled pattern may take: RE2's default.
_MAX_MEMORY_BYTES = 8 << 20
#: One element of a pattern: an escape, a class, an operator or group sign, a literal.
_ELEMENT = re.compile(
    r"\\Q.*?(?:\\E|$)|\\[pP](?:\{\^?\w+\}|.)|\\x\{[0-9a-fA-F]+\}|\\."
    r"|\[\^?\]?(?:\\[pP]\{\^?\w+\}|\\.|\[:\^?\w+:\]|[^\]\\])*\]"
    r"|\(\?P?<[=!]|\(\?P=\w*\)?|\(\?[=!>]|\(\?P<\w+>|\(\?[a-zA-Z-]*[:)]|\{\d+,?\d*\}"
    r"|.",
    re.DOTALL,
)
_SILENT = re.compile(r"[*+?()|]|\{\d+,?\d*\}|\(\?.*")
_LOOK_AROUND = ("(?=", "(?!", "(?<=", "(?<!", "(?>")
_ASCII_ONLY = ("\\b", "\\B", "\\w")
#: In one of these a pattern that can match no character does; `\b` needs a letter beside it.
_SHORT = ("", "a")


def pattern_problem(pattern: str) -> Problem | None:
    """Return why `pattern` is refused, or None; RE2's own refusals included."""
    text, starts = _spelt(pattern)
    elements = [(starts[match.start()], match.group()) for match in _ELEMENT.finditer(text)]
    for offset, element in elements:
        if problem := _refused_element(offset, element):
            return problem
    if problem := _ascii_beside_han(elements):
        return problem
    try:
        compiled = _compile(pattern)
    except re2.error as error:
        return Problem(
            0,
            same(f"RE2: {_message(error)}"),
            Text(
                en="write the pattern in RE2 syntax (github.com/google/re2/wiki/Syntax)",
                zh="请按 RE2 语法书写（github.com/google/re2/wiki/Syntax）",
            ),
        )
    if any(match.end() == match.start() for text in _SHORT for match in compiled.finditer(text)):
        return Problem(
            0,
            Text(en="the pattern matches the empty text", zh="该正则表达式会匹配空文本"),
            Text(en="make at least one character compulsory", zh="请至少要求一个必有的字符"),
        )
    return None


def find_pattern(pattern: str, passage: Passage) -> tuple[tuple[int, int], ...]:
    """Return the character offsets of every match in the passage's text, left to right."""
    plain = passage.plain
    return tuple(
        (plain.starts[match.start()], plain.ends[match.end() - 1])
        for match in _compile(pattern).finditer(plain.text)
        if match.end() > match.start()
    )


def _refused_element(offset: int, element: str) -> Problem | None:
    if element.startswith(_LOOK_AROUND):
        return Problem(
            offset,
            Text(en="look-around is not supported", zh="不支持环视（look-around）"),
            Text(
                en="list what excuses a hit under except, or what must come before under after",
                zh="请把排除的说法写入 except，把须先出现的写入 after",
            ),
        )
    if re.fullmatch(r"\\[1-9]", element) or element.startswith("(?P="):
        return Problem(
            offset,
            Text(en="back-references are not supported", zh="不支持反向引用"),
            Text(en="write the repeated text out", zh="请把重复的内容直接写出"),
        )
    if element == "\\C":  # a match could begin or end inside a character
        return Problem(
            offset,
            Text(en="\\C matches a byte, not a character", zh="\\C 匹配的是字节，不是字符"),
            Text(
                en="write . for any character, or \\\\C for a backslash and C",
                zh="任意字符请写 .；若要匹配反斜杠加 C 请写 \\\\C",
            ),
        )
    return None


def _ascii_beside_han(elements: list[tuple[int, str]]) -> Problem | None:
    r"""Refuse `\b`, `\B` and `\w` next to a Han character: RE2 knows them for ASCII only."""
    heard = [(offset, e) for offset, e in elements if not _SILENT.fullmatch(e)]
    neighbours = pairwise(heard)
    faults = [a if _ascii_only(a[1]) else b for a, b in neighbours if _clash(a[1], b[1])]
    faults += [(offset, e) for offset, e in heard if _ascii_only(e) and _has_han(e)]
    if not faults:
        return None
    offset, element = min(faults)
    shown = element if element in _ASCII_ONLY else "\\w"
    return Problem(
        offset,
        Text(
            en=f"{shown} beside a Chinese character never means what it seems: it knows only ASCII",
            zh=f"{shown} 只识别 ASCII，与汉字相邻时不起预期作用",
        ),
        Text(
            en="leave it out, or write [\\p{Han}] for any Chinese character",
            zh="请删去，或用 [\\p{Han}] 表示任意汉字",
        ),
    )


def _clash(a: str, b: str) -> bool:
    return (_ascii_only(a) and _has_han(b)) or (_has_han(a) and _ascii_only(b))


def _ascii_only(element: str) -> bool:
    return element in _ASCII_ONLY or (element.startswith("[") and "\\w" in element)


def _has_han(element: str) -> bool:
    return "\\p{Han}" in element or any(is_han(character) for character in element)


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY_BYTES
    return re2.compile(_spelt(pattern)[0], options)


def _spelt(pattern: str) -> tuple[str, list[int]]:
    """Return the pattern normalised, and for each of its characters where it was written.

    Marks that become operators are escaped, unless the person did.
    """
    plain = normalise(pattern)
    text, starts, is_escaped = "", list[int](), False
    for character, start in zip(plain.text, plain.starts, strict=True):
        written = pattern[start]
        is_new_mark = character.isascii() and not written.isascii() and not character.isalnum()
        spelt = re2.escape(character) if is_new_mark and not is_escaped else character
        text += spelt
        starts += [start] * len(spelt)
        is_escaped = written == "\\" and not is_escaped
    return text, starts


def _message(error: Exception) -> str:
    raw = error.args[0] if error.args else ""
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
