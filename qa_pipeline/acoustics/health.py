"""What the samples say of one channel: levels, noise, clipping, emptiness."""

import numpy as np

from qa_pipeline.acoustics.tracks import (
    SILENCE_DBFS,
    Samples,
    decibels,
    frame_levels_dbfs,
)
from qa_pipeline.records import ChannelHealth
from qa_pipeline.spans import Span

_FRAME_S = 0.1
#: Below this everywhere: nothing on the channel that a person would hear on a telephone.
EMPTY_DBFS = -60.0
#: A flattened top: at least three samples in a row at the channel's peak, near full scale. 0.9
#: leaves room for companding (A-law ends at 0.984, mu-law at 0.980 of full scale).
_CLIP_RUN, _CLIP_PEAK, _CLIP_BAND = 3, 0.9, 0.999


def channel_health(
    samples: Samples,
    sample_rate_hz: int,
    channel: int,
    speech: tuple[Span, ...],
    bleed_db: float | None = None,
) -> ChannelHealth:
    """Return the health of one channel `[n_samples]`.

    `level_dbfs` is the power mean over its speech (over everything where nobody speaks);
    `noise_dbfs` the 10th percentile of 0.1 s frames outside speech; None for digital silence.
    """
    levels = frame_levels_dbfs(samples, sample_rate_hz, _FRAME_S)
    times = (np.arange(levels.size) + 0.5) * _FRAME_S
    talking = np.zeros(levels.size, dtype=bool)
    for span in speech:
        talking |= (times >= span.start_s) & (times < span.end_s)
    chosen = levels[talking] if talking.any() else levels
    quiet = levels[~talking & (levels > SILENCE_DBFS)]
    level = (
        float(decibels(np.asarray(np.mean(10 ** (chosen / 10))))) if chosen.size else SILENCE_DBFS
    )
    return ChannelHealth(
        channel=channel,
        level_dbfs=round(level, 1) if level > SILENCE_DBFS else None,
        noise_dbfs=round(float(np.percentile(quiet, 10)), 1) if quiet.size else None,
        clipped_share=clipped_share(samples),
        is_empty=is_empty(samples, sample_rate_hz),
        bleed_db=None if bleed_db is None else round(bleed_db, 1),
    )


def is_empty(samples: Samples, sample_rate_hz: int) -> bool:
    """Return whether nothing on the channel rises above -60 dBFS but single clicks."""
    levels = frame_levels_dbfs(samples, sample_rate_hz, _FRAME_S)
    return levels.size == 0 or float(np.percentile(levels, 99.5)) < EMPTY_DBFS


def clipped_share(samples: Samples) -> float:
    """Return the share (0-1) of samples on flattened tops."""
    size = np.abs(samples)
    peak = float(size.max()) if size.size else 0.0
    if peak < _CLIP_PEAK:
        return 0.0
    top = np.concatenate(([False], size >= peak * _CLIP_BAND, [False]))
    edges = np.flatnonzero(top[1:] != top[:-1])
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= _CLIP_RUN].sum() / size.size)
