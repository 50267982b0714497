"""Speech spans from a model's frame probabilities.

Hysteresis as Silero's own: speech begins above the threshold and ends 0.15 below it. A frame
quieter than any telephone speech is none, whatever the model says.
"""

from bisect import bisect_left
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
#: A hum right before speech is speech: Silero, which knows nothing of what comes, is unsure of it
#: (0.1 to 0.5 on made 嗯, where noise and music give less). At most so far before, so long, and so
#: much quieter than what it opens.
_OPENING, _OPENING_GAP_S, _OPENING_S, _OPENING_DB = 0.1, 0.3, 0.6, 20.0
#: Frame times are multiples that floats miss by a hair.
_HAIR_S = 1e-6


def speech_spans(
    probabilities: Samples, hop_s: float, levels_dbfs: Floats, settings: ActivitySettings
) -> tuple[Span, ...]:
    """Return tidy speech spans; both arrays are `[n_frames]`, a frame every `hop_s` seconds.

    Pauses shorter than `min_silence_s` are closed, speech shorter than `min_speech_s` is thrown
    away. A soft opening, such as the 嗯 that an answer begins with, is part of the speech that it
    opens. What is left grows by `pad_s` at both ends.
    """
    n_frames = min(probabilities.shape[0], levels_dbfs.shape[0])
    heard = np.where(levels_dbfs[:n_frames] >= QUIET_DBFS, probabilities[:n_frames], 0.0)
    runs = _runs(heard.tolist(), settings.threshold, max(0.01, settings.threshold - _RELEASE))
    bursts = union(
        (Span(a * hop_s, b * hop_s) for a, b in runs), join_gap_s=settings.min_silence_s - _HAIR_S
    )
    kept = [span for span in bursts if span.duration_s >= settings.min_speech_s - _HAIR_S]
    kept += _openings(kept, heard, levels_dbfs, hop_s, settings)
    end_s, pad_s = n_frames * hop_s, settings.pad_s
    return union(Span(max(0.0, s.start_s - pad_s), min(end_s, s.end_s + pad_s)) for s in kept)


def _openings(
    speech: Sequence[Span],
    heard: Samples,
    levels_dbfs: Floats,
    hop_s: float,
    settings: ActivitySettings,
) -> list[Span]:
    """Return soft stretches right before `speech` (sorted), each with the pause up to it."""
    starts = [span.start_s for span in speech]
    openings = []
    for first, end in _runs(heard.tolist(), _OPENING, _OPENING):
        at = bisect_left(starts, end * hop_s - _HAIR_S)
        is_soft = heard[first:end].max() < settings.threshold
        if not is_soft or at == len(starts) or starts[at] - end * hop_s > _OPENING_GAP_S:
            continue
        opened = levels_dbfs[round(starts[at] / hop_s) : round(speech[at].end_s / hop_s)]
        is_heard = levels_dbfs[first:end].max() >= opened.max() - _OPENING_DB
        if settings.min_speech_s - _HAIR_S <= (end - first) * hop_s <= _OPENING_S and is_heard:
            openings.append(Span(first * hop_s, starts[at]))
    return openings


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
