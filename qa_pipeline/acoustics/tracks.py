"""Level and pitch over time. Samples are float32 `[n_samples]`, one channel.

Pure numpy: librosa's pYIN needs a hop of 10 ms to follow a path, and its import costs a worker 4
CPU seconds and 250 MB before the first call. The two agree (`tests/acoustics`).
"""

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.records import Role, Track
from qa_pipeline.spans import Span

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

TRACK_HOP_S = 0.1
#: Digital silence has no level in dB; this stands for it.
SILENCE_DBFS = -120.0
MIN_PITCH_HZ, MAX_PITCH_HZ = 60.0, 400.0
#: Frame of three periods of the lowest pitch, and the least periodicity of a voiced frame.
#: Source: Boersma, P. (1993), Accurate short-term analysis of the fundamental frequency, IFA
#: Proceedings 17, 97-110 (voicing threshold 0.45; 0.01 per octave favours the higher candidate).
_PITCH_FRAME_S = 3 / MIN_PITCH_HZ
_VOICED, _OCTAVE_COST = 0.45, 0.01
_BATCH = 2000


def frame_levels_dbfs(samples: Samples, sample_rate_hz: int, hop_s: float) -> Floats:
    """Return the RMS level of consecutive frames of `hop_s`, `[n_frames]`, dB re full scale.

    Frame i covers `[i * hop_s, (i + 1) * hop_s)`; the last may be shorter. A full-scale sine is
    -3 dBFS. Silence is -120.
    """
    n_frames = int(np.ceil(round(samples.shape[0] / (sample_rate_hz * hop_s), 6)))
    edges = np.round(np.arange(n_frames + 1) * hop_s * sample_rate_hz).astype(np.int64)
    edges = np.minimum(edges, samples.shape[0])
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    power = (energy[edges[1:]] - energy[edges[:-1]]) / np.maximum(1, np.diff(edges))
    return decibels(np.maximum(power, 0.0))


def decibels(power: Floats) -> Floats:
    """Return 10 log10 of `power`, at least -120."""
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (SILENCE_DBFS / 10))), dtype=np.float64)


def level_track(
    samples: Samples, sample_rate_hz: int, channel: int, role: Role | None = None
) -> Track:
    """Return the level of one channel every 0.1 s, rounded to 0.1 dB."""
    levels = frame_levels_dbfs(samples, sample_rate_hz, TRACK_HOP_S)
    values = tuple(float(v) for v in np.round(levels, 1))
    return Track("level_dbfs", channel, role, TRACK_HOP_S, values)


def pitch_track(
    samples: Samples,
    sample_rate_hz: int,
    speech: tuple[Span, ...],
    channel: int,
    role: Role | None = None,
) -> Track:
    """Return the fundamental every 0.1 s inside `speech`, Hz, None where unvoiced or silent.

    Normalised autocorrelation (Boersma 1993) at each instant on its own, without path smoothing:
    single octave errors occur, so read it through medians. Above 350 Hz it needs 16 kHz.
    """
    n_frames = int(np.ceil(round(samples.shape[0] / (sample_rate_hz * TRACK_HOP_S), 6)))
    times: Floats = np.arange(n_frames, dtype=np.float64) * TRACK_HOP_S
    inside = np.zeros(n_frames, dtype=bool)
    for span in speech:
        inside |= (times >= span.start_s) & (times < span.end_s)
    indices = np.flatnonzero(inside)
    values: list[float | None] = [None] * n_frames
    for batch in np.array_split(indices, max(1, -(-indices.size // _BATCH))):
        found = pitches(samples, sample_rate_hz, times[batch])
        for index, pitch in zip(batch.tolist(), found.tolist(), strict=True):
            values[index] = round(pitch, 1) if pitch > 0 else None
    return Track("pitch_hz", channel, role, TRACK_HOP_S, tuple(values))


def pitches(samples: Samples, rate_hz: int, times: Floats) -> Floats:
    """Return the pitch in Hz of frames centred on `times` (s), `[n_frames]`; 0 where unvoiced."""
    if times.size == 0:
        return np.zeros(0)
    n = round(_PITCH_FRAME_S * rate_hz)
    n_fft = 1 << (2 * n - 1).bit_length()
    padded = np.pad(samples.astype(np.float64), (n // 2, n))
    starts = np.round(times * rate_hz).astype(np.int64)
    window = np.hanning(n + 2)[1:-1]
    frames = padded[starts[:, None] + np.arange(n)]
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    correlation = _autocorrelation(frames, n_fft)
    energy = correlation[:, :1]
    own = _autocorrelation(window[None, :], n_fft)
    low, high = int(rate_hz / MAX_PITCH_HZ), min(int(rate_hz / MIN_PITCH_HZ) + 1, n - 2)
    lags = np.arange(low, high + 1)
    strength = correlation[:, lags] / np.maximum(energy, 1e-12) / (own[:, lags] / own[:, :1])
    inner = strength[:, 1:-1]
    is_peak = (inner > strength[:, :-2]) & (inner >= strength[:, 2:])
    cost = _OCTAVE_COST * np.log2(MIN_PITCH_HZ * lags[1:-1] / rate_hz)
    scores = np.where(is_peak, inner - cost, -1.0)
    best = scores.argmax(axis=1) + 1
    rows = np.arange(best.size)
    before, at, after = (strength[rows, best + k] for k in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.where(np.abs(bend) > 1e-12, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0)
    voiced = (scores[rows, best - 1] > -1.0) & (at >= _VOICED) & (energy[:, 0] > 1e-9 * n)
    return np.where(voiced, rate_hz / (lags[best] + shift), 0.0)


def _autocorrelation(frames: Floats, n_fft: int) -> Floats:
    spectrum = np.fft.rfft(frames, n_fft, axis=1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, n_fft, axis=1))
