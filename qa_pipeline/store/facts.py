"""What chooses a call's scorecards, read without its words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from qa_pipeline.records import Tier, Value
from qa_pipeline.texts import Language

FACT_COLUMNS = ("call_id", "language", "metadata", "started_at", "duration_s", "tier")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call's language as heard, the manifest's facts, its evidence; `started_at` is aware."""

    call_id: str
    language: Language
    metadata: Mapping[str, Value]
    started_at: datetime | None
    duration_s: float
    tier: Tier


def call_facts(rows: pl.DataFrame) -> Iterator[CallFacts]:
    """Yield the facts of calls, given `FACT_COLUMNS` of their rows."""
    for call_id, language, metadata, *rest in rows.iter_rows():
        yield CallFacts(call_id, language, json.loads(metadata), *rest)
