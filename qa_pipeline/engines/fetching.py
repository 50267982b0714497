"""Fetching a model on purpose: pinned, resumable, checked before it takes its place.

A manifest that lists files is a pin: the same commit, the same bytes, or nothing. Where nobody has
pinned a model, the first fetch does (trust on first use): the commit and the hash of what came are
written down, and everything later is held against them.
"""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from qa_pipeline.engines import hub
from qa_pipeline.engines.models import (
    ModelManifest,
    Purpose,
    Task,
    lacks_of,
    read_manifest,
    sha256_of,
    told,
    write_manifest,
)
from qa_pipeline.errors import DocumentRefused, EngineMissing, WrongUse
from qa_pipeline.texts import Text

_PARTIAL = ".partial"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_WANTED: dict[Task, tuple[str, ...]] = {
    "asr": (
        "model.bin",
        "config.json",
        "tokenizer.json",
        "preprocessor_config.json",
        "vocabulary.*",
    ),
    "diarisation": ("config.yaml", "*/pytorch_model.bin", "*.npz"),
}
_FIRST_USE = "Pinned when it was first fetched: nobody else has vouched for these hashes."


class OnFetch(Protocol):
    """Is told of each file: its bytes on the disk, its size, and all that the fetch will bring."""

    def __call__(self, file: str, n_bytes: int, size: int, n_total: int) -> object: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that is here now; `is_first_use`: its hashes were taken from what came."""

    directory: Path
    manifest: ModelManifest
    is_first_use: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    repository: str
    commit: str
    files: tuple[hub.HubFile, ...]


def fetch(name: str, models: Path, revision: str | None, on_fetch: OnFetch) -> Fetched:
    """Bring a model of `models/` or of a hub (`OWNER/NAME`) into its directory.

    Raises
    ------
    EngineMissing
        The hub is not there or refuses, or what came is not what was pinned or not a model.
    WrongUse
        The name says nothing that can be fetched, or the revision is not the pinned one.
    """
    if revision is not None and not _COMMIT.fullmatch(revision):
        what = Text(en="not a commit", zh="不是提交号")
        fix = Text(en="give its 40 hexadecimal digits", zh="请给出 40 位十六进制提交号")
        raise WrongUse("--revision", what, fix, got=revision)
    directory = models / name.replace("/", "--")
    manifest = read_manifest(directory)
    with hub.online():
        if manifest is not None and manifest.files:
            _bring(directory, _pinned(manifest, revision), on_fetch)
            _check(directory, manifest.task)
            return Fetched(directory, manifest, is_first_use=False)
        repository = _repository(name, manifest, models)
        pin = revision or (manifest.revision if manifest else "") or None
        listing = hub.listing(repository, pin)
        task, files = _wanted(repository, listing)
        _bring(directory, _Plan(repository, listing.commit, files), on_fetch)
    _check(directory, task)
    pinned = _describe(
        directory, manifest or _unknown(name, repository, task), listing.commit, files
    )
    return Fetched(directory, pinned, is_first_use=True)


def _pinned(manifest: ModelManifest, revision: str | None) -> _Plan:
    if manifest.hub_id is None:
        raise _not_of_a_hub(manifest)
    if revision not in (None, manifest.revision):
        what = Text(en="this model is pinned to another revision", zh="该模型已固定为另一版本")
        fix = Text(
            en=f"fetch {manifest.hub_id} --revision {revision}: it gets a directory of its own",
            zh=f"请下载 {manifest.hub_id} --revision {revision}：会放入单独的目录",
        )
        raise WrongUse(manifest.name, what, fix, got=revision)
    files = tuple(
        hub.HubFile(path, manifest.sizes[path], sha256) for path, sha256 in manifest.files.items()
    )
    return _Plan(manifest.hub_id, manifest.revision, files)


def _not_of_a_hub(manifest: ModelManifest) -> WrongUse:
    what = Text(en="this model comes from no hub", zh="该模型不来自模型仓库")
    fix = Text(
        en=f"it is made or brought here: {manifest.source}", zh=f"其来源为：{manifest.source}"
    )
    return WrongUse(manifest.name, what, fix)


def _repository(name: str, manifest: ModelManifest | None, models: Path) -> str:
    if manifest is not None:
        if manifest.hub_id is None:
            raise _not_of_a_hub(manifest)
        return manifest.hub_id
    from faster_whisper import utils

    known: dict[str, str] = utils._MODELS

    if "/" in name:
        return name
    if name in known:
        return known[name]
    names = {*known, *(path.parent.name for path in models.glob("*/manifest.yaml"))}
    what = Text(en="no model of this name is known", zh="没有该名称的模型")
    fix = Text(
        en=f"OWNER/NAME, or one of: {', '.join(sorted(names))}",
        zh=f"请写 OWNER/NAME，或其中之一：{'、'.join(sorted(names))}",
    )
    raise WrongUse(name, what, fix)


def _wanted(repository: str, listing: hub.Listing) -> tuple[Task, tuple[hub.HubFile, ...]]:
    """Return what the repository's model does and the files that it needs."""
    names = {file.path for file in listing.files}
    task: Task = "asr" if "model.bin" in names else "diarisation"
    if task == "diarisation" and "config.yaml" not in names:
        what = Text(
            en="neither a CTranslate2 Whisper nor a pyannote pipeline",
            zh="既不是 CTranslate2 格式的 Whisper，也不是 pyannote 流水线",
        )
        fix = Text(
            en="take a conversion, e.g. Systran/faster-whisper-large-v3",
            zh="请改用已转换的仓库，例如 Systran/faster-whisper-large-v3",
        )
        raise EngineMissing(repository, what, fix, got=", ".join(sorted(names)[:4]))
    wanted = _WANTED[task]
    return task, tuple(
        file for file in listing.files if any(fnmatch(file.path, pattern) for pattern in wanted)
    )


def _bring(directory: Path, plan: _Plan, on_fetch: OnFetch) -> None:
    """Bring every file that is not there as stated; each takes its place only when it is right."""
    n_total = sum(file.size for file in plan.files)
    for file in plan.files:
        target = directory / file.path
        if _is_right(target, file):
            on_fetch(file.path, file.size, file.size, n_total)
            continue
        part = directory / _PARTIAL / plan.commit / file.path
        hub.download(
            plan.repository,
            plan.commit,
            file.path,
            part,
            file.size,
            _teller(file, n_total, on_fetch),
        )
        if not _is_right(part, file):
            part.unlink()
            raise _other_bytes(plan, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)
    shutil.rmtree(directory / _PARTIAL, ignore_errors=True)


def _teller(file: hub.HubFile, n_total: int, on_fetch: OnFetch) -> Callable[[int], object]:
    return lambda n_bytes: on_fetch(file.path, n_bytes, file.size, n_total)


def _is_right(path: Path, file: hub.HubFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return file.sha256 is None or sha256_of(path) == file.sha256


def _other_bytes(plan: _Plan, file: hub.HubFile) -> EngineMissing:
    what = Text(
        en="what came is not what was pinned; it was thrown away", zh="下载内容与固定值不符，已丢弃"
    )
    fix = Text(
        en="run again; if it stays so, the source or something on the way changed the file: do not "
        "use it, ask who answers for the source",
        zh="请重试；若仍如此，说明来源或传输途中改动了文件：请勿使用，并向来源负责人核实",
    )
    return EngineMissing(f"{plan.repository}/{file.path}", what, fix, got="sha256")


def _check(directory: Path, task: Task) -> None:
    if lacks := lacks_of(directory, task):
        raise DocumentRefused(tuple(told(directory, lack) for lack in lacks))


def _unknown(name: str, repository: str, task: Task) -> ModelManifest:
    return ModelManifest(
        name=name.replace("/", "--"),
        task=task,
        source=repository,
        licence="not stated: read the page of its source",
        purpose=Purpose(zh="由使用者自行选择", en="chosen by whoever fetched it"),
        languages=("zh", "en") if task == "asr" else (),
    )


def _describe(
    directory: Path, manifest: ModelManifest, commit: str, files: tuple[hub.HubFile, ...]
) -> ModelManifest:
    """Write down the commit and the hash of everything that came."""
    paths = sorted(file.path for file in files)
    pinned = manifest.model_copy(
        update={
            "revision": commit,
            "files": {path: sha256_of(directory / path) for path in paths},
            "sizes": {path: (directory / path).stat().st_size for path in paths},
        }
    )
    write_manifest(directory, pinned, _FIRST_USE)
    return pinned
