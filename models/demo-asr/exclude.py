"""Keep the demo's dialogues out of training, and make sure that their words can be learnt.

Writes every sentence of the dialogues, normalised, to ``heldout/excluded.txt``, where ``corpus.py``
looks it up, and names the characters and words of the dialogues that a sample of the training
corpus does not contain or contains rarely.

    python exclude.py --dialogues ../../qa_pipeline/demo/dialogues
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from pathlib import Path

import corpus

SAMPLE_TURNS = 12000
RARE = 12


def turns_of(folder: Path) -> list[tuple[str, str, str]]:
    """(language, role, text) of every turn in the dialogues."""
    turns = []
    for path in sorted(folder.glob("*.txt")):
        language = path.name[:2]
        for line in path.read_text(encoding="utf-8").splitlines():
            match = re.match(r"(agent|customer): (.+)", line)
            if match:
                turns.append((language, match.group(1), match.group(2)))
    return turns


def units(text: str, language: str) -> list[str]:
    """Characters (zh) or words (en) of a text."""
    plain = corpus.normalise(text)
    return list(plain.replace(" ", "")) if language == "zh" else plain.split()


def rare_units(turns: list[tuple[str, str, str]], language: str) -> dict[str, int]:
    """Units of the dialogues that a sample of the corpus has less than ``RARE`` times."""
    rng = random.Random(5)
    counts: Counter[str] = Counter()
    for _ in range(SAMPLE_TURNS):
        role = rng.choice(list(corpus.ROLES[language]))
        counts.update(units(" ".join(corpus.make_turn(role, language, rng)), language))
    wanted = {unit for lang, _, text in turns if lang == language for unit in units(text, language)}
    return {unit: counts[unit] for unit in sorted(wanted) if counts[unit] < RARE}


def main() -> None:
    """Write the exclusions and report what is rare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dialogues", type=Path, required=True)
    arguments = parser.parse_args()
    turns = turns_of(arguments.dialogues)
    sentences = {corpus.normalise(s) for _, _, text in turns for s in corpus.sentences_of(text)}
    corpus.EXCLUSIONS.parent.mkdir(exist_ok=True)
    corpus.EXCLUSIONS.write_text("\n".join(sorted(sentences)) + "\n", encoding="utf-8")
    corpus.excluded.cache_clear()
    print(f"{len(turns)} turns, {len(sentences)} sentences excluded")
    for language in corpus.LANGUAGES:
        print(language, "rare:", rare_units(turns, language))


if __name__ == "__main__":
    main()
