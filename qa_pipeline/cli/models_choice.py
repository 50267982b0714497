"""`qa models use`: what was chosen, which setting says so, and how far it was checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_pipeline.engines.models import (
    ModelDirectory,
    Task,
    only_described,
    read_manifest,
    recognise,
    undescribed,
)
from qa_pipeline.engines.verifying import Verified, verify
from qa_pipeline.errors import DocumentRefused, EngineMissing, QaError
from qa_pipeline.settings import MODELS_DIR, RecognitionSettings
from qa_pipeline.texts import Text

_SETTINGS: dict[Task, tuple[str, str]] = {
    "asr": ("recognition", "model"),
    "diarisation": ("diarisation", "pipeline"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that may be used: `value` is what its setting shall be."""

    verified: Verified
    value: str

    @property
    def section(self) -> str:
        """The section of the settings that names such a model."""
        return _SETTINGS[self.verified.model.manifest.task][0]

    @property
    def key(self) -> str:
        """The key below that section."""
        return _SETTINGS[self.verified.model.manifest.task][1]

    def warnings(self) -> Iterator[Text]:
        """Yield what a person should know of the choice."""
        about = self.verified.model.manifest
        if about.demo:
            yield Text(
                en="this is a demo model: it knows synthetic voices only",
                zh="这是演示模型：只认识合成语音",
            )
        if not about.files:
            yield Text(
                en="no manifest states its hashes: what is used is known by the fingerprint of its "
                "bytes, which each call keeps; nothing tells whether they are the maker's",
                zh="没有清单列出哈希：每通电话会记录其内容指纹，但无法判断是否为原厂文件",
            )
        if not self.verified.was_loaded:
            yield Text(
                en="it was not loaded: only its files were looked at", zh="未实际加载：仅检查了文件"
            )

    def outcome(self, settings: Path | None) -> Text:
        """Return what was done, or what is left to do."""
        if settings is not None:
            name = f"{self.section}.{self.key}"
            return Text(
                en=f"{name} in {settings} is now {self.value}",
                zh=f"{settings} 中的 {name} 现为 {self.value}",
            )
        label = self.verified.model.label
        return Text(
            en=f"{label} can be used. Put this into your settings file, or run again with "
            "--settings FILE:",
            zh=f"{label} 可以使用。请将以下内容写入设置文件，或加 --settings 重新运行：",
        )


def choose(directory: Path, *, load: bool) -> Choice:
    """Check a directory (or a name of `models/`) and return it as a choice.

    Raises
    ------
    EngineMissing
        It is no model, or its weights do not load.
    DocumentRefused
        Files are missing or not as its manifest says; every one is told.
    """
    named = MODELS_DIR / directory
    is_name = directory.name == str(directory) and named.is_dir()
    path = (named if is_name else directory.expanduser()).resolve()
    stated = read_manifest(path)
    if stated is not None and ModelDirectory(path, stated).state == "absent":
        raise only_described(path)
    task = recognise(path)
    manifest = stated or undescribed(path.name, task)
    found = verify(ModelDirectory(path, manifest), RecognitionSettings(), load=load)
    if not found.is_well:
        raise DocumentRefused((*_differing(found), *found.faults))
    return Choice(found, path.name if is_name else str(path))


def _differing(found: Verified) -> Iterator[QaError]:
    for difference in found.differences:
        what = Text(
            en=f"not as the manifest says ({difference.fault})",
            zh=f"与清单不符（{difference.fault}）",
        )
        fix = Text(
            en="bring the file again, or the manifest that belongs to it",
            zh="请重新拷贝该文件，或使用与之对应的清单",
        )
        where = str(found.model.path / difference.file)
        yield EngineMissing(where, what, fix, got=difference.got)


def chosen_as_data(choice: Choice, settings: Path | None) -> dict[str, Any]:
    """Return the choice for JSON."""
    return {
        "directory": str(choice.verified.model.path),
        "task": choice.verified.model.manifest.task,
        "setting": f"{choice.section}.{choice.key}",
        "value": choice.value,
        "written_to": None if settings is None else str(settings),
        "loaded": choice.verified.was_loaded,
    }
