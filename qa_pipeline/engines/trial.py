"""Loading a model for real and letting it answer once: the proof that files alone cannot give.

A pyannote checkpoint is code: hold its bytes against the manifest before this loads them.
"""

import warnings

import numpy as np

from qa_pipeline.engines.models import ModelDirectory
from qa_pipeline.engines.protocols import Samples
from qa_pipeline.engines.pyannote import Pyannote
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.settings import RecognitionSettings
from qa_pipeline.spans import Span

_RATE_HZ = 16_000
_HEARD_S = 10


def try_out(model: ModelDirectory, recognition: RecognitionSettings) -> None:
    """Load the model as a night would and run it on ten seconds of quiet noise.

    Raises
    ------
    EngineMissing
        The weights cannot be loaded, or the optional extra that loads them is not installed.
    RecordingFailed
        They load and then fail to answer.
    """
    noise = np.random.default_rng(0).standard_normal(_RATE_HZ * _HEARD_S, dtype=np.float32)
    samples: Samples = noise * np.float32(0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that noise holds nobody is known
        if model.manifest.task == "asr":
            Whisper(model, recognition).transcribe(samples, [Span(0, _HEARD_S)], "zh")
        else:
            Pyannote(model.path).speakers(samples)
