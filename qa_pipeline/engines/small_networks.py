"""Two small networks for pyannote's pipelines on telephone speech: segmentation and embedding.

Both hear the same features: the shape of the spectrum and the periodicity of the voice. pyannote's
loader imports this module because the checkpoints of `models/demo-diariser` name its classes; it
needs torch and nothing else imports it. pyannote's own classes are larger: they learn their
filters from samples at 16 kHz, and the smallest embedding has 3.1 million weights.
"""

from functools import lru_cache
from math import log10
from typing import Any

import torch
from pyannote.audio.core.model import Model
from pyannote.audio.models.blocks.pooling import StatsPool
from torch import nn
from torch.nn import functional
from torchaudio.functional import melscale_fbanks

_RATE_HZ = 16_000
#: 32 ms of sound every 25 ms.
_FRAME, _HOP = 512, 400
_N_MELS, _BAND_HZ = 32, (150.0, 3700.0)
#: Periods of a voice: 32 lags, evenly spaced in pitch.
_N_LAGS, _PITCH_HZ = 32, (75.0, 420.0)
N_FEATURES = _N_MELS + _N_LAGS
_FLOOR = 1e-7
#: Frames of half a second; which are loud enough to tell a voice by, in the features' unit.
_NEAR_FRAMES, _STEEPNESS, _AUDIBLE, _LEAST_WEIGHT = 21, 4.0, 1.0, 1e-3
_POWER_STEPS, _VOICE_SCALE = 8, 3.0


class VoiceFeatures(nn.Module):
    """Turns 16 kHz `[n_batch, n_samples]` into features `[n_batch, N_FEATURES, n_frames]`.

    Half are log-mel energies less the level of loud frames; half are the autocorrelation at
    the periods of voices, as a share of the energy: it tells the pitch that a telephone cuts off.
    """

    mels: torch.Tensor
    window: torch.Tensor
    lags: torch.Tensor
    tapering: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        low, high = _BAND_HZ
        mels = melscale_fbanks(_FRAME // 2 + 1, low, high, _N_MELS, _RATE_HZ)
        window = torch.hann_window(_FRAME)
        lowest, highest = _PITCH_HZ
        lags = _RATE_HZ / torch.logspace(log10(lowest), log10(highest), _N_LAGS)
        tapering = torch.fft.irfft(torch.fft.rfft(window, 2 * _FRAME).abs() ** 2)
        self.register_buffer("mels", mels, persistent=False)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("lags", lags.round().long(), persistent=False)
        self.register_buffer("tapering", tapering / tapering[0], persistent=False)

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """Return the features of every frame."""
        padded = functional.pad(waveforms, (_FRAME // 2, _FRAME // 2))
        frames = padded.unfold(-1, _FRAME, _HOP) * self.window
        power = torch.fft.rfft(frames, 2 * _FRAME).abs() ** 2
        mel = torch.log(power[..., ::2] @ self.mels + _FLOOR)
        loudest = mel.mean(-1).quantile(0.9, dim=-1)
        periodic = torch.fft.irfft(power)
        share = periodic[..., self.lags] / (periodic[..., :1] + _FLOOR) / self.tapering[self.lags]
        features = torch.cat([(mel - loudest[:, None, None]) / 3, share], dim=-1)
        return features.transpose(1, 2)


class _OnFeatures(Model):
    """What both networks share: the features and their place in time."""

    @lru_cache  # noqa: B019 - as in pyannote's own models: one or two of them a process
    def num_frames(self, num_samples: int) -> int:
        """Return how many frames `num_samples` samples give."""
        return 1 + num_samples // _HOP

    def receptive_field_size(self, num_frames: int = 1) -> int:
        """Return how many samples `num_frames` frames look at."""
        return _FRAME + (num_frames - 1) * _HOP

    def receptive_field_center(self, frame: int = 0) -> int:
        """Return the sample in the middle of a frame."""
        return frame * _HOP


class Contrast(nn.Module):
    """Places the voice of each half second among the chunk's voices, `[n_batch, 2 + n, n_frames]`.

    The embedding's map is applied to mean and spread over half a second, louder frames counting
    more. The first value is where the voice lies along the direction in which the chunk's voices
    differ most (its sign means nothing), the second how much they differ, the others the voice.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.voices = nn.Linear(2 * N_FEATURES, dimension)
        self.requires_grad_(requires_grad=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the contrast of every frame."""
        level = features[:, :_N_MELS].mean(dim=1, keepdim=True)
        loud = torch.sigmoid(_STEEPNESS * (level + _AUDIBLE)) + _LEAST_WEIGHT
        weight = _smooth(loud)
        mean = _smooth(loud * features) / weight
        spread = (_smooth(loud * features**2) / weight - mean**2).clamp_min(_FLOOR).sqrt()
        voices = self.voices(torch.cat([mean, spread], dim=1).transpose(1, 2))
        centred = voices - (voices * loud.transpose(1, 2)).sum(1, keepdim=True) / loud.sum(
            2, keepdim=True
        )
        weighted = centred * loud.transpose(1, 2)
        scatter = weighted.transpose(1, 2) @ centred / loud.sum(2, keepdim=True)
        axis = torch.ones_like(scatter[:, :, :1])
        for _ in range(_POWER_STEPS):
            axis = functional.normalize(scatter @ axis, dim=1)
        along = centred @ axis
        size = torch.log((scatter @ axis).norm(dim=1, keepdim=True) + 1).expand_as(along)
        placed = torch.cat([along / _VOICE_SCALE, size, voices / _VOICE_SCALE], dim=2)
        return placed.transpose(1, 2)


def _smooth(frames: torch.Tensor) -> torch.Tensor:
    """Return the mean over half a second around each frame."""
    return functional.avg_pool1d(
        frames, _NEAR_FRAMES, 1, _NEAR_FRAMES // 2, count_include_pad=False
    )


class SmallSegmentation(_OnFeatures):
    """Says who of some speakers speaks in each frame: a convolution and two layers of LSTM."""

    def __init__(
        self,
        sample_rate: int = _RATE_HZ,
        num_channels: int = 1,
        hidden: int = 48,
        voice_dimension: int = 24,
        task: Any = None,
    ) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        self.save_hyperparameters("hidden", "voice_dimension")
        self.features = VoiceFeatures()
        self.contrast = Contrast(voice_dimension)
        self.near = nn.Conv1d(N_FEATURES + 2 + voice_dimension, hidden, 3, padding=1)
        self.lstm = nn.LSTM(hidden, hidden, 2, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(2 * hidden, hidden)

    @property
    def dimension(self) -> int:
        """Classes: sets of speakers."""
        specifications: Any = self.specifications
        if specifications.powerset:
            return int(specifications.num_powerset_classes)
        return len(specifications.classes)

    def build(self) -> None:
        """Add the layer whose size depends on the task."""
        self.classifier = nn.Linear(int(self.hparams["hidden"]), self.dimension)
        self.activation: Any = self.default_activation()

    def forward(self, waveforms: torch.Tensor, **_: Any) -> torch.Tensor:
        """Return log-probabilities `[n_batch, n_frames, n_classes]` of `[n_batch, 1, n]`."""
        with torch.no_grad():
            features = self.features(waveforms.squeeze(1))
            features = torch.cat([features, self.contrast(features)], dim=1)
        near = functional.leaky_relu(self.near(features))
        heard, _ = self.lstm(near.transpose(1, 2))
        scores: torch.Tensor = self.activation(
            self.classifier(functional.leaky_relu(self.linear(heard)))
        )
        return scores


class SmallEmbedding(_OnFeatures):
    """Embeds a voice: mean and spread of its features through one linear map."""

    def __init__(
        self,
        sample_rate: int = _RATE_HZ,
        num_channels: int = 1,
        dimension: int = 24,
        task: Any = None,
    ) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        self.save_hyperparameters("dimension")
        self.features = VoiceFeatures()
        self.pool = StatsPool()
        self.embedding = nn.Linear(2 * N_FEATURES, dimension)

    @property
    def dimension(self) -> int:
        """Values in an embedding."""
        return int(self.hparams["dimension"])

    def forward(
        self, waveforms: torch.Tensor, weights: torch.Tensor | None = None, **_: Any
    ) -> torch.Tensor:
        """Embed `[n_batch, 1, n_samples]`; `weights` say in which frames the speaker speaks."""
        pooled = self.pool(self.features(waveforms.squeeze(1)), weights=weights)
        embedded: torch.Tensor = self.embedding(pooled)
        return embedded
