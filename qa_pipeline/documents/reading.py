"""Reads YAML 1.2 core into located values, refusing what a person would not write.

Tags, anchors, aliases, duplicate keys and not-a-number are refused: a file says one thing, once.
"""

import math
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from qa_pipeline.documents.form import check_density, control, decoded, refused, syntax
from qa_pipeline.documents.places import Document, Fault, Lines, Located, quoted, refusal
from qa_pipeline.errors import DocumentRefused, WrongUse
from qa_pipeline.texts import Text

MAX_NESTING = 32
#: A scorecard has hundreds of values and may list ten thousand phrases; more would hold the scanner
#: longer than a person waits for a refusal.
MAX_VALUES = 12_000


def read_document(raw: bytes, where: str) -> Document:
    """Read one YAML 1.2 document.

    Raises
    ------
    DocumentRefused
        With every fault of form, in order of place; only the first where reading cannot go on.
    """
    document = read_leniently(raw, where)
    if document.faults:
        raise refusal(document.faults)
    return document


def read_leniently(raw: bytes, where: str) -> Document:
    """Read a document, keeping the faults that allow reading on in `faults`.

    So one refusal can tell them together with faults of shape. Raises DocumentRefused for others.
    """
    text = decoded(raw, where)
    lines = Lines(text, where)
    check_density(text, lines)
    reader = _Reader(lines, text)
    try:
        root = reader.read()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = mark.index if mark is not None else 0
        raise DocumentRefused((syntax(lines.say(offset), error.problem or ""),)) from None
    except ReaderError as error:
        raise DocumentRefused((control(lines.say(error.position)),)) from None
    except YAMLStreamError as error:
        raise DocumentRefused((syntax(lines.say(0), str(error)),)) from None
    return Document(where, root.plain(), root, lines, tuple(reader.faults))


_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_MAX_DIGITS = 300
#: What is refused before a document: all but its own version.
_DIRECTIVE = re.compile(r"^%(?!YAML +1\.2\s)", re.MULTILINE)


def _scalar(text: str) -> Any:
    """Return what an unquoted scalar is in the YAML 1.2 core schema (ch. 10.3.2)."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) <= _MAX_DIGITS:
        if _INTEGER.fullmatch(text):
            digits = text[2:] if text[:2] in ("0o", "0x") else text
            return int(digits, {"0o": 8, "0x": 16}.get(text[:2], 10))
        if _FLOAT.fullmatch(text):
            return float(text)
    if infinite := _INFINITE.fullmatch(text):
        return -math.inf if infinite[1] == "-" else math.inf
    return text


class _Reader:
    """Builds located values from the parser's events, refusing as early as it can."""

    def __init__(self, lines: Lines, text: str) -> None:
        self._lines = lines
        self._text = text
        self._events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(StringIO(text)))
        self._n_values = 0
        self.faults: list[Fault] = []

    def read(self) -> Located:
        root: Located | None = None
        for event in self._events:
            match event:
                case DocumentStartEvent() if root is not None:
                    raise self._refuse(
                        event,
                        Text(en="a second document in one file", zh="一个文件中有第二个文档"),
                        Text(en="keep one document in a file", zh="每个文件只保留一个文档"),
                    )
                case DocumentStartEvent():
                    self._check_directives(event)
                case ScalarEvent() | AliasEvent() | SequenceStartEvent() | MappingStartEvent():
                    root = self._node(event, 1)
                case StreamEndEvent():
                    break
        return root if root is not None else Located({}, 0)

    def _check_directives(self, event: DocumentStartEvent) -> None:
        if event.tags or event.version not in (None, (1, 2)):
            written = _DIRECTIVE.search(self._text, 0, event.start_mark.index)
            raise refused(
                self._lines.say(written.start() if written else event.start_mark.index),
                Text(en="directives are not allowed", zh="不允许使用 YAML 指令"),
                Text(en="delete the lines that start with %", zh="请删除以 % 开头的行"),
            )

    def _node(self, event: Event, depth: int) -> Located:
        self._check(event, depth)
        match event:
            case ScalarEvent():
                return self._leaf(event)
            case AliasEvent():
                return Located(None, event.start_mark.index)
            case SequenceStartEvent():
                items: list[Located] = []
                while not isinstance(following := next(self._events), SequenceEndEvent):
                    items.append(self._node(following, depth + 1))
                return Located(items, event.start_mark.index)
            case _:
                return self._mapping(event, depth)

    def _mapping(self, start: Event, depth: int) -> Located:
        entries: dict[str, Located] = {}
        keys: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            self._check(event, depth)
            if not isinstance(event, ScalarEvent):
                raise self._refuse(
                    event,
                    Text(en="a key must be a word", zh="键必须是一个词"),
                    Text(
                        en="quote the key, or write a list instead", zh="给键加引号，或改写为列表"
                    ),
                )
            key = self._characters(event)
            value = self._node(next(self._events), depth + 1)
            if key in entries:
                self._keep(
                    event,
                    Text(en="the key stands here for the second time", zh="此键重复出现"),
                    Text(en="keep one of the two", zh="两处只保留一处"),
                    got=quoted(key),
                )
                continue
            if value.raw == "" and value.value is None:
                value = Located(None, event.start_mark.index)  # nothing written: tell it at the key
            entries[key] = value
            keys[key] = event.start_mark.index
        return Located(entries, start.start_mark.index, keys)

    def _leaf(self, event: ScalarEvent) -> Located:
        start, end = event.start_mark.index, event.end_mark.index
        raw = self._text[start:end]
        if event.style is not None and event.style != "":
            return Located(self._characters(event), start, raw=raw, style=event.style)
        if _NAN.fullmatch(event.value):
            self._keep(
                event,
                Text(en="not a number", zh="这不是数值"),
                Text(en="write a number, or quote the text", zh="请写数值；若是文本请加引号"),
                got=event.value,
            )
        return Located(_scalar(event.value), start, raw=raw)

    def _characters(self, event: ScalarEvent) -> str:
        """Return the text: two escapes may make a character, as in JSON; half of one makes none."""
        halves: bytes = event.value.encode("utf-16", "surrogatepass")
        try:
            return halves.decode("utf-16")
        except UnicodeDecodeError:
            self._keep(
                event,
                Text(en="an escape that is no character", zh="此转义不是有效的字符"),
                Text(en="write the character itself", zh="请直接写出该字符"),
            )
            return halves.decode("utf-16", "replace")

    def _check(self, event: Event, depth: int) -> None:
        self._n_values += 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            self._keep(
                event,
                Text(
                    en="anchors and aliases (& and *) are not allowed",
                    zh="不允许使用锚点和别名（& 与 *）",
                ),
                Text(
                    en="write the value where it is used, or quote a text",
                    zh="请在使用处直接写出；若是文本请加引号",
                ),
            )
        if getattr(event, "tag", None) is not None:
            self._keep(
                event,
                Text(en="tags (!) are not allowed", zh="不允许使用标签（!）"),
                Text(
                    en="delete the tag, or quote a text that starts with !",
                    zh="请删除标签；以 ! 开头的文本请加引号",
                ),
            )
        is_collection = isinstance(event, SequenceStartEvent | MappingStartEvent)
        if is_collection and depth > MAX_NESTING:
            raise self._refuse(
                event,
                Text(en=f"nested deeper than {MAX_NESTING}", zh=f"嵌套超过 {MAX_NESTING} 层"),
                Text(en="look for brackets that are never closed", zh="检查是否有未闭合的括号"),
            )
        if self._n_values > MAX_VALUES:
            raise self._refuse(
                event,
                Text(en=f"more than {MAX_VALUES:,} values", zh=f"超过 {MAX_VALUES:,} 个值"),
                Text(en="split the file", zh="请拆分文件"),
            )

    def _keep(self, event: Event, what: Text, fix: Text, *, got: str | None = None) -> None:
        place = self._lines.place(event.start_mark.index)
        where = self._lines.say(event.start_mark.index)
        self.faults.append(Fault(place, WrongUse(where, what, fix, got=got)))

    def _refuse(self, event: Event, what: Text, fix: Text, *, got: str | None = None) -> Exception:
        return refused(self._lines.say(event.start_mark.index), what, fix, got=got)
