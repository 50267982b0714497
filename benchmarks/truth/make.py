"""Make the truth set's dialogues: `python -m benchmarks.truth.make` writes `frozen/`.

A made call is an opening, a problem, some situations (of each family at most one) and a closing,
or the steps of an order with one of them left out or in the wrong place; variants are dealt like
cards, so that none is rare. The calls of `by_hand.*.txt` are as somebody wrote them. What the
telephone knows is drawn. Seeded: the same scripts give the same bytes.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.truth.frozen import DIALOGUES, FOLDER, Dialogue, row_of
from benchmarks.truth.layout import lay_out
from benchmarks.truth.script import FOLDER as SCRIPTS
from benchmarks.truth.script import Script, parse_scripts
from benchmarks.truth.slots import fill
from qa_pipeline.texts import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
N_MADE: dict[Language, int] = {"zh": 180, "en": 120}
EVERY_ORDER = 4
N_SITUATIONS = (3, 4, 5)
#: How often a family is dealt. All others stand in fixed places of a call.
FAMILIES = {
    "wait": 3.0,
    "brush": 2.0,
    "filler": 2.0,
    "number": 2.0,
    "again": 1.5,
    "secret": 1.5,
    "cut": 1.5,
    "rate": 1.0,
    "drawn": 1.0,
    "loud": 1.0,
    "wish": 1.5,
    "insult": 0.6,
    "share": 0.4,
}
#: Those that disturb no order.
ON_THE_WAY = ("wait", "filler", "cut", "rate", "loud", "drawn", "wish")
STEPS = ("o_name", "o_contact", "o_address", "o_confirm", "o_placed", "o_cross")
MAX_RING_S = 12
MANIFEST = FOLDER / "sha256.txt"


class Deck:
    """Variants by family, dealt until the last before any comes again."""

    def __init__(self, language: Language, rng: Random) -> None:
        """Read the situations of a language."""
        text = (SCRIPTS / f"situations.{language}.txt").read_text(encoding="utf-8")
        self._all: dict[str, list[str]] = {}
        for block in re.split(r"(?m)^== ", text)[1:]:
            head, _, lines = block.partition("\n")
            self._all.setdefault(head.partition("/")[0], []).append(lines)
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def deal(self, family: str) -> str:
        """Return the lines of the next variant of a family, with their slots."""
        if not self._left.get(family):
            self._left[family] = self._rng.sample(self._all[family], len(self._all[family]))
        return self._left[family].pop()


def dialogues() -> Iterator[Dialogue]:
    """Yield the whole set."""
    for language in LANGUAGES:
        for script in made(language):
            yield lay_out(script, language, "made")
        for script in by_hand(language):
            yield lay_out(script, language, "by_hand")


def by_hand(language: Language) -> list[Script]:
    """Return the calls that somebody wrote."""
    return parse_scripts((SCRIPTS / f"by_hand.{language}.txt").read_text(encoding="utf-8"))


def made(language: Language) -> Iterator[Script]:
    """Yield the calls that are made of situations."""
    rng = Random(f"truth/{language}")
    deck = Deck(language, rng)
    for number in range(1, N_MADE[language] + 1):
        is_order = number % EVERY_ORDER == 0
        blocks, whole = _order(deck, rng) if is_order else _service(deck, rng)
        words: dict[str, str] = {}
        lines = "\n".join(fill(block, language, rng, words) for block in blocks)
        queue = "# queue: orders" if is_order else "# queue: service"
        about = [*_telephone(rng), queue, *whole]
        yield parse_scripts(f"== {language}-{number:03d}\n{lines}\n" + "\n".join(about))[0]


def _service(deck: Deck, rng: Random) -> tuple[list[str], list[str]]:
    """Return the blocks of a service call, and what is to be found of the whole call."""
    n = rng.choice(N_SITUATIONS)
    left = dict(FAMILIES)
    chosen = []
    for _ in range(n):
        family = rng.choices(list(left), list(left.values()))[0]
        del left[family]
        chosen.append(family)
    return [deck.deal(family) for family in ("open", "problem", *chosen, "close")], []


def _order(deck: Deck, rng: Random) -> tuple[list[str], list[str]]:
    """Return the blocks of an order with or without a fault in its steps, and the fault."""
    steps, close, whole = list(STEPS), "o_close", []
    fault = rng.choice(("none", "none", "name", "address", "confirm", "placed", "wishes", "cross"))
    if fault == "cross":
        steps.remove("o_cross")
        steps.insert(0, "o_cross")
        whole = ["#! find steps:misplaced-cross_sell"]
    elif fault == "wishes":
        close = "o_farewell"
    elif fault != "none":
        steps.remove(f"o_{fault}")
    if fault not in ("none", "cross"):
        whole = [f"#! find steps:missing-{fault}"]
    elif fault == "none":
        steps = steps if rng.random() < 0.5 else steps[:-1]
        whole = ["#! trap steps"]
    families = ["o_open", "o_wish", *rng.sample(ON_THE_WAY, rng.choice((1, 2))), *steps, close]
    return [deck.deal(family) for family in families], whole


def _telephone(rng: Random) -> list[str]:
    """Return what the telephone knows of a call, and what follows from it."""
    ring_s = rng.choice((3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 18, 24))
    hangup_by = rng.choices(("customer", "agent", "system", None), (5, 3, 1, 1))[0]
    known = [f"# ring_s: {ring_s}", f"#! {'find' if ring_s > MAX_RING_S else 'trap'} ring"]
    if hangup_by:
        known.append(f"# hangup_by: {hangup_by}")
    return [*known, f"#! {'find' if hangup_by == 'agent' else 'trap'} hang_up"]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest() -> None:
    """Write the SHA-256 of every frozen file."""
    files = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p != MANIFEST)
    lines = (f"{digest(path)}  {path.relative_to(FOLDER).as_posix()}\n" for path in files)
    MANIFEST.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Write the dialogues and the manifest of hashes."""
    FOLDER.mkdir(exist_ok=True)
    rows = [row_of(dialogue) for dialogue in dialogues()]
    DIALOGUES.write_text("\n".join(rows) + "\n", encoding="utf-8")
    write_manifest()
    print(f"{len(rows)} dialogues, {DIALOGUES.stat().st_size} bytes")


if __name__ == "__main__":
    main()
