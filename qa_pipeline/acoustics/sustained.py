"""Where a voice is held: voiced stretches, steady in pitch and in spectrum, as hesitations are.

A speaker who hesitates goes on sounding and stops articulating: the fundamental hardly moves, and
neither does the spectral envelope. Long vowels of words are held as well: whether words lie there
is not asked here. Samples are float32 `[n_samples]`, one channel.

Source: Goto, M., Itou, K. & Hayamizu, S. (1999), A real-time filled pause detection system for
spontaneous speech recognition, Eurospeech 1999, 227-230: filled pauses are small transitions of
the fundamental together with small deformations of the spectral envelope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.acoustics.tracks import MAX_PITCH_HZ, Floats, Samples, decibels, pitches
from qa_pipeline.spans import Span, union

#: Shorter ones are any syllable's vowel; tones and music last longer than a breath of hesitation,
#: so the longer ones are kept for the detector to leave out.
MIN_SUSTAINED_S = 0.15
_HOP_S = 0.02
_FRAME_S = 0.032
#: What may change from 40 ms before an instant to 40 ms after it. Chosen on the `tuning` set of
#: `models/demo-asr/hesitations.py`: medians are 0.8 semitones and 7.3 dB in words' voiced frames,
#: 0.3 and 0.8 in hesitations'; 8 % of the first and 90 % of the second stay below both.
_REACH = 2
_MAX_STEP_SEMITONES, _MAX_STEP_DB = 1.2, 3.5
#: Over a run, ringing, dialling and DTMF tones move by under 0.03 semitones, held voices, real and
#: synthetic, by 0.1 and more.
_MACHINE_STEP_SEMITONES = 0.05
#: One frame that fails breaks nothing off.
_MAX_HOLE = 1
#: The telephone band in mel bands, and the cepstral coefficients of its envelope without its level:
#: fewer than show the single harmonics. Bands below the frame's loudest by more are noise.
_BAND_HZ, _N_BANDS, _N_COEFFICIENTS, _DEPTH_DB = (200.0, 3500.0), 24, 8, 30.0
#: Frames taken at once, and frames of sound around them for windows that reach out.
_BATCH, _MARGIN = 1500, 2


@dataclass(frozen=True, slots=True)
class _Frames:
    """Frames every 20 ms from frame `first` on: pitch `[n]`, 0 unvoiced; envelope `[n, 8]`, dB."""

    first: int
    pitch_hz: Floats
    envelope_db: Floats


def sustained_spans(
    samples: Samples, sample_rate_hz: int, speech: tuple[Span, ...]
) -> tuple[Span, ...]:
    """Return the tidy stretches of `speech` of 0.15 s or longer in which one sound is held.

    Pitch within 1.2 semitones and spectral envelope within 3.5 dB (of each cepstrally smoothed
    band, root mean square) over any 80 ms. Left out: what is unvoiced, what glides (diphthongs,
    Mandarin's falling and rising tones), and tones of machines, whose pitch does not move at all.
    """
    held: list[Span] = []
    for stretch in union(speech):
        frames = _frames(samples, sample_rate_hz, stretch)
        held += (
            Span(max(first_s, stretch.start_s), min(end_s, stretch.end_s))
            for first_s, end_s in _runs(frames)
            if max(first_s, stretch.start_s) < min(end_s, stretch.end_s)
        )
    return tuple(s for s in union(held) if s.duration_s >= MIN_SUSTAINED_S - 1e-9)


def _runs(frames: _Frames) -> Iterator[tuple[float, float]]:
    """Yield the start and end, seconds, of every run of steady frames that a voice made."""
    voiced = frames.pitch_hz > 0
    step = _across(12 * np.log2(np.where(voiced, frames.pitch_hz, MAX_PITCH_HZ)))
    step = np.abs(step - 12 * np.round(step / 12))  # the tracker's octave errors are no glides
    change_db = np.sqrt(np.sum(_across(frames.envelope_db) ** 2, axis=1))
    steady = voiced[_REACH:-_REACH] & (step <= _MAX_STEP_SEMITONES) & (change_db <= _MAX_STEP_DB)
    at = np.flatnonzero(steady)
    for run in np.split(at, np.flatnonzero(np.diff(at) > _MAX_HOLE + 1) + 1):
        if run.size and np.mean(step[run]) >= _MACHINE_STEP_SEMITONES:
            # a frame near the sound's border is measured against one beyond it: the run is longer
            last = frames.first + int(run[-1]) + 2 * _REACH
            yield (frames.first + int(run[0])) * _HOP_S, last * _HOP_S


def _across(values: Floats) -> Floats:
    """Return by how much values differ 40 ms before and after each frame but the outermost."""
    return np.asarray(values[2 * _REACH :] - values[: -2 * _REACH])


def _frames(samples: Samples, rate_hz: int, stretch: Span) -> _Frames:
    """Return the frames of a stretch and a few around it."""
    first = max(0, round(stretch.start_s / _HOP_S) - _REACH)
    last = round(stretch.end_s / _HOP_S) + _REACH + 1
    batches = [
        _batch(samples, rate_hz, start, min(start + _BATCH, last))
        for start in range(first, last, _BATCH)
    ]
    pitch_hz, envelope_db = (np.concatenate(part) for part in zip(*batches, strict=True))
    return _Frames(first, pitch_hz, envelope_db)


def _batch(samples: Samples, rate_hz: int, first: int, last: int) -> tuple[Floats, Floats]:
    """Return pitch and envelope of the frames `[first, last)`, centred on `i * 20 ms`."""
    hop = round(_HOP_S * rate_hz)
    start, end = (first - _MARGIN) * hop, (last + _MARGIN) * hop
    inside = samples[max(0, start) : max(0, end)]
    piece = np.pad(inside, (max(0, -start), end - max(0, start) - inside.shape[0]))
    centres = np.arange(_MARGIN, _MARGIN + last - first) * hop
    return pitches(piece, rate_hz, centres / rate_hz), envelopes_db(piece, rate_hz, centres)


def envelopes_db(samples: Samples, rate_hz: int, centres: NDArray[np.int64]) -> Floats:
    """Return the spectral envelope around each of `centres` (samples), `[n, 8]`, without level.

    Mel-frequency cepstral coefficients 1 to 8 of the telephone band, scaled so that the distance of
    two envelopes is their difference in dB, root mean square over the bands. As librosa's `mfcc`
    (`tests/acoustics`), which would load numba: 117 MB and 1 s in every worker, 17 s in the first.
    """
    from scipy.fft import dct

    n = round(_FRAME_S * rate_hz)
    window = np.hanning(n + 1)[:-1]
    frames = samples[centres[:, None] - n // 2 + np.arange(n)] * window
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    level_db = decibels(power @ _mel_bands(n, rate_hz))
    level_db = np.maximum(level_db, level_db.max(axis=1, keepdims=True) - _DEPTH_DB)
    cepstrum = dct(level_db, axis=1, norm="ortho")[:, 1 : _N_COEFFICIENTS + 1]
    return np.asarray(cepstrum / np.sqrt(_N_BANDS), dtype=np.float64)


@cache
def _mel_bands(n: int, rate_hz: int) -> Floats:
    """Return triangles over the bins of a spectrum of `n` samples, `[n_bins, n_bands]`."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in _BAND_HZ)
    corners = 700 * (10 ** (np.linspace(low, high, _N_BANDS + 2) / 2595) - 1)
    below, centre, above = corners[:-2], corners[1:-1], corners[2:]
    bins = np.fft.rfftfreq(n, 1 / rate_hz)[:, None]
    rising, falling = (bins - below) / (centre - below), (above - bins) / (above - centre)
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)))
