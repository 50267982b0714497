"""Turns with hesitations that no transcript has, to measure the search for dropped fillers on.

A sentence is spoken in one go and cut at word borders. Drawn sounds (嗯, 呃, um, uh, er; 0.15 to
0.9 s) are put into the cuts, by the same voice, with little melody and small pauses around them.
The truth gives the words' times and, apart from them, the hesitations': as if a recogniser had
dropped every one.  Three sets with sentences and lines of their own: ``tuning`` and ``cast`` are
spoken by the cast, ``heldout`` by voices outside it; thresholds were chosen on ``tuning`` alone.

    python hesitations.py            # writes the list heldout/hesitations.jsonl (texts and seeds)
    python hesitations.py --frozen ../../tests/acoustics/hesitations     # four spoken recordings
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cast
import corpus
import espeak
import numpy as np
import telephone
from make_recordings import encode

HERE = Path(__file__).parent
LIST = HERE / "heldout" / "hesitations.jsonl"
SETS = ("tuning", "heldout", "cast")
SEEDS = {"tuning": 20261127, "heldout": 72112602, "cast": 11272026}
OTHERS = ("+f3", "+f5", "+m1", "+m2", "+m4", "+m5", "+m8", "+linda", "+steph", "+adam")
RECORDINGS_A_VOICE, TURNS_A_RECORDING = 2, 5
SOUNDS = {"zh": ("嗯", "呃", "额"), "en": ("um", "uh", "er")}
RATES = {"zh": (185, 210), "en": (145, 165)}
DRAWN_RATE = (80, 170)  # words a minute: slow speech draws the sound out
DRAWN_RANGE = (5, 30)  # of 0..99: a hesitation has little melody
NEAR_S, FAR_S = (0.0, 0.06), (0.08, 0.40)  # pauses at a hesitation: hardly any, or one to hear
NEAR_SHARE = 0.35
TURN_PAUSE_S = (1.2, 2.5)
AUDIBLE_SHARE = 0.03
FADE_S = 0.004
RATE = telephone.SAMPLE_RATE

Span = tuple[float, float]


@dataclass(frozen=True)
class Recording:
    """One channel at 8 kHz with the times of its words and, apart, of its hesitations."""

    row: dict
    samples: np.ndarray
    turns: list[list[tuple[str, float, float]]]
    hesitations: list[Span]


def plain_turn(language: str, rng: random.Random) -> str:
    """A turn of the corpus that hesitates nowhere by itself."""
    fillers = {*corpus.material(language)["slots"]["filler"], "uhm", "erm", "mm"}
    while True:
        text = corpus.turn_text(corpus.make_turn("agent", language, rng), language)
        units = set(text) if language == "zh" else set(corpus.normalise(text).split())
        if not units & {*fillers, "嗯", "呃", "额"} and corpus.size(text, language) >= 8:
            return text


def settings(name: str, language: str, rng: random.Random) -> Iterator[cast.Setting]:
    """The voices of a set, each as many times as it makes recordings."""
    for _ in range(RECORDINGS_A_VOICE):
        if name != "heldout":
            yield from (person.settings(rng) for person in cast.persons(language))
            continue
        for variant in OTHERS:
            voice, rate = cast.VOICES[language] + variant, rng.randint(*RATES[language])
            yield cast.Setting(voice, rate, rng.randint(35, 62), 50)


def rows() -> Iterator[dict]:
    """The list: voice, line and texts of every recording."""
    for name in SETS:
        rng = random.Random(SEEDS[name])
        for language in corpus.LANGUAGES:
            for setting in settings(name, language, rng):
                yield {
                    "set": name,
                    "language": language,
                    "voice": setting.voice,
                    "rate": setting.rate,
                    "pitch": setting.pitch,
                    "seed": rng.randrange(2**31),
                    "turns": [plain_turn(language, rng) for _ in range(TURNS_A_RECORDING)],
                }


def _trimmed(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE_SHARE * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def _faded(samples: np.ndarray) -> np.ndarray:
    """Take the clicks from both ends of a cut."""
    n = min(round(FADE_S * espeak.sample_rate()), len(samples) // 2)
    ramp = np.ones(len(samples), np.float32)
    ramp[:n], ramp[len(samples) - n :] = np.linspace(0, 1, n), np.linspace(1, 0, n)
    return samples * ramp


def _pause(rng: random.Random) -> np.ndarray:
    seconds = rng.uniform(*(NEAR_S if rng.random() < NEAR_SHARE else FAR_S))
    return np.zeros(round(seconds * espeak.sample_rate()), np.float32)


def _hesitation(row: dict, rng: random.Random) -> np.ndarray:
    sound, rate = rng.choice(SOUNDS[row["language"]]), rng.randint(*DRAWN_RATE)
    drawn, _ = espeak.speak(sound, row["voice"], rate, row["pitch"], rng.randint(*DRAWN_RANGE))
    return _faded(_trimmed(drawn))


def say(
    text: str, row: dict, rng: random.Random
) -> tuple[np.ndarray, list[tuple[str, float, float]], list[Span]]:
    """Speak a turn with up to three hesitations: samples, words and hesitations (seconds)."""
    rate = espeak.sample_rate()
    spoken, events = espeak.speak(text, row["voice"], row["rate"], row["pitch"], 50)
    words = [w for w in events if w.text.strip(" ，。？！,.?!") and w.end > w.start]
    borders = [w.start for w in words]
    count = min(rng.choice((0, 1, 1, 2, 2, 3)), len(borders))
    cuts = sorted(rng.sample(borders, count))
    parts: list[np.ndarray] = []
    spans: list[Span] = []
    said: list[tuple[str, float, float]] = []
    shift_s = 0.0
    for start_s, end_s in zip([0.0, *cuts], [*cuts, len(spoken) / rate], strict=True):
        said += [
            (w.text, w.start + shift_s, min(w.end, end_s) + shift_s)
            for w in words
            if start_s <= w.start < end_s
        ]
        parts.append(_faded(spoken[round(start_s * rate) : round(end_s * rate)]))
        if end_s not in cuts:
            continue
        before, sound, after = _pause(rng), _hesitation(row, rng), _pause(rng)
        at_s = sum(map(len, parts)) / rate + len(before) / rate
        spans.append((at_s, at_s + len(sound) / rate))
        parts += [before, sound, after]
        shift_s += (len(before) + len(sound) + len(after)) / rate
    return np.concatenate(parts), said, spans


def record(row: dict) -> Recording:
    """Speak one recording of the list."""
    rng, noise = random.Random(row["seed"]), np.random.default_rng(row["seed"])
    line = telephone.draw_line(noise)
    parts: list[np.ndarray] = []
    turns: list[list[tuple[str, float, float]]] = []
    hesitations: list[Span] = []
    n = 0
    for text in row["turns"]:
        pause = round(rng.uniform(*TURN_PAUSE_S) * RATE)
        samples, words, spans = say(text, row, rng)
        voice = telephone.to_band(samples, espeak.sample_rate(), line.level_db)
        at_s = (n + pause) / RATE
        turns.append([(word, at_s + start, at_s + end) for word, start, end in words])
        hesitations += [(at_s + start, at_s + end) for start, end in spans]
        parts += [np.zeros(pause, np.float32), voice]
        n += pause + len(voice)
    parts.append(np.zeros(RATE, np.float32))
    channel = telephone.through_line(np.concatenate(parts), line, noise)
    return Recording(row, channel, turns, hesitations)


def listed(name: str) -> list[dict]:
    """The recordings of a set."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["set"] == name]


def freeze(folder: Path) -> None:
    """Write two held-out recordings of each language, as Opus, with their truth."""
    folder.mkdir(parents=True, exist_ok=True)
    rows_of = [[r for r in listed("heldout") if r["language"] == c] for c in corpus.LANGUAGES]
    for row in (row for of_one in rows_of for row in of_one[:8:4]):
        made = record(row)
        name = f"{row['language']}{row['voice'].partition('+')[2]}"
        encode(folder / f"{name}.opus", made.samples[:, None])
        truth = {"language": row["language"], "turns": made.turns, "hesitations": made.hesitations}
        text = json.dumps(_rounded(truth), ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: object) -> object:
    """The same with its seconds to the millisecond."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def main() -> None:
    """Write the list, or the frozen recordings."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--frozen", type=Path, help="folder to write four recordings into")
    frozen = parser.parse_args().frozen
    if frozen is not None:
        freeze(frozen)
        return
    made = list(rows())
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    LIST.write_text(text, encoding="utf-8")
    for name in SETS:
        n_turns = sum(len(row["turns"]) for row in made if row["set"] == name)
        print(f"{name}: {n_turns} turns")


if __name__ == "__main__":
    main()
