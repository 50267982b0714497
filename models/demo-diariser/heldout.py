"""Make the held-out calls: voices, sentences and seeds that training never met.

    python heldout.py

writes ``heldout/NAME.opus`` and ``heldout/calls.jsonl``: per call its language, speakers, turns and
truth (spans per role, words with their times).  Ten calls are spoken by the demo's cast, so that
the demo's recogniser hears words in them, ten by other held-out voices.  Sentences come from the
share of the corpus that is kept from training by hash; in half of the pairs both are of one sex.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
from mixtures import SNR_DB, choose_pair, lay_out, mix, truth
from voices import HELD_OUT, RATE, Speaker, cast_speaker, untouched_speakers

import cast  # isort: skip
import corpus  # isort: skip
import telephone  # isort: skip
from make_recordings import encode  # isort: skip

HERE = Path(__file__).resolve().parent
FOLDER, LIST = HERE / "heldout", HERE / "heldout" / "calls.jsonl"
SEED = 20261203
CALLS = {("cast", "zh"): 5, ("cast", "en"): 5, ("other", "zh"): 5, ("other", "en"): 5}
TURNS_BETWEEN = (7, 9)
LONGEST_S, TAIL_S = 75.0, 1.0
LEVEL_DB = (-26.0, -17.0)
ROLES = ("agent", "customer")


def pair(voices: str, language: str, rng: random.Random) -> tuple[Speaker, Speaker]:
    """Agent and customer."""
    if voices == "other":
        return choose_pair(untouched_speakers(HELD_OUT, language), rng)
    agent, customer = (rng.choice(cast.persons(language, role)) for role in ROLES)
    return cast_speaker(agent, rng), cast_speaker(customer, rng)


def turns(language: str, rng: random.Random) -> list[tuple[int, str]]:
    """A greeting, turns of both in changing order, a closing."""
    sentences = corpus.material(language)["sentences"]
    said = [(0, corpus.fill(rng.choice(sentences["greet"]), language, rng))]
    side = 1
    for _ in range(rng.randint(*TURNS_BETWEEN)):
        turn = corpus.make_test_turn(ROLES[side], language, rng)
        said.append((side, corpus.turn_text(turn, language)))
        side = side if rng.random() < 0.12 else 1 - side
    said.append((0, corpus.fill(rng.choice(sentences["close"]), language, rng)))
    return said


def make_call(name: str, voices: str, language: str) -> tuple[dict, np.ndarray]:
    """The row of a call in the list, and its samples at 8 kHz."""
    rng = random.Random(f"{SEED}/{name}")
    noise = np.random.default_rng([SEED, *name.encode()])
    speakers = pair(voices, language, rng)
    levels = (rng.uniform(*LEVEL_DB), rng.uniform(*LEVEL_DB))
    placed = lay_out(turns(language, rng), speakers, levels, rng, LONGEST_S)
    kind = str(noise.choice(telephone.NOISE_KINDS))
    line = telephone.Line(max(levels), rng.uniform(*SNR_DB), kind)
    count = max(turn.end for turn in placed) + round(TAIL_S * RATE)
    words = sorted(
        (round(turn.start / RATE + start, 3), round(turn.start / RATE + end, 3), word, turn.side)
        for turn in placed
        for word, start, end in turn.voice.words
    )
    row = {
        "call_id": name,
        "language": language,
        "voices": voices,
        "duration_s": count / RATE,
        "same_sex": speakers[0].sex == speakers[1].sex,
        "speakers": {role: s.id for role, s in zip(ROLES, speakers, strict=True)},
        "levels_db": [round(level, 1) for level in levels],
        "snr_db": round(line.snr_db, 1),
        "turns": [[ROLES[turn.side], turn.text] for turn in placed],
        "spans": truth(placed, ROLES),
        "words": [[ROLES[side], word, start, end] for start, end, word, side in words],
    }
    return row, mix(placed, count, line, noise)


def main() -> None:
    """Speak every call and write the list."""
    FOLDER.mkdir(exist_ok=True)
    rows = []
    for (voices, language), count in CALLS.items():
        for number in range(1, count + 1):
            name = f"{voices}-{language}-{number:02d}"
            row, samples = make_call(name, voices, language)
            encode(FOLDER / f"{name}.opus", samples[:, None])
            rows.append(row)
            print(f"{name} {row['duration_s']:5.1f} s {' and '.join(row['speakers'].values())}")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    LIST.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
