"""Audio made for tests: known level, known times."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def tone(seconds: float, rate_hz: int, *, hz: float = 440.0, dbfs: float = -20.0) -> Samples:
    """Return a sine of an RMS level."""
    amplitude = np.sqrt(2) * 10 ** (dbfs / 20)
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * hz * times)).astype(np.float32)


def noise(seconds: float, rate_hz: int, *, dbfs: float = -30.0, seed: int = 0) -> Samples:
    """Return white noise of an RMS level."""
    random = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz))
    return (random * 10 ** (dbfs / 20)).astype(np.float32)


def silence(seconds: float, rate_hz: int) -> Samples:
    """Return digital silence."""
    return np.zeros(round(seconds * rate_hz), dtype=np.float32)


def voice(
    seconds: float, rate_hz: int, *, hz: float = 140.0, dbfs: float = -20.0, seed: int = 0
) -> Samples:
    """Return something that moves like a voice: a buzz of harmonics in syllables, with breath."""
    random = np.random.default_rng(seed)
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    drift = np.cumsum(random.standard_normal(times.size)) / rate_hz
    phase = 2 * np.pi * (hz * times + 6 * drift)
    buzz = sum(np.sin(k * phase + random.uniform(0, 6)) / k for k in range(1, 12))
    rate = random.uniform(3, 5)
    syllables = np.clip(np.sin(2 * np.pi * rate * times + random.uniform(0, 6)) + 0.3, 0, 1)
    sound = buzz * syllables + 0.05 * random.standard_normal(times.size)
    return (sound * 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))).astype(np.float32)
