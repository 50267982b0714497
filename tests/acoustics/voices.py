"""Sounds of a mouth, made of harmonics under formants: what is held in them is known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RATE_HZ = 16_000
UH, AH, EE, MM = (500.0, 1500.0), (730.0, 1090.0), (270.0, 2290.0), (250.0, 1000.0)
Formants = tuple[float, float]


def vowel(
    seconds: float,
    *,
    hz: tuple[float, float] = (130.0, 128.0),
    formants: tuple[Formants, Formants] = (UH, UH),
    dbfs: float = -22.0,
) -> Floats:
    """Return a voiced sound whose pitch and formants move evenly from the first to the second.

    The pitch wavers by half a per cent, as no voice holds it better.
    """
    n = round(seconds * RATE_HZ)
    way = np.linspace(0, 1, n)
    waver = 1 + 0.005 * np.sin(2 * np.pi * 6 * np.arange(n) / RATE_HZ)
    pitch_hz = hz[0] * (hz[1] / hz[0]) ** way * waver
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    sound = np.zeros(n)
    for k in range(1, 28):
        gain = sum(
            1 / (1 + ((k * pitch_hz - (a + (b - a) * way)) / 120) ** 2)
            for a, b in zip(*formants, strict=True)
        )
        sound += gain * np.sin(k * phase) / np.sqrt(k)
    ramp = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.01 * RATE_HZ))
    sound *= ramp
    return np.asarray(sound * 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2)))


def syllables(seconds: float, *, seed: int = 0) -> Floats:
    """Return talk without a word: vowels of 0.12 to 0.2 s that glide in pitch and formants."""
    random = np.random.default_rng(seed)
    parts: list[Floats] = []
    while sum(map(len, parts)) < seconds * RATE_HZ:
        ends = [(UH, AH, EE, MM)[i] for i in random.permutation(4)[:2]]
        start_hz = random.uniform(100, 170)
        hz = (start_hz, start_hz * 2 ** random.choice((-0.5, 0.5)))
        parts.append(vowel(random.uniform(0.12, 0.2), hz=hz, formants=(ends[0], ends[1])))
        parts.append(np.zeros(round(0.03 * RATE_HZ)))
    return np.concatenate(parts)[: round(seconds * RATE_HZ)]


def line(
    seconds: float, placed: Sequence[tuple[float, Floats]], *, noise_dbfs: float = -60.0
) -> NDArray[np.float32]:
    """Return a channel of faint noise with sounds at their seconds."""
    n = round(seconds * RATE_HZ)
    channel = np.random.default_rng(7).standard_normal(n) * 10 ** (noise_dbfs / 20)
    for at_s, sound in placed:
        start = round(at_s * RATE_HZ)
        channel[start : start + len(sound)] += sound
    return channel.astype(np.float32)
