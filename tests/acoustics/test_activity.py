"""From frame probabilities to spans, and what is never speech."""

from itertools import pairwise

import numpy as np
import pytest

from qa_pipeline.acoustics.activity import levels_for, speech_spans
from qa_pipeline.engines.silero import Silero
from qa_pipeline.settings import ActivitySettings
from qa_pipeline.spans import Span
from tests.audio.sounds import noise, silence, tone

HOP_S = 0.1
LOUD = -20.0
PLAIN = ActivitySettings(min_speech_s=0.2, min_silence_s=0.3, pad_s=0)


def spans(
    drawn: str, settings: ActivitySettings = PLAIN, level: float = LOUD
) -> list[tuple[float, float]]:
    """Read a drawing, 0.1 s a character: `#` speech (0.9), `-` unsure (0.4), `.` silence."""
    shares = np.array([{"#": 0.9, "-": 0.4, ".": 0.0}[c] for c in drawn], dtype=np.float32)
    found = speech_spans(shares, HOP_S, np.full(len(drawn), level), settings)
    return [(round(s.start_s, 6), round(s.end_s, 6)) for s in found]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        pytest.param("..####....", [(0.2, 0.6)], id="one-burst"),
        pytest.param("..####..####..", [(0.2, 1.2)], id="a-pause-under-0.3-is-closed"),
        pytest.param("..####...####..", [(0.2, 0.6), (0.9, 1.3)], id="a-pause-of-0.3-stays"),
        pytest.param("..#.......", [], id="a-burst-under-0.2-is-a-click"),
        pytest.param("..##......", [(0.2, 0.4)], id="a-burst-of-0.2-counts"),
        pytest.param("..##--##..", [(0.2, 0.8)], id="unsure-frames-hold-what-began"),
        pytest.param("..------..", [], id="unsure-frames-begin-nothing"),
        pytest.param("####", [(0.0, 0.4)], id="from-start-to-end"),
        pytest.param("..--.####..", [(0.2, 0.9)], id="a-hum-opens-what-follows"),
        pytest.param("..-.####..", [(0.4, 0.8)], id="a-click-opens-nothing"),
        pytest.param("..--....####..", [(0.8, 1.2)], id="a-hum-0.4-before-stands-alone"),
        pytest.param("-------####", [(0.7, 1.1)], id="nobody-hums-on"),
        pytest.param("..####.--..", [(0.2, 0.6)], id="a-hum-closes-nothing"),
        pytest.param("", [], id="no-frames"),
    ],
)
def test_spans(drawn: str, expected: list[tuple[float, float]]) -> None:
    assert spans(drawn) == expected


def test_a_hum_far_below_the_speech_is_the_lines() -> None:
    shares = np.array([0.4] * 3 + [0.0] + [0.9] * 6, dtype=np.float32)
    for hum_dbfs, start_s in ((-39.0, 0.0), (-41.0, 0.4)):
        levels = np.array([hum_dbfs] * 4 + [-20.0] * 6)
        found = speech_spans(shares, HOP_S, levels, PLAIN)
        assert [round(span.start_s, 6) for span in found] == [start_s]


def test_padding_stays_inside_the_recording() -> None:
    padded = PLAIN.model_copy(update={"pad_s": 0.15})
    assert spans("##....##", padded) == [(0.0, 0.35), (0.45, 0.8)]


def test_nothing_quieter_than_a_telephone_is_speech() -> None:
    assert spans("..####..", level=-59.9) == [(0.2, 0.6)]
    assert spans("..####..", level=-60.1) == []


def melody(seconds: float) -> np.ndarray:
    """Hold music without a voice: plucked notes of six harmonics."""
    out = np.zeros(round(seconds * 16_000))
    for i in range(int(seconds * 4)):
        hz = (262, 294, 330, 349, 392, 440, 392, 330)[i % 8]
        times = np.arange(4000) / 16_000
        note = sum(np.sin(2 * np.pi * hz * k * times) / k for k in range(1, 7))
        out[i * 4000 : (i + 1) * 4000] = 0.1 * note * np.exp(-4 * times)
    return out.astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(silence(10, 16_000), id="digital-silence"),
        pytest.param(noise(10, 16_000, dbfs=-50), id="line-noise"),
        pytest.param(noise(10, 16_000, dbfs=-25), id="loud-noise"),
        pytest.param(tone(10, 16_000, hz=50, dbfs=-20), id="mains-hum"),
        pytest.param(tone(10, 16_000, hz=450, dbfs=-15), id="ring-back-tone"),
        pytest.param(
            tone(10, 16_000, hz=697, dbfs=-20) + tone(10, 16_000, hz=1209, dbfs=-20), id="keypad"
        ),
        pytest.param(melody(10), id="hold-music-without-voice"),
    ],
)
def test_the_real_model_hears_no_speech_in(samples: np.ndarray) -> None:
    model, settings = Silero(), ActivitySettings()
    levels = levels_for(samples, 16_000, model.hop_s)
    assert speech_spans(model.probabilities(samples), model.hop_s, levels, settings) == ()


def test_frames_cover_the_recording() -> None:
    model = Silero()
    assert model.probabilities(silence(1, 16_000)).shape == (32,)
    assert model.probabilities(silence(0, 16_000)).shape == (0,)
    assert levels_for(silence(1, 16_000), 16_000, model.hop_s).shape == (32,)


def test_spans_are_tidy() -> None:
    random = np.random.default_rng(0)
    shares = random.random(2000, dtype=np.float32) ** 3
    found = speech_spans(shares, 0.032, np.full(2000, LOUD), ActivitySettings())
    assert len(found) > 3
    assert all(a.end_s < b.start_s for a, b in pairwise(found))
    assert all(isinstance(span, Span) and span.duration_s > 0 for span in found)
