"""The bytes of a model directory: what decides its answers, and whether they are as stated."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa_pipeline.engines.models.manifest import MANIFEST, ModelManifest

_BLOCK = 1 << 22
OnBytes = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not as the manifest says; sizes in bytes, hashes in hex."""

    file: str
    fault: Literal["missing", "size", "sha256"]
    expected: str
    got: str


def sha256_of(path: Path, on_bytes: OnBytes | None = None) -> str:
    """Return the hex SHA-256 of a file; `on_bytes` is told how many bytes were just read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if on_bytes is not None:
                on_bytes(len(block))
    return digest.hexdigest()


def weight_files(directory: Path) -> tuple[str, ...]:
    """Return the files that may decide an answer: no manifest, no page for people, no hidden one.

    Paths are relative, with slashes, sorted.
    """
    return tuple(
        sorted(
            path.relative_to(directory).as_posix()
            for path in directory.rglob("*")
            if path.is_file()
            and path.name != MANIFEST
            and path.suffix != ".md"
            and not any(part.startswith(".") for part in path.relative_to(directory).parts)
        )
    )


def content_sha256(directory: Path, names: tuple[str, ...]) -> str:
    """Return one SHA-256 over the names and hashes of those of `names` that are there."""
    digest = hashlib.sha256()
    for name in sorted(names):
        if (directory / name).is_file():
            digest.update(f"{name} {sha256_of(directory / name)}\n".encode())
    return digest.hexdigest()


def differences(
    directory: Path, manifest: ModelManifest, on_bytes: OnBytes | None = None
) -> Iterator[Difference]:
    """Yield what is not as the manifest says; a file of another size is not hashed."""
    for name, sha256 in sorted(manifest.files.items()):
        path = directory / name
        if not path.is_file():
            yield Difference(name, "missing", sha256, "-")
        elif (size := path.stat().st_size) != manifest.sizes[name]:
            yield Difference(name, "size", str(manifest.sizes[name]), str(size))
        elif (got := sha256_of(path, on_bytes)) != sha256:
            yield Difference(name, "sha256", sha256, got)
