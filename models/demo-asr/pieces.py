"""What a shard holds: spoken turns with their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Sentence:
    """The label of one sentence: token ids with their spans, in seconds from the piece's start."""

    tokens: list[int]
    spans: list[tuple[float, float]]
    start: float
    end: float


@dataclass
class Piece:
    """One turn as the trainer takes it.

    ``mel`` is the log10 mel power (frames, 80); ``phonemes`` gives, every 20 ms, the index of the
    phoneme in the shard's table (0: none); ``quiet`` says that noise may still be mixed in.
    """

    language: str
    mel: np.ndarray
    sentences: list[Sentence]
    phonemes: np.ndarray
    quiet: bool
