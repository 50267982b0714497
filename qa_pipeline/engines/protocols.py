"""What the journey asks of an engine. Audio is float32 `[n_samples]` at 16 kHz, one channel.

`identity` is what a reader should see (name, version, model); `fingerprint` changes whenever the
engine's answers may: it is part of the key that says a recording is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

Samples = NDArray[np.float32]


class Engine(Protocol):
    """What every engine tells of itself."""

    @property
    def identity(self) -> str:
        """Name, version and model, for people."""

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of everything that decides the engine's answers."""


class ActivityModel(Engine, Protocol):
    """Finds speech."""

    @property
    def hop_s(self) -> float:
        """Seconds between frames."""

    def probabilities(self, samples: Samples) -> Samples:
        """Return the probability of speech in each frame, `[n_frames]`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Words in order of time; `n_looped` counts words thrown away as a decoder's endless loop."""

    words: tuple[Word, ...]
    n_looped: int = 0


class Transcriber(Engine, Protocol):
    """Hears words."""

    @property
    def is_demo(self) -> bool:
        """Whether the model knows synthetic voices only."""

    @property
    def window_limits(self) -> WindowLimits:
        """What speech the model should hear together."""

    def language_shares(
        self, samples: Samples, windows: Sequence[Span]
    ) -> Mapping[Language, float]:
        """Return how probable each of the product's languages is, from the longest windows."""

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Return the words heard in `windows`, each decoded on its own, times of the whole."""


class Diariser(Engine, Protocol):
    """Tells two speakers apart on one channel."""

    @property
    def is_demo(self) -> bool:
        """Whether the pipeline knows synthetic voices only."""

    def speakers(self, samples: Samples) -> Mapping[str, tuple[Span, ...]]:
        """Return each speaker's tidy spans by an arbitrary label; at most two labels."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of a night; `diariser` None: mono calls are not told apart."""

    activity: ActivityModel
    transcriber: Transcriber
    diariser: Diariser | None = None
