"""A made-up night for the night's tests: tones for recordings, engines that follow a script."""

import os
import time
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.engines.fakes import LoudnessActivity
from qa_pipeline.engines.protocols import Engines, Heard, Samples
from qa_pipeline.pipeline.night import Night
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

# ruff: noqa: ARG002 - a script answers whatever it is asked

CARD = """\
scorecard: line
version: 1
title: {zh: 热线}
language: zh
applies_to: {queue: [orders]}
pass_mark: 60
severities: {B: {title: 严重}}
signals:
  greeting: {detector: phrase, role: agent, any_of: [您好]}
sections:
  - id: language
    title: {zh: 用语}
    criteria:
      - {id: greeting, title: {zh: 开头语}, severity: B, points: 10, pass_if: greeting}
"""

#: The tone's pitch tells the fake recogniser which recording it hears.
DEADLY_HZ, SLOW_HZ = 3000, 2500


@dataclass(frozen=True, slots=True)
class Tones:
    """Hears 您好 in every tone; writes each hearing down; dies or dawdles on chosen pitches."""

    log: Path
    slow_s: float = 0.0
    is_demo: bool = False
    window_limits: WindowLimits = field(default_factory=WindowLimits)
    identity: str = "scripted"
    fingerprint: str = "scripted"

    def language_shares(
        self,
        samples: Samples,
        windows: Sequence[Span],
    ) -> Mapping[Language, float]:
        return {"zh": 0.9, "en": 0.1}

    def transcribe(
        self,
        samples: Samples,
        windows: Sequence[Span],
        language: Language,
    ) -> Heard:
        spectrum = np.abs(np.fft.rfft(samples))
        pitch_hz = float(np.fft.rfftfreq(samples.size, 1 / 16_000)[spectrum.argmax()])
        with self.log.open("a") as log:
            log.write(f"{os.getpid()} {pitch_hz:.0f}\n")
        if abs(pitch_hz - DEADLY_HZ) < 20:
            os._exit(9)
        time.sleep(self.slow_s)
        return Heard(tuple(Word("您好", w.start_s, w.end_s, 0.9) for w in windows))


@dataclass(frozen=True, slots=True)
class ScriptedEngines:
    """Builds the script; picklable. `version` stands for another model."""

    log: Path
    slow_s: float = 0.0
    version: str = "1"

    def fingerprint(self) -> str:
        return f"scripted {self.version}"

    def build(self, n_threads: int) -> Engines:
        return Engines(LoudnessActivity(), Tones(self.log, self.slow_s))


@dataclass(frozen=True, slots=True)
class Made:
    """A folder with recordings, their manifest and a scorecard, and the log of what was heard."""

    root: Path

    @property
    def log(self) -> Path:
        return self.root / "heard.log"

    @property
    def n_heard(self) -> int:
        """Recordings heard so far (each has two channels)."""
        return len(self.log.read_text().splitlines()) // 2 if self.log.exists() else 0

    def night(self, *, n_workers: int = 0, slow_s: float = 0.0, version: str = "1") -> Night:
        return Night(
            source=self.root / "in",
            store=self.root / "store",
            manifest=self.root / "manifest.csv",
            scorecards=self.root / "cards",
            n_workers=n_workers,
            engines=ScriptedEngines(self.log, slow_s, version),
        )

    def rewrite(self, old: str, new: str, *, name: str = "manifest.csv") -> None:
        path = self.root / name
        path.write_text(path.read_text().replace(old, new))


def made_night(root: Path, n_recordings: int, *, more: Sequence[str] = ()) -> Made:
    """Write `n_recordings` stereo tones of a second, and `more` manifest rows as they are."""
    for folder in ("in", "cards"):
        (root / folder).mkdir(parents=True)
    (root / "cards" / "line.yaml").write_text(CARD)
    rows = ["recording,transcript,call_id,started_at,agent_id,group,queue,language,agent_channel"]
    for i in range(n_recordings):
        tone(root / "in" / f"{i:02}.wav", 300 + 20 * i)
        rows.append(f"{i:02}.wav,,c{i:02},2026-10-31T23:{i:02}:00,A1,east,orders,zh,0")
    (root / "manifest.csv").write_text("\n".join([*rows, *more]) + "\n")
    return Made(root)


def tone(path: Path, pitch_hz: float) -> None:
    """Write a second of stereo: the pitch on the left, then on the right."""
    at_s = np.arange(8_000) / 8_000
    sound = 0.3 * np.sin(2 * np.pi * pitch_hz * at_s)
    left, right = np.where(at_s < 0.5, sound, 0), np.where(at_s >= 0.5, sound, 0)
    both = (np.stack([left, right], axis=1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(both.tobytes())
