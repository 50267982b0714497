"""Make a checkpoint out of a model directory, so that training can go on from a published model.

The optimiser's state and the auxiliary heads are not in a published model: the heads are set up by
a short fit when training starts (they are linear), the optimiser starts anew.  Weights come back as
exact as int8 stores them.  The timestamps' embeddings are projected sinusoids; the projection is
found by least squares.

    python restore.py --model . --checkpoint demo.pt
"""

from __future__ import annotations

import argparse
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from convert import FIRST_TIMESTAMP, FULL_VOCABULARY, NEVER
from network import Network, Shape
from windows import SPECIALS

KINDS = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
RIDGE = 0.05
PHONEME_ROOM = 400  # the auxiliary head's size; names are entered as shards bring them

Arrays = dict[str, np.ndarray]


def _number(file: BinaryIO, kind: str) -> int:
    return struct.unpack(f"<{kind}", file.read(struct.calcsize(kind)))[0]


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "H"))[:-1].decode()


def read_variables(path: Path) -> Arrays:
    """The variables of CTranslate2's ``model.bin``, aliases resolved, int8 weights scaled back."""
    variables: Arrays = {}
    with path.open("rb") as file:
        _number(file, "I")  # the format's version
        _string(file)
        _number(file, "I")  # the specification's revision
        for _ in range(_number(file, "I")):
            name = _string(file)
            shape = [_number(file, "I") for _ in range(_number(file, "B"))]
            kind = KINDS[_number(file, "B")]
            data = np.frombuffer(file.read(_number(file, "I")), kind)
            variables[name] = data.reshape(shape)
        for _ in range(_number(file, "I")):
            alias = _string(file)
            variables[alias] = variables[_string(file)]
    for name in [name for name in variables if f"{name}_scale" in variables]:
        scale = variables[f"{name}_scale"]
        column = scale.reshape(-1, *[1] * (variables[name].ndim - 1))
        variables[name] = variables[name].astype(np.float32) / column
    return variables


def _norm(found: Arrays, variables: Arrays, ours: str, theirs: str) -> None:
    found[f"{ours}.weight"] = variables[f"{theirs}/gamma"]
    found[f"{ours}.bias"] = variables[f"{theirs}/beta"]


def _linear(found: Arrays, variables: Arrays, ours: str, theirs: str) -> None:
    found[f"{ours}.weight"] = variables[f"{theirs}/weight"]
    found[f"{ours}.bias"] = variables[f"{theirs}/bias"]


def _attention(found: Arrays, variables: Arrays, ours: str, theirs: str, crossing: bool) -> None:
    _norm(found, variables, f"{ours}_layer_norm", f"{theirs}/layer_norm")
    parts = ("q", "kv") if crossing else ("qkv",)
    for place, letters in enumerate(parts):
        weight = np.split(variables[f"{theirs}/linear_{place}/weight"], len(letters))
        bias = np.split(variables[f"{theirs}/linear_{place}/bias"], len(letters))
        for letter, matrix, vector in zip(letters, weight, bias, strict=True):
            found[f"{ours}.{letter}_proj.weight"] = matrix
            if letter != "k":
                found[f"{ours}.{letter}_proj.bias"] = vector
    _linear(found, variables, f"{ours}.out_proj", f"{theirs}/linear_{len(parts)}")


def _feed_forward(found: Arrays, variables: Arrays, ours: str, theirs: str) -> None:
    _norm(found, variables, f"{ours}.final_layer_norm", f"{theirs}/layer_norm")
    _linear(found, variables, f"{ours}.fc1", f"{theirs}/linear_0")
    _linear(found, variables, f"{ours}.fc2", f"{theirs}/linear_1")


def _embeddings(found: Arrays, variables: Arrays, sinusoids: np.ndarray) -> list[int]:
    """Split the embedding into text tokens and timestamps; returns the tokens in use."""
    rows = variables["decoder/embeddings/weight"]
    never = rows[:FULL_VOCABULARY, -1] < NEVER / 2
    used = [token for token in range(FIRST_TIMESTAMP) if not never[token]]
    vocabulary = [*SPECIALS, *(token for token in used if token not in SPECIALS)]
    found["decoder.embed_tokens"] = rows[vocabulary]
    stamps = rows[FIRST_TIMESTAMP : FIRST_TIMESTAMP + len(sinusoids)]
    inputs = np.hstack([sinusoids, np.ones((len(sinusoids), 1), np.float32)])
    # Slow sinusoids are almost equal columns: a ridge keeps the weights small enough for bf16.
    square = inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1])
    solution = np.linalg.solve(square, inputs.T @ stamps)
    found["decoder.ts_proj.weight"], found["decoder.ts_proj.bias"] = solution[:-1].T, solution[-1]
    return vocabulary


def restore(variables: Arrays, shape: Shape) -> tuple[dict[str, torch.Tensor], list[int]]:
    """The network's weights and its vocabulary."""
    found: Arrays = {}
    for name in ("conv1", "conv2"):
        _linear(found, variables, f"encoder.{name}", f"encoder/{name}")
    _norm(found, variables, "encoder.layer_norm", "encoder/layer_norm")
    _norm(found, variables, "decoder.layer_norm", "decoder/layer_norm")
    found["decoder.embed_positions"] = variables["decoder/position_encodings/encodings"]
    for number in range(shape.encoder_layers):
        ours, theirs = f"encoder.layers.{number}", f"encoder/layer_{number}"
        _attention(found, variables, f"{ours}.self_attn", f"{theirs}/self_attention", False)
        _feed_forward(found, variables, ours, f"{theirs}/ffn")
    for number in range(shape.decoder_layers):
        ours, theirs = f"decoder.layers.{number}", f"decoder/layer_{number}"
        _attention(found, variables, f"{ours}.self_attn", f"{theirs}/self_attention", False)
        _attention(found, variables, f"{ours}.encoder_attn", f"{theirs}/attention", True)
        _feed_forward(found, variables, ours, f"{theirs}/ffn")
    blank = Network(shape, 1, PHONEME_ROOM)
    vocabulary = _embeddings(found, variables, blank.decoder.ts_sin.numpy())
    network = Network(shape, len(vocabulary), PHONEME_ROOM)
    weights = network.state_dict()
    for name, value in found.items():
        if weights[name].shape != value.shape:
            raise ValueError(f"{name}: {value.shape} does not fit {tuple(weights[name].shape)}")
        weights[name] = torch.from_numpy(np.array(value, np.float32))
    return weights, vocabulary


def main() -> None:
    """Read the arguments and write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    arguments = parser.parse_args()
    shape = Shape()
    weights, vocabulary = restore(read_variables(arguments.model / "model.bin"), shape)
    content: dict[str, Any] = {
        "weights": weights,
        "average": {name: value.clone() for name, value in weights.items()},
        "vocabulary": vocabulary,
        "phonemes": {},
        "shape": shape.as_dict(),
        "optimiser": None,
        "steps": 0,
        "heard_seconds": 0.0,
    }
    torch.save(content, arguments.checkpoint)
    print(f"{arguments.checkpoint}: {len(vocabulary)} tokens in use")


if __name__ == "__main__":
    main()
