"""The recogniser: a Whisper model through faster-whisper, each window decoded on its own.

Sequential decoding at temperature 0, no text carried from window to window, no prompt and no
hot words: what is heard never depends on what a scorecard looks for.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.engines.models import PREPROCESSOR, ModelDirectory
from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.protocols import Heard, Samples
from qa_pipeline.errors import EngineMissing, RecordingFailed
from qa_pipeline.settings import RecognitionSettings
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language, Text
from qa_pipeline.words import Word

_RATE_HZ = 16_000
#: Text that zips better than this is a decoder's endless loop. Source: openai/whisper,
#: `compression_ratio_threshold`.
_LOOP_RATIO = 2.4
#: Nobody says more tokens a second; a decoder that lost the thread does. At most 440 of the
#: decoder's 448 positions.
_TOKENS_PER_S, _SPARE_TOKENS, _MAX_TOKENS = 20, 30, 440
#: A word that alignment gave no time gets this much: one frame of its grid.
_LEAST_WORD_S = 0.02
#: What a tokeniser writes for a character of which the model gave only some bytes.
_HALF_CHARACTER = "\ufffd"
_DETECTION_WINDOWS = 3
#: Whisper's languages that are ours; Cantonese is written in Chinese.
_CODES: Final[dict[str, Language]] = {"zh": "zh", "yue": "zh", "en": "en"}
_OPTIONS: Final[dict[str, Any]] = {
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "vad_filter": False,
    "compression_ratio_threshold": _LOOP_RATIO,
}


class Whisper:
    """A recogniser in a local directory; weights are read at the first use."""

    def __init__(
        self, model: ModelDirectory, settings: RecognitionSettings, *, n_threads: int = 0
    ) -> None:
        self._directory = model
        self._settings = settings
        self._n_threads = n_threads

    @property
    def is_demo(self) -> bool:
        """Whether the model's manifest says that it knows synthetic voices only."""
        return self._directory.manifest.demo

    @property
    def window_limits(self) -> WindowLimits:
        """What the settings say, else what the model was made for."""
        made_for = self._directory.manifest.windows
        join_gap_s, max_window_s = self._settings.join_gap_s, self._settings.max_window_s
        return WindowLimits(
            made_for.join_gap_s if join_gap_s is None else join_gap_s,
            made_for.max_window_s if max_window_s is None else max_window_s,
        )

    @cached_property
    def identity(self) -> str:
        """Engine, version, model and the beginning of its hash."""
        engine = f"faster-whisper {version('faster-whisper')}"
        return f"{engine} / {self._directory.label} {self._content[:12]}"

    @cached_property
    def _content(self) -> str:
        return self._directory.content_sha256()

    @cached_property
    def fingerprint(self) -> str:
        """Hash of model files, engine versions and every option that decides what is heard."""
        parts = {
            "model": self._content,
            "faster-whisper": version("faster-whisper"),
            "ctranslate2": version("ctranslate2"),
            "options": _OPTIONS,
            "tokens": (_TOKENS_PER_S, _SPARE_TOKENS, _MAX_TOKENS),
            "compute_type": self._settings.compute_type,
            "beam_size": self._settings.beam_size,
            "windows": astuple(self.window_limits),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _model(self) -> Any:
        go_offline()
        from faster_whisper import WhisperModel

        try:
            model = WhisperModel(
                str(self._directory.path),
                device=self._settings.device,
                compute_type=self._settings.compute_type,
                cpu_threads=self._n_threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as fault:
            got = str(fault).splitlines()[0][:120]
            raise _unloadable(self._directory, got) from fault
        if model.model.n_mels != model.feature_extractor.mel_filters.shape[0]:
            raise _unloadable(self._directory, f"{PREPROCESSOR}: {model.model.n_mels} mel")
        return model

    def language_shares(
        self, samples: Samples, windows: Sequence[Span]
    ) -> Mapping[Language, float]:
        """Return the probability of zh and en, averaged over the three longest windows."""
        longest = sorted(windows, key=lambda w: w.duration_s)[-_DETECTION_WINDOWS:]
        shares: dict[Language, float] = {"zh": 0.0, "en": 0.0}
        heard_s = sum(window.duration_s for window in longest)
        for window in longest:
            _, _, found = self._model.detect_language(audio=_clip(samples, window))
            for code, share in found:
                if code in _CODES:
                    shares[_CODES[code]] += share * window.duration_s / heard_s
        return shares

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Return the words heard in `windows`; endless loops are thrown away and counted.

        Raises
        ------
        RecordingFailed
            The engine gave up on this recording (out of memory, a device gone).
        """
        words: list[Word] = []
        n_looped = 0
        for window in windows:
            try:
                heard = list(self._segments(_clip(samples, window), window, language))
            except RuntimeError as fault:
                raise _gave_up(fault) from fault
            for segment in heard:
                if segment.compression_ratio > _LOOP_RATIO:
                    n_looped += len(segment.words or ())
                else:
                    words.extend(_words(segment.words or (), window))
        return Heard(tuple(words), n_looped)

    def _segments(self, clip: Samples, window: Span, language: Language) -> Iterator[Any]:
        segments, _ = self._model.transcribe(
            clip,
            language=language,
            beam_size=self._settings.beam_size,
            max_new_tokens=min(
                _MAX_TOKENS, _SPARE_TOKENS + round(_TOKENS_PER_S * window.duration_s)
            ),
            **_OPTIONS,
        )
        yield from segments


def _clip(samples: Samples, window: Span) -> Samples:
    """Return the window's samples: features are then normalised on what is heard together."""
    clip = samples[round(window.start_s * _RATE_HZ) : round(window.end_s * _RATE_HZ)]
    return np.ascontiguousarray(clip, dtype=np.float32)


def _words(heard: Iterable[Any], window: Span) -> Iterator[Word]:
    for word in heard:
        text = word.word.replace(_HALF_CHARACTER, "")
        if not text.strip():
            continue
        start_s = min(window.start_s + float(word.start), window.end_s - _LEAST_WORD_S)
        end_s = min(window.start_s + float(word.end), window.end_s)
        end_s = max(end_s, start_s + _LEAST_WORD_S)
        yield Word(text, round(start_s, 3), round(end_s, 3), round(float(word.probability), 4))


def _unloadable(directory: ModelDirectory, got: str) -> EngineMissing:
    what = Text(en="the recogniser cannot be loaded", zh="识别模型无法加载")
    fix = Text(
        en="check `qa models verify`, the model's files and recognition.device / compute_type",
        zh="请检查 `qa models verify` 的结果、模型文件及 recognition.device / compute_type",
    )
    return EngineMissing(str(directory.path), what, fix, got=got)


def _gave_up(fault: RuntimeError) -> RecordingFailed:
    what = Text(en="the recogniser gave up on this recording", zh="识别引擎处理该录音时失败")
    fix = Text(
        en="run it again; with less memory or no GPU, set recognition.device and compute_type",
        zh="请重跑；内存或 GPU 不足时请调整 recognition.device 与 compute_type",
    )
    got = type(fault).__name__
    return RecordingFailed(
        "transcribe", what, fix, stage="transcribe", code="engine_failed", got=got
    )
