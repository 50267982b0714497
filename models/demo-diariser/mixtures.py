"""Two-speaker telephone calls on one channel, with the truth: what the diariser is trained on.

A call is laid out turn by turn, with gaps, overlaps, back-channels over the other's turn and two
speakers of different level, then sent over the demo's line: 8 kHz, 200 to 3500 Hz, noise, mu-law;
some come out of an Opus file.  Call number N depends on N and the seed alone, so a run that was
stopped goes on where it was.

    python mixtures.py --out MIXTURES --calls 360

writes MIXTURES/train-0000.wav (16 kHz, 60 s) and train-0000.json (the turns), and dev-*.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from voices import DEVELOPMENT, RATE, Speaker, Voice, say, training_speakers, untouched_speakers

import corpus  # isort: skip
import synthesise  # isort: skip
import telephone  # isort: skip

LENGTH_S = 60.0
ZH_SHARE = 0.6
DEV_CALLS = 24
OVERLAP_SHARE, BACK_CHANNEL_SHARE, SAME_AGAIN_SHARE = 0.14, 0.12, 0.15
SAME_SEX_SHARE = 0.5
LEVEL_DB, SNR_DB = (-28.0, -16.0), (15.0, 45.0)
OPUS_SHARE = 0.4
BACK_CHANNELS = {
    "zh": ("嗯。", "嗯嗯。", "对。", "好的。", "是的。", "哦。"),
    "en": ("Uh huh.", "Yes.", "Okay.", "Right.", "Mm hm.", "I see."),
}


@dataclass(frozen=True)
class Placed:
    """One turn in a call: who (0 or 1), the sample where it starts, its voice and its text."""

    side: int
    start: int
    voice: Voice
    text: str

    @property
    def end(self) -> int:
        """The first sample after the turn."""
        return self.start + len(self.voice.samples)


def gap_s(rng: random.Random) -> float:
    """Seconds from the end of a turn to the next one; less than zero where they overlap."""
    if rng.random() < OVERLAP_SHARE:
        return -rng.uniform(0.2, 1.0)
    return rng.uniform(0.1, 1.2) if rng.random() < 0.9 else rng.uniform(1.2, 5.0)


def lay_out(
    turns: list[tuple[int, str]],
    pair: tuple[Speaker, Speaker],
    levels_db: tuple[float, float],
    rng: random.Random,
    length_s: float,
) -> list[Placed]:
    """Speak the turns one after the other until `length_s` is full."""
    placed: list[Placed] = []
    at_s = rng.uniform(0.2, 1.5)
    for side, text in turns:
        voice = say(pair[side], text, levels_db[side])
        if voice is None:
            continue
        gap = gap_s(rng) if placed else 0.0
        if placed and placed[-1].side == side:
            gap = abs(gap)
        floor_s = max((p.end for p in placed if p.side == side), default=0) / RATE + 0.05
        start = round(max(at_s + gap, floor_s, 0.0) * RATE)
        if start / RATE + len(voice.samples) / RATE > length_s - 0.2:
            break
        placed.append(Placed(side, start, voice, text))
        at_s = placed[-1].end / RATE
        placed += _back_channel(placed[-1], pair, levels_db, rng)
    return placed


def _back_channel(
    turn: Placed, pair: tuple[Speaker, Speaker], levels_db: tuple[float, float], rng: random.Random
) -> list[Placed]:
    """Sometimes the listener says a word while the other goes on."""
    other = 1 - turn.side
    if rng.random() > BACK_CHANNEL_SHARE or len(turn.voice.samples) < 3 * RATE:
        return []
    text = rng.choice(BACK_CHANNELS[pair[other].language])
    voice = say(pair[other], text, levels_db[other])
    if voice is None:
        return []
    latest = len(turn.voice.samples) - len(voice.samples) - RATE // 2
    return [Placed(other, turn.start + rng.randint(RATE, max(RATE, latest)), voice, text)]


def mix(
    placed: list[Placed], count: int, line: telephone.Line, noise: np.random.Generator
) -> np.ndarray:
    """All turns on one channel over the line, 8 kHz."""
    channel = np.zeros(count, np.float32)
    for turn in placed:
        channel[turn.start : turn.end] += turn.voice.samples[: count - turn.start]
    return telephone.through_line(channel, line, noise)


def truth(placed: list[Placed], names: tuple[str, str]) -> list[dict]:
    """Who is heard when, in order of time: one row a stretch of speech."""
    rows = [
        {
            "speaker": names[turn.side],
            "start_s": round(turn.start / RATE + start, 3),
            "end_s": round(turn.start / RATE + end, 3),
        }
        for turn in placed
        for start, end in turn.voice.spans
    ]
    return sorted(rows, key=lambda row: (row["start_s"], row["end_s"]))


def choose_pair(speakers: list[Speaker], rng: random.Random) -> tuple[Speaker, Speaker]:
    """Two speakers with different variants; half of the pairs are of one sex."""
    first = rng.choice(speakers)
    is_same = rng.random() < SAME_SEX_SHARE
    others = [
        s
        for s in speakers
        if s.setting.voice != first.setting.voice and (s.sex == first.sex) == is_same
    ]
    return first, rng.choice(others)


def endless_turns(language: str, rng: random.Random) -> list[tuple[int, str]]:
    """More turns than fit into a call, mostly taking turns."""
    side, turns = 0, []
    for _ in range(40):
        role = ("agent", "customer")[side]
        turns.append((side, corpus.turn_text(corpus.make_turn(role, language, rng), language)))
        side = side if rng.random() < SAME_AGAIN_SHARE else 1 - side
    return turns


def make_call(split: str, number: int, seed: int) -> tuple[np.ndarray, list[dict]]:
    """One call of a split at 16 kHz, and its truth."""
    rng = random.Random(f"{seed}/{split}/{number}")
    noise = np.random.default_rng([seed, number, len(split)])
    language = "zh" if rng.random() < ZH_SHARE else "en"
    if split == "train":
        speakers = training_speakers(language)
    else:
        speakers = untouched_speakers(DEVELOPMENT, language)
    pair = choose_pair(speakers, rng)
    levels = (rng.uniform(*LEVEL_DB), rng.uniform(*LEVEL_DB))
    placed = lay_out(endless_turns(language, rng), pair, levels, rng, LENGTH_S)
    line = telephone.Line(
        max(levels), rng.uniform(*SNR_DB), str(noise.choice(telephone.NOISE_KINDS))
    )
    channel = mix(placed, round(LENGTH_S * RATE), line, noise)
    if rng.random() < OPUS_SHARE:
        heard = synthesise.coded(channel, "opus")
        heard = np.pad(heard, (0, max(0, 2 * len(channel) - len(heard))))[: 2 * len(channel)]
    else:
        heard = telephone.upsample(channel)
    return heard, truth(placed, (pair[0].id, pair[1].id))


def main() -> None:
    """Make the calls that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--calls", type=int, default=360, help="calls to train on")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    wanted = [("dev", n) for n in range(DEV_CALLS)]
    wanted += [("train", n) for n in range(arguments.calls)]
    missing = [w for w in wanted if not (arguments.out / f"{w[0]}-{w[1]:04d}.json").exists()]
    started = time.monotonic()
    for done, (split, number) in enumerate(missing, 1):
        samples, rows = make_call(split, number, arguments.seed)
        path = arguments.out / f"{split}-{number:04d}.wav"
        soundfile.write(path, samples, telephone.LISTENING_RATE, subtype="PCM_16")
        path.with_suffix(".json").write_text(json.dumps(rows), encoding="utf-8")
        left_s = (time.monotonic() - started) / done * (len(missing) - done)
        if done % 20 == 0 or done == len(missing):
            print(f"{done} of {len(missing)} calls; {left_s:.0f} s left", flush=True)


if __name__ == "__main__":
    main()
