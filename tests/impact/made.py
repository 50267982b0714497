"""A store of typed dialogues, and a scorecard to edit."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.pipeline.impact import Question
from qa_pipeline.records import Call, Provenance, Value
from qa_pipeline.store import Result, Store
from tests.store.calls import ZONE

CARD = """\
scorecard: line
version: 1
title: {zh: 热线, en: Line}
language: zh
applies_to: {queue: [orders]}
pass_mark: 60
severities:
  A: {title: 致命, fatal: true}
  B: {title: 严重}
signals:
  greeting: {detector: phrase, role: agent, first_s: 15, any_of: [您好]}
  insult: {detector: phrase, role: agent, any_of: [神经病]}
  silence: {detector: dead_air, min_s: 8}
sections:
  - id: language
    title: {zh: 用语}
    criteria:
      - {id: greeting, title: {zh: 开头, en: Hello}, severity: B, points: 10, pass_if: greeting}
      - {id: insult, title: {zh: 辱骂, en: Insult}, severity: A, points: 5, pass_if: not insult}
      - {id: silence, title: {zh: 冷场, en: Silence}, severity: B, points: 5, pass_if: not silence}
"""

#: Greets; does not; greets and is silent for 10 s; insults; speaks without words being heard.
GOOD = "agent 0-2: 您好，请讲。\ncustomer 3-5: 我要订花。\n"
CURT = "agent 0-2: 喂，你说。\ncustomer 3-5: 我要订花。\n"
SLOW = "agent 0-2: 您好，请讲。\ncustomer 12-14: 我要订花。\n"
RUDE = "agent 0-2: 您好，神经病。\ncustomer 3-5: 我要订花。\n"
DEAF = "agent 0-2: …\ncustomer 3-5: 我要订花。\n"


def call(call_id: str, dialogue: str, *, day: int = 10, month: int = 10, **facts: Value) -> Call:
    """Return a typed dialogue as a call of a day of 2026, its facts as a manifest's."""
    typed = parse_dialogue(dialogue, "dialogue", "zh")
    return replace(
        typed,
        call_id=call_id,
        started_at=datetime(2026, month, day, 4, tzinfo=UTC),
        metadata=MappingProxyType({"queue": "orders", "group": "east", "agent_id": "A1", **facts}),
    )


def fill(folder: Path, calls: Iterable[Call]) -> Path:
    """Put measured calls into a new store; nothing judges them."""
    with Store.open(folder, create=True) as store:
        store.redaction_key()
        with store.writing("night", ZONE, "0") as writer:
            writer.commit([result_of(one) for one in calls])
    return folder


def result_of(made: Call) -> Result:
    """Return a call as a night that judged nothing would write it."""
    content = hashlib.sha256(made.call_id.encode()).hexdigest()
    made_by = Provenance(None, content, None, None, None, "0", content)
    return Result(made, made_by, content, ())


def question(folder: Path, new: str, *, old: str = CARD, n_workers: int = 0) -> Question:
    """Return the question what `new` does to October, both scorecards written beside the store."""
    for name, text in (("old", old), ("new", new)):
        (folder.parent / f"{name}.yaml").write_text(text, "utf-8")
    beside = folder.parent
    return Question(
        str(beside / "old.yaml"), str(beside / "new.yaml"), folder, "2026-10", n_workers=n_workers
    )
