"""YAML that people write, read with the place of everything, and checked against a declared shape.

YAML 1.2 core, one document, UTF-8; lines and columns are 1-based and count characters.
"""

from qa_pipeline.documents.places import Document, Fault, Path, Place, quoted, refusal
from qa_pipeline.documents.reading import read_document, read_leniently
from qa_pipeline.documents.shape import closest, fault, nearest, shaped, validated

__all__ = [
    "Document",
    "Fault",
    "Path",
    "Place",
    "closest",
    "fault",
    "nearest",
    "quoted",
    "read_document",
    "read_leniently",
    "refusal",
    "shaped",
    "validated",
]
