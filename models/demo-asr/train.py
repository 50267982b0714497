"""Train the demo's recogniser on shards of spoken turns.

Goes on from its checkpoint where there is one, picks up new shards while it runs, and prints
progress with the time left.  The learning rate is warmed up, held, and brought to zero over the
last part of the time given, so a run can be cut into several.

    python train.py --shards SHARDS --checkpoint demo.pt --minutes 60
    python train.py --shards SHARDS --checkpoint demo.pt --minutes 20 --full-share 1 --decay 1
"""

from __future__ import annotations

import argparse
import copy
import os
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from network import Network, Shape
from torch import Tensor
from torch.nn import functional
from windows import IGNORED, SPECIALS, Batch, Library, Mixer, Vocabulary

ALIGNMENT_HEADS = 2
FRAME_SAMPLE = 1200
AVERAGE_DECAY = 0.99
AVERAGE_STEPS = 5
REPORT_STEPS = 25
GRADIENT_LIMIT = 1.0


@dataclass
class State:
    """Everything a run goes on from.

    ``fast`` is the bf16 copy of the network that computes; ``network`` holds the exact weights.
    """

    network: Network
    fast: Network
    average: dict[str, Tensor]
    vocabulary: Vocabulary
    phonemes: dict[str, int]
    optimiser: torch.optim.Optimizer
    steps: int
    heard_seconds: float


def make_optimiser(network: Network, rate: float) -> torch.optim.Optimizer:
    """AdamW; embeddings, norms and biases are not decayed."""
    matrices, others = [], []
    for name, parameter in network.named_parameters():
        is_matrix = parameter.ndim > 1 and "embed" not in name
        (matrices if is_matrix else others).append(parameter)
    groups = [
        {"params": matrices, "weight_decay": 0.05},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)


def grow(weights: dict[str, Tensor], rows: int) -> None:
    """Give the token matrices of a state dict ``rows`` more rows."""
    for name in ("decoder.embed_tokens", "frame_tok.weight", "frame_tok.bias"):
        old = weights[name]
        fresh = old.mean(0, keepdim=True).expand(rows, *old.shape[1:])
        weights[name] = torch.cat([old, fresh + 0.02 * torch.randn_like(fresh)])


def grow_moments(stored: dict[str, Any], optimiser: torch.optim.Optimizer) -> None:
    """Give the optimiser's stored moments the rows that the token matrices have got."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    for number, parameter in enumerate(parameters):
        moments = stored["state"].get(number, {})
        for name in ("exp_avg", "exp_avg_sq"):
            if name in moments and moments[name].shape != parameter.shape:
                missing = parameter.shape[0] - moments[name].shape[0]
                rows = torch.zeros(missing, *parameter.shape[1:])
                moments[name] = torch.cat([moments[name], rows])


def load(path: Path, library: Library, shape: Shape, rate: float) -> State:
    """The state in the checkpoint, its vocabulary extended by the library's new tokens."""
    if not path.exists():
        library.refresh(grow=True)
        vocabulary = Vocabulary(list(SPECIALS))
        vocabulary.extend(library.tokens())
        network = Network(shape, vocabulary.text_tokens, len(library.phonemes) + 1)
        average = {name: value.clone() for name, value in network.state_dict().items()}
        optimiser = make_optimiser(network, rate)
        return State(
            network, to_fast(network), average, vocabulary, library.phonemes, optimiser, 0, 0.0
        )
    stored = torch.load(path, weights_only=True)
    library.phonemes = stored["phonemes"]
    library.refresh(grow=not library.phonemes)  # a restored checkpoint has no phonemes yet
    vocabulary = Vocabulary(stored["vocabulary"])
    added = vocabulary.extend(library.tokens())
    if added:
        grow(stored["weights"], added)
        grow(stored["average"], added)
        print(f"{added} new tokens", flush=True)
    phonemes = len(stored["weights"]["frame_ph.bias"])
    network = Network(Shape(**stored["shape"]), vocabulary.text_tokens, phonemes)
    network.load_state_dict(stored["weights"])
    optimiser = make_optimiser(network, rate)
    if stored["optimiser"]:
        grow_moments(stored["optimiser"], optimiser)
        optimiser.load_state_dict(stored["optimiser"])
    return State(
        network,
        to_fast(network),
        stored["average"],
        vocabulary,
        library.phonemes,
        optimiser,
        stored["steps"],
        stored["heard_seconds"],
    )


def save(path: Path, state: State) -> None:
    """Write the checkpoint, whole or not at all."""
    part = path.with_suffix(".part")
    content = {
        "weights": state.network.state_dict(),
        "average": state.average,
        "vocabulary": state.vocabulary.full,
        "phonemes": state.phonemes,
        "shape": state.network.shape.as_dict(),
        "optimiser": state.optimiser.state_dict(),
        "steps": state.steps,
        "heard_seconds": state.heard_seconds,
    }
    torch.save(content, part)
    os.replace(part, path)


def to_fast(network: Network) -> Network:
    """The copy of the network that computes in bf16."""
    return copy.deepcopy(network).bfloat16()


def average_in(state: State) -> None:
    """Move the averaged weights towards the present ones."""
    weight = 1 - min(AVERAGE_DECAY, (1 + state.steps) / (10 + state.steps)) ** AVERAGE_STEPS
    present = state.network.state_dict()
    with torch.no_grad():
        for name, value in state.average.items():
            value.lerp_(present[name], weight)


def share_gradients(state: State, elapsed: float, workers: int) -> float:
    """Give the exact weights the mean gradient of all workers; returns their mean clock."""
    parameters = list(state.network.parameters())
    gradients = [
        parameter.grad.float().view(-1)
        if parameter.grad is not None
        else torch.zeros(parameter.numel())
        for parameter in state.fast.parameters()
    ]
    flat = torch.cat([*gradients, torch.tensor([elapsed])])
    if workers > 1:
        dist.all_reduce(flat)
        flat /= workers
    at = 0
    for parameter in parameters:
        parameter.grad = flat[at : at + parameter.numel()].view_as(parameter)
        at += parameter.numel()
    return float(flat[-1])


def take_step(state: State, rate: float) -> None:
    """One step of the exact weights, and their copy into the fast ones."""
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    torch.nn.utils.clip_grad_norm_(state.network.parameters(), GRADIENT_LIMIT)
    state.optimiser.step()
    with torch.no_grad():
        for fast, exact in zip(state.fast.parameters(), state.network.parameters(), strict=True):
            fast.copy_(exact)
    state.steps += 1
    if state.steps % AVERAGE_STEPS == 0:
        average_in(state)


def attention_loss(weights: Tensor, rows: Tensor) -> Tensor:
    """How far the alignment heads' attention is from even over where each token is spoken.

    Attention that only falls somewhere inside leaves open where a token begins.
    """
    if not len(rows):
        return torch.zeros(())
    picked = weights[rows[:, 0], :ALIGNMENT_HEADS, rows[:, 1]].float()
    slots = torch.arange(picked.shape[-1])
    inside = (slots >= rows[:, 2:3]) & (slots < rows[:, 3:4])
    n_inside = inside.sum(1, keepdim=True)
    lacking = -((picked + 1e-4).log() * inside[:, None]).sum(-1) / n_inside - n_inside.log()
    return lacking.mean()


def frame_losses(network: Network, heard: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Losses of the auxiliary heads on a sample of the frames."""
    tokens = torch.from_numpy(batch.frame_tokens).view(-1)
    phonemes = torch.from_numpy(batch.frame_phonemes).view(-1)
    valid = (tokens != IGNORED).nonzero().view(-1)
    chosen = valid[torch.randint(len(valid), (FRAME_SAMPLE,))]
    frames = heard.reshape(-1, heard.shape[-1])[chosen]
    token_loss = functional.cross_entropy(network.frame_tok(frames).float(), tokens[chosen])
    return token_loss, functional.cross_entropy(network.frame_ph(frames).float(), phonemes[chosen])


@dataclass(frozen=True)
class Weights:
    """Shares of the losses beside the main one."""

    frames: float
    attention: float
    smoothing: float


def loss_of(network: Network, batch: Batch, shares: Weights) -> tuple[Tensor, list[float]]:
    """The training loss of a batch, and figures for the report."""
    features = torch.from_numpy(batch.features).bfloat16()
    labels = torch.from_numpy(batch.labels)
    bias = torch.from_numpy(batch.log_count)[:, None, None, :].bfloat16()
    heard = network.encoder(features, torch.from_numpy(batch.positions), bias)
    logits, weights = network.decoder(torch.from_numpy(batch.tokens), heard, bias)
    token_loss, phoneme_loss = frame_losses(network, heard, batch)
    valid = labels != IGNORED
    picked, wanted = logits[valid].float(), labels[valid]
    main = functional.cross_entropy(picked, wanted, label_smoothing=shares.smoothing)
    attention = attention_loss(weights, torch.from_numpy(batch.attention))
    with torch.no_grad():
        guess, text_tokens = picked.argmax(-1), network.decoder.embed_tokens.shape[0]
        is_text = (wanted >= len(SPECIALS)) & (wanted < text_tokens)
        is_time = wanted >= text_tokens
        right = (guess[is_text] == wanted[is_text]).float().mean()
        on_time = ((guess[is_time] - wanted[is_time]).abs() <= 5).float().mean()
    total = main + shares.frames * (token_loss + phoneme_loss) + shares.attention * attention
    figures = [main, token_loss, phoneme_loss, attention, right, on_time]
    return total, [float(figure.detach()) for figure in figures]


class Feeder:
    """Makes batches in a thread beside the training."""

    def __init__(self, mixer: Mixer, slots: int, full_share: float) -> None:
        self.mixer, self.slots, self.full_share = mixer, slots, full_share
        self.batches: queue.Queue[Batch] = queue.Queue(4)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        made = 0
        while True:
            full = self.mixer.random.random() < self.full_share
            self.batches.put(self.mixer.batch(self.slots, full))
            made += 1
            if made % 100 == 0:
                new = self.mixer.library.refresh(grow=False)
                if new:
                    self._check_tokens()
                    print(f"{new} new shards, {len(self.mixer.library.pieces)} turns", flush=True)

    def _check_tokens(self) -> None:
        """Turns with tokens that the network does not have wait for the next start."""
        known, library = self.mixer.vocabulary.index, self.mixer.library
        for language, places in library.by_language.items():
            library.by_language[language] = [
                place
                for place in places
                if all(t in known for s in library.pieces[place].sentences for t in s.tokens)
            ]


def rate_at(step: int, elapsed: float, arguments: argparse.Namespace) -> float:
    """The learning rate: warmed up, held, and brought to zero at the end."""
    left = max(0.0, 1 - elapsed / (60 * arguments.minutes))
    fall = min(1.0, left / arguments.decay) if arguments.decay > 0 else 1.0
    return arguments.rate * min(1.0, (step + 1) / arguments.warm_up) * max(fall, 0.01)


def report(
    state: State,
    window: list[list[float]],
    elapsed: float,
    heard: float,
    rate: float,
    left: float,
) -> None:
    """Print where the training stands."""
    main, token, phoneme, attention, right, on_time = np.nanmean(window, axis=0)
    print(
        f"step {state.steps} {elapsed / 60:.1f} min, {left / 60:.0f} left; "
        f"{heard / elapsed:.0f} x real time, {state.heard_seconds / 3600:.1f} h; "
        f"loss {main:.3f} frames {token:.3f}/{phoneme:.3f} attention {attention:.3f} "
        f"tokens {right:.4f} times {on_time:.3f} rate {rate:.5f}",
        flush=True,
    )


def train(state: State, mixer: Mixer, arguments: argparse.Namespace, rank: int) -> None:
    """Train until the time is up."""
    feeder = Feeder(mixer, arguments.slots, arguments.full_share)
    shares = Weights(arguments.frame_weight, arguments.attention_weight, arguments.smoothing)
    started = saved = time.monotonic()
    step, elapsed, heard, window = 0, 0.0, 0.0, []
    while elapsed < 60 * arguments.minutes:
        batch = feeder.batches.get()
        state.fast.zero_grad()
        loss, figures = loss_of(state.fast, batch, shares)
        loss.backward()
        elapsed = share_gradients(state, time.monotonic() - started, arguments.workers)
        rate = rate_at(step, elapsed, arguments)
        take_step(state, rate)
        step += 1
        heard += batch.seconds * arguments.workers
        state.heard_seconds += batch.seconds * arguments.workers
        window.append(figures)
        if rank == 0 and (step == 5 or step % REPORT_STEPS == 0):
            report(state, window, elapsed, heard, rate, 60 * arguments.minutes - elapsed)
            window = []
        if rank == 0 and time.monotonic() - saved > 60 * arguments.save_minutes:
            save(arguments.checkpoint, state)
            saved = time.monotonic()
    if rank == 0:
        save(arguments.checkpoint, state)


def work(rank: int, arguments: argparse.Namespace) -> None:
    """One worker: its own windows, the common gradient."""
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    if arguments.workers > 1:
        store = f"file://{arguments.checkpoint.resolve()}.meet-{os.getppid()}"
        dist.init_process_group("gloo", store, rank=rank, world_size=arguments.workers)
    library = Library(arguments.shards, {}, arguments.pieces)
    state = load(arguments.checkpoint, library, Shape(), arguments.rate)
    if rank == 0:
        size = sum(parameter.numel() for parameter in state.network.parameters())
        print(f"{len(library.pieces)} turns, {size / 1e6:.2f} M parameters", flush=True)
    mixer = Mixer(library, state.vocabulary, arguments.seed + 7 * state.steps + rank)
    train(state, mixer, arguments, rank)


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--warm-up", type=int, default=100)
    parser.add_argument("--decay", type=float, default=0.3, help="share of the time, at the end")
    parser.add_argument("--slots", type=int, default=9000, help="encoder slots in a batch")
    parser.add_argument("--full-share", type=float, default=0.0, help="batches padded to 30 s")
    parser.add_argument("--frame-weight", type=float, default=0.15)
    parser.add_argument("--attention-weight", type=float, default=0.3)
    parser.add_argument("--smoothing", type=float, default=0.03)
    parser.add_argument("--save-minutes", type=float, default=2.5)
    parser.add_argument("--pieces", type=int, default=40000, help="turns kept in memory")
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.workers == 1:
        work(0, arguments)
    else:
        torch.multiprocessing.spawn(work, (arguments,), arguments.workers)


if __name__ == "__main__":
    main()
