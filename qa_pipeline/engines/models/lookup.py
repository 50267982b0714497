"""Finding a model by name or by directory, on this machine only.

A name is looked for in `models/`, then as a directory, then (recognisers) among the copies that
faster-whisper downloaded earlier. Nothing here asks a network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qa_pipeline.engines.models.content import content_sha256, weight_files
from qa_pipeline.engines.models.kinds import lacks_of
from qa_pipeline.engines.models.manifest import ModelManifest, Task, read_manifest, undescribed
from qa_pipeline.engines.models.pipeline_form import CONFIG
from qa_pipeline.engines.models.whisper_form import WHISPER_CONTENT, missing_files
from qa_pipeline.errors import EngineMissing
from qa_pipeline.settings import MODELS_DIR
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """A directory that holds a model, or only the manifest of one that is still to be brought."""

    path: Path
    manifest: ModelManifest

    @property
    def label(self) -> str:
        """Name and revision."""
        return self.manifest.label

    @property
    def state(self) -> Literal["installed", "incomplete", "absent"]:
        """Whether the files are here; nothing is hashed and nothing is loaded."""
        if not any((self.path / name).is_file() for name in self.content_files):
            return "absent"
        listed = all((self.path / name).is_file() for name in self.manifest.files)
        lacks = lacks_of(self.path, self.manifest.task)
        return "installed" if listed and not lacks else "incomplete"

    @property
    def content_files(self) -> tuple[str, ...]:
        """The files that decide the model's answers: a manifest names those of a pipeline."""
        if self.manifest.task == "asr":
            return WHISPER_CONTENT
        stated = tuple(self.manifest.files)
        return tuple(sorted({CONFIG, *stated})) if stated else weight_files(self.path)

    def content_sha256(self) -> str:
        """Return one SHA-256 over the names and bytes of the files that decide the answers."""
        return content_sha256(self.path, self.content_files)


def find_whisper(model: str) -> ModelDirectory:
    """Return the directory of a recogniser given as a name or a directory.

    Raises
    ------
    EngineMissing
        Nothing of that name is here, or files are missing in the directory.
    DocumentRefused
        Its manifest cannot be understood.
    """
    places = _places(model)
    for path in places:
        if not missing_files(path):
            return _described(path, "asr")
    copy = _downloaded(model)
    if copy is not None and not missing_files(copy):
        return _described(copy, "asr", model)
    raise _not_here(model, places, missing_files)


def find_pipeline(model: str) -> ModelDirectory:
    """Return the directory of a diariser given as name or directory; raises as `find_whisper`."""
    places = _places(model)
    for path in places:
        if not _without_config(path):
            return _described(path, "diarisation")
    raise _not_here(model, places, _without_config)


def models_in(folder: Path) -> tuple[ModelDirectory, ...]:
    """Return the models of a folder, by name: every subdirectory with a manifest."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        manifest = read_manifest(path) if path.is_dir() else None
        if manifest is not None:
            found.append(ModelDirectory(path, manifest))
    return tuple(found)


def _places(model: str) -> tuple[Path, ...]:
    """Return the directories that `model` may mean, a name before a path."""
    given = Path(model).expanduser()
    named = (MODELS_DIR / model,) if given.name == model and model not in ("", ".", "..") else ()
    return tuple(path.resolve() for path in (*named, given) if path.is_dir())


def _described(path: Path, task: Task, name: str | None = None) -> ModelDirectory:
    """Return the directory with its manifest; a hub's copy has the commit as its revision."""
    manifest = read_manifest(path)
    if manifest is None:
        manifest = undescribed(name or path.name, task)
        if path.parent.name == "snapshots":
            manifest = manifest.model_copy(update={"revision": path.name})
    return ModelDirectory(path, manifest)


def _without_config(directory: Path) -> tuple[str, ...]:
    return () if (directory / CONFIG).is_file() else (CONFIG,)


def _not_here(
    model: str, places: tuple[Path, ...], missing: Callable[[Path], tuple[str, ...]]
) -> EngineMissing:
    if not places:
        what = Text(en="no model of this name is here", zh="本机没有该名称的模型")
        return EngineMissing(model, what, _fetch(model))
    manifest = read_manifest(places[0])
    if manifest is not None and ModelDirectory(places[0], manifest).state == "absent":
        return only_described(places[0])
    what = Text(en="the model directory lacks files", zh="模型目录缺少文件")
    fix = Text(
        en="bring them; `qa models use DIR` says what each is for",
        zh="请补齐；`qa models use 目录` 会逐一说明",
    )
    return EngineMissing(str(places[0]), what, fix, got=", ".join(missing(places[0])))


def only_described(directory: Path) -> EngineMissing:
    """Return the error for a directory that holds a manifest and nothing that it lists."""
    what = Text(
        en="this model is described here, but its files are not here",
        zh="此处只有该模型的清单，模型文件不在本机",
    )
    return EngineMissing(str(directory), what, _fetch(directory.name))


def _fetch(model: str) -> Text:
    return Text(
        en=f"run `qa models fetch {model}` where there is a network and carry the directory over, "
        "or give the directory of your own weights (check it with `qa models use DIR`)",
        zh=f"请在联网机器上运行 `qa models fetch {model}` 后拷贝该目录，"
        "或给出自己的权重目录（用 `qa models use 目录` 检查）",
    )


def _downloaded(model: str) -> Path | None:
    """Return the local copy of a model that faster-whisper downloaded under this name."""
    from qa_pipeline.engines.offline import go_offline

    go_offline()
    from faster_whisper.utils import download_model
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(download_model(model, local_files_only=True))
    except (ValueError, LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError):
        return None
