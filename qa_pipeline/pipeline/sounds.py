"""Steps 2 to 4 and 7 of the journey: from a file to channels, speech, health and tracks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa_pipeline.acoustics.activity import levels_for, speech_spans
from qa_pipeline.acoustics.health import channel_health, is_empty
from qa_pipeline.acoustics.pairs import Leak, is_copy, leak, without_leak
from qa_pipeline.acoustics.sustained import sustained_spans
from qa_pipeline.acoustics.tracks import (
    TRACK_HOP_S,
    Samples,
    frame_levels_dbfs,
    level_track,
    pitch_track,
)
from qa_pipeline.audio.decode import ENGINE_RATE_HZ, decode, resampled
from qa_pipeline.audio.probe import probe
from qa_pipeline.engines.protocols import ActivityModel
from qa_pipeline.records import ChannelHealth, Recording, Sustained, Track
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span


@dataclass(frozen=True, slots=True)
class Sounds:
    """A recording taken apart. `channels` are at 16 kHz and live only until words are heard.

    `numbers` are the recording's channel numbers of `channels`: one where the two are the same
    signal or one is empty, so that both parties may be on it.
    """

    recording: Recording
    numbers: tuple[int, ...]
    channels: tuple[Samples, ...]
    speech: tuple[tuple[Span, ...], ...]
    health: tuple[ChannelHealth, ...]
    tracks: tuple[Track, ...]
    sustained: tuple[Sustained, ...]
    is_dual_mono: bool
    notes: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """Length of what was decoded, seconds."""
        return max(int(channel.shape[0]) for channel in self.channels) / ENGINE_RATE_HZ


def take_apart(path: Path, activity: ActivityModel, settings: Settings) -> Sounds:
    """Return the recording at `path` as channels with speech, health and tracks.

    Raises
    ------
    RecordingFailed
        The recording cannot be decoded, whole and honestly.
    """
    recording = probe(path, settings.source.raw_format)
    waveform = decode(recording, settings.source.raw_format)
    every = [resampled(channel, waveform.sample_rate_hz) for channel in waveform.samples]
    numbers, notes = _telling_channels(every)
    channels = tuple(every[i] for i in numbers)
    heard = tuple(_speech(channel, activity, settings) for channel in channels)
    speech, leaks = _without_leaks(channels, heard, settings.activity.min_silence_s)
    if any(leaks):
        notes = (*notes, "bleed")
    if not any(speech):
        notes = (*notes, "no_speech")
    spans_of = dict(zip(numbers, speech, strict=True))
    leak_of = dict(zip(numbers, leaks, strict=True))
    return Sounds(
        recording=recording,
        numbers=numbers,
        channels=channels,
        speech=speech,
        health=tuple(_health(waveform.samples, waveform.sample_rate_hz, spans_of, leak_of)),
        tracks=tuple(_tracks(channels, numbers, speech)),
        sustained=tuple(
            Sustained(number, sustained_spans(channel, ENGINE_RATE_HZ, spans))
            for channel, number, spans in zip(channels, numbers, speech, strict=True)
        ),
        is_dual_mono="dual_mono" in notes,
        notes=notes,
    )


def quietest(channel: Samples, start_s: float, end_s: float) -> float:
    """Return the second between two at which a channel is quietest: where to cut long speech."""
    part = channel[round(start_s * ENGINE_RATE_HZ) : round(end_s * ENGINE_RATE_HZ)]
    levels = frame_levels_dbfs(part, ENGINE_RATE_HZ, TRACK_HOP_S)
    if not levels.size:
        return end_s
    return start_s + (int(np.argmin(levels)) + 0.5) * TRACK_HOP_S


def _telling_channels(every: list[Samples]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the channels that say something of their own, and notes.

    An empty channel beside a full one: the other party was not recorded, or both are on one; a
    channel that may hold both parties is treated as one that does.
    """
    if len(every) == 1:
        return (0,), ()
    empty = [is_empty(channel, ENGINE_RATE_HZ) for channel in every]
    if all(empty):
        return (0, 1), ("empty_channel",)
    if any(empty):
        return (empty.index(False),), ("empty_channel",)
    if is_copy(every[0], every[1], ENGINE_RATE_HZ):
        return (0,), ("dual_mono",)
    return (0, 1), ()


def _speech(channel: Samples, activity: ActivityModel, settings: Settings) -> tuple[Span, ...]:
    levels = levels_for(channel, ENGINE_RATE_HZ, activity.hop_s)
    return speech_spans(activity.probabilities(channel), activity.hop_s, levels, settings.activity)


def _without_leaks(
    channels: tuple[Samples, ...], heard: tuple[tuple[Span, ...], ...], least_s: float
) -> tuple[tuple[tuple[Span, ...], ...], tuple[Leak | None, ...]]:
    """Take out of each channel's speech what leaked from the other; also what leaked into each."""
    if len(channels) == 1:
        return heard, (None,)
    into = (
        leak(channels[1], channels[0], ENGINE_RATE_HZ, heard[1]),
        leak(channels[0], channels[1], ENGINE_RATE_HZ, heard[0]),
    )
    clean = tuple(
        spans if found is None else without_leak(spans, found.spans, least_s)
        for spans, found in zip(heard, into, strict=True)
    )
    return clean, into


def _health(
    samples: Samples,
    rate_hz: int,
    spans_of: dict[int, tuple[Span, ...]],
    leak_of: dict[int, Leak | None],
) -> Iterable[ChannelHealth]:
    """Judge every channel of the file at its own rate, also those that were set aside."""
    for number, channel in enumerate(samples):
        found = leak_of.get(number)
        bleed_db = None if found is None else found.gain_db
        spans = spans_of.get(number, ())
        yield channel_health(channel, rate_hz, number, spans, bleed_db)


def _tracks(
    channels: tuple[Samples, ...], numbers: tuple[int, ...], speech: tuple[tuple[Span, ...], ...]
) -> Iterable[Track]:
    for channel, number, spans in zip(channels, numbers, speech, strict=True):
        yield level_track(channel, ENGINE_RATE_HZ, number)
        yield pitch_track(channel, ENGINE_RATE_HZ, spans, number)
