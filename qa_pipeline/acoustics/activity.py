"""Speech spans from a model's frame probabilities.

Hysteresis as Silero's own: speech begins above the threshold and ends 0.15 below it. A frame
quieter than any telephone speech is none, whatever the model says.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from qa_pipeline.acoustics.tracks import Floats, Samples, frame_levels_dbfs
from qa_pipeline.settings import ActivitySettings
from qa_pipeline.spans import Span, union

#: Active speech on telephone lines lies between -45 and -10 dBFS (ITU-T G.168 and P.56 nominal
#: -26); digital circuits idle at -70 and below.
QUIET_DBFS = -60.0
#: Source: snakers4/silero-vad, `neg_threshold = threshold - 0.15`.
_RELEASE = 0.15
#: Frame times are multiples that floats miss by a hair.
_HAIR_S = 1e-6


def speech_spans(
    probabilities: Samples, hop_s: float, levels_dbfs: Floats, settings: ActivitySettings
) -> tuple[Span, ...]:
    """Return tidy speech spans; both arrays are `[n_frames]`, a frame every `hop_s` seconds.

    Pauses shorter than `min_silence_s` are closed, speech shorter than `min_speech_s` is thrown
    away, what is left grows by `pad_s` at both ends.
    """
    n_frames = min(probabilities.shape[0], levels_dbfs.shape[0])
    heard = np.where(levels_dbfs[:n_frames] >= QUIET_DBFS, probabilities[:n_frames], 0.0)
    runs = _runs(heard.tolist(), settings.threshold, max(0.01, settings.threshold - _RELEASE))
    bursts = union(
        (Span(a * hop_s, b * hop_s) for a, b in runs), join_gap_s=settings.min_silence_s - _HAIR_S
    )
    kept = (span for span in bursts if span.duration_s >= settings.min_speech_s - _HAIR_S)
    end_s, pad_s = n_frames * hop_s, settings.pad_s
    return union(Span(max(0.0, s.start_s - pad_s), min(end_s, s.end_s + pad_s)) for s in kept)


def levels_for(samples: Samples, sample_rate_hz: int, hop_s: float) -> Floats:
    """Return the frame levels that belong to probabilities every `hop_s`."""
    return frame_levels_dbfs(samples, sample_rate_hz, hop_s)


def _runs(values: Sequence[float], on: float, off: float) -> Iterator[tuple[int, int]]:
    """Yield (first, after last) of stretches that rise to `on` and hold above `off`."""
    start: int | None = None
    for i, value in enumerate(values):
        if start is None and value >= on:
            start = i
        elif start is not None and value < off:
            yield start, i
            start = None
    if start is not None:
        yield start, len(values)
