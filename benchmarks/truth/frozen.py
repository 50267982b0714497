"""The frozen set: dialogues in time with their labels, one JSON row each, and calls out of them.

A turn is a list of pieces `(start_s, end_s, text)` in each of which words lie evenly, as in a
dialogue's line; between pieces nobody speaks unless they touch. Times are rounded to 10 ms.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qa_pipeline.acoustics.tracks import TRACK_HOP_S
from qa_pipeline.dialogue import spread_words
from qa_pipeline.records import Call, ChannelHealth, Role, Speech, Track, Turn, Value
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

FOLDER = Path(__file__).parent / "frozen"
DIALOGUES, SPOKEN = FOLDER / "dialogues.jsonl", FOLDER / "recordings.jsonl"
RECORDINGS = FOLDER / "recordings"
#: How loud people speak where a script says nothing, and what is heard when they do not.
USUAL_DBFS, NOISE_DBFS = -22.0, -62.0
ROLES: tuple[Role, ...] = ("agent", "customer")
#: Between words that belong to one stretch of speech there may be so much silence.
SPEECH_GAP_S = 0.3
Piece = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Label:
    """Something that is there, or a trap. `role` None: nobody's; times None: of the whole call."""

    signal: str
    role: Role | None
    start_s: float | None
    end_s: float | None
    kind: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A turn in time; `level_dbfs` is the level of its speech."""

    role: Role
    level_dbfs: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A call of the set: what was said, what the telephone knows, what is there to be found."""

    id: str
    language: Language
    origin: str
    queue: str
    duration_s: float
    turns: tuple[Said, ...]
    labels: tuple[Label, ...]
    traps: tuple[Label, ...]
    metadata: dict[str, Value] = field(default_factory=dict)


def words_of(said: Said, language: Language) -> tuple[Word, ...]:
    """Return a turn's words with their times."""
    return tuple(
        word
        for start_s, end_s, text in said.pieces
        for word in spread_words(text, Span(start_s, end_s), language)
    )


def spans_of(dialogue: Dialogue, role: Role) -> tuple[Span, ...]:
    """Return where a role speaks."""
    said = (one for one in dialogue.turns if one.role == role)
    spans = (Span(start_s, end_s) for one in said for start_s, end_s, _ in one.pieces)
    return union(spans, join_gap_s=SPEECH_GAP_S)


def call_of(dialogue: Dialogue) -> Call:
    """Return the call as a perfect recogniser would have measured it."""
    turns = tuple(
        Turn(
            role=said.role,
            channel=ROLES.index(said.role),
            start_s=said.pieces[0][0],
            end_s=said.pieces[-1][1],
            words=words_of(said, dialogue.language),
        )
        for said in sorted(dialogue.turns, key=lambda said: said.pieces[0][0])
    )
    return Call(
        call_id=dialogue.id,
        language=dialogue.language,
        tier="dual_channel",
        duration_s=dialogue.duration_s,
        turns=turns,
        speech=tuple(Speech(r, ROLES.index(r), spans_of(dialogue, r)) for r in ROLES),
        tracks=tuple(_levels(dialogue, role) for role in ROLES),
        role_source="manifest",
        metadata=MappingProxyType(dialogue.metadata),
        channels=tuple(
            ChannelHealth(channel, USUAL_DBFS, NOISE_DBFS, clipped_share=0.0, is_empty=False)
            for channel in range(len(ROLES))
        ),
    )


def _levels(dialogue: Dialogue, role: Role) -> Track:
    """Return the level track of a role's channel: each turn's level, else the noise."""
    values: list[float | None] = [NOISE_DBFS] * (int(dialogue.duration_s / TRACK_HOP_S) + 1)
    for said in dialogue.turns:
        for start_s, end_s, _ in said.pieces if said.role == role else ():
            first, end = round(start_s / TRACK_HOP_S), round(end_s / TRACK_HOP_S)
            values[first:end] = [said.level_dbfs] * (end - first)
    return Track("level_dbfs", ROLES.index(role), role, TRACK_HOP_S, tuple(values))


def row_of(dialogue: Dialogue) -> str:
    """Return a dialogue as one line of JSON; what is None is left out."""
    row: dict[str, Any] = asdict(dialogue)
    for name in ("labels", "traps"):
        row[name] = [{k: v for k, v in one.items() if v is not None} for one in row[name]]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def read_dialogues(path: Path = DIALOGUES) -> Iterator[Dialogue]:
    """Read the frozen dialogues."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        turns = (
            Said(t["role"], t["level_dbfs"], tuple((a, b, text) for a, b, text in t["pieces"]))
            for t in row.pop("turns")
        )
        labels, traps = (tuple(_labels(row.pop(name))) for name in ("labels", "traps"))
        yield Dialogue(turns=tuple(turns), labels=labels, traps=traps, **row)


def _labels(rows: Iterable[dict[str, Any]]) -> Iterator[Label]:
    nothing = {"start_s": None, "end_s": None, "role": None}
    return (Label(**{**nothing, **row}) for row in rows)
