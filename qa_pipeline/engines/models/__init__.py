"""Model directories: what one says of itself, whether it is whole, and finding one by name."""

from qa_pipeline.engines.models.content import (
    Difference,
    OnBytes,
    content_sha256,
    differences,
    sha256_of,
    weight_files,
)
from qa_pipeline.engines.models.kinds import lacks_of, recognise, told
from qa_pipeline.engines.models.lookup import (
    ModelDirectory,
    find_pipeline,
    find_whisper,
    models_in,
    only_described,
)
from qa_pipeline.engines.models.manifest import (
    MANIFEST,
    ModelManifest,
    Purpose,
    Task,
    read_manifest,
    undescribed,
    write_manifest,
)
from qa_pipeline.engines.models.whisper_form import PREPROCESSOR, WHISPER_CONTENT, missing_files

__all__ = [
    "MANIFEST",
    "PREPROCESSOR",
    "WHISPER_CONTENT",
    "Difference",
    "ModelDirectory",
    "ModelManifest",
    "OnBytes",
    "Purpose",
    "Task",
    "content_sha256",
    "differences",
    "find_pipeline",
    "find_whisper",
    "lacks_of",
    "missing_files",
    "models_in",
    "only_described",
    "read_manifest",
    "recognise",
    "sha256_of",
    "told",
    "undescribed",
    "weight_files",
    "write_manifest",
]
