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

import numpy as np

from qa_pipeline.acoustics.tracks import MAX_PITCH_HZ, Floats, Samples, pitches
from qa_pipeline.spans import Span, union

#: Shorter ones are any syllable's vowel; tones and music last longer than a breath of hesitation,
#: so the longer ones are kept for the detector to leave out.
MIN_SUSTAINED_S = 0.15
_HOP_S = 0.02
_FRAME_S = 0.032
#: What may change from 40 ms before an instant to 40 ms after it. Chosen on the `tuning` set of
#: `models/demo-asr/hesitations.py`, where half of the frames of words move by 0.7 semitones and
#: 5.7 dB, half of the hesitations' by 0.2 semitones and 0.6 dB.
_REACH = 2
_MAX_STEP_SEMITONES, _MAX_STEP_DB = 1.2, 3.5
#: Over a run, ringing, dialling and DTMF tones move by under 0.02 semitones, held voices by 0.1
#: and more, real and synthetic (`tests/acoustics/test_sustained.py`, `benchmarks/RESULTS.md`).
_MACHINE_STEP_SEMITONES = 0.05
#: One frame that fails breaks nothing off.
_MAX_HOLE = 1
#: The telephone band in mel bands, and the cepstral coefficients of its envelope without its level:
#: fewer than show the single harmonics. Bands below the frame's loudest by more are noise.
_BAND_HZ, _N_BANDS, _N_COEFFICIENTS, _DEPTH_DB = (200.0, 3500.0), 24, 8, 30.0
_BATCH = 1500


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
    import librosa  # costs a worker 1.7 s and 220 MB, once: not before a channel has speech

    margin = 2 * _REACH
    start = (first - margin) * round(_HOP_S * rate_hz)
    end = (last + margin) * round(_HOP_S * rate_hz)
    piece = samples[max(0, start) : max(0, end)]
    piece = np.pad(piece, (max(0, -start), end - max(0, start) - piece.shape[0]))
    within = slice(margin, margin + last - first)
    times = np.arange(margin, margin + last - first, dtype=np.float64) * _HOP_S
    power = librosa.feature.melspectrogram(
        y=piece,
        sr=rate_hz,
        n_fft=round(_FRAME_S * rate_hz),
        hop_length=round(_HOP_S * rate_hz),
        n_mels=_N_BANDS,
        fmin=_BAND_HZ[0],
        fmax=_BAND_HZ[1],
    )
    level_db = librosa.power_to_db(power, top_db=None)
    level_db = np.maximum(level_db, level_db.max(axis=0) - _DEPTH_DB)
    cepstrum = librosa.feature.mfcc(S=level_db, n_mfcc=_N_COEFFICIENTS + 1)
    envelope_db = cepstrum[1:, within].T.astype(np.float64) / np.sqrt(_N_BANDS)
    return pitches(piece, rate_hz, times), envelope_db
