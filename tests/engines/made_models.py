"""Model directories made for tests: the shape of real ones, with bytes that mean nothing."""

import json
from pathlib import Path

from qa_pipeline.engines.models import ModelManifest, Purpose, Task, sha256_of, write_manifest

WHISPER = (
    "model.bin",
    "config.json",
    "tokenizer.json",
    "preprocessor_config.json",
    "vocabulary.json",
)
PIPELINE = """\
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
"""
PIPELINE_FILES = (
    "config.yaml",
    "embedding/pytorch_model.bin",
    "plda/plda.npz",
    "plda/xvec_transform.npz",
    "segmentation/pytorch_model.bin",
)


def whisper(directory: Path, *, n_tokens: int = 51_865, bands: int = 80) -> Path:
    """Write what looks like a recogniser."""
    directory.mkdir(parents=True, exist_ok=True)
    contents = {
        "model.bin": "weights",
        "config.json": json.dumps({"alignment_heads": [[1, 0]]}),
        "tokenizer.json": "{}",
        "preprocessor_config.json": json.dumps({"feature_size": bands}),
        "vocabulary.json": json.dumps(["t"] * n_tokens),
    }
    for name, text in contents.items():
        (directory / name).write_text(text)
    return directory


def pipeline(directory: Path, config: str = PIPELINE) -> Path:
    """Write what looks like a diariser."""
    for name in PIPELINE_FILES:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(config if name == "config.yaml" else name)
    return directory


def described(directory: Path, task: Task = "asr", **more: object) -> ModelManifest:
    """Write a manifest of the files that lie in `directory`, and return it."""
    files = WHISPER if task == "asr" else PIPELINE_FILES
    paths = {name: directory / name for name in files if (directory / name).is_file()}
    stated = {
        "name": directory.name,
        "task": task,
        "source": "owner/model",
        "licence": "MIT",
        "revision": "1",
        "purpose": Purpose(zh="测试", en="tests"),
        "files": {name: sha256_of(path) for name, path in paths.items()},
        "sizes": {name: path.stat().st_size for name, path in paths.items()},
    }
    manifest = ModelManifest.model_validate(stated | more)
    write_manifest(directory, manifest, "made for a test")
    return manifest
