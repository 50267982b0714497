"""Samples of a recording at its own rate, and resampled for engines.

libsndfile reads first; FFmpeg (PyAV) reads what it cannot. The decoded length is checked against
the container's, because both shorten damaged files without a word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import cast

import av
import numpy as np
import soundfile as sf
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from qa_pipeline.audio import refusals
from qa_pipeline.audio.containers import promise
from qa_pipeline.audio.probe import MIN_DURATION_S, SUBTYPES
from qa_pipeline.records import Recording
from qa_pipeline.settings import RawFormat

Samples = NDArray[np.float32]

#: What encoders may add or trim at the ends (AAC priming of 2,112 samples at 8 kHz is 0.26 s).
LENGTH_TOLERANCE_S = 0.5
#: More of a file than this is no audio: damaged (a stray tag or a cut last frame is less).
MAX_LOST_SHARE = 0.01
#: Float files may overshoot full scale; beyond this they are not scaled to -1..1.
MAX_PEAK = 16.0
ENGINE_RATE_HZ = 16_000
#: FFmpeg's own AMR decoders refuse silence frames, which every telephone sends.
_BETTER = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}


@dataclass(frozen=True, slots=True)
class Waveform:
    """Decoded samples, float32 `[n_channels, n_samples]` in -1..1, at `sample_rate_hz`."""

    samples: Samples
    sample_rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return int(self.samples.shape[1]) / self.sample_rate_hz


def decode(recording: Recording, raw_format: RawFormat | None = None) -> Waveform:
    """Return the samples of `recording` at its native rate.

    Raises
    ------
    RecordingFailed
        Code `truncated` where less decodes than the container states, `not_finite` for NaN or
        infinite samples, `empty` or `too_short` where next to nothing decodes.
    """
    path = Path(recording.path)
    samples = _read(path, recording, raw_format)
    waveform = Waveform(samples, recording.sample_rate_hz)
    _check(path, waveform, recording)
    return waveform


def resampled(channel: Samples, sample_rate_hz: int, to_hz: int = ENGINE_RATE_HZ) -> Samples:
    """Return one channel `[n_samples]` at another rate (polyphase filter, zero phase)."""
    if sample_rate_hz == to_hz:
        return channel
    from scipy.signal import resample_poly  # seconds to import; transcripts alone need no audio

    divisor = gcd(sample_rate_hz, to_hz)
    out = resample_poly(channel, to_hz // divisor, sample_rate_hz // divisor)
    return np.asarray(out, dtype=np.float32)


def _read(path: Path, recording: Recording, raw_format: RawFormat | None) -> Samples:
    container, _, subtype = recording.codec.partition("/")
    try:
        if container == "RAW" and raw_format is not None:
            return _with_soundfile(
                path,
                samplerate=raw_format.sample_rate_hz,
                channels=raw_format.n_channels,
                format="RAW",
                subtype=SUBTYPES[raw_format.encoding],
            )
        if container.isupper() and subtype.isupper():
            return _with_soundfile(path)
        return _with_av(path, recording)
    except (sf.SoundFileError, av.FFmpegError, RuntimeError) as fault:
        raise refusals.damaged(path, type(fault).__name__) from fault


def _with_soundfile(path: Path, **raw: int | str) -> Samples:
    samples, _ = sf.read(str(path), dtype="float32", always_2d=True, **raw)
    return np.ascontiguousarray(samples.T)


def _with_av(path: Path, recording: Recording) -> Samples:
    blocks: list[Samples] = []
    with av.open(str(path), mode="r") as container:
        stream = container.streams.audio[0]
        layout = "mono" if recording.n_channels == 1 else "stereo"
        resampler = av.AudioResampler("fltp", layout, recording.sample_rate_hz)
        for frame in _frames(container, stream):
            blocks.extend(_floats(resampler.resample(frame)))
        blocks.extend(_floats(resampler.resample(None)))
    if not blocks:
        return np.zeros((recording.n_channels, 0), dtype=np.float32)
    return np.concatenate(blocks, axis=1)


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[av.AudioFrame]:
    """Decode a stream, AMR with the decoder that knows its pauses (DTX), where it is built in."""
    better = _BETTER.get(stream.codec_context.name)
    if better is None or better not in av.codecs_available:
        yield from container.decode(stream)
        return
    decoder = cast(AudioCodecContext, av.CodecContext.create(better, "r"))
    decoder.sample_rate = stream.codec_context.sample_rate
    decoder.layout = stream.codec_context.layout
    for packet in container.demux(stream):
        yield from decoder.decode(packet)


def _floats(frames: Iterable[av.AudioFrame]) -> Iterator[Samples]:
    for frame in frames:
        yield frame.to_ndarray().astype(np.float32, copy=False)


def _check(path: Path, waveform: Waveform, recording: Recording) -> None:
    if waveform.samples.shape[1] == 0:
        raise refusals.empty(path)
    promised = promise(path)
    if promised.lost_share > MAX_LOST_SHARE and promised.duration_s is None:
        raise refusals.damaged(path, f"{waveform.duration_s:.1f} s")
    if recording.duration_s - waveform.duration_s > LENGTH_TOLERANCE_S or (
        promised.lost_share > MAX_LOST_SHARE
    ):
        raise refusals.truncated(path, waveform.duration_s, recording.duration_s)
    if waveform.duration_s < MIN_DURATION_S:
        raise refusals.too_short(path, waveform.duration_s)
    n_bad = int(waveform.samples.size - np.count_nonzero(np.isfinite(waveform.samples)))
    if n_bad:
        raise refusals.not_finite(path, n_bad)
    peak = float(np.abs(waveform.samples).max())
    if peak > MAX_PEAK:
        raise refusals.out_of_scale(path, peak)
