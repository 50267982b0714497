"""Where things stand in a file: 1-based lines and columns, counted in characters."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.texts import Text

Path = tuple[str | int, ...]

#: More faults than a person mends at once; the rest are counted.
MAX_ERRORS = 100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character of a file: 1-based line and column."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Located:
    """A value and the offset where it starts: a dict or list of `Located`, or a scalar.

    `keys` holds the offsets of a mapping's keys, `raw` and `style` a scalar's source.
    """

    value: Any
    start: int
    keys: dict[str, int] = field(default_factory=dict)
    raw: str = ""
    style: str | None = None

    def plain(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


class Lines:
    """The line breaks of a text: turns an offset into a place and back into `file:line:column`."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]
        self._end = len(text)

    def __len__(self) -> int:
        return len(self._starts)

    def place(self, offset: int) -> Place:
        """Return the place of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def longest(self) -> tuple[int, int]:
        """Return the offset and the length of the longest line, its break included."""
        ends = [*self._starts[1:], self._end]
        lengths = [end - start for start, end in zip(self._starts, ends, strict=True)]
        n = max(lengths)
        return self._starts[lengths.index(n)], n

    def say(self, offset: int) -> str:
        """Return `file:line:column`."""
        place = self.place(offset)
        return f"{self.where}:{place.line}:{place.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error and the place that orders it among the others; it may stand for `n` of them."""

    place: Place
    error: QaError
    n: int = 1


def refusal(faults: Iterable[Fault]) -> DocumentRefused:
    """Return the refusal that tells `faults` in order of place, and how many more there are."""
    ordered = sorted(faults, key=lambda fault: fault.place)
    told, rest = ordered[:MAX_ERRORS], ordered[MAX_ERRORS:]
    if rest:
        told.append(and_more(rest[0].place, rest[0].error.where, sum(fault.n for fault in rest)))
    return DocumentRefused(tuple(fault.error for fault in told))


def and_more(place: Place, where: str, n: int) -> Fault:
    """Return what stands for the `n` faults from `place` on."""
    what = Text(en=f"{n} more faults", zh=f"另有 {n} 处错误")
    fix = Text(en="mend the first ones and check again", zh="先改前面的错误，再检查一次")
    return Fault(place, WrongUse(where, what, fix), n)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: `data` is plain (dict, list, str, int, float, bool, None).

    `faults` are refusable things that did not keep the rest from being read.
    """

    where: str
    data: Any
    root: Located
    lines: Lines
    faults: tuple[Fault, ...] = ()

    def find(self, path: Sequence[str | int]) -> Located:
        """Return the value at `path`; raises KeyError or IndexError where there is none."""
        here = self.root
        for part in path:
            here = here.value[part]
        return here

    def place(
        self, path: Sequence[str | int], *, key: bool = False, character: int | None = None
    ) -> Place:
        """Return where the value at `path` stands, its key, or one character of its text."""
        if character is not None:
            return self.lines.place(_character(self.find(path), character))
        return self.lines.place(self._offset(path, key=key))

    def fault(self, place: Place, what: Text, fix: Text, *, got: object = None) -> Fault:
        """Return a fault at `place`; `got` is shown as it would be written."""
        shown = None if got is None else quoted(got)
        return Fault(place, WrongUse(self.say(place), what, fix, got=shown))

    def say(self, place: Place) -> str:
        """Return `file:line:column`."""
        return f"{self.where}:{place.line}:{place.column}"

    def _offset(self, path: Sequence[str | int], *, key: bool) -> int:
        if key and path and isinstance(path[-1], str):
            return self.find(path[:-1]).keys[path[-1]]
        found = self.find(path)
        return _character(found, 0) if found.style in ("|", ">") else found.start


#: What an error shows as `null`; None means that nothing is shown.
NULL = object()


def quoted(value: object) -> str:
    """Return `value` as an error shows it: short, on one line, control characters escaped."""
    shown = json.dumps(value, ensure_ascii=False, default=lambda v: None if v is NULL else str(v))
    return shown if len(shown) <= 60 else shown[:57] + "..."


#: One character that is not white space, as the source of a scalar may spell it.
_PLAIN = re.compile(r"\S")
_CHARACTER = {
    "'": re.compile(r"''|\S"),
    '"': re.compile(r"\\(?:\r\n|x..|u.{4}|U.{8}|.)|\S", re.DOTALL),
}
_BLANK = ("\\\n", "\\\r\n", "\\ ", "\\n", "\\t")


def _character(located: Located, character: int) -> int:
    """Return the file offset of a text's character, by counting characters that are not blank.

    YAML folds only white space, so the n-th inked character of a text is the n-th of its source.
    """
    text = str(located.value)
    wanted = len("".join(text[:character].split()))
    past_end = not text[character:].strip()
    sources = _inked(located.raw, located.style, located.start)
    if wanted < len(sources) and not past_end:
        return sources[wanted]
    return sources[-1] + 1 if sources else located.start


@lru_cache(maxsize=4)  # an expression's names are placed one after the other
def _inked(raw: str, style: str | None, start: int) -> tuple[int, ...]:
    """Return the file offsets of a scalar's characters that are not white space."""
    begin = 0
    if style in ("|", ">"):
        header = re.match(r"[^\r\n]*(\r\n|\r|\n)", raw)
        begin = header.end() if header else len(raw)
    elif style in ("'", '"'):
        begin, raw = 1, raw[:-1]
    characters = _CHARACTER.get(style or "", _PLAIN).finditer(raw, begin)
    return tuple([start + one.start() for one in characters if one.group() not in _BLANK])
