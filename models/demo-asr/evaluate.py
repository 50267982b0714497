"""How well the model hears: error rates, word times, and what it invents where nobody speaks.

The model runs in the unchanged faster-whisper with the settings of the program's nightly run:
Silero finds speech, speech closer than a second is heard in one window, each window is decoded on
its own (beam 5, temperature 0, no text carried over, word times).  Error rates count over whole
channels, so an invented word is an error wherever it stands.

    python evaluate.py --model . --set heldout
    python evaluate.py --model . --set demo --recordings ../../qa_pipeline/demo/recordings
    python evaluate.py --model . --set nobody
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import cast
import espeak
import jiwer
import numpy as np
import telephone
from faster_whisper import WhisperModel, decode_audio
from faster_whisper.vad import get_vad_model

HERE = Path(__file__).parent
RATE = 16000
VAD_HOP = 512
VAD_ON, VAD_OFF = 0.5, 0.35
LEAST_SPEECH_S, LEAST_SILENCE_S, SPEECH_PAD_S = 0.10, 0.25, 0.05
QUIET_DBFS = -60.0
JOIN_GAP_S, LONGEST_S, WINDOW_PAD_S = 1.0, 30.0, 0.2
NEAR_S = 0.2
NOBODY_SECONDS = 30

Span = tuple[float, float]


@dataclass
class Unit:
    """A character (zh) or a word (en) with its time."""

    text: str
    start: float
    end: float


@dataclass
class Channel:
    """What is to be heard on one channel."""

    name: str
    language: str
    kind: str
    samples: np.ndarray
    units: list[Unit]
    text: str


@dataclass
class Tally:
    """Counts of errors and word-start errors (seconds, heard minus true)."""

    errors: int = 0
    units: int = 0
    starts: list[float] = field(default_factory=list)

    def line(self, language: str) -> str:
        """The figures in words."""
        rate = 100 * self.errors / max(1, self.units)
        name, what = ("CER", "characters") if language == "zh" else ("WER", "words")
        text = f"{name} {rate:5.1f} %  ({self.errors} errors in {self.units} {what})"
        if self.starts:
            off = np.abs(self.starts)
            text += f"; starts: median {np.median(off):.2f} s"
            text += f", 90 % within {np.quantile(off, 0.9):.2f} s"
            text += f", {100 * np.mean(off <= NEAR_S):.0f} % within {NEAR_S} s"
        return text


def units_of(text: str, start: float, end: float, language: str) -> list[Unit]:
    """Characters or words of a text, sharing its time evenly; punctuation has none."""
    if language == "zh":
        parts = list(re.sub(r"[^\w]", "", text.lower()))
    else:
        parts = re.findall(r"[\w']+", text.lower())
    step = (end - start) / max(1, len(parts))
    return [Unit(part, start + step * at, start + step * (at + 1)) for at, part in enumerate(parts)]


# Speech activity and windows, as in the nightly run.


def _runs(probabilities: np.ndarray) -> Iterator[Span]:
    """Stretches that rise to the upper threshold and hold above the lower one."""
    start = None
    for place, value in enumerate([*probabilities, 0.0]):
        if start is None and value >= VAD_ON:
            start = place
        elif start is not None and value < VAD_OFF:
            yield start * VAD_HOP / RATE, place * VAD_HOP / RATE
            start = None


def _join(spans: list[Span], gap: float) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def speech(samples: np.ndarray) -> list[Span]:
    """Where somebody speaks, by Silero."""
    padded = np.pad(samples, (0, -len(samples) % VAD_HOP))
    probabilities = np.asarray(get_vad_model()(padded)).reshape(-1)
    level = np.sqrt(np.mean(padded.reshape(-1, VAD_HOP) ** 2, axis=1))
    probabilities = np.where(level >= 10 ** (QUIET_DBFS / 20), probabilities, 0.0)
    spans = _join(list(_runs(probabilities)), LEAST_SILENCE_S)
    kept = [span for span in spans if span[1] - span[0] >= LEAST_SPEECH_S]
    length = len(samples) / RATE
    return [(max(0.0, a - SPEECH_PAD_S), min(length, b + SPEECH_PAD_S)) for a, b in kept]


def _split(run: list[Span], limit: float) -> list[Span]:
    """Split a run of speech at its longest pause until every piece fits."""
    whole = (run[0][0], run[-1][1])
    if whole[1] - whole[0] <= limit or len(run) == 1:
        return [whole]
    pauses = [after[0] - before[1] for before, after in pairwise(run)]
    at = int(np.argmax(pauses)) + 1
    return _split(run[:at], limit) + _split(run[at:], limit)


def windows(samples: np.ndarray) -> list[Span]:
    """The stretches that are decoded one by one."""
    spans = speech(samples)
    pieces: list[Span] = []
    for start, end in _join(spans, JOIN_GAP_S):
        inside = [span for span in spans if start <= span[0] < end]
        pieces += _split(inside, LONGEST_S - 2 * WINDOW_PAD_S)
    length = len(samples) / RATE
    edges = [0.0, *[(a[1] + b[0]) / 2 for a, b in pairwise(pieces)], length]
    return [
        (max(start - WINDOW_PAD_S, edges[at]), min(end + WINDOW_PAD_S, edges[at + 1]))
        for at, (start, end) in enumerate(pieces)
    ]


def hear(model: WhisperModel, samples: np.ndarray, spans: list[Span], language: str) -> list[Unit]:
    """What the model hears in the windows."""
    heard: list[Unit] = []
    for start, end in spans:
        clip = np.ascontiguousarray(samples[round(start * RATE) : round(end * RATE)])
        segments, _ = model.transcribe(
            clip,
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            max_new_tokens=min(440, 30 + round(20 * (end - start))),
        )
        for segment in segments:
            for word in segment.words or ():
                heard += units_of(word.word, start + word.start, start + word.end, language)
    return heard


# What is to be heard.


def speak_recording(row: dict) -> Channel:
    """Speak one recording of the held-out list."""
    rng, noise = random.Random(row["seed"]), np.random.default_rng(row["seed"])
    person = cast.person(row["person"])
    setting, line = person.settings(rng), telephone.draw_line(noise)
    parts, units, at = [], [], 0
    for turn in row["turns"]:
        pause = round(rng.uniform(1.2, 3.0) * telephone.SAMPLE_RATE)
        samples, words = espeak.speak(
            turn["text"], setting.voice, setting.rate, setting.pitch, setting.pitch_range
        )
        voice = telephone.to_band(samples, espeak.sample_rate(), line.level_db)
        parts += [np.zeros(pause, np.float32), voice]
        shift = (at + pause) / telephone.SAMPLE_RATE
        for word in words:
            units += units_of(word.text, shift + word.start, shift + word.end, row["language"])
        at += pause + len(voice)
    parts.append(np.zeros(telephone.SAMPLE_RATE, np.float32))
    channel = telephone.through_line(np.concatenate(parts), line, noise)
    text = " ".join(turn["text"] for turn in row["turns"])
    kind = row["turns"][0]["kind"] if len(row["turns"]) == 1 else "turns"
    return Channel(row["person"], row["language"], kind, telephone.upsample(channel), units, text)


def heldout(limit: int) -> Iterator[Channel]:
    """The recordings of the held-out list; turns written by hand are counted apart."""
    lines = (HERE / "heldout" / "turns.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows[:: max(1, len(rows) // limit)]:
        for kind in ("pattern", "open"):
            turns = [turn for turn in row["turns"] if turn["kind"] == kind]
            if turns:
                channel = speak_recording({**row, "turns": turns})
                channel.kind = kind
                yield channel


def demo(recordings: Path) -> Iterator[Channel]:
    """The demo's recordings with their truth."""
    paths = [path for path in sorted(recordings.iterdir()) if path.suffix in AUDIO]
    for path in paths:
        truth = (recordings / "truth" / f"{path.stem}.jsonl").read_text(encoding="utf-8")
        turns = [json.loads(line) for line in truth.splitlines()]
        language = path.stem[:2]
        sides = decode_audio(str(path), split_stereo=True)
        if len({turn["channel"] for turn in turns}) == 1:
            sides = sides[: max(turn["channel"] for turn in turns) + 1]
        kind = "stereo" if len(sides) == 2 else "mono"
        for number, samples in enumerate(sides):
            own = [turn for turn in turns if turn["channel"] == number]
            units = [
                unit
                for turn in own
                for word, start, end in turn["words"]
                for unit in units_of(word, start, end, language)
            ]
            text = " ".join(turn["text"] for turn in own)
            yield Channel(f"{path.stem}/{number}", language, kind, samples, units, text)


AUDIO = {".opus", ".mp3", ".wav", ".flac"}


def nobody() -> Iterator[tuple[str, np.ndarray]]:
    """Half minutes in which nobody speaks."""
    rng = np.random.default_rng(99)
    count = NOBODY_SECONDS * telephone.SAMPLE_RATE
    yield "digital silence", np.zeros(NOBODY_SECONDS * RATE, np.float32)
    for kind in telephone.NOISE_KINDS:
        for level in (-60.0, -40.0, -25.0):
            noise = telephone.make_noise(kind, count, rng) * 10 ** (level / 20)
            yield f"{kind} {level:.0f} dBFS", telephone.upsample(telephone.mu_law(noise))
    time = np.arange(count) / telephone.SAMPLE_RATE
    ringing = np.where(time % 5 < 1, np.sin(2 * np.pi * 425 * time), 0.0) * 0.1
    yield "ringing tone", telephone.upsample(telephone.mu_law(ringing))


# Figures.


def score(channel: Channel, heard: list[Unit], tally: Tally) -> None:
    """Add one channel's errors and word-start errors."""
    wanted = [unit.text for unit in units_of(channel.text, 0, 1, channel.language)]
    got = [unit.text for unit in heard]
    result = jiwer.process_words(" ".join(wanted), " ".join(got) or "-")
    tally.errors += result.substitutions + result.deletions
    tally.errors += result.insertions if got else 0
    tally.units += len(wanted)
    if [unit.text for unit in channel.units] != wanted:
        return  # the synthesiser split words otherwise: no times
    for chunk in result.alignments[0]:
        if chunk.type == "equal":
            for place in range(chunk.ref_end_idx - chunk.ref_start_idx):
                true = channel.units[chunk.ref_start_idx + place]
                tally.starts.append(heard[chunk.hyp_start_idx + place].start - true.start)


def report_channels(
    model: WhisperModel, channels: Iterator[Channel], language: str | None, verbose: bool
) -> None:
    """Hear all channels (of one language, or of both) and print the figures."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for channel in channels:
        if language not in (None, channel.language):
            continue
        heard = hear(model, channel.samples, windows(channel.samples), channel.language)
        for kind in (channel.kind, "all"):
            score(channel, heard, tallies[channel.language, kind])
        if verbose:
            joiner = "" if channel.language == "zh" else " "
            print(f"{channel.name}\n  said  {channel.text}")
            print(f"  heard {joiner.join(unit.text for unit in heard)}", flush=True)
    for (tongue, kind), tally in sorted(tallies.items()):
        print(f"{tongue} {kind:8} {tally.line(tongue)}")


def report_nobody(model: WhisperModel) -> None:
    """Print how many words a minute the model invents."""
    cases = list(nobody())
    for name, whole in (("in windows of the nightly run", False), ("fed whole", True)):
        invented = 0
        for case, samples in cases:
            for language in ("zh", "en"):
                spans = [(0.0, float(NOBODY_SECONDS))] if whole else windows(samples)
                heard = hear(model, samples, spans, language)
                invented += len(heard)
                if heard:
                    print(f"  {case}: {' '.join(unit.text for unit in heard)[:60]}")
        minutes = 2 * len(cases) * NOBODY_SECONDS / 60
        print(f"nobody speaks, {name}: {invented / minutes:.2f} invented words a minute")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=HERE)
    parser.add_argument("--set", choices=("heldout", "demo", "nobody"), default="heldout")
    parser.add_argument("--recordings", type=Path, default=Path("qa_pipeline/demo/recordings"))
    parser.add_argument("--language", choices=("zh", "en"), help="this language only")
    parser.add_argument("--limit", type=int, default=1000, help="held-out recordings at most")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    model = WhisperModel(
        str(arguments.model),
        device="cpu",
        compute_type="int8",
        cpu_threads=1,
        local_files_only=True,
    )
    if arguments.set == "nobody":
        report_nobody(model)
    elif arguments.set == "demo":
        report_channels(model, demo(arguments.recordings), arguments.language, arguments.verbose)
    else:
        report_channels(model, heldout(arguments.limit), arguments.language, arguments.verbose)


if __name__ == "__main__":
    main()
