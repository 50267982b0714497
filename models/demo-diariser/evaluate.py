"""Measure a diarisation pipeline with pyannote.metrics: how much time is given to the wrong one.

    python evaluate.py --pipeline . --set heldout
    python evaluate.py --pipeline . --set demo
    python evaluate.py --pipeline . --set dev --mixtures MIXTURES
    python evaluate.py --pipeline DIR --audio CALL.wav --rttm CALL.rttm [--uri NAME] [--any-number]

Overlapped speech counts.  The error is given with a collar of 0 and with 0.25 s on either side of
each boundary (``collar=0.5`` in pyannote.metrics), for two speakers given or, with --any-number,
not given.  One thread.
"""

# ruff: noqa: E402 - what makes imports possible comes before them

from __future__ import annotations

import argparse
import json
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import decode_audio

from qa_pipeline.engines.offline import go_offline
from qa_pipeline.engines.torchaudio_cpu import make_importable

go_offline()
make_importable()

import torch
from pyannote.audio import Pipeline
from pyannote.core import Annotation, Segment, Timeline
from pyannote.database.util import load_rttm
from pyannote.metrics.diarization import DiarizationErrorRate

HERE = Path(__file__).resolve().parent
RECORDINGS = HERE.parent.parent / "qa_pipeline" / "demo" / "recordings"
RATE = 16_000
COLLARS_S = (0.0, 0.5)
JOINED_S = 0.25
PARTS = ("missed detection", "false alarm", "confusion")


@dataclass(frozen=True)
class Labelled:
    """A recording with its truth."""

    audio: Path
    truth: Annotation
    group: str


def annotation(spans: list[tuple[str, float, float]], name: str) -> Annotation:
    """Spans by speaker as pyannote's annotation; gaps of one speaker under 0.25 s are closed."""
    found = Annotation(uri=name)
    for number, (speaker, start_s, end_s) in enumerate(spans):
        found[Segment(start_s, end_s), number] = speaker
    return found.support(collar=JOINED_S)


def held_out() -> list[Labelled]:
    """The held-out calls that ``heldout.py`` made."""
    rows = (HERE / "heldout" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in map(json.loads, rows):
        spans = [(s["speaker"], s["start_s"], s["end_s"]) for s in row["spans"]]
        path = HERE / "heldout" / f"{row['call_id']}.opus"
        sexes = "one sex" if row["same_sex"] else "two sexes"
        group = f"{row['voices']} voices, {sexes}"
        found.append(Labelled(path, annotation(spans, row["call_id"]), group))
    return found


def demo_mono() -> list[Labelled]:
    """The demo's mono recordings; a speaker's words closer than 0.25 s are one stretch."""
    found = []
    for path in sorted((RECORDINGS / "truth").glob("*.jsonl")):
        turns = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if {turn["channel"] for turn in turns} != {0}:
            continue
        spans = [(t["role"], start, end) for t in turns for _, start, end in t["words"]]
        audio = next(p for p in RECORDINGS.glob(f"{path.stem}.*"))
        found.append(Labelled(audio, annotation(spans, path.stem), "demo"))
    return found


def development(folder: Path) -> list[Labelled]:
    """The development calls of ``mixtures.py``."""
    found = []
    for path in sorted(folder.glob("dev-*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        spans = [(row["speaker"], row["start_s"], row["end_s"]) for row in rows]
        found.append(Labelled(path.with_suffix(".wav"), annotation(spans, path.stem), "dev"))
    return found


def given(audio: Path, rttm: Path, uri: str | None) -> list[Labelled]:
    """One recording with its truth: the only one of the RTTM, or the one called `uri`."""
    truths = load_rttm(rttm)
    return [Labelled(audio, truths[uri or min(truths)], audio.name)]


class Tally:
    """Adds up errors of a group of recordings, for every collar."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._metrics = {collar_s: DiarizationErrorRate(collar=collar_s) for collar_s in COLLARS_S}
        self._count = 0

    def add(self, truth: Annotation, found: Annotation, duration_s: float) -> float:
        """Count one recording and return its error without a collar."""
        self._count += 1
        whole = Timeline([Segment(0, duration_s)])
        errors = [metric(truth, found, uem=whole) for metric in self._metrics.values()]
        return float(errors[0])

    def __str__(self) -> str:
        """The error, its parts and the error with a collar."""
        strict, lenient = (self._metrics[collar_s] for collar_s in COLLARS_S)
        parts = ", ".join(f"{part} {strict[part] / strict['total']:.3f}" for part in PARTS)
        lenient_note = f"with 0.25 s of collar {abs(lenient):.3f}"
        return f"DER {abs(strict):.3f} ({parts}); {lenient_note}; {self._count} recordings"


def evaluate(pipeline: Any, recordings: list[Labelled], **options: Any) -> None:
    """Diarise every recording and print errors by recording, by group and in all."""
    tallies: dict[str, Tally] = {}
    spent_s = heard_s = 0.0
    for recording in recordings:
        samples = np.asarray(decode_audio(str(recording.audio), sampling_rate=RATE))
        duration_s, started = len(samples) / RATE, time.process_time()
        file = {"waveform": torch.from_numpy(samples)[None], "sample_rate": RATE, "uri": "call"}
        found = pipeline(file, **options).speaker_diarization
        spent_s += time.process_time() - started
        heard_s += duration_s
        for group in (recording.group, "all"):
            error = tallies.setdefault(group, Tally()).add(recording.truth, found, duration_s)
        n_found, name = len(found.labels()), recording.audio.name
        print(f"{name:24} {duration_s:6.1f} s  DER {error:.3f}  {n_found} speakers", flush=True)
    for group, tally in sorted(tallies.items()):
        print(f"{group}: {tally}")
    print(f"{spent_s / heard_s * 60:.2f} s of processor time per minute of audio")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pipeline", type=Path, required=True)
    parser.add_argument("--set", choices=("heldout", "demo", "dev"))
    parser.add_argument("--mixtures", type=Path, help="the folder of --set dev")
    parser.add_argument("--audio", type=Path)
    parser.add_argument("--rttm", type=Path)
    parser.add_argument("--uri", help="which recording of the RTTM, where it has several")
    parser.add_argument("--any-number", action="store_true", help="the number is not given")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    if arguments.set == "dev":
        recordings = development(arguments.mixtures)
    elif arguments.set:
        recordings = held_out() if arguments.set == "heldout" else demo_mono()
    else:
        recordings = given(arguments.audio, arguments.rttm, arguments.uri)
    pipeline = Pipeline.from_pretrained(str(arguments.pipeline))
    evaluate(pipeline, recordings, **({} if arguments.any_number else {"num_speakers": 2}))


if __name__ == "__main__":
    main()
