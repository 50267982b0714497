"""What chooses a call's scorecards, read without its words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from qa_pipeline.records import Value
from qa_pipeline.texts import Language

FACT_COLUMNS = ("call_id", "language", "metadata")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call's language as heard, and the manifest's facts."""

    call_id: str
    language: Language
    metadata: Mapping[str, Value]


def call_facts(rows: pl.DataFrame) -> Iterator[CallFacts]:
    """Yield the facts of calls, given `FACT_COLUMNS` of their rows."""
    for call_id, language, metadata in rows.iter_rows():
        yield CallFacts(call_id, language, json.loads(metadata))
