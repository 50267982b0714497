"""Write a checkpoint as a model directory that the unchanged faster-whisper loads.

The compact vocabulary is scattered into Whisper's full multilingual one; every other token gets an
embedding that can never win (see ``network.py``).  Weights are stored as int8.

    python convert.py --checkpoint demo.pt --out MODEL
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer

HERE = Path(__file__).parent
FULL_VOCABULARY = 51865
FIRST_TIMESTAMP = 50364
LANGUAGE_IDS = list(range(50259, 50358))
NEVER = -30.0
ALIGNMENT_HEADS = 2
PREPROCESSOR = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480000,
    "nb_max_frames": 3000,
    "sampling_rate": 16000,
}

Arrays = dict[str, np.ndarray]


def _linear(spec: object, weight: np.ndarray, bias: np.ndarray) -> None:
    spec.weight, spec.bias = np.ascontiguousarray(weight), bias


def _norm(spec: object, arrays: Arrays, name: str) -> None:
    spec.gamma, spec.beta = arrays[f"{name}.weight"], arrays[f"{name}.bias"]


def _projections(arrays: Arrays, name: str, letters: str) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of some of query, key and value, one below the other."""
    weights = [arrays[f"{name}.{letter}_proj.weight"] for letter in letters]
    zeros = np.zeros(weights[0].shape[0], np.float32)  # keys have no bias
    biases = [arrays.get(f"{name}.{letter}_proj.bias", zeros) for letter in letters]
    return np.concatenate(weights), np.concatenate(biases)


def _attention(spec: object, arrays: Arrays, name: str, crossing: bool) -> None:
    """Fill an attention block; one that crosses to the encoder keeps the query apart."""
    _norm(spec.layer_norm, arrays, f"{name}_layer_norm")
    parts = ("q", "kv") if crossing else ("qkv",)
    for place, letters in enumerate(parts):
        weight, bias = _projections(arrays, name, letters)
        _linear(spec.linear[place], weight, bias)
    _linear(
        spec.linear[len(parts)], arrays[f"{name}.out_proj.weight"], arrays[f"{name}.out_proj.bias"]
    )


def _feed_forward(spec: object, arrays: Arrays, name: str) -> None:
    _norm(spec.layer_norm, arrays, f"{name}.final_layer_norm")
    _linear(spec.linear_0, arrays[f"{name}.fc1.weight"], arrays[f"{name}.fc1.bias"])
    _linear(spec.linear_1, arrays[f"{name}.fc2.weight"], arrays[f"{name}.fc2.bias"])


def full_embedding(arrays: Arrays, vocabulary: list[int]) -> np.ndarray:
    """The embedding of all 51865 tokens."""
    mask = arrays["decoder.mask"]
    stamps = arrays["decoder.ts_sin"] @ arrays["decoder.ts_proj.weight"].T
    stamps = (stamps + arrays["decoder.ts_proj.bias"]) * mask
    embedding = np.zeros((FULL_VOCABULARY, mask.shape[0]), np.float32)
    embedding[:, -1] = NEVER
    embedding[vocabulary] = arrays["decoder.embed_tokens"] * mask
    embedding[FIRST_TIMESTAMP : FIRST_TIMESTAMP + len(stamps)] = stamps
    return embedding


def build(arrays: Arrays, vocabulary: list[int], shape: dict[str, int]) -> whisper_spec.WhisperSpec:
    """The network as CTranslate2 describes Whisper."""
    heads = shape["heads"]
    spec = whisper_spec.WhisperSpec(shape["encoder_layers"], heads, shape["decoder_layers"], heads)
    for name in ("conv1", "conv2"):
        conv = getattr(spec.encoder, name)
        conv.weight = arrays[f"encoder.{name}.weight"]
        conv.bias = arrays[f"encoder.{name}.bias"]
    spec.encoder.position_encodings.encodings = arrays["encoder.pos"]
    _norm(spec.encoder.layer_norm, arrays, "encoder.layer_norm")
    for number, layer in enumerate(spec.encoder.layer):
        name = f"encoder.layers.{number}"
        _attention(layer.self_attention, arrays, f"{name}.self_attn", crossing=False)
        _feed_forward(layer.ffn, arrays, name)
    mask = arrays["decoder.mask"]
    spec.decoder.layer_norm.gamma = arrays["decoder.layer_norm.weight"] * mask
    spec.decoder.layer_norm.beta = arrays["decoder.layer_norm.bias"] * mask + (1 - mask)
    spec.decoder.position_encodings.encodings = arrays["decoder.embed_positions"]
    spec.decoder.embeddings.weight = full_embedding(arrays, vocabulary)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    for number, layer in enumerate(spec.decoder.layer):
        name = f"decoder.layers.{number}"
        _attention(layer.self_attention, arrays, f"{name}.self_attn", crossing=False)
        _attention(layer.attention, arrays, f"{name}.encoder_attn", crossing=True)
        _feed_forward(layer.ffn, arrays, name)
    return spec


def configure(spec: whisper_spec.WhisperSpec, decoder_layers: int) -> None:
    """Vocabulary and the settings that faster-whisper reads."""
    tokens = Tokenizer.from_file(str(HERE / "tokenizer.json")).get_vocab()
    names = sorted(tokens, key=tokens.__getitem__)
    spec.register_vocabulary(names)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = LANGUAGE_IDS
    spec.config.alignment_heads = [[decoder_layers - 1, head] for head in range(ALIGNMENT_HEADS)]


def convert(checkpoint: Path, out: Path, average: bool) -> None:
    """Read the checkpoint and write the model directory."""
    stored = torch.load(checkpoint, weights_only=True)
    weights = stored["average" if average else "weights"]
    arrays = {name: value.float().numpy() for name, value in weights.items()}
    spec = build(arrays, stored["vocabulary"], stored["shape"])
    configure(spec, stored["shape"]["decoder_layers"])
    spec.validate()
    spec.optimize(quantization="int8")
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))
    (out / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=1) + "\n")
    if out.resolve() != HERE.resolve():
        shutil.copy(HERE / "tokenizer.json", out)
    for path in sorted(out.glob("*.bin")) + sorted(out.glob("*.json")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.name:26} {path.stat().st_size:9} {digest}")


def main() -> None:
    """Read the arguments and convert."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--latest", action="store_true", help="the latest weights, not the mean")
    arguments = parser.parse_args()
    convert(arguments.checkpoint, arguments.out, not arguments.latest)


if __name__ == "__main__":
    main()
