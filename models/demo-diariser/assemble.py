"""Put the trained parts together: a directory that ``Pipeline.from_pretrained`` loads.

    python assemble.py --segmentation SEGMENTATION.best.ckpt --embedding EMBEDDING.bin --out .

Checkpoints lose what only training needs.  pyannote.audio 4 reads a PLDA whatever the clustering,
so one that changes nothing lies beside them.
"""

# ruff: noqa: E402 - what makes imports possible comes before them

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

os.environ.update(PYANNOTE_METRICS_ENABLED="0", HF_HUB_OFFLINE="1")

from qa_pipeline.engines.torchaudio_cpu import make_importable

make_importable()

import numpy as np
import torch
import yaml

KEPT = (
    *("state_dict", "hyper_parameters", "hparams_name", "pyannote.audio"),
    *("pytorch-lightning_version", "epoch", "global_step"),
)
ONLY_FOR_TRAINING = ("loss_func", "validation_metric")
#: Clustering hears the map's first directions; the later ones tell more of what is said.
CLUSTERED_DIMENSION = 10
PIPELINE = {
    "version": "4.0.0",
    "pipeline": {
        "name": "pyannote.audio.pipelines.SpeakerDiarization",
        "params": {
            "segmentation": "$model/segmentation",
            "embedding": "$model/embedding",
            "plda": "$model/plda",
            "clustering": "AgglomerativeClustering",
            "segmentation_step": 0.2,
            "segmentation_batch_size": 32,
            "embedding_batch_size": 32,
            "embedding_exclude_overlap": True,
        },
    },
    "params": {
        "segmentation": {"min_duration_off": 0.0},
        "clustering": {"method": "ward", "min_cluster_size": 4, "threshold": 0.8},
    },
}


def slim(checkpoint: dict[str, Any]) -> dict[str, Any]:
    """The checkpoint without what only training needs."""
    kept = {key: value for key, value in checkpoint.items() if key in KEPT}
    kept["state_dict"] = {
        name: weights
        for name, weights in checkpoint["state_dict"].items()
        if not name.startswith(ONLY_FOR_TRAINING)
    }
    return kept


def shortened(embedding: dict[str, Any]) -> dict[str, Any]:
    """The embedding with its first directions only."""
    weights = dict(embedding["state_dict"])
    for name in ("embedding.weight", "embedding.bias"):
        weights[name] = weights[name][:CLUSTERED_DIMENSION].clone()
    sizes = {**embedding["hyper_parameters"], "dimension": len(weights["embedding.bias"])}
    return {**embedding, "state_dict": weights, "hyper_parameters": sizes}


def write_plda(folder: Path, dimension: int) -> None:
    """A PLDA that changes nothing; pyannote loads it and agglomerative clustering lets it be."""
    folder.mkdir(exist_ok=True)
    zero, one = np.zeros(dimension), np.eye(dimension)
    np.savez(folder / "xvec_transform.npz", mean1=zero, mean2=zero, lda=one)
    np.savez(folder / "plda.npz", mu=zero, tr=one, psi=np.linspace(1.5, 1.0, dimension))


def main() -> None:
    """Write the pipeline's files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--segmentation", type=Path, required=True)
    parser.add_argument("--embedding", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    parts = {
        "segmentation": slim(torch.load(arguments.segmentation, weights_only=False)),
        "embedding": shortened(torch.load(arguments.embedding, weights_only=False)),
    }
    for name, checkpoint in parts.items():
        (arguments.out / name).mkdir(parents=True, exist_ok=True)
        torch.save(checkpoint, arguments.out / name / "pytorch_model.bin")
    write_plda(arguments.out / "plda", parts["embedding"]["hyper_parameters"]["dimension"])
    text = "# Written by assemble.py.\n" + yaml.safe_dump(PIPELINE, sort_keys=False)
    (arguments.out / "config.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
