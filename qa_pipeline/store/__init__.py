"""Facts as append-only parquet tables, and a SQL ledger that says which of them count."""

from qa_pipeline.store.facts import CallFacts
from qa_pipeline.store.people import ReviewRow, SampleRow
from qa_pipeline.store.store import Store, StoredCall
from qa_pipeline.store.writing import Judged, Refusal, Result, Writer

__all__ = [
    "CallFacts",
    "Judged",
    "Refusal",
    "Result",
    "ReviewRow",
    "SampleRow",
    "Store",
    "StoredCall",
    "Writer",
]
