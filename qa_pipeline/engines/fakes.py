"""Engines that follow a script: for tests of everything around the real ones."""

# ruff: noqa: ARG002 - a script answers whatever it is asked

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.engines.protocols import Heard, Samples
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LoudnessActivity:
    """Calls everything above `floor_dbfs` speech: for synthesised tones."""

    floor_dbfs: float = -50.0
    hop_s: float = 0.032
    identity: str = "fake activity"

    @property
    def fingerprint(self) -> str:
        """Changes with the floor."""
        return _hash(f"{self.identity} {self.floor_dbfs}")

    def probabilities(self, samples: Samples) -> Samples:
        """Return 1 for loud frames and 0 for quiet ones."""
        hop = round(self.hop_s * 16_000)
        frames = np.pad(samples, (0, -samples.shape[0] % hop)).reshape(-1, hop)
        power = np.mean(np.square(frames, dtype=np.float64), axis=1)
        return np.asarray(power > 10 ** (self.floor_dbfs / 10), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ScriptedTranscriber:
    """Says the script's words, channel after channel in the order in which it is asked.

    `scripts[i]` answers the i-th call of `transcribe`; `asked` records what it was given. Where a
    script is empty, `n_looped` words were thrown away.
    """

    scripts: tuple[tuple[Word, ...], ...]
    asked: list[tuple[tuple[Span, ...], Language]]
    language: Language = "zh"
    is_demo: bool = False
    n_looped: int = 0
    window_limits: WindowLimits = field(default_factory=WindowLimits)
    identity: str = "fake transcriber"

    @property
    def fingerprint(self) -> str:
        """Changes with the script."""
        return _hash(repr((self.identity, self.scripts)))

    def language_shares(
        self, samples: Samples, windows: Sequence[Span]
    ) -> Mapping[Language, float]:
        """Return certainty for the scripted language."""
        other: Language = "en" if self.language == "zh" else "zh"
        return {self.language: 0.9, other: 0.1}

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Return the next script."""
        self.asked.append((tuple(windows), language))
        script = self.scripts[len(self.asked) - 1]
        return Heard(script, 0 if script else self.n_looped)


@dataclass(frozen=True, slots=True)
class ScriptedDiariser:
    """Answers with the scripted speakers."""

    answer: Mapping[str, tuple[Span, ...]]
    is_demo: bool = False
    identity: str = "fake diariser"

    @property
    def fingerprint(self) -> str:
        """Changes with the script."""
        return _hash(repr((self.identity, sorted(self.answer.items()))))

    def speakers(self, samples: Samples) -> Mapping[str, tuple[Span, ...]]:
        """Return the script."""
        return self.answer
