"""What to fetch: a pinned model's files, or those of a repository as its hub lists them."""

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from qa_pipeline.engines import hub
from qa_pipeline.engines.models import ModelManifest, Purpose, Task, read_manifest
from qa_pipeline.errors import EngineMissing, WrongUse
from qa_pipeline.texts import Text

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
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


@dataclass(frozen=True, slots=True)
class Plan:
    """Files of a repository at one commit, for `directory`; `is_first_use`: nobody pinned them."""

    directory: Path
    manifest: ModelManifest
    repository: str
    commit: str
    files: tuple[hub.HubFile, ...]
    is_first_use: bool

    @property
    def n_bytes(self) -> int:
        """The size of everything."""
        return sum(file.size for file in self.files)


def plan_fetch(name: str, models: Path, revision: str | None) -> Plan:
    """Return what fetching `name` would bring; asks the hub only where nobody pinned the model.

    Raises
    ------
    EngineMissing
        The hub is not there or refuses, or the repository holds no model.
    WrongUse
        The name says nothing that can be fetched, or the revision is not the pinned one.
    """
    _check_names(name, revision)
    directory = models / name.replace("/", "--")
    manifest = read_manifest(directory)
    if manifest is not None and manifest.files:
        return _pinned(directory, manifest, revision)
    repository = _repository(name, manifest, models)
    asked = revision or (manifest.revision if manifest else "") or None
    listing = hub.listing(repository, asked)
    task, files = _wanted(repository, listing)
    described = manifest or _unknown(name, repository, task)
    return Plan(directory, described, repository, listing.commit, files, is_first_use=True)


def _check_names(name: str, revision: str | None) -> None:
    if not _NAME.fullmatch(name):
        what = Text(en="not the name of a model or of a repository", zh="不是模型名或仓库名")
        fix = Text(
            en="write a name of `qa models list`, or OWNER/NAME",
            zh="请写 `qa models list` 中的名称，或 OWNER/NAME",
        )
        raise WrongUse("NAME", what, fix, got=name)
    if revision is not None and not _COMMIT.fullmatch(revision):
        what = Text(en="not a commit", zh="不是提交号")
        fix = Text(en="give its 40 hexadecimal digits", zh="请给出 40 位十六进制提交号")
        raise WrongUse("--revision", what, fix, got=revision)


def _pinned(directory: Path, manifest: ModelManifest, revision: str | None) -> Plan:
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
    commit = manifest.revision
    return Plan(directory, manifest, manifest.hub_id, commit, files, is_first_use=False)


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


def _unknown(name: str, repository: str, task: Task) -> ModelManifest:
    return ModelManifest(
        name=name.replace("/", "--"),
        task=task,
        source=repository,
        licence="not stated: read the page of its source",
        purpose=Purpose(zh="由使用者自行选择", en="chosen by whoever fetched it"),
        languages=("zh", "en") if task == "asr" else (),
    )
