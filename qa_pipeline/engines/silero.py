"""Silero's voice activity model, as faster-whisper ships it (ONNX, no torch)."""

import hashlib
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.protocols import Samples

_HOP = 512
_RATE_HZ = 16_000


class Silero:
    """Frame probabilities of speech, 32 ms a frame."""

    identity = f"silero-vad v6 (faster-whisper {version('faster-whisper')})"
    hop_s = _HOP / _RATE_HZ

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the model file."""
        from faster_whisper.utils import get_assets_path

        model = Path(get_assets_path()) / "silero_vad_v6.onnx"
        return hashlib.sha256(model.read_bytes()).hexdigest()

    @cached_property
    def _model(self) -> Any:
        go_offline()
        from faster_whisper.vad import get_vad_model

        return get_vad_model()

    def probabilities(self, samples: Samples) -> Samples:
        """Return the probability of speech in each 32 ms, `[n_frames]`; the last is padded."""
        if samples.shape[0] == 0:
            return np.zeros(0, dtype=np.float32)
        padded = np.pad(samples, (0, -samples.shape[0] % _HOP))
        return np.asarray(self._model(padded), dtype=np.float32).reshape(-1)
