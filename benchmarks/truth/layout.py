"""From a script to a dialogue in time: how fast people speak, how long they wait, where labels lie.

Labels come from the script alone: tags on words get the words' times, tags on a gap the gap's.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from benchmarks.truth.frozen import USUAL_DBFS, Dialogue, Label, Piece, Said, words_of
from benchmarks.truth.script import Line, Script, Tag
from qa_pipeline.records import Role, Value
from qa_pipeline.texts import Language

#: Characters (zh) or words (en) a second; ordinary speech on the telephone.
PACE: dict[Language, tuple[float, float]] = {"zh": (4.2, 5.0), "en": (2.9, 3.4)}
LEAD_S, GAP_S, HELD_S = (0.8, 1.6), (0.35, 0.8), (1.1, 1.5)
#: What goes beyond this is found of an announced silence (`excused_max_s` of the scorecards).
EXCUSED_MAX_S = 30.0
#: Of whom a silence is a fault or a deed.
_SILENCES: dict[str, Role | None] = {"dead_air": None, "slow_answer": "agent", "hold": "agent"}
_UNITS = {"zh": re.compile(r"[\u4e00-\u9fff]|[a-z0-9]+", re.IGNORECASE), "en": re.compile(r"\S+")}
#: Says a line: its pieces, the first from 0 s on.
Speak = Callable[[Line], Iterable[Piece]]


def lay_out(script: Script, language: Language, origin: str) -> Dialogue:
    """Return the script in time; the same script gives the same times."""
    rng = Random(f"truth/{script.name}")
    paces = {role: rng.uniform(*PACE[language]) for role in ("agent", "customer")}
    return in_time(
        script, language, origin, rng, lambda line: _said(line, language, paces[line.role], rng)
    )


def in_time(script: Script, language: Language, origin: str, rng: Random, speak: Speak) -> Dialogue:
    """Return the script in time, its lines spoken by `speak`, and all its tags as labels."""
    turns: list[Said] = []
    labels: dict[bool, list[Label]] = {False: [], True: []}
    for line in script.lines:
        gap_s = rng.uniform(*GAP_S) if line.gap_s is None else line.gap_s
        before_s = turns[-1].pieces[-1][1] if turns else None
        start_s = before_s + gap_s if before_s is not None else rng.uniform(*LEAD_S)
        level = USUAL_DBFS if line.level_dbfs is None else line.level_dbfs
        pieces = ((_s(start_s + a), _s(start_s + b), text) for a, b, text in speak(line))
        turns.append(Said(line.role, level, tuple(pieces)))
        for tag in line.tags:
            labels[tag.is_trap].append(_label(tag, turns, before_s, language))
    for tag in script.whole:
        labels[tag.is_trap].append(Label(tag.signal, None, None, None, tag.kind))
    return Dialogue(
        id=script.name,
        language=language,
        origin=origin,
        queue=script.about.get("queue", "service"),
        duration_s=_s(max(said.pieces[-1][1] for said in turns) + rng.uniform(*LEAD_S)),
        turns=tuple(turns),
        labels=tuple(labels[False]),
        traps=tuple(labels[True]),
        metadata=dict(_metadata(script)),
    )


def _s(seconds: float) -> float:
    return round(seconds, 2)


def _metadata(script: Script) -> Iterator[tuple[str, Value]]:
    """Yield what the telephone knows of the call."""
    for key, value in script.about.items():
        if key == "ring_s":
            yield key, int(value)
        elif key == "hangup_by":
            yield key, value


def _label(tag: Tag, turns: list[Said], before_s: float | None, language: Language) -> Label:
    said = turns[-1]
    start_s, end_s = said.pieces[0][0], said.pieces[-1][1]
    role: Role | None = said.role
    words = None
    if tag.where == "words":
        start_s, end_s, words = _of_words(tag, said, language)
    elif tag.where == "gap" and before_s is not None:
        start_s, end_s, role = before_s, start_s, _SILENCES[tag.signal]
        start_s += EXCUSED_MAX_S if tag.kind == "excess" else 0.0
    elif tag.where == "overlap" and before_s is not None:
        end_s = min(end_s, before_s)
    return Label(tag.signal, role, _s(start_s), _s(end_s), tag.kind, words)


def _of_words(tag: Tag, said: Said, language: Language) -> tuple[float, float, str]:
    """Return when the tagged characters are said, and which they are."""
    at, spans, text = 0, [], ""
    for word in words_of(said, language):
        text += word.text
        if at < tag.end and tag.start < at + len(word.text):
            spans.append((word.start_s, word.end_s))
        at += len(word.text)
    return spans[0][0], spans[-1][1], text[tag.start : tag.end]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line that is said in one go, `pause_s` after the one before it."""

    text: str
    n_units: int
    pause_s: float
    is_held: bool


def parts_of(line: Line, language: Language) -> Iterator[Part]:
    """Yield a line in parts: cut at its pauses and around its held syllables."""
    found = ((m.start(), m.end()) for m in _UNITS[language].finditer(line.text))
    units = [(a, b) for a, b in found if any(c.isalnum() for c in line.text[a:b])]
    held = {i for i, (a, b) in enumerate(units) if any(a <= at < b for at in line.held)}
    pauses = {next(i for i, (_, b) in enumerate(units) if b > at): s for at, s in line.pauses}
    borders = sorted({0, len(units), *pauses, *held, *(i + 1 for i in held)})
    for first, last in pairwise(borders):
        begin = units[first][0] if first else 0
        end = units[last][0] if last < len(units) else len(line.text)
        yield Part(line.text[begin:end], last - first, pauses.get(first, 0.0), first in held)


def _said(line: Line, language: Language, pace: float, rng: Random) -> Iterator[Piece]:
    """Speak a line evenly, but for its pauses and held syllables."""
    at_s = 0.0
    for part in parts_of(line, language):
        at_s += part.pause_s
        length_s = rng.uniform(*HELD_S) if part.is_held else part.n_units / (pace * line.rate)
        yield at_s, at_s + length_s, part.text
        at_s += length_s
