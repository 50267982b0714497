"""Speak the demo's last night: 24 recordings, their manifest and their truth.

    python models/demo-asr/make_recordings.py            # into qa_pipeline/demo/recordings

Needs ``libespeak-ng.so.1``; everything is seeded, so the same library makes the same samples. The
synthesiser keeps a little state: a change in one dialogue moves the later ones by milliseconds.
The truth (``truth/<call id>.jsonl``, one turn a line) holds who said what when, with the times of
every word as the synthesiser gave them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

import av
import cast
import espeak
import numpy as np
import soundfile
import telephone

from qa_pipeline.demo.scripts import RECORDINGS_DIR, Line, Script, last_night

RATE = telephone.SAMPLE_RATE
LEAD_S = (0.8, 1.6)  # silence before the first and after the last turn
GAP_S = (0.35, 0.85)  # between turns where the script does not say
AUDIBLE_SHARE = 0.02  # of a turn's peak: quieter samples at its ends are cut off
BITS_PER_S = {".opus": 18_000, ".mp3": 16_000}  # per channel; less lets one channel leak
COLUMNS = (
    *("recording", "call_id", "started_at", "agent_id", "group", "queue", "segment", "product"),
    *("direction", "language", "agent_channel", "agent_since", "ring_s", "hangup_by"),
    "demo",
)


@dataclass(frozen=True)
class Spoken:
    """One turn as it was spoken: its samples at 8 kHz and where they lie in the call."""

    line: Line
    start: int
    samples: np.ndarray
    words: list[tuple[str, float, float]]

    @property
    def end(self) -> int:
        """The first sample after the turn."""
        return self.start + len(self.samples)


def speaker(script: Script, role: str) -> cast.Person:
    """Who speaks: an agent keeps a voice, customers take turns."""
    people = cast.persons(script.manifest["language"], role)
    if role == "agent":
        team, number = int(script.manifest["agent_id"][1]), int(script.manifest["agent_id"][-1])
        return people[((team - 1) * 2 + (number - 1) // 2) % len(people)]
    return people[int(script.call_id[-2:]) % len(people)]


def say(line: Line, setting: cast.Setting, level_db: float) -> Spoken:
    """Speak one turn; silence at its ends is cut off, so that pauses are what the script says."""
    samples, words = espeak.speak(
        line.text, setting.voice, setting.rate, setting.pitch, setting.pitch_range
    )
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE_SHARE * np.abs(samples).max())
    first, last = int(loud[0]), int(loud[-1]) + 1
    rate = espeak.sample_rate()
    length_s = (last - first) / rate
    times = [
        (word.text, max(0.0, word.start - first / rate), min(length_s, word.end - first / rate))
        for word in words
        if word.text.strip() and word.start < last / rate
    ]
    return Spoken(line, 0, telephone.to_band(samples[first:last], rate, level_db), times)


def perform(script: Script, lines: dict[str, telephone.Line], rng: random.Random) -> list[Spoken]:
    """Speak all turns and lay them out in time."""
    settings = {role: speaker(script, role).settings(rng) for role in ("agent", "customer")}
    spoken: list[Spoken] = []
    for line in script.lines:
        turn = say(line, settings[line.role], lines[line.role].level_db)
        gap_s = rng.uniform(*GAP_S) if line.gap_s is None else line.gap_s
        start = spoken[-1].end / RATE + gap_s if spoken else rng.uniform(*LEAD_S)
        spoken.append(Spoken(line, round(start * RATE), turn.samples, turn.words))
    return spoken


def record(script: Script) -> tuple[np.ndarray, list[Spoken]]:
    """The recording, float [n_samples, n_channels] at 8 kHz, and what was spoken in it."""
    rng = random.Random(script.call_id)
    noise = np.random.default_rng(list(script.call_id.encode()))
    drawn = {role: telephone.draw_line(noise) for role in ("agent", "customer")}
    spoken = perform(script, drawn, rng)
    count = max(turn.end for turn in spoken) + round(rng.uniform(*LEAD_S) * RATE)
    voices = {role: np.zeros(count, np.float32) for role in drawn}
    for turn in spoken:
        voices[turn.line.role][turn.start : turn.end] += turn.samples
    if script.n_channels == 1:
        mixed = telephone.through_line(sum(voices.values()), drawn["customer"], noise)
        return mixed[:, None], spoken
    order = ("agent", "customer") if script.agent_channel == 0 else ("customer", "agent")
    channels = [telephone.through_line(voices[role], drawn[role], noise) for role in order]
    return np.stack(channels, axis=1), spoken


def write_audio(path: Path, samples: np.ndarray) -> None:
    """Write a recording in the format that its name says."""
    if path.suffix == ".wav":
        soundfile.write(path, samples, RATE, subtype="ULAW")
    elif path.suffix == ".flac":
        soundfile.write(path, samples, RATE, subtype="PCM_16")
    else:
        encode(path, samples)


def encode(path: Path, samples: np.ndarray) -> None:
    """Encode as Opus or MP3 with the codecs inside PyAV."""
    count = samples.shape[1]
    codec = {".opus": "libopus", ".mp3": "libmp3lame"}[path.suffix]
    same = {"fflags": "+bitexact"}  # no random serial number, no version of the encoder
    with av.open(str(path), "w", format=path.suffix[1:], options=same) as container:
        options = {"vbr": "constrained"} if path.suffix == ".opus" else {}
        stream = container.add_stream(codec, rate=RATE, options=options)
        stream.bit_rate = BITS_PER_S[path.suffix] * count
        stream.layout = "stereo" if count == 2 else "mono"
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), "s16", stream.layout.name)
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def truth(script: Script, spoken: list[Spoken]) -> str:
    """The truth as JSON lines: role, channel, span and text of every turn, and its words."""
    rows = []
    for turn in spoken:
        on_agents = turn.line.role == "agent"
        channel = script.agent_channel if on_agents else 1 - script.agent_channel
        start_s = turn.start / RATE
        row = {
            "role": turn.line.role,
            "channel": channel if script.n_channels == 2 else 0,
            "start_s": round(start_s, 3),
            "end_s": round(turn.end / RATE, 3),
            "text": turn.line.text,
            "words": [[w, round(start_s + a, 3), round(start_s + b, 3)] for w, a, b in turn.words],
        }
        rows.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(rows) + "\n"


def main() -> None:
    """Make every recording of the last night."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, nargs="?", default=RECORDINGS_DIR)
    out = parser.parse_args().out
    (out / "truth").mkdir(parents=True, exist_ok=True)
    with (out / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for script in last_night():
            samples, spoken = record(script)
            path = out / script.manifest["recording"]
            write_audio(path, samples)
            truth_path = out / "truth" / f"{script.call_id}.jsonl"
            truth_path.write_text(truth(script, spoken), encoding="utf-8")
            table.writerow(script.manifest)
            print(f"{path.name:12} {len(samples) / RATE:6.1f} s {path.stat().st_size:8} bytes")


if __name__ == "__main__":
    main()
