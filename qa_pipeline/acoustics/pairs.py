"""How two channels relate: the same signal twice, or one leaking into the other.

Both questions are answered on frames aligned by one constant lag, by normalised correlation and
level difference. Samples are float32 `[n_samples]`, both channels at one rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.acoustics.tracks import Floats, Samples, decibels
from qa_pipeline.spans import Span, difference, union

#: Acoustic and network echoes arrive within this (ITU-T G.131: echo needs control beyond 25 ms;
#: packet telephony adds up to a few hundred).
MAX_LAG_S = 0.3
_FRAME_S, _HOP_S = 0.2, 0.1
_BLOCK_S, _MAX_BLOCKS = 1.0, 40
#: A copy: nearly everything correlates, at one gain, no more than "slightly" scaled.
_COPY_CORRELATION, _COPY_SHARE, _COPY_GAIN_DB, _COPY_SPREAD_DB = 0.95, 0.95, 6.0, 3.0
#: A leak: while the source talks, the quieter channel follows its waveform.
_LEAK_CORRELATION, _LEAK_SHARE, _LEAK_MARGIN_DB, _LEAK_FLOOR_DB = 0.5, 0.4, 3.0, -45.0
_AUDIBLE_DB = 30.0
_LEAST_S = 2.0


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Per frame of 0.2 s every 0.1 s: correlation 0-1 and both powers, after alignment."""

    correlation: Floats
    power_a: Floats
    power_b: Floats
    lag_s: float

    @property
    def gain_db(self) -> Floats:
        """Level of b over a, per frame."""
        return decibels(self.power_b) - decibels(self.power_a)


def is_copy(a: Samples, b: Samples, rate_hz: int) -> bool:
    """Return whether `b` is `a` again, perhaps slightly scaled, delayed or coded on its own."""
    if np.array_equal(a, b):
        return True
    aligned = _align(a, b, rate_hz, _loud_blocks(a, rate_hz))
    loudest = np.percentile(aligned.power_a, 95) if aligned.power_a.size else 0.0
    audible = aligned.power_a > loudest * 10 ** (-_AUDIBLE_DB / 10)
    if loudest <= 0 or audible.sum() * _HOP_S < _HOP_S:
        return False
    gain_db = aligned.gain_db[audible]
    low, high = np.percentile(gain_db, (5, 95))
    share = np.mean(aligned.correlation[audible] >= _COPY_CORRELATION)
    return bool(
        share >= _COPY_SHARE
        and abs(np.median(gain_db)) <= _COPY_GAIN_DB
        and high - low <= _COPY_SPREAD_DB
    )


@dataclass(frozen=True, slots=True)
class Leak:
    """`gain_db`: how loud the source is heard on the other channel; `spans`: where it is."""

    gain_db: float
    spans: tuple[Span, ...]


def leak(source: Samples, into: Samples, rate_hz: int, speech: tuple[Span, ...]) -> Leak | None:
    """Return how `source`, speaking in `speech`, leaks into the other channel; None if not.

    Frames in which the other party talks louder than the leak do not count as leaked.
    """
    aligned = _align(source, into, rate_hz, _loud_blocks(source, rate_hz, speech))
    times = np.arange(aligned.correlation.size) * _HOP_S + _FRAME_S / 2
    talking = np.zeros(times.size, dtype=bool)
    for span in speech:
        talking |= (times >= span.start_s) & (times < span.end_s)
    quieter = talking & (aligned.gain_db < -_LEAK_MARGIN_DB)
    leaking = quieter & (aligned.correlation >= _LEAK_CORRELATION)
    if quieter.sum() * _HOP_S < _LEAST_S or leaking.sum() < _LEAK_SHARE * quieter.sum():
        return None
    gain_db = float(np.median(aligned.gain_db[leaking]))
    if gain_db < _LEAK_FLOOR_DB:
        return None
    starts = np.maximum(0.0, times[leaking] - _FRAME_S / 2 + aligned.lag_s)
    frames = (Span(t, t + _FRAME_S) for t in starts.tolist())
    return Leak(gain_db, union(frames, join_gap_s=2 * _HOP_S))


def without_leak(
    speech: tuple[Span, ...], leaked: Iterable[Span], least_s: float
) -> tuple[Span, ...]:
    """Return `speech` less what leaked into it; scraps shorter than `least_s` go as well."""
    kept = difference(speech, leaked)
    whole = set(speech)
    return tuple(span for span in kept if span in whole or span.duration_s >= least_s)


def _loud_blocks(
    samples: Samples, rate_hz: int, speech: tuple[Span, ...] | None = None
) -> NDArray[np.int64]:
    """Return the starts (samples) of up to 40 seconds in which the signal is loudest."""
    n = round(_BLOCK_S * rate_hz)
    starts = np.arange(0, max(1, samples.shape[0] - n + 1), n, dtype=np.int64)
    if speech is not None:
        firsts = [
            np.arange(s.start_s, max(s.start_s + 0.01, s.end_s - _BLOCK_S / 2)) for s in speech
        ]
        seconds = np.concatenate(firsts) if firsts else np.zeros(0)
        starts = np.round(seconds * rate_hz).astype(np.int64)
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    ends = np.minimum(starts + n, samples.shape[0])
    power = energy[ends] - energy[np.minimum(starts, samples.shape[0])]
    return np.sort(starts[np.argsort(-power, kind="stable")[:_MAX_BLOCKS]])


def _lag(a: Samples, b: Samples, rate_hz: int, starts: NDArray[np.int64]) -> int:
    """Return the samples by which `b` follows `a`, by averaged normalised cross-correlation."""
    n, reach = round(_BLOCK_S * rate_hz), round(MAX_LAG_S * rate_hz)
    n_fft = 1 << (n + 2 * reach).bit_length()
    total = np.zeros(2 * reach + 1)
    padded = np.pad(b, (reach, reach + n))
    for start in starts.tolist():
        block = a[start : start + n].astype(np.float64)
        other = padded[start : start + n + 2 * reach].astype(np.float64)
        scale = np.sqrt(np.sum(block**2) * np.sum(other**2))
        if scale == 0:
            continue
        spectrum = np.fft.rfft(other, n_fft) * np.conj(np.fft.rfft(block, n_fft))
        total += np.fft.irfft(spectrum, n_fft)[: 2 * reach + 1] / scale
    return int(np.abs(total).argmax()) - reach


def _align(a: Samples, b: Samples, rate_hz: int, starts: NDArray[np.int64]) -> _Aligned:
    lag = _lag(a, b, rate_hz, starts)
    shifted = b[lag:] if lag >= 0 else np.concatenate((np.zeros(-lag, dtype=b.dtype), b))
    n = min(a.shape[0], shifted.shape[0])
    x, y = a[:n].astype(np.float64), shifted[:n].astype(np.float64)
    hop = round(_HOP_S * rate_hz)
    xy, xx, yy = (_frames(product, hop) for product in (x * y, x * x, y * y))
    scale = np.sqrt(xx * yy)
    correlation = np.where(scale > 0, np.abs(xy) / np.where(scale > 0, scale, 1), 0.0)
    return _Aligned(correlation, xx, yy, lag / rate_hz)


def _frames(product: Floats, hop: int) -> Floats:
    """Return the mean of a product over frames of two hops."""
    n_hops = product.shape[0] // hop
    sums = product[: n_hops * hop].reshape(n_hops, hop).mean(axis=1)
    return np.asarray((sums[:-1] + sums[1:]) / 2)
