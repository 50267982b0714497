"""Fetching a model on purpose: pinned, resumable, checked before it takes its place.

A manifest that lists files is a pin: the same commit, the same bytes, or nothing. Where nobody has
pinned a model, the first fetch does (trust on first use): the commit and the hash of what came are
written down, and everything later is held against them.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa_pipeline.engines import hub
from qa_pipeline.engines.fetch_plan import Plan, plan_fetch
from qa_pipeline.engines.models import ModelManifest, lacks_of, sha256_of, told, write_manifest
from qa_pipeline.errors import DocumentRefused, EngineMissing, WrongUse
from qa_pipeline.texts import Text

_PARTIAL = ".partial"
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


def fetch(name: str, models: Path, revision: str | None, on_fetch: OnFetch) -> Fetched:
    """Bring a model of `models/` or of a hub (`OWNER/NAME`) into its directory.

    Raises
    ------
    EngineMissing
        The hub is not there or refuses, or what came is not what was pinned.
    DocumentRefused
        What came is whole and still no model; every lack is told.
    WrongUse
        The name says nothing that can be fetched, or the folder cannot take it.
    """
    with hub.online():
        planned = plan_fetch(name, models, revision)
        _bring(planned, on_fetch)
    directory, manifest = planned.directory, planned.manifest
    if lacks := lacks_of(directory, manifest.task):
        raise DocumentRefused(tuple(told(directory, lack) for lack in lacks))
    if planned.is_first_use:
        manifest = _pin(planned)
    return Fetched(directory, manifest, planned.is_first_use)


def _bring(plan: Plan, on_fetch: OnFetch) -> None:
    """Bring every file that is not there as stated; each takes its place only when it is right."""
    _make(plan.directory)
    _check_space(plan)
    for file in plan.files:
        target = plan.directory / file.path
        if file.sha256 is not None and _is_right(target, file):  # a small one's hash is not known
            on_fetch(file.path, file.size, file.size, plan.n_bytes)
            continue
        part = plan.directory / _PARTIAL / plan.commit / file.path
        hub.download(
            plan.repository,
            plan.commit,
            file.path,
            part,
            file.size,
            _teller(file, plan.n_bytes, on_fetch),
        )
        if not _is_right(part, file):
            part.unlink()
            raise _other_bytes(plan, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)
    shutil.rmtree(plan.directory / _PARTIAL, ignore_errors=True)


def _make(directory: Path) -> None:
    try:
        (directory / _PARTIAL).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = Text(en="the models folder cannot be written", zh="无法写入模型文件夹")
        fix = Text(
            en="check its permissions, or name another with --models",
            zh="请检查权限，或用 --models 指定其他文件夹",
        )
        raise WrongUse(str(directory), what, fix, got=error.strerror) from error


def _check_space(plan: Plan) -> None:
    """Refuse before the first byte what would not fit; a part that is here needs no more space."""
    directory = plan.directory
    places = [(directory / f.path, directory / _PARTIAL / plan.commit / f.path) for f in plan.files]
    here = sum(max(_size(target), _size(part)) for target, part in places)
    wanted = plan.n_bytes - here
    free = shutil.disk_usage(directory).free
    if wanted > free:
        what = Text(en="the model does not fit on the disk", zh="磁盘空间不足以存放该模型")
        fix = Text(
            en=f"free {(wanted - free) / 1e6:,.0f} MB, or name another folder with --models",
            zh=f"请清理 {(wanted - free) / 1e6:,.0f} MB，或用 --models 指定其他文件夹",
        )
        raise WrongUse(str(directory), what, fix, got=f"{free / 1e6:,.0f} MB")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _teller(file: hub.HubFile, n_total: int, on_fetch: OnFetch) -> Callable[[int], object]:
    return lambda n_bytes: on_fetch(file.path, n_bytes, file.size, n_total)


def _is_right(path: Path, file: hub.HubFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    return file.sha256 is None or sha256_of(path) == file.sha256


def _other_bytes(plan: Plan, file: hub.HubFile) -> EngineMissing:
    what = Text(
        en="what came is not what was pinned; it was thrown away", zh="下载内容与固定值不符，已丢弃"
    )
    fix = Text(
        en="run again; if it stays so, the source or something on the way changed the file: do not "
        "use it, ask who answers for the source",
        zh="请重试；若仍如此，说明来源或传输途中改动了文件：请勿使用，并向来源负责人核实",
    )
    return EngineMissing(f"{plan.repository}/{file.path}", what, fix, got="sha256")


def _pin(plan: Plan) -> ModelManifest:
    """Write down the commit and the hash of everything that came."""
    paths = {file.path: plan.directory / file.path for file in plan.files}
    pinned = plan.manifest.model_copy(
        update={
            "revision": plan.commit,
            "files": {name: sha256_of(path) for name, path in sorted(paths.items())},
            "sizes": {name: path.stat().st_size for name, path in sorted(paths.items())},
        }
    )
    write_manifest(plan.directory, pinned, _FIRST_USE)
    return pinned
