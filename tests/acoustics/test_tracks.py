"""Levels and pitch of sounds whose level and pitch are known."""

import numpy as np
import pytest

from qa_pipeline.acoustics.tracks import frame_levels_dbfs, level_track, pitch_track
from qa_pipeline.spans import Span
from tests.audio.sounds import noise, silence, tone, voice

ALL = (Span(0, 100),)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16_000, 44_100])
def test_level_is_rms_re_full_scale(rate_hz: int) -> None:
    track = level_track(tone(2, rate_hz, dbfs=-23), rate_hz, 0)
    assert len(track.values) == 20
    assert track.values == pytest.approx([-23.0] * 20, abs=0.1)


def test_a_full_scale_sine_is_minus_three() -> None:
    wave = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000).astype(np.float32)
    assert frame_levels_dbfs(wave, 8000, 0.1)[0] == pytest.approx(-3.01, abs=0.01)


def test_digital_silence_has_a_floor() -> None:
    assert set(level_track(silence(1, 8000), 8000, 0).values) == {-120.0}


def test_a_step_stands_where_it_is() -> None:
    samples = np.concatenate((tone(1, 8000, dbfs=-20), tone(1.05, 8000, dbfs=-40)))
    values = level_track(samples, 8000, 1).values
    assert len(values) == 21
    assert values[9] == pytest.approx(-20, abs=0.1)
    assert values[10] == pytest.approx(-40, abs=0.1)


@pytest.mark.parametrize(
    ("rate_hz", "hz"),
    [(rate, hz) for rate in (8000, 16_000) for hz in (65, 80, 120, 185, 240, 330)]
    + [(16_000, 390)],
)
def test_pitch_of_a_buzz(hz: float, rate_hz: int) -> None:
    samples = sum(tone(2, rate_hz, hz=hz * k, dbfs=-20 - 3 * k) for k in range(1, 6))
    values = pitch_track(samples, rate_hz, ALL, 0).values
    inner = [v for v in values[1:-1] if v is not None]
    assert len(inner) == len(values) - 2
    assert inner == pytest.approx([hz] * len(inner), rel=0.01)


def test_pitch_without_its_fundamental_as_on_a_telephone() -> None:
    samples = sum(tone(2, 8000, hz=110 * k, dbfs=-25) for k in range(3, 12))
    values = [v for v in pitch_track(samples, 8000, ALL, 0).values[1:-1] if v is not None]
    assert np.median(values) == pytest.approx(110, rel=0.01)


def test_noise_and_silence_have_no_pitch() -> None:
    hiss = pitch_track(noise(5, 8000), 8000, ALL, 0).values
    assert sum(v is not None for v in hiss) <= len(hiss) * 0.1
    assert set(pitch_track(silence(1, 8000), 8000, ALL, 0).values) == {None}


def test_pitch_is_looked_for_in_speech_only() -> None:
    values = pitch_track(tone(3, 8000, hz=200), 8000, (Span(1, 2),), 0).values
    assert len(values) == 30
    assert [v is not None for v in values] == [False] * 10 + [True] * 10 + [False] * 10


def test_a_voice_has_the_pitch_that_it_was_given() -> None:
    values = [v for v in pitch_track(voice(10, 8000, hz=210), 8000, ALL, 0).values if v]
    assert np.median(values) == pytest.approx(210, rel=0.05)


def test_no_samples_no_values() -> None:
    assert level_track(silence(0, 8000), 8000, 0).values == ()
    assert pitch_track(silence(0, 8000), 8000, ALL, 0).values == ()
