"""A small Whisper in PyTorch, with a compact vocabulary and cheap stand-ins for padding.

Shapes and parameters are those of Whisper (pre-norm transformer, sinusoidal encoder positions), so
``convert.py`` can write them into CTranslate2's form.  Three things differ while training:

* Only the tokens in use have an embedding; timestamps get theirs by projecting sinusoids.
* The last hidden dimension behind the decoder's final norm is the constant 1.  At conversion every
  unused token gets a strongly negative weight there, and is never chosen.
* faster-whisper pads a window to 30 s with zero features.  Far from the speech all padded frames
  look alike but for their position, so a few of them, each standing for many (``log_count`` is
  added to its attention score), give almost what all 1500 positions would give.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

MELS = 80
ENCODER_POSITIONS = 1500
DECODER_POSITIONS = 448
TIMESTAMPS = 1501
EMBEDDING_SCALE = 0.05
MASKED = -1e9


@dataclass(frozen=True)
class Shape:
    """Sizes of the network."""

    width: int = 192
    heads: int = 3
    feed_forward: int = 768
    encoder_layers: int = 4
    decoder_layers: int = 2

    def as_dict(self) -> dict[str, int]:
        """For the checkpoint."""
        return asdict(self)


def sinusoids(length: int, width: int) -> Tensor:
    """Whisper's positional encoding."""
    step = math.log(10000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention that can also return its weights."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(
        self, x: Tensor, source: Tensor, bias: Tensor | None, want_weights: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Attend from ``x`` to ``source``; ``bias`` is added to the scores."""
        query, key = self._split(self.q_proj(x)), self._split(self.k_proj(source))
        value = self._split(self.v_proj(source))
        # Plain matrix products: on a CPU with bf16 units faster than the fused kernel.
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        if bias is not None:
            scores = scores + bias
        weights = (scores.float() if want_weights else scores).softmax(-1)
        mixed = weights.to(value.dtype) @ value
        batch, heads, length, depth = mixed.shape
        output = self.out_proj(mixed.transpose(1, 2).reshape(batch, length, heads * depth))
        return output, weights if want_weights else None


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape.width, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.feed_forward)
        self.fc2 = nn.Linear(shape.feed_forward, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """One layer."""
        normed = self.self_attn_layer_norm(x)
        x = x + self.self_attn(normed, normed, bias)[0]
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x))))


class DecoderLayer(nn.Module):
    """Causal self-attention, attention to the encoder and a feed-forward block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape.width, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        self.encoder_attn = Attention(shape.width, shape.heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.feed_forward)
        self.fc2 = nn.Linear(shape.feed_forward, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def forward(
        self, x: Tensor, heard: Tensor, causal: Tensor, bias: Tensor | None, want_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        """One layer, and the weights of its attention to the encoder where wanted."""
        normed = self.self_attn_layer_norm(x)
        x = x + self.self_attn(normed, normed, causal)[0]
        attended, weights = self.encoder_attn(
            self.encoder_attn_layer_norm(x), heard, bias, want_weights
        )
        x = x + attended
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x)))), weights


class Encoder(nn.Module):
    """Two convolutions and the encoder layers."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(MELS, shape.width, 3, padding=1)
        self.conv2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.register_buffer("pos", sinusoids(ENCODER_POSITIONS, shape.width))
        self.layers = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.layer_norm = nn.LayerNorm(shape.width)

    def forward(self, features: Tensor, positions: Tensor, bias: Tensor | None) -> Tensor:
        """Encode (batch, 80, frames); ``positions`` gives the place of every second frame."""
        x = functional.gelu(self.conv2(functional.gelu(self.conv1(features)))).transpose(1, 2)
        x = x + self.pos[positions]
        for layer in self.layers:
            x = layer(x, bias)
        return self.layer_norm(x)


class Decoder(nn.Module):
    """Token embeddings (text, then timestamps), the decoder layers and the tied output."""

    def __init__(self, shape: Shape, text_tokens: int) -> None:
        super().__init__()
        width = shape.width
        self.embed_tokens = nn.Parameter(torch.randn(text_tokens, width) * EMBEDDING_SCALE)
        self.ts_proj = nn.Linear(width, width)
        nn.init.normal_(self.ts_proj.weight, std=EMBEDDING_SCALE * 1.4 / math.sqrt(width))
        nn.init.normal_(self.ts_proj.bias, std=0.02)
        self.register_buffer("ts_sin", sinusoids(TIMESTAMPS, width))
        self.embed_positions = nn.Parameter(sinusoids(DECODER_POSITIONS, width) * EMBEDDING_SCALE)
        self.layers = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.layer_norm = nn.LayerNorm(width)
        mask = torch.ones(width)
        mask[-1] = 0
        self.register_buffer("mask", mask)

    def embeddings(self) -> Tensor:
        """All embeddings in compact order, their last dimension zero."""
        return torch.cat([self.embed_tokens, self.ts_proj(self.ts_sin)]) * self.mask

    def final_norm(self) -> tuple[Tensor, Tensor]:
        """Weight and bias of the final norm: the last dimension comes out as 1."""
        free = 1 - self.mask
        return self.layer_norm.weight * self.mask, self.layer_norm.bias * self.mask + free

    def forward(self, tokens: Tensor, heard: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
        """Logits for every position, and the last layer's attention to the encoder."""
        embeddings = self.embeddings()
        length = tokens.shape[1]
        x = functional.embedding(tokens, embeddings) + self.embed_positions[:length]
        causal = torch.full((length, length), MASKED, dtype=x.dtype).triu(1)
        weights = None
        for layer in self.layers:
            x, weights = layer(x, heard, causal, bias, layer is self.layers[-1])
        weight, offset = self.final_norm()
        return functional.layer_norm(x, x.shape[-1:], weight, offset) @ embeddings.t(), weights


class Network(nn.Module):
    """The recogniser with two auxiliary heads that name token and phoneme every 20 ms."""

    def __init__(self, shape: Shape, text_tokens: int, phonemes: int) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.decoder = Decoder(shape, text_tokens)
        self.frame_tok = nn.Linear(shape.width, text_tokens)
        self.frame_ph = nn.Linear(shape.width, phonemes)
