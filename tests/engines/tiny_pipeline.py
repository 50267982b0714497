"""Writes a whole pyannote 4 pipeline with random weights: for plumbing, its answers mean nothing.

Run: python tiny_pipeline.py FOLDER
"""

import sys
from pathlib import Path
from typing import Any

from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.torchaudio_cpu import make_importable

go_offline()
make_importable()

import lightning  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from pyannote.audio.core.task import Problem, Resolution, Specifications  # noqa: E402
from pyannote.audio.models.embedding import XVectorMFCC  # noqa: E402
from pyannote.audio.models.segmentation import PyanNet  # noqa: E402

CONFIG = """\
version: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
    clustering: AgglomerativeClustering
    segmentation_step: 0.25
    segmentation_batch_size: 8
    embedding_batch_size: 8
    embedding_exclude_overlap: true
params:
  segmentation: {min_duration_off: 0.0}
  clustering: {method: centroid, min_cluster_size: 1, threshold: 0.7}
"""


def save(model: Any, folder: Path) -> None:
    """Write a checkpoint as lightning and pyannote would."""
    folder.mkdir(parents=True)
    checkpoint = {
        "pytorch-lightning_version": lightning.__version__,
        "epoch": 0,
        "global_step": 0,
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "hparams_name": "kwargs",
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "pytorch_model.bin")


def build(folder: Path) -> None:
    """Write segmentation, embedding, PLDA and config."""
    torch.manual_seed(0)
    segmentation = PyanNet(
        sample_rate=16_000,
        sincnet={"stride": 10},
        lstm={"hidden_size": 16, "num_layers": 1},
        linear={"hidden_size": 16, "num_layers": 1},
    )
    segmentation.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=5.0,
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    segmentation.build()
    save(segmentation, folder / "segmentation")
    embedding = XVectorMFCC(sample_rate=16_000, dimension=32)
    embedding.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=3.0
    )
    embedding.build()
    save(embedding, folder / "embedding")
    n = embedding.dimension
    (folder / "plda").mkdir()
    np.savez(
        folder / "plda" / "xvec_transform.npz", mean1=np.zeros(n), mean2=np.zeros(n), lda=np.eye(n)
    )
    np.savez(folder / "plda" / "plda.npz", mu=np.zeros(n), tr=np.eye(n), psi=np.linspace(1.5, 1, n))
    (folder / "config.yaml").write_text(CONFIG)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
