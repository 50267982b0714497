"""Empty, clipped, noisy: what samples of known make-up say of a channel."""

import numpy as np
import pytest

from qa_pipeline.acoustics.health import channel_health, clipped_share, is_empty
from qa_pipeline.spans import Span
from tests.audio.sounds import noise, silence, tone, voice


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(silence(5, 8000), True, id="digital-silence"),
        pytest.param(noise(5, 8000, dbfs=-65), True, id="idle-line"),
        pytest.param(noise(5, 8000, dbfs=-50), False, id="audible-noise-is-a-live-line"),
        pytest.param(tone(5, 8000, dbfs=-30), False, id="tone"),
    ],
)
def test_empty(samples: np.ndarray, expected: bool) -> None:
    assert is_empty(samples, 8000) is expected


def test_a_click_at_the_start_does_not_fill_a_channel() -> None:
    samples = silence(60, 8000)
    samples[:200] = 0.9
    assert is_empty(samples, 8000)


def test_one_word_in_a_minute_does() -> None:
    samples = silence(60, 8000)
    samples[80_000:84_000] = tone(0.5, 8000, dbfs=-25)
    assert not is_empty(samples, 8000)


def test_levels_of_speech_and_of_what_lies_between() -> None:
    samples = np.concatenate((noise(2, 8000, dbfs=-55), tone(2, 8000, dbfs=-18)))
    health = channel_health(samples, 8000, 1, (Span(2, 4),))
    assert health.channel == 1
    assert health.level_dbfs == pytest.approx(-18, abs=0.2)
    assert health.noise_dbfs == pytest.approx(-55, abs=1)
    assert not health.is_empty
    assert health.bleed_db is None


def test_digital_silence_has_neither_level_nor_noise() -> None:
    health = channel_health(silence(2, 8000), 8000, 0, ())
    assert (health.level_dbfs, health.noise_dbfs, health.is_empty) == (None, None, True)


@pytest.mark.parametrize("ceiling", [1.0, 0.98], ids=["full-scale", "mu-law-ceiling"])
def test_a_flattened_sine_is_clipped(ceiling: float) -> None:
    sine = np.sin(2 * np.pi * 200 * np.arange(8000) / 8000).astype(np.float32)
    flat = np.clip(sine * 2, -ceiling, ceiling)
    # |2 sin x| > 1 on two thirds of a period
    assert clipped_share(flat) == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(tone(1, 8000, dbfs=-3.02), id="full-scale-sine-not-flattened"),
        pytest.param(tone(1, 8000, dbfs=-20), id="quiet"),
        pytest.param(np.clip(tone(1, 8000, dbfs=-10), -0.2, 0.2), id="limited-far-below"),
        pytest.param(voice(2, 8000, dbfs=-20), id="voice"),
        pytest.param(silence(0, 8000), id="nothing"),
    ],
)
def test_is_not_clipped(samples: np.ndarray) -> None:
    assert clipped_share(samples) == pytest.approx(0, abs=1e-4)
