"""The one telephone line of the demo world.

A voice is brought to 8 kHz, cut to the telephone band and set to a level (``to_band``); a whole
channel then gets its line noise and goes through the mu-law codec (``through_line``).  A listener
works at 16 kHz (``upsample``).  Everything is seeded by the caller's generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq
from scipy.signal import butter, resample_poly, sosfilt

SAMPLE_RATE = 8000
LISTENING_RATE = 16000
BAND_HZ = (200.0, 3500.0)
BAND_ORDER = 2
MU = 255.0
CODES = 127.5
LEVEL_DB = (-24.0, -18.0)
SNR_DB = (22.0, 45.0)
NOISE_KINDS = ("white", "pink", "hum")
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))  # semitones
HUM_HZ = 50.0
HUM_PARTIALS = 20
ACTIVE_BELOW_PEAK = 0.05
CEILING = 0.98


@dataclass(frozen=True)
class Line:
    """One channel's line: speech level (dBFS, active speech), noise below it, kind of noise."""

    level_db: float
    snr_db: float
    noise: str


def draw_line(rng: np.random.Generator) -> Line:
    """Draw a line from the ranges that the recogniser is trained on."""
    return Line(
        level_db=float(rng.uniform(*LEVEL_DB)),
        snr_db=float(rng.uniform(*SNR_DB)),
        noise=str(rng.choice(NOISE_KINDS)),
    )


def _band_pass(samples: np.ndarray) -> np.ndarray:
    sections = butter(BAND_ORDER, BAND_HZ, "bandpass", fs=SAMPLE_RATE, output="sos")
    return sosfilt(sections, samples).astype(np.float32)


def active_level(samples: np.ndarray) -> float:
    """Root mean square of the samples that carry speech (those not far below the peak)."""
    loud = np.abs(samples)
    active = samples[loud > ACTIVE_BELOW_PEAK * loud.max(initial=0.0)]
    return float(np.sqrt(np.mean(active**2))) if len(active) else 0.0


def to_band(samples: np.ndarray, sample_rate: int, level_db: float) -> np.ndarray:
    """Bring a voice to 8 kHz and the telephone band, its active speech at ``level_db`` dBFS."""
    common = gcd(sample_rate, SAMPLE_RATE)
    low = resample_poly(samples, SAMPLE_RATE // common, sample_rate // common)
    voice = _band_pass(low)
    level = active_level(voice)
    return voice * (10 ** (level_db / 20) / level) if level > 0 else voice


def make_noise(kind: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """``count`` samples of line noise at 8 kHz with a root mean square of 1."""
    if kind == "hum":
        time = np.arange(count) / SAMPLE_RATE
        noise = 0.3 * rng.standard_normal(count)
        for partial in range(1, HUM_PARTIALS + 1):
            phase = rng.uniform(0, 2 * np.pi)
            noise += np.sin(2 * np.pi * HUM_HZ * partial * time + phase) / partial
    elif kind == "pink":
        length = next_fast_len(count, real=True)
        spectrum = rfft(rng.standard_normal(length, np.float32))
        frequency = np.maximum(rfftfreq(length, 1 / SAMPLE_RATE), HUM_HZ)
        noise = irfft(spectrum / np.sqrt(frequency), length)[:count]
    else:
        noise = rng.standard_normal(count, np.float32)
    noise = _band_pass(noise)
    return (noise / (np.sqrt(np.mean(noise**2)) + 1e-12)).astype(np.float32)


def hold_music(count: int, rng: np.random.Generator) -> np.ndarray:
    """``count`` samples of a made-up tune over chords, root mean square 1: music on hold."""
    scale = SCALES[rng.integers(len(SCALES))]
    root_hz, beat_s = rng.uniform(180, 330), rng.uniform(0.22, 0.6)
    sound = np.zeros(count)
    for voice in range(3):
        at, length_s = 0.0, beat_s * (1 if voice == 0 else 4)
        partials = rng.uniform(0.1, 1.0, 6) / np.arange(1, 7)
        while at * SAMPLE_RATE < count:
            span_s = length_s * (1 if voice else float(rng.choice((1, 1, 2, 0.5))))
            step = scale[rng.integers(len(scale))] + 12 * (voice == 0)
            first, end = int(at * SAMPLE_RATE), min(count, int((at + span_s) * SAMPLE_RATE))
            time = np.arange(end - first) / SAMPLE_RATE
            envelope = np.minimum(1, time / 0.02) * np.exp(-time * rng.uniform(0.5, 4))
            for number, strength in enumerate(partials, 1):
                angle = 2 * np.pi * root_hz * 2 ** (step / 12) * number * time
                sound[first:end] += strength * envelope * np.sin(angle)
            at += span_s
    sound = _band_pass(sound)
    return (sound / (np.sqrt(np.mean(sound**2)) + 1e-12)).astype(np.float32)


def mu_law(samples: np.ndarray) -> np.ndarray:
    """Pass samples through the 8-bit mu-law codec (encode and decode)."""
    clipped = np.clip(samples, -1.0, 1.0)
    coded = np.sign(clipped) * np.log1p(MU * np.abs(clipped)) / np.log1p(MU)
    coded = np.round((coded + 1) * CODES) / CODES - 1
    decoded = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(MU)) / MU
    return decoded.astype(np.float32)


def through_line(channel: np.ndarray, line: Line, rng: np.random.Generator) -> np.ndarray:
    """Send a whole channel (made of ``to_band`` voices at ``line.level_db``) over the line."""
    noise_level = 10 ** ((line.level_db - line.snr_db) / 20)
    noisy = channel + noise_level * make_noise(line.noise, len(channel), rng)
    return mu_law(np.clip(noisy, -CEILING, CEILING))


def upsample(channel: np.ndarray) -> np.ndarray:
    """An 8 kHz channel at the 16 kHz that the recogniser hears."""
    return resample_poly(channel, LISTENING_RATE // SAMPLE_RATE, 1).astype(np.float32)
