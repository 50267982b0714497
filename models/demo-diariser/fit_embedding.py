"""Fit the embedding: the linear map under which two speakers of one call lie farthest apart.

    python fit_embedding.py --mixtures MIXTURES --out EMBEDDING.bin

Linear discriminant analysis in closed form over the training calls of ``mixtures.py``: the scatter
within is that of stretches of one speaker in one call, the scatter between that of the two
speakers' means.  Every stretch is moved in level at random, so that the level tells nothing.  The
last line is the share of stretches of the development calls that lie nearer to the other speaker.
"""

# ruff: noqa: E402 - what makes imports possible comes before them

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.update(PYANNOTE_METRICS_ENABLED="0", HF_HUB_OFFLINE="1")

from qa_pipeline.engines.torchaudio_cpu import make_importable

make_importable()

import lightning
import numpy as np
import soundfile
import torch
from pyannote.audio.core.task import Problem, Resolution, Specifications
from scipy.linalg import eigh

from qa_pipeline.engines.small_networks import N_FEATURES, SmallEmbedding, VoiceFeatures

HOP_S = 0.025
STRETCH_FRAMES = (40, 120)  # 1 to 3 s
LEVEL_SHIFT = 0.8  # in the features' unit, about 10 dB
RIDGE = 0.02  # of the mean variance within: keeps the map from rare directions
N_LEVEL = N_FEATURES // 2  # the first half of the features moves with the level


def speaking(rows: list[dict], n_frames: int) -> dict[str, np.ndarray]:
    """Which frames each speaker has for itself."""
    active = {row["speaker"]: np.zeros(n_frames, bool) for row in rows}
    for row in rows:
        active[row["speaker"]][round(row["start_s"] / HOP_S) : round(row["end_s"] / HOP_S)] = True
    crowd = sum(frames.astype(int) for frames in active.values())
    return {name: frames & (crowd == 1) for name, frames in active.items()}


def stretches(features: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mean and spread of successive stretches of one speaker's frames, `[n, 2 N_FEATURES]`."""
    pooled, at = [], 0
    while len(features) - at >= STRETCH_FRAMES[0]:
        part = features[at : at + rng.integers(*STRETCH_FRAMES)]
        mean = part.mean(axis=0)
        mean[:N_LEVEL] += rng.uniform(-LEVEL_SHIFT, LEVEL_SHIFT)
        pooled.append(np.concatenate([mean, part.std(axis=0, ddof=1)]))
        at += len(part)
    return np.array(pooled).reshape(-1, 2 * N_FEATURES)


def calls(folder: Path, split: str) -> Iterator[list[np.ndarray]]:
    """The stretches of both speakers of each call."""
    hear, rng = VoiceFeatures(), np.random.default_rng(0)
    paths, started = sorted(folder.glob(f"{split}-*.json")), time.monotonic()
    for done, path in enumerate(paths, 1):
        samples, _ = soundfile.read(path.with_suffix(".wav"), dtype="float32")
        with torch.inference_mode():
            features = hear(torch.from_numpy(samples)[None])[0].T.numpy()
        frames = speaking(json.loads(path.read_text(encoding="utf-8")), len(features))
        both = [stretches(features[mask], rng) for mask in frames.values()]
        if len(both) == 2 and all(len(found) > 1 for found in both):
            yield both
        if done % 50 == 0:
            left_s = (time.monotonic() - started) / done * (len(paths) - done)
            print(f"{split}: {done} of {len(paths)} calls; {left_s:.0f} s left", flush=True)


def discriminant(pairs: list[list[np.ndarray]], dimension: int) -> tuple[np.ndarray, np.ndarray]:
    """The map `[dimension, 2 N_FEATURES]` and the mean that it takes away first."""
    own = np.concatenate([found - found.mean(axis=0) for pair in pairs for found in pair])
    means = np.array([[found.mean(axis=0) for found in pair] for pair in pairs])
    apart = (means[:, 0] - means[:, 1]) / 2
    within, between = own.T @ own / len(own), apart.T @ apart / len(apart)
    scale = np.sqrt(np.diag(within)) + 1e-6
    within, between = within / np.outer(scale, scale), between / np.outer(scale, scale)
    _, vectors = eigh(between, within + RIDGE * np.eye(len(within)))
    return vectors[:, ::-1][:, :dimension].T / scale, means.mean(axis=(0, 1))


def confused(pairs: list[list[np.ndarray]], weights: np.ndarray, mean: np.ndarray) -> float:
    """The share of stretches that lie nearer (in angle) to the other speaker of their call."""
    wrong = total = 0
    for pair in pairs:
        embedded = [(found - mean) @ weights.T for found in pair]
        embedded = [found / np.linalg.norm(found, axis=1, keepdims=True) for found in embedded]
        for this, other in ((0, 1), (1, 0)):
            sums = embedded[this].sum(axis=0)
            for row in embedded[this]:
                own = (sums - row) / (len(embedded[this]) - 1)
                wrong += row @ own < row @ embedded[other].mean(axis=0)
            total += len(embedded[this])
    return wrong / total


def main() -> None:
    """Fit and write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mixtures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    model = SmallEmbedding()
    weights, mean = discriminant(list(calls(arguments.mixtures, "train")), model.dimension)
    with torch.no_grad():
        model.embedding.weight.copy_(torch.from_numpy(weights))
        model.embedding.bias.copy_(torch.from_numpy(-weights @ mean))
    model.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=3.0
    )
    checkpoint = {
        "pytorch-lightning_version": lightning.__version__,
        "epoch": 0,
        "global_step": 0,
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "hparams_name": "kwargs",
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, arguments.out)
    share = confused(list(calls(arguments.mixtures, "dev")), weights, mean)
    print(f"{share:.3f} of the development stretches lie nearer to the other speaker")


if __name__ == "__main__":
    main()
