"""The masked playback copy of a call, and the peaks that its waveform is drawn from.

A copy holds the channels that were heard (one or two lanes) with a tone in place of every number
that redaction masked: what must not be read must not be heard. A browser never decodes it whole.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from qa_pipeline.audio.decode import ENGINE_RATE_HZ, Samples
from qa_pipeline.settings import PlaybackSettings
from qa_pipeline.spans import Span, union

#: Peaks a second in a peaks file: 20 of them are one pixel of a 60-minute call at 3,600 pixels.
PEAKS_HZ: Final = 20
#: `QAPK`, version 1; then n_lanes (u8), rate_hz (u16), n_peaks (u32), little-endian; then lane by
#: lane one byte a peak: 0-255 of full scale.
PEAKS_MAGIC: Final = b"QAPK\x01"
_TONE_HZ: Final = 440.0
_TONE_PEAK: Final = 0.05
_BLOCK: Final = 60 * ENGINE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Playback:
    """A call to be played: Ogg Opus, and its peaks file."""

    opus: bytes
    peaks: bytes


def playback_of(
    channels: Sequence[Samples], masked: Sequence[Span], settings: PlaybackSettings
) -> Playback:
    """Return the playback copy of `channels` (one or two, at 16 kHz).

    `masked` are the seconds that nobody may hear, widened by the settings' margin: word times are
    not exact to the syllable. They are masked on every channel, for one may leak into the other.
    """
    length = max(int(channel.shape[0]) for channel in channels)
    lanes = np.zeros((len(channels), length), dtype=np.float32)
    for lane, channel in zip(lanes, channels, strict=True):
        lane[: channel.shape[0]] = np.clip(channel, -1.0, 1.0)
    _mask(lanes, masked, settings)
    return Playback(_opus(lanes, settings), _peaks(lanes))


def _mask(lanes: Samples, masked: Sequence[Span], settings: PlaybackSettings) -> None:
    margin_s, length = settings.mask_margin_s, lanes.shape[1]
    wide = (Span(max(0.0, s.start_s - margin_s), s.end_s + margin_s) for s in masked)
    for span in union(wide):
        start = min(length, round(span.start_s * ENGINE_RATE_HZ))
        end = min(length, round(span.end_s * ENGINE_RATE_HZ))
        at_s = np.arange(end - start, dtype=np.float32) / ENGINE_RATE_HZ
        tone = _TONE_PEAK * np.sin(2 * np.pi * _TONE_HZ * at_s)
        lanes[:, start:end] = tone if settings.mask == "tone" else 0.0


def _opus(lanes: Samples, settings: PlaybackSettings) -> bytes:
    file = io.BytesIO()
    layout = "mono" if lanes.shape[0] == 1 else "stereo"
    with av.open(file, mode="w", format="ogg") as container:
        options = {"application": "voip", "vbr": "constrained"}
        stream = container.add_stream("libopus", rate=ENGINE_RATE_HZ, options=options)
        stream.layout = layout
        stream.bit_rate = settings.kbps_per_channel * 1000 * lanes.shape[0]
        for start in range(0, lanes.shape[1], _BLOCK):
            block = np.ascontiguousarray(lanes[:, start : start + _BLOCK].T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout=layout)
            frame.sample_rate = ENGINE_RATE_HZ
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _peaks(lanes: Samples) -> bytes:
    step = ENGINE_RATE_HZ // PEAKS_HZ
    n_peaks = int(-(-lanes.shape[1] // step))
    padded = np.zeros((lanes.shape[0], n_peaks * step), dtype=np.float32)
    padded[:, : lanes.shape[1]] = np.abs(lanes)
    heights: NDArray[np.float32] = padded.reshape(lanes.shape[0], n_peaks, step).max(axis=2)
    header: bytes = PEAKS_MAGIC + bytes([lanes.shape[0]])
    header += PEAKS_HZ.to_bytes(2, "little") + n_peaks.to_bytes(4, "little")
    scaled: NDArray[np.uint8] = np.rint(heights * 255).astype(np.uint8)
    return header + scaled.tobytes()
