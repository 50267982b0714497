r"""Train the segmentation: who of two speaks in each 25 ms of 4 s, with pyannote's own task.

    python train_segmentation.py --mixtures MIXTURES --embedding EMBEDDING.bin \
        --checkpoint SEGMENTATION.ckpt --minutes 30

One thread; prints the loss, the time left and, once a round, the local diarisation error on voices
that are not trained on.  The best weights so far lie in SEGMENTATION.best.ckpt; run again, it goes
on from SEGMENTATION.ckpt.
"""

# ruff: noqa: E402 - what makes imports possible comes before them

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.update(PYANNOTE_METRICS_ENABLED="0", HF_HUB_OFFLINE="1")

from qa_pipeline.engines.torchaudio_cpu import make_importable

make_importable()

import lightning
import torch
from mixtures import LENGTH_S
from pyannote.audio.tasks import SpeakerDiarization
from pyannote.core import Annotation, Segment, Timeline
from pyannote.database.protocol import SpeakerDiarizationProtocol

from qa_pipeline.engines.small_networks import SmallSegmentation

CHUNK_S = 4.0
BATCH = 16
RATE_OF_LEARNING = (4e-3, 3e-4)  # at the start and at the end
STEPS_A_ROUND = 100
METRIC = "DiarizationErrorRate"


class Mixtures(SpeakerDiarizationProtocol):
    """The folder that ``mixtures.py`` wrote, as pyannote.database wants to see it."""

    name = "Demo.SpeakerDiarization.Mixtures"

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__()
        self._folder = folder

    def _files(self, split: str) -> Iterator[dict[str, Any]]:
        for path in sorted(self._folder.glob(f"{split}-*.json")):
            annotation = Annotation(uri=path.stem)
            for number, row in enumerate(json.loads(path.read_text(encoding="utf-8"))):
                annotation[Segment(row["start_s"], row["end_s"]), number] = row["speaker"]
            yield {
                "uri": path.stem,
                "database": "Demo",
                "scope": "file",
                "audio": str(path.with_suffix(".wav")),
                "annotation": annotation,
                "annotated": Timeline([Segment(0, LENGTH_S)]),
            }

    def train_iter(self) -> Iterator[dict[str, Any]]:
        """The calls to train on."""
        return self._files("train")

    def development_iter(self) -> Iterator[dict[str, Any]]:
        """The calls of other voices."""
        return self._files("dev")


class Rhythm(lightning.Callback):
    """Lowers the rate of learning with time, tells how it goes, keeps the best weights."""

    def __init__(self, checkpoint: Path, minutes: float) -> None:
        """Remember where to write and how long to go on."""
        self._checkpoint = checkpoint
        self._seconds = minutes * 60
        self._started = time.monotonic()
        self._best = float("inf")

    @property
    def _spent_s(self) -> float:
        return time.monotonic() - self._started

    def on_train_batch_start(self, trainer: Any, *_: Any) -> None:
        """Set the rate of learning for this moment."""
        first, last = RATE_OF_LEARNING
        done = min(1.0, self._spent_s / self._seconds)
        for group in trainer.optimizers[0].param_groups:
            group["lr"] = first * (last / first) ** done

    def on_train_batch_end(self, trainer: Any, _: Any, outputs: Any, *__: Any) -> None:
        """Print now and then; stop when the time is up."""
        if trainer.global_step % 25 == 0:
            left = max(0.0, self._seconds - self._spent_s) / 60
            loss = float(outputs["loss"])
            print(f"step {trainer.global_step}: loss {loss:.3f}; {left:.1f} min left", flush=True)
        trainer.should_stop = self._spent_s > self._seconds

    def on_validation_end(self, trainer: Any, *_: Any) -> None:
        """Keep the state to go on from, and the best weights."""
        error = float(trainer.callback_metrics[METRIC])
        print(f"step {trainer.global_step}: local error {error:.4f}", flush=True)
        trainer.save_checkpoint(self._checkpoint)
        if error < self._best:
            self._best = error
            trainer.save_checkpoint(self._checkpoint.with_suffix(".best.ckpt"), weights_only=True)


def build(mixtures: Path, embedding: Path) -> SmallSegmentation:
    """A new network with pyannote's task for two speakers."""
    task = SpeakerDiarization(
        Mixtures(mixtures),
        duration=CHUNK_S,
        max_speakers_per_chunk=2,
        max_speakers_per_frame=2,
        batch_size=BATCH,
        num_workers=0,
    )
    fitted = torch.load(embedding, weights_only=False)["state_dict"]
    model = SmallSegmentation(task=task)
    model.contrast.voices.load_state_dict(
        {name: fitted[f"embedding.{name}"] for name in ("weight", "bias")}
    )
    model.configure_optimizers = lambda: torch.optim.Adam(
        [weights for weights in model.parameters() if weights.requires_grad], lr=RATE_OF_LEARNING[0]
    )
    return model


def main() -> None:
    """Train until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mixtures", type=Path, required=True)
    parser.add_argument("--embedding", type=Path, required=True, help="of fit_embedding.py")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    lightning.seed_everything(arguments.seed)
    trainer = lightning.Trainer(
        max_epochs=-1,
        limit_train_batches=STEPS_A_ROUND,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        gradient_clip_val=0.5,
        callbacks=[Rhythm(arguments.checkpoint, arguments.minutes)],
    )
    model = build(arguments.mixtures, arguments.embedding)
    before = str(arguments.checkpoint) if arguments.checkpoint.exists() else None
    trainer.fit(model, ckpt_path=before, weights_only=False)


if __name__ == "__main__":
    main()
