"""YAML that people write, read with the place of everything, and checked against a declared shape.

YAML 1.2 core, one document, UTF-8; lines and columns are 1-based and count characters.
"""

from qa_pipeline.documents.places import MAX_ERRORS, Document, Fault, Path, Place, quoted, refusal
from qa_pipeline.documents.reading import read_document, read_leniently
from qa_pipeline.documents.shape import closest, fault, meant, nearest, one_of, shaped, validated

__all__ = [
    "MAX_ERRORS",
    "Document",
    "Fault",
    "Path",
    "Place",
    "closest",
    "fault",
    "meant",
    "nearest",
    "one_of",
    "quoted",
    "read_document",
    "read_leniently",
    "refusal",
    "shaped",
    "validated",
]
