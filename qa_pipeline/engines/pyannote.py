"""The diariser: a local pyannote pipeline tells two speakers apart on one channel.

Nothing is fetched: the pipeline is a directory with `config.yaml`, its models and its PLDA.
Speaker embeddings are dropped at once.
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa_pipeline.engines.models import read_model_manifest, sha256_of
from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.protocols import Samples
from qa_pipeline.errors import EngineMissing, RecordingFailed
from qa_pipeline.settings import MODELS_DIR
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Text

_RATE_HZ = 16_000
_N_SPEAKERS = 2
_CONFIG = "config.yaml"
_PACKAGE = "pyannote.audio"


def find_pipeline(name_or_dir: str) -> Path:
    """Return the directory of a pipeline given as a directory or as a name in `models/`.

    Raises
    ------
    EngineMissing
        No pipeline lies there; neither is a hub asked.
    """
    given = Path(name_or_dir).expanduser()
    for directory in (given, MODELS_DIR / name_or_dir):
        if (directory / _CONFIG).is_file():
            return directory.resolve()
    what = Text(en="no pyannote pipeline lies here", zh="此处没有 pyannote 流水线")
    fix = Text(
        en="set diarisation.pipeline to a name in models/ or a directory with config.yaml and "
        "its models",
        zh="请将 diarisation.pipeline 设为 models/ 中的名称，或含 config.yaml 及模型的目录",
    )
    raise EngineMissing(name_or_dir, what, fix, got=f"{_CONFIG} missing")


def is_installed() -> bool:
    """Return whether the diarisation extra is there; imports nothing of it."""
    try:
        version(_PACKAGE)
    except PackageNotFoundError:
        return False
    return True


class Pyannote:
    """A pyannote.audio 4 pipeline in a local directory; weights are read at the first use.

    Checkpoints are code (pickles): only load a directory that you trust.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = find_pipeline(str(directory))
        try:
            self._version = version(_PACKAGE)
        except PackageNotFoundError as fault:
            what = Text(en="pyannote.audio is not installed", zh="未安装 pyannote.audio")
            fix = Text(
                en="pip install 'qa-pipeline[diarisation]', or remove diarisation.pipeline",
                zh="pip install 'qa-pipeline[diarisation]'，或去掉 diarisation.pipeline",
            )
            raise EngineMissing("diarisation.pipeline", what, fix) from fault

    @cached_property
    def is_demo(self) -> bool:
        """Whether the pipeline's manifest says that it knows synthetic voices only."""
        manifest = read_model_manifest(self._directory)
        return manifest is not None and manifest.demo

    @cached_property
    def identity(self) -> str:
        """Engine, version, directory name and the beginning of its hash."""
        return f"pyannote.audio {self._version} / {self._directory.name} {self._content[:12]}"

    @cached_property
    def _content(self) -> str:
        manifest = read_model_manifest(self._directory)
        if manifest is not None and manifest.files:
            files = sorted(self._directory / name for name in {*manifest.files, _CONFIG})
        else:
            files = sorted(path for path in self._directory.rglob("*") if path.is_file())
        lines = (f"{p.relative_to(self._directory).as_posix()} {sha256_of(p)}\n" for p in files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Hash of the engine's version and of the files that the manifest names, or of all."""
        return hashlib.sha256(f"{self._content} {self._version} {_N_SPEAKERS}".encode()).hexdigest()

    @cached_property
    def _pipeline(self) -> Any:
        go_offline()
        from qa_pipeline.engines.torchaudio_cpu import make_importable

        make_importable()
        from pyannote.audio import Pipeline

        try:
            pipeline = Pipeline.from_pretrained(str(self._directory))
        except (OSError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise self._unloadable(type(fault).__name__) from fault
        if pipeline is None:
            raise self._unloadable("None")
        return pipeline

    def speakers(self, samples: Samples) -> Mapping[str, tuple[Span, ...]]:
        """Return the spans of two speakers (of one where only one is heard), by label.

        Raises
        ------
        RecordingFailed
            The engine gave up on this recording.
        """
        pipeline = self._pipeline
        import torch

        waveform = torch.from_numpy(samples[None, :].copy())
        try:
            out = pipeline(
                {"waveform": waveform, "sample_rate": _RATE_HZ}, num_speakers=_N_SPEAKERS
            )
        except (RuntimeError, ValueError) as fault:
            raise _gave_up(fault) from fault
        spans: dict[str, list[Span]] = {}
        for segment, _, label in out.speaker_diarization.itertracks(yield_label=True):
            spans.setdefault(str(label), []).append(Span(segment.start, segment.end))
        return {label: union(found) for label, found in sorted(spans.items())}

    def _unloadable(self, got: str) -> EngineMissing:
        what = Text(en="the pyannote pipeline cannot be loaded", zh="pyannote 流水线无法加载")
        fix = Text(
            en="config.yaml must name segmentation, embedding and plda inside the directory",
            zh="config.yaml 须指向目录内的 segmentation、embedding 与 plda",
        )
        return EngineMissing(str(self._directory), what, fix, got=got)


def _gave_up(fault: Exception) -> RecordingFailed:
    what = Text(en="the diariser gave up on this recording", zh="说话人分离引擎处理该录音时失败")
    fix = Text(en="run it again, or take diarisation out", zh="请重跑，或停用说话人分离")
    got = type(fault).__name__
    return RecordingFailed("diarise", what, fix, stage="diarise", code="engine_failed", got=got)
