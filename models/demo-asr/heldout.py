"""Make the list of the held-out turns: sentences that training never sees.

Most turns come from the corpus's patterns, from the share of sentences that is kept back, so their
sentences and their numbers are new; the others are written by hand (``heldout/open.*.txt``).  Each
turn gets a person of the cast, and every five turns of a person make a recording with a line of
its own.  The list holds texts and seeds; ``evaluate.py`` speaks it.

    python heldout.py
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import cast
import corpus

HERE = Path(__file__).parent
LIST = HERE / "heldout" / "turns.jsonl"
SEED = 20261122
PATTERN_TURNS = {"zh": 120, "en": 75}
TURNS_A_RECORDING = 5


def open_turns(language: str) -> list[str]:
    """The turns that were written by hand."""
    return (HERE / "heldout" / f"open.{language}.txt").read_text(encoding="utf-8").splitlines()


def new_turn(role: str, language: str, rng: random.Random, used: set[str]) -> list[str]:
    """A held-out turn none of whose longer sentences is on the list already."""
    while True:
        turn = corpus.make_test_turn(role, language, rng)
        long = {corpus.normalise(s) for s in turn if not corpus.is_common(s, language)}
        if not long & used:
            used |= long
            return turn


def recordings(language: str, rng: random.Random) -> list[dict]:
    """The recordings of a language: person, seed, turns."""
    people = cast.persons(language)
    texts: dict[str, list[tuple[str, str]]] = {person.id: [] for person in people}
    used: set[str] = set()
    for number in range(PATTERN_TURNS[language]):
        person = people[number % len(people)]
        turn = new_turn(person.role, language, rng, used)
        texts[person.id].append(("pattern", corpus.turn_text(turn, language)))
    for number, text in enumerate(open_turns(language)):
        texts[people[number % len(people)].id].append(("open", text))
    found: list[dict] = []
    for person in people:
        turns = texts[person.id]
        rng.shuffle(turns)
        for at in range(0, len(turns), TURNS_A_RECORDING):
            found.append(
                {
                    "language": language,
                    "person": person.id,
                    "seed": rng.randrange(2**31),
                    "turns": [
                        {"kind": kind, "text": text}
                        for kind, text in turns[at : at + TURNS_A_RECORDING]
                    ],
                }
            )
    return found


def main() -> None:
    """Write the list."""
    rng = random.Random(SEED)
    rows = [row for language in corpus.LANGUAGES for row in recordings(language, rng)]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    LIST.write_text(text, encoding="utf-8")
    for language in corpus.LANGUAGES:
        count = sum(len(row["turns"]) for row in rows if row["language"] == language)
        print(f"{language}: {count} turns")


if __name__ == "__main__":
    main()
