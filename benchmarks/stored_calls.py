"""Five-minute calls as a night leaves them in the store: seeded, made of the demo's own lines.

About 1,200 characters or 600 words in 60 turns, two channels: words with times and confidence,
numbers masked, speech spans, level and pitch every 0.1 s, held sounds. The demo's made-up
conversations are chained to that length; lines are added and a few words misheard, so that hardly
two turns are alike: real calls share their greetings, and no more.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from benchmarks.mishearing import misheard
from qa_pipeline.demo.conversation import MadeUpTurn
from qa_pipeline.demo.history import past_calls
from qa_pipeline.dialogue import spread_words
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION
from qa_pipeline.records import (
    Call,
    ChannelHealth,
    Provenance,
    Role,
    Speech,
    Sustained,
    Track,
    Turn,
    Value,
)
from qa_pipeline.redaction import redact
from qa_pipeline.spans import Span, union
from qa_pipeline.store import Result, Store
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

PERIOD = "2026-10"
ZONE = ZoneInfo("Asia/Shanghai")
N_TURNS = 58
HOP_S = 0.1
#: As a night writes them (`pipeline.session`).
N_CALLS_A_SHARD = 250
#: Turns that get a second line, and words that are heard wrong.
LONGER_SHARE, MISHEARD_SHARE = 0.2, 0.05
#: The made-up numbers are nobody's.
_KEY = b"a key of no secret"
_CHANNELS: dict[Role, int] = {"agent": 0, "customer": 1}


@dataclass(frozen=True, slots=True)
class Kind:
    """A language and the manifest's facts that choose its scorecard."""

    language: Language
    facts: tuple[tuple[str, Value], ...]


def make_store(folder: Path, kinds: Sequence[Kind], n_calls: int, seed: str) -> None:
    """Write `n_calls` calls, the kinds in turn, into a new store."""
    with (
        Store.open(folder, create=True) as store,
        store.writing("night", ZONE, PIPELINE_VERSION) as writer,
    ):
        for first in range(0, n_calls, N_CALLS_A_SHARD):
            numbers = range(first, min(first + N_CALLS_A_SHARD, n_calls))
            made = (make_call(kinds[n % len(kinds)], n, seed) for n in numbers)
            writer.commit([_result(call) for call in made])


def make_call(kind: Kind, number: int, seed: str) -> Call:
    """Return call `number`, the same on any machine."""
    rng = Random(f"{seed}|{kind.language}|{number}")
    said = list(_chained(kind.language, rng))
    turns = tuple(_turn(turn, kind.language, rng) for turn in said)
    turns = redact(turns, _KEY, kind.language).turns
    duration_s = max(turn.end_s for turn in turns) + 1.0
    speech = tuple(
        Speech(role, channel, union(s for t in turns if t.role == role for s in _spans(t)))
        for role, channel in _CHANNELS.items()
    )
    facts = dict(kind.facts) | {"group": f"g{number % 7}", "agent_id": f"A{number % 97}"}
    return Call(
        call_id=f"bench-{number:07}",
        language=kind.language,
        tier="dual_channel",
        duration_s=duration_s,
        turns=turns,
        speech=speech,
        tracks=tuple(t for one in speech for t in _tracks(one, duration_s, rng)),
        sustained=tuple(_sustained(one, rng) for one in speech),
        role_source="manifest",
        started_at=datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number % 40_000),
        metadata=MappingProxyType(facts),
        channels=tuple(ChannelHealth(n, -23.0, -60.0, 0.0, False, -45.0) for n in (0, 1)),
    )


def _result(call: Call) -> Result:
    content = hashlib.sha256(call.call_id.encode()).hexdigest()
    made_by = Provenance(content, None, "bench", None, "bench", PIPELINE_VERSION, content)
    return Result(call, made_by, content, ())


@cache
def _conversations(language: Language) -> tuple[tuple[MadeUpTurn, ...], ...]:
    calls = (call for call in past_calls() if call.manifest["language"] == language)
    return tuple(call.conversation.turns for call in calls)


@cache
def _lines(language: Language, role: Role) -> tuple[str, ...]:
    turns = (turn for turns in _conversations(language) for turn in turns if turn.role == role)
    return tuple(dict.fromkeys(turn.text for turn in turns))


def _chained(language: Language, rng: Random) -> Iterator[MadeUpTurn]:
    """Yield the turns of conversations one after the other: one greeting, one good-bye."""
    chosen: list[tuple[MadeUpTurn, ...]] = []
    while sum(len(turns) - 4 for turns in chosen) < N_TURNS - 4:
        chosen.append(rng.choice(_conversations(language)))
    offset_s = 0.0
    for i, turns in enumerate(chosen):
        kept = turns[2 if i else 0 : None if i == len(chosen) - 1 else -2]
        offset_s -= kept[0].start_s - 1.0
        for turn in kept:
            yield replace(turn, start_s=turn.start_s + offset_s, end_s=turn.end_s + offset_s)
        offset_s += kept[-1].end_s


def _turn(said: MadeUpTurn, language: Language, rng: Random) -> Turn:
    """Return a turn with its words; a second line is said in the same time, only faster."""
    text = said.text
    if rng.random() < LONGER_SHARE:
        between = "" if language == "zh" else " "
        text = f"{text}{between}{rng.choice(_lines(language, said.role))}"
    if language == "zh":
        text = misheard(text, MISHEARD_SHARE, rng)
    else:
        words = text.split()
        others = rng.choice(_lines(language, said.role)).split()
        heard = (rng.choice(others) if rng.random() < MISHEARD_SHARE else word for word in words)
        text = " ".join(heard)
    spread = spread_words(text, Span(said.start_s, said.end_s), language)
    return Turn(
        said.role,
        _CHANNELS[said.role],
        said.start_s,
        said.end_s,
        tuple(_heard(word, rng) for word in spread),
    )


def _heard(word: Word, rng: Random) -> Word:
    start_s, end_s = round(word.start_s, 2), round(word.end_s, 2)
    return word._replace(start_s=start_s, end_s=end_s, confidence=round(rng.uniform(0.5, 1), 3))


def _spans(turn: Turn) -> Iterator[Span]:
    """Yield the turn's speech: in long ones somebody takes breath."""
    middle_s = (turn.start_s + turn.end_s) / 2
    if turn.end_s - turn.start_s < 4.0:
        yield turn.span
        return
    yield Span(turn.start_s, middle_s - 0.15)
    yield Span(middle_s + 0.15, turn.end_s)


def _tracks(speech: Speech, duration_s: float, rng: Random) -> Iterator[Track]:
    assert speech.channel is not None  # each party has its own
    n = int(duration_s / HOP_S)
    levels: list[float | None] = [round(rng.gauss(-65, 2), 1) for _ in range(n)]
    pitches: list[float | None] = [None] * n
    for span in speech.spans:
        for i in range(int(span.start_s / HOP_S), min(n, int(span.end_s / HOP_S))):
            levels[i] = round(rng.gauss(-24, 4), 1)
            pitches[i] = round(rng.gauss(180, 30), 1) if rng.random() < 0.7 else None
    yield Track("level_dbfs", speech.channel, speech.role, HOP_S, tuple(levels))
    yield Track("pitch_hz", speech.channel, speech.role, HOP_S, tuple(pitches))


def _sustained(speech: Speech, rng: Random) -> Sustained:
    assert speech.channel is not None
    held = (
        Span(at_s, at_s + rng.uniform(0.1, 0.4))
        for span in speech.spans
        if rng.random() < 0.4 and (at_s := rng.uniform(span.start_s, span.end_s))
    )
    return Sustained(speech.channel, union(held))
