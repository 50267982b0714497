"""Real telephone recordings: speech, channels, and how every odd file ends.

They are not part of the project; the tests are skipped where they do not lie beside it. Thresholds
stand a little below what was measured.
"""

from pathlib import Path

import numpy as np
import pytest

from qa_pipeline.engines.silero import Silero
from qa_pipeline.pipeline.sounds import Sounds, take_apart
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span, total_s

STEREO_CALL = "aws-pca-auto3-stereo--stereo_Auto3_GUID_003_AGENT_BobS.wav"
SUFFIXES = {".wav", ".mp3", ".flac", ".opus"}


def apart(folder: Path, name: str) -> Sounds:
    return take_apart(folder / name, Silero(), Settings())


@pytest.fixture(scope="module")
def stereo_call(real_recordings: Path) -> Sounds:
    return apart(real_recordings, STEREO_CALL)


def truth(folder: Path) -> dict[str, list[Span]]:
    """Read the RTTM: caller left, agent right."""
    spans: dict[str, list[Span]] = {}
    for line in (folder / "aws-pca-auto3-stereo--channel_vad.rttm").read_text().splitlines():
        fields = line.split()
        start_s = float(fields[3])
        spans.setdefault(fields[7], []).append(Span(start_s, start_s + float(fields[4])))
    return spans


def frames(spans: list[Span] | tuple[Span, ...], duration_s: float) -> np.ndarray:
    times = np.arange(0, duration_s, 0.01)
    inside = np.zeros(times.size, dtype=bool)
    for span in spans:
        inside |= (times >= span.start_s) & (times < span.end_s)
    return inside


@pytest.mark.parametrize(("channel", "party"), [(0, "caller"), (1, "agent")])
def test_speech_is_where_the_truth_says(
    real_recordings: Path, stereo_call: Sounds, channel: int, party: str
) -> None:
    expected = frames(truth(real_recordings)[party], stereo_call.duration_s)
    found = frames(stereo_call.speech[channel], stereo_call.duration_s)
    other = frames(stereo_call.speech[1 - channel], stereo_call.duration_s)
    assert np.mean(found == expected) > 0.95
    assert np.mean(found[expected]) > 0.97
    assert np.mean(expected[found]) > 0.90
    assert np.mean(other == expected) < 0.6  # the channels are not swapped


def test_its_channels_are_healthy_and_its_own(stereo_call: Sounds) -> None:
    assert (stereo_call.numbers, stereo_call.is_dual_mono, stereo_call.notes) == ((0, 1), False, ())
    for health in stereo_call.health:
        assert not health.is_empty
        assert health.clipped_share == 0
        assert health.bleed_db is None
        assert health.level_dbfs is not None
        assert -20 < health.level_dbfs < -14


def test_its_voices_differ_in_pitch(stereo_call: Sounds) -> None:
    caller, agent = (
        np.median([v for v in track.values if v is not None])
        for track in stereo_call.tracks
        if track.kind == "pitch_hz"
    )
    assert 100 < caller < 150
    assert 210 < agent < 270


@pytest.mark.parametrize(
    "name", ["aws-pca-sample1--Sample1.mp3", "fw-jfk--jfk.flac", "mahmoud-diar-test--test.opus"]
)
def test_fake_stereo_is_seen(real_recordings: Path, name: str) -> None:
    sounds = apart(real_recordings, name)
    assert sounds.is_dual_mono
    assert sounds.numbers == (0,)
    assert len(sounds.health) == 2


@pytest.mark.parametrize(
    "name",
    ["fw-stereo_diarization--stereo_diarization.wav", "speechmatics-stereo-call--sample.wav"],
)
def test_true_stereo_is_left_alone(real_recordings: Path, name: str) -> None:
    sounds = apart(real_recordings, name)
    assert (sounds.numbers, sounds.notes) == ((0, 1), ())


def test_a_mixed_call_holds_both_legs(real_recordings: Path) -> None:
    """The stereo file's channels are the two leg files: they must be heard the same."""
    both = apart(real_recordings, "speechmatics-stereo-call--sample.wav")
    for number, leg in enumerate(("agent", "customer")):
        alone = apart(real_recordings, f"speechmatics-stereo-call--{leg}.wav")
        assert both.speech[number] == alone.speech[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "mmck-02_customer_call_bad--02_Customer_Call_Bad.wav",
            "mmck-02b_customer_call_bad_wrong_sample_rate--02b_Customer_Call_Bad_Wrong_Sample_Rate.wav",
        )
    ],
)
def test_one_call_at_two_rates_is_heard_alike(
    real_recordings: Path, first: str, second: str
) -> None:
    low, high = apart(real_recordings, first), apart(real_recordings, second)
    assert low.recording.sample_rate_hz != high.recording.sample_rate_hz
    assert low.duration_s == pytest.approx(high.duration_s, abs=0.05)
    same = frames(low.speech[0], 28) == frames(high.speech[0], 28)
    assert np.mean(same) > 0.96


def test_unsigned_8_bit_has_no_offset(real_recordings: Path) -> None:
    name = "aws-pca-auto0-mono--Auto0_GUID_000_AGENT_ChrisL_DT_2025-02-19T06-01-22_Mono.wav"
    sounds = apart(real_recordings, name)
    assert sounds.recording.codec == "WAV/PCM_U8"
    assert abs(float(sounds.channels[0].mean())) < 0.01
    assert total_s(sounds.speech[0]) > 120


def test_every_file_ends_as_channels_with_speech_or_without(real_recordings: Path) -> None:
    """None of them is damaged, so none may fail; two far-field scraps hold next to no speech."""
    silent = []
    names = sorted(p.name for p in real_recordings.iterdir() if p.suffix in SUFFIXES)
    for name in names:
        if name == STEREO_CALL or "auto0" in name:
            continue  # looked at above
        sounds = apart(real_recordings, name)
        assert sounds.recording.duration_s == pytest.approx(sounds.duration_s, abs=0.5)
        if not any(sounds.speech):
            silent.append(name)
    assert silent == ["pyannote-ami--trn01.wav", "pyannote-ami--trn02.wav"]
    assert len(names) >= 23
