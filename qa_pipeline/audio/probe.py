"""Facts of a recording without its samples: hash, duration, rate, channels, codec.

Durations are the container's own word; `decode` checks the samples against it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import av
import soundfile as sf
from av.audio.stream import AudioStream

from qa_pipeline.audio import refusals
from qa_pipeline.audio.containers import promise
from qa_pipeline.records import Recording
from qa_pipeline.settings import RawFormat

MIN_DURATION_S = 0.1
#: Longer than any call; guards memory (4 h of 8 kHz stereo as float32 are 0.9 GB).
MAX_DURATION_S = 4 * 3600.0
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 48_000
#: FFmpeg demuxers that take any bytes for samples and so guess rate and channels.
_GUESSING = frozenset(
    {
        "alaw",
        "mulaw",
        "vidc",
        "s8",
        "u8",
        "s16le",
        "s16be",
        "s24le",
        "s24be",
        "s32le",
        "s32be",
        "u16le",
        "u16be",
        "u24le",
        "u24be",
        "u32le",
        "u32be",
        "f32le",
        "f32be",
        "f64le",
        "f64be",
        "g722",
        "g723_1",
        "g726",
        "g726le",
        "g729",
        "gsm",
        "adp",
        "sln",
        "dfpwm",
        "codec2raw",
    }
)
_RAW_SUFFIXES = frozenset(
    {
        ".raw",
        ".pcm",
        ".al",
        ".ul",
        ".alaw",
        ".ulaw",
        ".g711a",
        ".g711u",
        ".g722",
        ".g723",
        ".g726",
        ".g729",
        ".sln",
        ".vox",
        ".gsm",
    }
)
#: Encodings of `RawFormat` as libsndfile names them.
SUBTYPES = {"pcm_s16le": "PCM_16", "alaw": "ALAW", "mulaw": "ULAW", "gsm": "GSM610"}


@dataclass(frozen=True, slots=True)
class _Facts:
    duration_s: float | None
    sample_rate_hz: int
    n_channels: int
    codec: str


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def probe(path: Path, raw_format: RawFormat | None = None) -> Recording:
    """Return the facts of the recording at `path`.

    Raises
    ------
    RecordingFailed
        The file is unreadable, empty, no audio, headerless (unless `raw_format` declares it), has
        more than two channels, or a rate or duration that no call has.
    """
    try:
        n_bytes = path.stat().st_size
        if n_bytes == 0:
            raise refusals.empty(path)
        sha256 = sha256_of(path)
    except OSError as fault:
        raise refusals.unreadable(path, fault.strerror or type(fault).__name__) from fault
    facts = _facts(path, raw_format)
    duration_s = promise(path).duration_s or facts.duration_s or 0.0
    _check(path, facts, duration_s)
    return Recording(
        path=str(path),
        recording_sha256=sha256,
        duration_s=duration_s,
        sample_rate_hz=facts.sample_rate_hz,
        n_channels=facts.n_channels,
        codec=facts.codec,
        n_bytes=n_bytes,
    )


def is_headerless(path: Path) -> bool:
    """Return whether the name says that the file holds samples without a container."""
    return path.suffix.lower() in _RAW_SUFFIXES


def _has_container(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"RIFF", b"OggS", b"fLaC")


def _check(path: Path, facts: _Facts, duration_s: float) -> None:
    if facts.n_channels > 2:
        raise refusals.too_many_channels(path, facts.n_channels)
    if not MIN_RATE_HZ <= facts.sample_rate_hz <= MAX_RATE_HZ:
        raise refusals.rate_out_of_range(path, facts.sample_rate_hz, MIN_RATE_HZ, MAX_RATE_HZ)
    if facts.duration_s == 0 or facts.n_channels == 0:
        raise refusals.empty(path)
    if 0 < duration_s < MIN_DURATION_S:
        raise refusals.too_short(path, duration_s)
    if duration_s > MAX_DURATION_S:
        raise refusals.too_long(path, duration_s, MAX_DURATION_S)


def _facts(path: Path, raw_format: RawFormat | None) -> _Facts:
    if is_headerless(path) and not _has_container(path):
        if raw_format is None:
            raise refusals.headerless(path, path.suffix)
        return _raw_facts(path, raw_format)
    try:
        info = sf.info(str(path))
    except (sf.SoundFileError, TypeError, RuntimeError):
        return _av_facts(path)
    if info.format == "RAW":
        raise refusals.headerless(path, path.suffix)
    codec = f"{info.format}/{info.subtype}"
    return _Facts(info.frames / info.samplerate, info.samplerate, info.channels, codec)


def _raw_facts(path: Path, raw: RawFormat) -> _Facts:
    try:
        with sf.SoundFile(
            str(path),
            samplerate=raw.sample_rate_hz,
            channels=raw.n_channels,
            format="RAW",
            subtype=SUBTYPES[raw.encoding],
        ) as file:
            duration_s = file.frames / raw.sample_rate_hz
            codec = f"RAW/{file.subtype}"
    except sf.SoundFileError as fault:
        raise refusals.not_audio(path, raw.encoding) from fault
    return _Facts(duration_s, raw.sample_rate_hz, raw.n_channels, codec)


def _av_facts(path: Path) -> _Facts:
    try:
        with av.open(str(path), mode="r") as container:
            if container.format.name in _GUESSING:
                raise refusals.headerless(path, container.format.name)
            streams = container.streams.audio
            if not streams:
                raise refusals.not_audio(path, container.format.name)
            return _stream_facts(streams[0], container.format.name)
    except av.FFmpegError as fault:
        raise refusals.not_audio(path, fault.strerror or type(fault).__name__) from fault


def _stream_facts(stream: AudioStream, container: str) -> _Facts:
    duration_s = None
    if stream.duration is not None and stream.time_base is not None:
        duration_s = float(stream.duration * stream.time_base)
    n_channels = stream.codec_context.channels
    codec = f"{container}/{stream.codec_context.name}"
    return _Facts(duration_s, stream.codec_context.sample_rate or 0, n_channels, codec)
