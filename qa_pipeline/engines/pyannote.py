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

from qa_pipeline.engines.models import ModelDirectory, read_manifest, undescribed
from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.protocols import Samples
from qa_pipeline.errors import EngineMissing, RecordingFailed
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Text

_RATE_HZ = 16_000
_N_SPEAKERS = 2
_CONFIG = "config.yaml"
_PACKAGE = "pyannote.audio"


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
        self._directory = directory.expanduser().resolve()
        if not (self._directory / _CONFIG).is_file():
            what = Text(en="no pyannote pipeline lies here", zh="此处没有 pyannote 流水线")
            fix = Text(
                en="set diarisation.pipeline to a directory with config.yaml and its models",
                zh="请将 diarisation.pipeline 设为含 config.yaml 及模型的目录",
            )
            raise EngineMissing(str(directory), what, fix, got=f"{_CONFIG} missing")
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
        return self._model.manifest.demo

    @cached_property
    def identity(self) -> str:
        """Engine, version, the pipeline's name and revision and the beginning of its hash."""
        return f"pyannote.audio {self._version} / {self._model.label} {self._content[:12]}"

    @cached_property
    def _model(self) -> ModelDirectory:
        manifest = read_manifest(self._directory)
        name = self._directory.name
        return ModelDirectory(self._directory, manifest or undescribed(name, "diarisation"))

    @cached_property
    def _content(self) -> str:
        return self._model.content_sha256()

    @property
    def fingerprint(self) -> str:
        """Hash of the pipeline's weights and settings and of the engine's version."""
        return hashlib.sha256(f"{self._content} {self._version} {_N_SPEAKERS}".encode()).hexdigest()

    @cached_property
    def _pipeline(self) -> Any:
        go_offline()
        from qa_pipeline.engines.torchaudio_cpu import make_importable

        make_importable()
        from pyannote.audio import Pipeline

        try:
            pipeline = Pipeline.from_pretrained(str(self._directory))
        except Exception as fault:  # a checkpoint is a pickle: it can raise anything
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
