"""Scripts: who says what, and in the same line what is to be found there.

    == returns/two                          a dialogue or a situation begins
    # hangup_by: agent                      what the telephone knows
    #! find hang_up                         of the whole call: `find`, or `trap` (looks like it)
    customer: 我要退货。
    agent gap=12 find=slow_answer: [filler|嗯]，[!brush_off|您不清楚的话]，我来说明。
    agent rate=1.8 level=-46: 那<0.4>我~们看看。

`[signal|words]` is to be found, `[!signal|words]` is a trap: it looks like it and must not be.
`[signal:kind|words]` names the kind. `gap` is the silence before the line (negative: it starts
while the other still speaks), `rate` how fast (1 is usual), `level` in dBFS. `<0.4>` is a pause,
`~` holds the syllable (English: the word) before it. `find=` and `trap=` mean the line itself; for
signals of silence, the gap before it; for `interruption`, the overlap.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from qa_pipeline.records import Role

FOLDER = Path(__file__).parent / "scripts"
Where = Literal["words", "line", "gap", "overlap", "call"]
#: Signals whose label on a line means the silence before it.
OF_SILENCE = frozenset({"dead_air", "slow_answer", "hold"})
_HEAD = re.compile(r"== (?P<name>[\w/-]+)")
_ABOUT = re.compile(r"# (?P<key>[a-z_]+): (?P<value>.+)")
_WHOLE = re.compile(r"#! (?P<how>find|trap) (?P<what>[a-z_]+(?::[\w-]+)?)")
_LINE = re.compile(r"(?P<role>agent|customer)(?P<keys>(?: [a-z]+=\S+)*): (?P<text>.+)")
_MARKS = re.compile(r"\[(?P<trap>!?)(?P<what>[a-z_]+(?::[\w-]+)?)\||\]|<(?P<pause>[0-9.]+)>|~")


@dataclass(frozen=True, slots=True)
class Tag:
    """Something to be found, or a trap. `start`, `end`: characters of its line's text."""

    signal: str
    where: Where
    kind: str | None = None
    is_trap: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One turn. `pauses`: (before which character, seconds); `held`: characters before a `~`."""

    role: Role
    text: str
    tags: tuple[Tag, ...] = ()
    gap_s: float | None = None
    rate: float = 1.0
    level_dbfs: float | None = None
    pauses: tuple[tuple[int, float], ...] = ()
    held: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A dialogue, or a situation out of which dialogues are made."""

    name: str
    about: dict[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    whole: tuple[Tag, ...] = ()

    @property
    def family(self) -> str:
        """What a dialogue holds at most once: the name up to the stroke."""
        return self.name.partition("/")[0]


def parse_scripts(text: str) -> list[Script]:
    """Read scripts; a line that is nothing known raises `ValueError`."""
    scripts: list[Script] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _HEAD.fullmatch(line):
            scripts.append(Script(head["name"]))
        elif not line.strip() or line.startswith("## "):
            continue
        elif not scripts or not _take(scripts, line):
            raise ValueError(f"no line of a script, line {number}: {line!r}")
    return scripts


def read_scripts(name: str) -> list[Script]:
    """Read a file of `scripts/`."""
    return parse_scripts((FOLDER / name).read_text(encoding="utf-8"))


def _take(scripts: list[Script], line: str) -> bool:
    """Add what `line` says to the last script; False where it says nothing known."""
    last = scripts[-1]
    if about := _ABOUT.fullmatch(line):
        last.about[about["key"]] = about["value"]
    elif whole := _WHOLE.fullmatch(line):
        tag = _tag(whole["what"], "call", is_trap=whole["how"] == "trap")
        scripts[-1] = Script(last.name, last.about, last.lines, (*last.whole, tag))
    elif turn := _LINE.fullmatch(line):
        scripts[-1] = Script(last.name, last.about, (*last.lines, _line(turn)), last.whole)
    else:
        return False
    return True


def _tag(what: str, where: Where, *, is_trap: bool, start: int = 0, end: int = 0) -> Tag:
    signal, _, kind = what.partition(":")
    return Tag(signal, where, kind or None, is_trap, start, end)


def _line(turn: re.Match[str]) -> Line:
    role: Role = "agent" if turn["role"] == "agent" else "customer"
    keys = dict(pair.split("=", 1) for pair in turn["keys"].split())
    text, tags, pauses, held = _unmarked(turn["text"])
    for how in ("find", "trap"):
        for what in filter(None, keys.pop(how, "").split(",")):
            signal = what.partition(":")[0]
            where: Where = "gap" if signal in OF_SILENCE else "line"
            where = "overlap" if signal == "interruption" else where
            tags.append(_tag(what, where, is_trap=how == "trap"))
    gap, level = keys.pop("gap", None), keys.pop("level", None)
    rate = float(keys.pop("rate", "1"))
    if keys:
        raise ValueError(f"unknown keys of a line: {sorted(keys)}")
    return Line(
        role=role,
        text=text,
        tags=tuple(tags),
        gap_s=None if gap is None else float(gap),
        rate=rate,
        level_dbfs=None if level is None else float(level),
        pauses=tuple(pauses),
        held=tuple(held),
    )


def _unmarked(marked: str) -> tuple[str, list[Tag], list[tuple[int, float]], list[int]]:
    """Return the text without its marks, and what the marks said."""
    text, at = "", 0
    opened: list[tuple[re.Match[str], int]] = []
    tags: list[Tag] = []
    pauses: list[tuple[int, float]] = []
    held: list[int] = []
    for mark in _MARKS.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark["what"]:
            opened.append((mark, len(text)))
        elif mark["pause"]:
            pauses.append((len(text), float(mark["pause"])))
        elif mark.group() == "~":
            held.append(len(text) - 1)
        else:
            begun, start = opened.pop()
            trap = bool(begun["trap"])
            tags.append(_tag(begun["what"], "words", is_trap=trap, start=start, end=len(text)))
    if opened:
        raise ValueError(f"a tag is not closed: {marked!r}")
    return text + marked[at:], tags, pauses, held
