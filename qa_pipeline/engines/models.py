"""Model directories: what must lie in one, and what its `manifest.yaml` says of it.

A manifest names the model, its revision and licence, and the SHA-256 of each file; `demo: true`
marks a model that knows synthetic voices only.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from qa_pipeline.errors import EngineMissing
from qa_pipeline.settings import MODELS_DIR
from qa_pipeline.texts import Text

MANIFEST = "manifest.yaml"
#: What faster-whisper needs; without tokenizer.json it would ask a hub. Models of 128 mel bands
#: need preprocessor_config.json as well, which the weights alone can tell (`engines.whisper`).
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
PREPROCESSOR = "preprocessor_config.json"
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")


class ModelManifest(BaseModel):
    """What `manifest.yaml` says. Keys that are not ours (measured errors, notes) are let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    revision: str = ""
    licence: str = ""
    demo: bool = False
    files: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """A directory that holds every file of a recogniser."""

    path: Path
    manifest: ModelManifest

    @property
    def label(self) -> str:
        """Name and revision."""
        return f"{self.manifest.name} {self.manifest.revision}".strip()


def read_model_manifest(directory: Path) -> ModelManifest | None:
    """Return the directory's manifest, None where it has none.

    Raises
    ------
    EngineMissing
        The manifest cannot be understood.
    """
    path = directory / MANIFEST
    if not path.is_file():
        return None
    try:
        written: Any = YAML(typ="safe", pure=True).load(path.read_bytes())
        return ModelManifest.model_validate(written)
    except (YAMLError, ValidationError) as fault:
        what = Text(en="the model's manifest cannot be understood", zh="模型清单无法解析")
        fix = Text(
            en="it needs name, and may have revision, licence, demo, files: {name: sha256}",
            zh="需要 name，可有 revision、licence、demo、files: {文件名: sha256}",
        )
        raise EngineMissing(str(path), what, fix) from fault


def find_whisper(model: str) -> ModelDirectory:
    """Return the directory of a recogniser given as a directory or a name; never asks a network.

    A name is looked for in `models/` and then among the models downloaded earlier.

    Raises
    ------
    EngineMissing
        Nothing of that name is here, or files are missing in the directory.
    """
    for path in (Path(model).expanduser(), MODELS_DIR / model):
        if path.is_dir() and (path.is_absolute() or path.exists()):
            return _checked(path.resolve(), model)
    return _checked(_downloaded(model), model)


def missing_files(directory: Path) -> tuple[str, ...]:
    """Return the files that a recogniser needs and `directory` lacks."""
    missing = [name for name in WHISPER_FILES if not (directory / name).is_file()]
    if not any((directory / name).is_file() for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    return tuple(missing)


def content_sha256(directory: Path) -> str:
    """Return one SHA-256 over the names and hashes of the files that decide what is heard."""
    digest = hashlib.sha256()
    for name in sorted({*WHISPER_FILES, PREPROCESSOR, *_VOCABULARIES}):
        if (directory / name).is_file():
            digest.update(f"{name} {sha256_of(directory / name)}\n".encode())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(directory: Path, model: str) -> ModelDirectory:
    missing = missing_files(directory)
    if missing:
        what = Text(en="the model directory lacks files", zh="模型目录缺少文件")
        fix = Text(
            en="bring them: a CTranslate2 conversion of Whisper with its tokeniser",
            zh="请补齐：CTranslate2 格式的 Whisper 及其分词器",
        )
        raise EngineMissing(str(directory), what, fix, got=", ".join(missing))
    manifest = read_model_manifest(directory) or ModelManifest(name=Path(model).name)
    return ModelDirectory(directory, manifest)


def _downloaded(model: str) -> Path:
    """Return the local copy of a model that faster-whisper downloaded under this name."""
    from qa_pipeline.engines.offline import go_offline

    go_offline()
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(download_model(model, local_files_only=True))
    except (ValueError, LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError):
        what = Text(en="no recogniser of this name is here", zh="本机没有该名称的识别模型")
        fix = Text(
            en="give a model directory, or run `qa models fetch NAME` where there is a network",
            zh="请给出模型目录，或在联网环境运行一次 `qa models fetch NAME`",
        )
        raise EngineMissing(model, what, fix) from None


def models_in(folder: Path) -> tuple[ModelDirectory, ...]:
    """Return the models of a folder: every subdirectory with a manifest, by name."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        manifest = read_model_manifest(path) if path.is_dir() else None
        if manifest is not None:
            found.append(ModelDirectory(path, manifest))
    return tuple(found)


def differing_files(directory: Path) -> tuple[tuple[str, str], ...]:
    """Return (file, "missing" or "differs") for what is not as the directory's manifest says."""
    manifest = read_model_manifest(directory)
    found: list[tuple[str, str]] = []
    for name, sha256 in sorted(manifest.files.items()) if manifest else ():
        path = directory / name
        if not path.is_file():
            found.append((name, "missing"))
        elif sha256_of(path) != sha256:
            found.append((name, "differs"))
    return tuple(found)
