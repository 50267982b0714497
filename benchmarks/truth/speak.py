"""Speak a part of the set: `python -m benchmarks.truth.speak` writes the recordings.

Spoken are calls written by hand and made ones, chosen so that there is something of everything, and
every call on one channel.
Voices, telephone band, noise and codec are those of the demo's recordings (`models/demo-asr`);
words' times come from the synthesiser, so the labels of the recordings are exact too. A held
syllable is spoken by itself and goes on sounding as it does in its middle. Needs the library
`libespeak-ng.so.1`. Seeded; the synthesiser keeps a little state: the set is spoken in one go, in
the same order always.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from librosa.effects import time_stretch

from benchmarks.truth.frozen import RECORDINGS, ROLES, SPOKEN, Dialogue, Piece, row_of
from benchmarks.truth.layout import HELD_S, in_time, lay_out, parts_of
from benchmarks.truth.make import LANGUAGES, by_hand, made, write_manifest
from benchmarks.truth.script import Line, Script
from qa_pipeline.records import Role
from qa_pipeline.settings import MODELS_DIR
from qa_pipeline.texts import Language

DEMO_ASR = MODELS_DIR / "demo-asr"
STARTED_AT = "2026-11-20T10:00:00"
COLUMNS = (
    *("recording", "call_id", "started_at", "agent_id", "group", "queue", "language"),
    *("agent_channel", "ring_s", "hangup_by", "demo"),
)
#: How many calls are spoken, and no longer ones.
N_SPOKEN: dict[str, dict[Language, int]] = {
    "by_hand": {"zh": 24, "en": 16},
    "made": {"zh": 14, "en": 10},
}
MAX_SPOKEN_S = 62.0
#: What the synthesiser can do, in words a minute; and how it says a held syllable: which part of it
#: goes on, from where. What is slower is stretched.
SLOWEST, FASTEST = 80, 450
HELD_FROM, HELD_PART_S = 0.45, 0.06
AUDIBLE_SHARE = 0.02


def demo_asr(name: str) -> Any:
    """Return a module of the folder that trains the demo's recogniser."""
    if str(DEMO_ASR) not in sys.path:
        sys.path.insert(0, str(DEMO_ASR))
    return import_module(name)


@dataclass(slots=True)
class Speaker:
    """The two voices of a call; `turns` are the samples of each line at 8 kHz, level set."""

    settings: dict[Role, Any]
    levels_db: dict[Role, float]
    language: Language
    rng: Random
    turns: list[Any] = field(default_factory=list)

    def say(self, line: Line) -> list[Piece]:
        """Speak a line; returns its words with their times from the line's start."""
        rate = demo_asr("espeak").sample_rate()
        parts: list[Any] = []
        words: list[Piece] = []
        n = 0
        for part in parts_of(line, self.language):
            samples, said = (self._hold if part.is_held else self._say)(part.text, line)
            pause = np.zeros(round(part.pause_s * rate), np.float32)
            n += len(pause)
            parts += [pause, samples]
            words += [(n / rate + a, n / rate + b, text) for a, b, text in said]
            n += len(samples)
        telephone = demo_asr("telephone")
        level = self.levels_db[line.role] if line.level_dbfs is None else line.level_dbfs
        self.turns.append(telephone.to_band(np.concatenate(parts), rate, level))
        return words

    def _say(self, text: str, line: Line) -> tuple[Any, list[Piece]]:
        setting = self.settings[line.role]
        wanted = min(FASTEST, round(setting.rate * line.rate))
        samples, events = demo_asr("espeak").speak(
            text, setting.voice, max(SLOWEST, wanted), setting.pitch, setting.pitch_range
        )
        first, last = _audible(samples)
        words = _words(text, events, first, last)
        if wanted >= SLOWEST:
            return samples[first:last], words
        slower = wanted / SLOWEST
        stretched = time_stretch(samples[first:last], rate=slower)
        return stretched, [(a / slower, b / slower, word) for a, b, word in words]

    def _hold(self, text: str, line: Line) -> tuple[Any, list[Piece]]:
        setting, rate = self.settings[line.role], demo_asr("espeak").sample_rate()
        samples, _ = demo_asr("espeak").speak(
            text, setting.voice, setting.rate, setting.pitch, setting.pitch_range
        )
        first, last = _audible(samples)
        said = samples[first:last]
        begin = round(HELD_FROM * len(said))
        end = begin + round(HELD_PART_S * rate)
        more_s = self.rng.uniform(*HELD_S) - (len(said) - (end - begin)) / rate
        held = time_stretch(said[begin:end], n_fft=512, rate=HELD_PART_S / more_s)
        whole = np.concatenate((said[:begin], held, said[end:])).astype(np.float32)
        return whole, [(0.0, len(whole) / rate, text)]


def _audible(samples: Any) -> tuple[int, int]:
    """Return from where to where a voice is heard."""
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE_SHARE * np.abs(samples).max())
    return int(loud[0]), int(loud[-1]) + 1


def _words(text: str, events: list[Any], first: int, last: int) -> list[Piece]:
    """Return each spoken word with all that is written up to the next, and its times."""
    rate = demo_asr("espeak").sample_rate()
    spoken = [e for e in events if any(c.isalnum() for c in e.text) and e.start < last / rate]
    begins: list[int] = []
    for event in spoken:
        begins.append(text.index(event.text, begins[-1] + 1 if begins else 0))
    begins[0] = 0
    pieces = []
    for event, begin, end in zip(spoken, begins, [*begins[1:], len(text)], strict=True):
        start_s = max(0.0, event.start - first / rate)
        pieces.append((start_s, min(event.end, last / rate) - first / rate, text[begin:end]))
    return pieces


def chosen(language: Language) -> Iterator[tuple[Script, str]]:
    """Yield the calls of a language that are spoken, with their origin.

    One after the other is taken that adds most a second of what is rare among those taken so far.
    """
    taken: Counter[str] = Counter()
    for origin, scripts in (("by_hand", by_hand(language)), ("made", list(made(language)))):
        laid = {script.name: lay_out(script, language, origin) for script in scripts}
        left = [s for s in scripts if laid[s.name].duration_s <= MAX_SPOKEN_S]
        names = set()
        for _ in range(N_SPOKEN[origin][language]):
            best = max(left, key=lambda script: _gain(script, laid[script.name], taken))
            left.remove(best)
            names.add(best.name)
            taken.update(label.signal for label in laid[best.name].labels)
        yield from ((script, origin) for script in scripts if script.name in names)


def _gain(script: Script, dialogue: Dialogue, taken: Counter[str]) -> tuple[bool, float]:
    worth = sum(1 / (1 + taken[label.signal]) ** 2 for label in dialogue.labels)
    return script.about.get("channels") == "1", worth / dialogue.duration_s


def record(script: Script, language: Language, origin: str, number: int) -> tuple[Any, Dialogue]:
    """Return the recording, float `[n_samples, n_channels]` at 8 kHz, and what is in it."""
    telephone, cast = demo_asr("telephone"), demo_asr("cast")
    rng, noise = Random(f"speak/{script.name}"), np.random.default_rng(list(script.name.encode()))
    lines = {role: telephone.draw_line(noise) for role in ROLES}
    people = {role: cast.persons(language, role) for role in ROLES}
    settings = {role: people[role][number % len(people[role])].settings(rng) for role in ROLES}
    speaker = Speaker(settings, {r: lines[r].level_db for r in ROLES}, language, rng)
    dialogue = in_time(script, language, origin, rng, speaker.say)
    rate = telephone.SAMPLE_RATE
    n = round(dialogue.duration_s * rate)
    voices = {role: np.zeros(n, np.float32) for role in ROLES}
    for said, samples in zip(dialogue.turns, speaker.turns, strict=True):
        start = round(said.pieces[0][0] * rate)
        voices[said.role][start : start + len(samples)] += samples[: n - start]
    if script.about.get("channels") == "1":
        mixed = sum(voices.values())
        return telephone.through_line(mixed, lines["customer"], noise)[:, None], dialogue
    sides = [telephone.through_line(voices[role], lines[role], noise) for role in ROLES]
    return np.stack(sides, axis=1), dialogue


def recorded() -> Iterator[tuple[Script, Any, Dialogue]]:
    """Speak the chosen calls."""
    for language in LANGUAGES:
        for number, (script, origin) in enumerate(chosen(language)):
            samples, dialogue = record(script, language, origin, number)
            yield script, samples, dialogue


def manifest_row(script: Script, dialogue: Dialogue) -> dict[str, str]:
    """Return what the manifest says of a recording."""
    return {
        "recording": f"{script.name}.opus",
        "call_id": script.name,
        "started_at": STARTED_AT,
        "agent_id": "T1",
        "group": "truth",
        "queue": dialogue.queue,
        "language": dialogue.language,
        "agent_channel": "" if script.about.get("channels") == "1" else "0",
        "ring_s": script.about.get("ring_s", ""),
        "hangup_by": script.about.get("hangup_by", ""),
        "demo": "true",
    }


def main() -> None:
    """Write the recordings, their manifest, their truth, and all hashes."""
    RECORDINGS.mkdir(parents=True, exist_ok=True)
    rows = []
    with (RECORDINGS / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for script, samples, dialogue in recorded():
            path = RECORDINGS / f"{script.name}.opus"
            demo_asr("make_recordings").encode(Path(path), samples)
            table.writerow(manifest_row(script, dialogue))
            rows.append(row_of(dialogue))
            print(f"{path.name} {dialogue.duration_s:6.1f} s {path.stat().st_size:8} bytes")
    SPOKEN.write_text("\n".join(rows) + "\n", encoding="utf-8")
    write_manifest()


if __name__ == "__main__":
    main()
