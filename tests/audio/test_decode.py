"""Every format that recorders write, decoded to the samples that went in."""

import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf

from qa_pipeline.audio.decode import decode, resampled
from qa_pipeline.audio.probe import probe
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.settings import RawFormat
from tests.audio.sounds import noise, tone

RATE_HZ = 8000

#: suffix, libsndfile format and subtype, rate, channels, how far the level may move (dB)
SOUNDFILE = [
    pytest.param("wav", "WAV", "PCM_U8", 8000, 1, 0.3, id="wav-pcm-u8"),
    pytest.param("wav", "WAV", "PCM_16", 8000, 2, 0.1, id="wav-pcm-16-stereo"),
    pytest.param("wav", "WAV", "PCM_24", 16000, 1, 0.1, id="wav-pcm-24"),
    pytest.param("wav", "WAV", "PCM_32", 44100, 2, 0.1, id="wav-pcm-32-44k"),
    pytest.param("wav", "WAV", "FLOAT", 48000, 1, 0.1, id="wav-float-48k"),
    pytest.param("wav", "WAV", "DOUBLE", 11025, 1, 0.1, id="wav-double-11k"),
    pytest.param("wav", "WAV", "ALAW", 8000, 2, 0.3, id="wav-a-law-stereo"),
    pytest.param("wav", "WAV", "ULAW", 8000, 1, 0.3, id="wav-mu-law"),
    pytest.param("wav", "WAV", "GSM610", 8000, 1, 1.5, id="wav-gsm-6.10"),
    pytest.param("wav", "WAV", "IMA_ADPCM", 8000, 2, 0.5, id="wav-ima-adpcm"),
    pytest.param("wav", "WAV", "MS_ADPCM", 8000, 1, 0.5, id="wav-ms-adpcm"),
    pytest.param("wav", "RF64", "PCM_16", 8000, 2, 0.1, id="rf64"),
    pytest.param("mp3", "MP3", "MPEG_LAYER_III", 8000, 1, 0.5, id="mp3-8k"),
    pytest.param("mp3", "MP3", "MPEG_LAYER_III", 44100, 2, 0.5, id="mp3-44k-stereo"),
    pytest.param("flac", "FLAC", "PCM_16", 8000, 2, 0.1, id="flac-stereo"),
    pytest.param("ogg", "OGG", "VORBIS", 8000, 1, 1.0, id="ogg-vorbis"),
    pytest.param("opus", "OGG", "OPUS", 48000, 2, 1.0, id="ogg-opus-stereo"),
    pytest.param("au", "AU", "ULAW", 8000, 1, 0.3, id="au-mu-law"),
]


def level_dbfs(channel: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(channel.astype(np.float64))) + 1e-12))


def stereo(rate_hz: int, n_channels: int) -> np.ndarray:
    """Return 3 s: a tone of -20 dBFS on channel 0 and -32 dBFS, another pitch, on channel 1."""
    left = tone(3, rate_hz, hz=500, dbfs=-20)
    return np.stack([left, tone(3, rate_hz, hz=900, dbfs=-32)][:n_channels], axis=1)


@pytest.mark.parametrize(
    ("suffix", "kind", "subtype", "rate_hz", "n_channels", "within_db"), SOUNDFILE
)
def test_formats_of_libsndfile(
    tmp_path: Path,
    suffix: str,
    kind: str,
    subtype: str,
    rate_hz: int,
    n_channels: int,
    within_db: float,
) -> None:
    path = tmp_path / f"call.{suffix}"
    sf.write(path, stereo(rate_hz, n_channels), rate_hz, format=kind, subtype=subtype)
    recording = probe(path)
    waveform = decode(recording)
    assert recording.sample_rate_hz == waveform.sample_rate_hz == rate_hz
    assert waveform.samples.dtype == np.float32
    assert waveform.samples.shape[0] == recording.n_channels == n_channels
    assert waveform.duration_s == pytest.approx(3, abs=0.3)
    middle = waveform.samples[:, rate_hz : 2 * rate_hz]
    for channel, expected in zip(middle, (-20, -32), strict=False):
        assert level_dbfs(channel) == pytest.approx(expected, abs=within_db)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate_hz", "layout"),
    [
        pytest.param("m4a", "aac", 8000, "mono", id="m4a-aac-8k"),
        pytest.param("m4a", "aac", 16000, "stereo", id="m4a-aac-16k-stereo"),
        pytest.param("aac", "aac", 16000, "mono", id="adts-aac"),
        pytest.param("webm", "libopus", 48000, "stereo", id="webm-opus-stereo"),
    ],
)
def test_formats_of_ffmpeg(
    tmp_path: Path, suffix: str, codec: str, rate_hz: int, layout: str
) -> None:
    path = tmp_path / f"call.{suffix}"
    n_channels = {"mono": 1, "stereo": 2}[layout]
    encode(path, stereo(rate_hz, n_channels).T, rate_hz, codec, layout)
    waveform = decode(probe(path))
    assert waveform.samples.shape[0] == n_channels
    assert waveform.duration_s == pytest.approx(3, abs=0.4)
    middle = waveform.samples[:, rate_hz : 2 * rate_hz]
    for channel, expected in zip(middle, (-20, -32), strict=False):
        assert level_dbfs(channel) == pytest.approx(expected, abs=1.5)


def encode(path: Path, samples: np.ndarray, rate_hz: int, codec: str, layout: str) -> None:
    """Write samples `[n_channels, n_samples]` with FFmpeg's encoder."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        stream.codec_context.format = "flt" if codec == "libopus" else "fltp"
        packed = codec == "libopus"
        for start in range(0, samples.shape[1], 960):
            block = np.ascontiguousarray(samples[:, start : start + 960], dtype=np.float32)
            laid = np.ascontiguousarray(block.T).reshape(1, -1) if packed else block
            frame = av.AudioFrame.from_ndarray(
                laid, format="flt" if packed else "fltp", layout=layout
            )
            frame.sample_rate, frame.pts = rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def amr_silence(n_frames: int) -> bytes:
    """Return an AMR-NB file of no-data frames: type 15 is a header byte alone (RFC 4867)."""
    return b"#!AMR\n" + bytes([15 << 3 | 4]) * n_frames


def test_amr_of_no_data_frames_decodes_to_its_length(tmp_path: Path) -> None:
    path = tmp_path / "call.amr"
    path.write_bytes(amr_silence(150))
    recording = probe(path)
    waveform = decode(recording)
    assert (recording.sample_rate_hz, recording.n_channels) == (8000, 1)
    assert recording.duration_s == pytest.approx(3.0)
    assert waveform.duration_s == pytest.approx(3.0, abs=0.03)


def test_amr_with_pauses_as_telephones_send_them(tmp_path: Path) -> None:
    """Silence descriptors (type 8) between speech, which FFmpeg's own decoder refuses."""
    random = np.random.default_rng(0)
    pause = bytes([8 << 3 | 4]) + bytes(5) + bytes([15 << 3 | 4]) * 7
    talk = b"".join(bytes([7 << 3 | 4]) + random.bytes(31) for _ in range(4))
    path = tmp_path / "call.amr"
    path.write_bytes(b"#!AMR\n" + (talk + pause) * 12)
    assert decode(probe(path)).duration_s == pytest.approx(12 * 12 * 0.02, abs=0.03)


def test_amr_of_speech_frames_decodes_to_sound(tmp_path: Path) -> None:
    path = tmp_path / "call.amr"
    random = np.random.default_rng(0)
    frame = lambda: bytes([7 << 3 | 4]) + random.bytes(31)  # noqa: E731 - 12.2 kbit/s
    path.write_bytes(b"#!AMR\n" + b"".join(frame() for _ in range(100)))
    waveform = decode(probe(path))
    assert waveform.duration_s == pytest.approx(2.0, abs=0.03)
    assert level_dbfs(waveform.samples[0]) > -60


def test_ffmpeg_itself_writes_what_we_read(tmp_path: Path) -> None:
    """GSM in WAV as FFmpeg, not libsndfile, writes it."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        pytest.skip("the ffmpeg command is not installed")
    source, path = tmp_path / "in.wav", tmp_path / "call.wav"
    sf.write(source, tone(3, RATE_HZ), RATE_HZ)
    command = [ffmpeg, "-v", "error", "-i", str(source), "-c:a", "libgsm_ms", str(path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this ffmpeg has no GSM encoder")
    waveform = decode(probe(path))
    assert waveform.duration_s == pytest.approx(3, abs=0.1)
    assert level_dbfs(waveform.samples[0]) == pytest.approx(-20, abs=2)


@pytest.mark.parametrize("encoding", ["alaw", "mulaw", "pcm_s16le"])
def test_declared_headerless_audio_decodes(tmp_path: Path, encoding: str) -> None:
    subtype = {"alaw": "ALAW", "mulaw": "ULAW", "pcm_s16le": "PCM_16"}[encoding]
    path = tmp_path / "call.raw"
    sf.write(path, stereo(RATE_HZ, 2), RATE_HZ, format="RAW", subtype=subtype)
    declared = RawFormat.model_validate({"encoding": encoding, "n_channels": 2})
    waveform = decode(probe(path, declared), declared)
    assert waveform.samples.shape == (2, 3 * RATE_HZ)
    assert level_dbfs(waveform.samples[0]) == pytest.approx(-20, abs=0.3)
    assert level_dbfs(waveform.samples[1]) == pytest.approx(-32, abs=0.3)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 16000, 22050, 44100, 48000])
def test_resampling_keeps_pitch_level_and_length(rate_hz: int) -> None:
    out = resampled(tone(2, rate_hz, hz=1000, dbfs=-20), rate_hz)
    assert out.dtype == np.float32
    assert out.shape[0] == pytest.approx(32_000, abs=2)
    middle = out[8000:24000]
    assert level_dbfs(middle) == pytest.approx(-20, abs=0.1)
    assert np.abs(np.fft.rfft(middle)).argmax() == pytest.approx(1000, abs=2)


def test_nothing_above_half_the_rate_folds_down() -> None:
    out = resampled(tone(1, 48_000, hz=10_000, dbfs=-10), 48_000)
    assert level_dbfs(out[2000:-2000]) < -50


# -- what is refused, and how it is called ------------------------------------------------------


def code_of(path: Path, declared: RawFormat | None = None) -> str:
    with pytest.raises(RecordingFailed) as refused:
        decode(probe(path, declared), declared)
    assert refused.value.what.zh
    assert refused.value.fix.en
    assert path.name in refused.value.where
    return refused.value.code


def written(path: Path, seconds: float = 20, **options: str) -> bytes:
    sf.write(path, noise(seconds, RATE_HZ), RATE_HZ, **options)
    return path.read_bytes()


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.97])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("a.wav", {}, id="wav"),
        pytest.param("a.wav", {"subtype": "ALAW"}, id="a-law"),
        pytest.param("a.wav", {"subtype": "GSM610"}, id="gsm"),
        pytest.param("a.flac", {}, id="flac"),
        pytest.param("a.opus", {"format": "OGG", "subtype": "OPUS"}, id="opus"),
        pytest.param("a.ogg", {}, id="vorbis"),
        pytest.param("a.mp3", {}, id="mp3"),
    ],
)
def test_a_file_cut_short_is_truncated(
    tmp_path: Path, name: str, options: dict[str, str], kept: float
) -> None:
    raw = written(tmp_path / name, **options)
    (tmp_path / name).write_bytes(raw[: int(len(raw) * kept) - 1])
    assert code_of(tmp_path / name) == "truncated"


def test_an_m4a_without_its_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    encode(path, noise(10, RATE_HZ)[None, :], RATE_HZ, "aac", "mono")
    path.write_bytes(path.read_bytes()[:-2000])
    assert code_of(path) in ("not_audio", "truncated")


def test_an_amr_cut_inside_a_frame_is_truncated(tmp_path: Path) -> None:
    path = tmp_path / "a.amr"
    path.write_bytes(
        b"#!AMR\n" + (bytes([7 << 3 | 4]) + bytes(31)) * 20 + bytes([7 << 3 | 4, 0, 0])
    )
    assert code_of(path) == "truncated"


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_a_damaged_mp3_does_not_pass_for_a_shorter_call(tmp_path: Path, share: float) -> None:
    raw = bytearray(written(tmp_path / "a.mp3", 30))
    start = len(raw) // 2
    raw[start : start + int(len(raw) * share)] = bytes(int(len(raw) * share))
    (tmp_path / "a.mp3").write_bytes(raw)
    assert code_of(tmp_path / "a.mp3") == "truncated"


def test_scattered_damage_in_an_mp3_is_noticed(tmp_path: Path) -> None:
    raw = bytearray(written(tmp_path / "a.mp3", 30))
    at = np.random.default_rng(1).integers(4000, len(raw), len(raw) // 10)
    for i in at.tolist():
        raw[i] ^= 0xFF
    (tmp_path / "a.mp3").write_bytes(raw)
    assert code_of(tmp_path / "a.mp3") == "truncated"


def test_an_mp3_with_tags_at_both_ends_is_whole(tmp_path: Path) -> None:
    raw = written(tmp_path / "a.mp3", 10)
    tag = b"ID3\x04\x00\x00\x00\x00\x07\x76" + bytes(7 * 128 + 0x76)
    (tmp_path / "a.mp3").write_bytes(tag + raw + b"TAG" + bytes(125))
    assert decode(probe(tmp_path / "a.mp3")).duration_s == pytest.approx(10, abs=0.3)


def test_a_streamed_wav_of_unknown_size_is_read_to_its_end(tmp_path: Path) -> None:
    raw = bytearray(written(tmp_path / "a.wav", 5))
    at = raw.find(b"data") + 4
    raw[at : at + 4] = b"\xff\xff\xff\xff"
    raw[4:8] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(raw)
    assert decode(probe(tmp_path / "a.wav")).duration_s == pytest.approx(5, abs=0.01)


def test_three_channels_are_refused(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.zeros((8000, 3)), RATE_HZ)
    assert code_of(tmp_path / "a.wav") == "too_many_channels"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("a.wav", b"", "empty", id="zero-bytes"),
        pytest.param("a.wav", b"hello, this is no audio at all" * 50, "not_audio", id="text"),
        pytest.param("a.mp3", bytes(5000), "not_audio", id="zeros-as-mp3"),
        pytest.param("a.al", b"\xd5" * 80_000, "headerless", id="raw-a-law"),
        pytest.param("a.sln", bytes(80_000), "headerless", id="raw-slin"),
        pytest.param("a.vox", b"\x80\x08" * 4000, "headerless", id="raw-vox"),
        pytest.param("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "not_audio", id="cut-in-header"),
        pytest.param("a.opus", b"OggS" + bytes(10), "not_audio", id="cut-in-first-page"),
        pytest.param("a.amr", b"#!AMR\n", "empty", id="amr-without-frames"),
    ],
)
def test_what_is_no_recording_says_so(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert code_of(tmp_path / name) == code


def test_a_wav_without_samples_is_empty(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", np.zeros(0), RATE_HZ)
    assert code_of(tmp_path / "a.wav") == "empty"


def test_a_click_is_too_short(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", noise(0.05, RATE_HZ), RATE_HZ)
    assert code_of(tmp_path / "a.wav") == "too_short"


def test_a_day_long_header_is_too_long(tmp_path: Path) -> None:
    raw = bytearray(written(tmp_path / "a.wav", 1))
    at = raw.find(b"data") + 4
    raw[at : at + 4] = (86_400 * 16_000).to_bytes(4, "little")
    (tmp_path / "a.wav").write_bytes(raw)
    assert code_of(tmp_path / "a.wav") == "too_long"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, bad: float) -> None:
    samples = noise(1, RATE_HZ)
    samples[4000] = bad
    sf.write(tmp_path / "a.wav", samples, RATE_HZ, subtype="FLOAT")
    assert code_of(tmp_path / "a.wav") == "not_finite"


def test_floats_in_the_scale_of_integers_are_refused(tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", noise(1, RATE_HZ) * 32768, RATE_HZ, subtype="FLOAT")
    assert code_of(tmp_path / "a.wav") == "out_of_scale"


@pytest.mark.parametrize("rate_hz", [4000, 96_000])
def test_rates_that_no_recorder_writes_are_refused(tmp_path: Path, rate_hz: int) -> None:
    sf.write(tmp_path / "a.wav", noise(1, rate_hz), rate_hz)
    assert code_of(tmp_path / "a.wav") == "sample_rate"


def test_an_absent_file_is_unreadable(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.wav") == "unreadable"


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    import hashlib

    raw = written(tmp_path / "a.wav", 1)
    assert probe(tmp_path / "a.wav").recording_sha256 == hashlib.sha256(raw).hexdigest()
