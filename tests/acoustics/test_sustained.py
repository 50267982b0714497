"""What is held, and what glides, hisses, rings or is too short to be."""

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from qa_pipeline.acoustics.sustained import envelopes_db, sustained_spans
from qa_pipeline.spans import Span
from tests.acoustics.voices import AH, EE, MM, RATE_HZ, UH, Floats, line, syllables, vowel
from tests.audio.sounds import noise, tone

ALL = (Span(0.0, 3.0),)
NEAR_S = 0.041


def held(channel: NDArray[np.float32], speech: tuple[Span, ...] = ALL) -> list[tuple[float, float]]:
    spans = sustained_spans(channel, RATE_HZ, speech)
    return [(round(span.start_s, 2), round(span.end_s, 2)) for span in spans]


@pytest.mark.parametrize(
    ("sound", "seconds"),
    [
        pytest.param(vowel(0.2), 0.2, id="a short one"),
        pytest.param(vowel(0.4), 0.4, id="uh"),
        pytest.param(vowel(1.2, hz=(130, 110)), 1.2, id="long, falling by three semitones"),
        pytest.param(vowel(0.5, hz=(240, 236), formants=(MM, MM)), 0.5, id="mm, a high voice"),
        pytest.param(vowel(0.5, hz=(85, 84), formants=(AH, AH)), 0.5, id="ah, a low voice"),
        pytest.param(vowel(0.6, formants=(UH, (520.0, 1420.0))), 0.6, id="an imperfect one"),
        pytest.param(vowel(0.4) + noise(0.4, RATE_HZ, dbfs=-44), 0.4, id="22 dB over noise"),
    ],
)
def test_hits(sound: Floats, seconds: float) -> None:
    ((start_s, end_s),) = held(line(3, [(1, sound)]))
    assert start_s == pytest.approx(1, abs=NEAR_S)
    assert end_s == pytest.approx(1 + seconds, abs=NEAR_S)


def _dtmf(seconds: float) -> Floats:
    return np.asarray(tone(seconds, RATE_HZ, hz=770) + tone(seconds, RATE_HZ, hz=1336), np.float64)


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(vowel(0.11), id="too short"),
        pytest.param(vowel(0.4, hz=(120, 210)), id="a rising tone"),
        pytest.param(vowel(0.3, hz=(220, 110)), id="a falling tone"),
        pytest.param(vowel(0.3, formants=(AH, EE)), id="a diphthong"),
        pytest.param(noise(0.5, RATE_HZ, dbfs=-25), id="a hiss"),
        pytest.param(tone(1.0, RATE_HZ, hz=425), id="ringing"),
        pytest.param(tone(1.0, RATE_HZ, hz=440) + tone(1.0, RATE_HZ, hz=350), id="dialling"),
        pytest.param(_dtmf(0.3), id="a key pressed"),
        pytest.param(syllables(1.5), id="syllables"),
        pytest.param(np.zeros(RATE_HZ), id="nothing"),
    ],
)
def test_near_misses(sound: Floats) -> None:
    assert held(line(3, [(1, sound)])) == []


def test_only_speech_is_looked_at() -> None:
    channel = line(3, [(0.5, vowel(0.5)), (2, vowel(0.5))])
    assert held(channel, ()) == []
    assert [round(a) for a, _ in held(channel, (Span(1.5, 3.0),))] == [2]
    assert held(channel, (Span(2.1, 2.3),)) == [(2.1, 2.3)]
    assert held(channel, (Span(2.1, 2.2),)) == []


def test_at_the_ends_of_the_recording() -> None:
    channel = line(3, [(0, vowel(0.4)), (2.6, vowel(0.4))])
    (first, last) = held(channel)
    assert first == pytest.approx((0, 0.4), abs=NEAR_S)
    assert last == pytest.approx((2.6, 3.0), abs=NEAR_S)


def test_no_samples_and_short_ones() -> None:
    for n in (0, 1, 100):
        assert sustained_spans(np.zeros(n, np.float32), RATE_HZ, (Span(0, 1),)) == ()


TALK = [(0.2, syllables(0.7)), (1.0, vowel(0.4)), (1.5, syllables(0.8, seed=3))]


@pytest.mark.parametrize("gain_db", [-12, 12])
def test_level_does_not_matter(gain_db: float) -> None:
    channel = line(3, TALK)
    assert held((channel * 10 ** (gain_db / 20)).astype(np.float32)) == held(channel)


@pytest.mark.parametrize("offset_s", [0.5, 60.0])
def test_a_shift_in_time_shifts_what_is_held(offset_s: float) -> None:
    channel = line(3, TALK)
    later = np.concatenate([np.zeros(round(offset_s * RATE_HZ), np.float32), channel])
    speech = (Span(offset_s, offset_s + 3),)
    expected = [(round(a + offset_s, 2), round(b + offset_s, 2)) for a, b in held(channel)]
    assert held(later, speech) == expected
    assert len(expected) == 1


def test_silence_behind_changes_nothing() -> None:
    channel = line(3, TALK)
    assert held(np.concatenate([channel, np.zeros(RATE_HZ, np.float32)])) == held(channel)


def test_batches_meet_without_a_seam() -> None:
    channel = line(65, [(29.8, vowel(0.4)), (59.5, vowel(1.0))])
    spans = held(channel, (Span(0, 65),))
    assert [round(b - a, 1) for a, b in spans] == [0.4, 1.0]


def test_envelopes_are_librosas_cepstra() -> None:
    channel = line(3, TALK)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of numba's, at import
        import librosa

        power = librosa.feature.melspectrogram(
            y=channel, sr=RATE_HZ, n_fft=512, hop_length=320, n_mels=24, fmin=200, fmax=3500,
            htk=True, norm=None,
        )  # fmt: skip
        level_db = librosa.power_to_db(power, amin=1e-12, top_db=None)
        level_db = np.maximum(level_db, level_db.max(axis=0) - 30)
        theirs = librosa.feature.mfcc(S=level_db, n_mfcc=9)[1:].T / np.sqrt(24)
    ours = envelopes_db(channel, RATE_HZ, np.arange(1, 149) * 320)
    np.testing.assert_allclose(ours, theirs[1:149], atol=0.01)
