"""Recordings of tones with scripted engines: who speaks when is known to the sample."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soundfile as sf

from qa_pipeline.engines.fakes import LoudnessActivity, ScriptedDiariser, ScriptedTranscriber
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.pipeline.measure import Measured, measure
from qa_pipeline.settings import Settings
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.spans import Span
from qa_pipeline.words import Word
from tests.audio.sounds import voice

RATE_HZ = 8000
KEY = b"k" * 32
Said = tuple[float, float, str]


def channel(
    seconds: float, talks: Sequence[tuple[float, float]], *, hz: float, seed: int
) -> np.ndarray:
    """Return a channel of faint noise on which a voice talks in some stretches."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ)) * 10 ** (
        -70 / 20
    )
    for i, (start_s, end_s) in enumerate(talks):
        talk = voice(end_s - start_s, RATE_HZ, hz=hz, seed=seed + i)
        buzz = np.sin(2 * np.pi * hz * np.arange(talk.size) / RATE_HZ) * 0.03  # no gaps inside
        samples[round(start_s * RATE_HZ) : round(start_s * RATE_HZ) + talk.size] += talk + buzz
    return samples.astype(np.float32)


def write(path: Path, *channels: np.ndarray) -> Path:
    """Write channels as a PCM file."""
    sf.write(path, np.stack(channels, axis=1), RATE_HZ, subtype="PCM_16")
    return path


def words(*said: Said, confidence: float = 0.9) -> tuple[Word, ...]:
    """Return one word a stretch."""
    return tuple(Word(text, start_s, end_s, confidence) for start_s, end_s, text in said)


def row(**facts: object) -> ManifestRow:
    """Return a manifest row."""
    given: dict[str, object] = {
        "number": 1,
        "call_id": "c-1",
        "recording": "call.wav",
        "transcript": None,
        "started_at": datetime(2026, 10, 1, tzinfo=UTC),
        "agent_id": "E1",
        "group": "g",
        "language": "zh",
        "metadata": MappingProxyType({"agent_id": "E1", "group": "g"}),
    }
    return ManifestRow(**(given | facts))  # type: ignore[arg-type]


def heard(
    path: Path,
    *scripts: tuple[Word, ...],
    diarised: Mapping[str, tuple[Span, ...]] | None = None,
    is_demo: bool = False,
    is_demo_diariser: bool = False,
    n_looped: int = 0,
    settings: Settings | None = None,
    **facts: object,
) -> Measured:
    """Measure a recording on which each channel's words are scripted."""
    engines = Engines(
        LoudnessActivity(),
        ScriptedTranscriber(scripts, [], is_demo=is_demo, n_looped=n_looped),
        None if diarised is None else ScriptedDiariser(diarised, is_demo=is_demo_diariser),
    )
    return measure(path, row(**facts), engines, settings or Settings(), KEY)
