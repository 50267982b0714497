"""Facts as append-only parquet tables, and a SQL ledger that says which of them count."""

from qa_pipeline.store.assignments import REASONS, AssignmentRow, BatchRow
from qa_pipeline.store.facts import CallFacts
from qa_pipeline.store.level_rows import LevelRow
from qa_pipeline.store.needs import CoachingRow, TrainingRow
from qa_pipeline.store.people import ReviewRow, SampleRow
from qa_pipeline.store.store import Store
from qa_pipeline.store.stored_calls import StoredCall
from qa_pipeline.store.writing import Judged, Refusal, Result, Writer

__all__ = [
    "REASONS",
    "AssignmentRow",
    "BatchRow",
    "CallFacts",
    "CoachingRow",
    "Judged",
    "LevelRow",
    "Refusal",
    "Result",
    "ReviewRow",
    "SampleRow",
    "Store",
    "StoredCall",
    "TrainingRow",
    "Writer",
]
