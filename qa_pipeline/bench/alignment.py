"""What was heard laid beside what was said: the fewest substitutions, deletions, insertions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

Kind = Literal["equal", "substituted", "deleted", "inserted"]


@dataclass(frozen=True, slots=True)
class Step:
    """One unit of the alignment: indexes into truth and heard, None where it has no partner."""

    kind: Kind
    truth: int | None
    heard: int | None


def align(truth: Sequence[str], heard: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps of a least-edits alignment, in order.

    Source: Levenshtein 1966; computed by rapidfuzz.
    """
    steps: list[Step] = []
    for block in Levenshtein.opcodes(truth, heard):
        true = range(block.src_start, block.src_end)
        told = range(block.dest_start, block.dest_end)
        if block.tag == "delete":
            steps += (Step("deleted", i, None) for i in true)
        elif block.tag == "insert":
            steps += (Step("inserted", None, j) for j in told)
        else:
            kind: Kind = "equal" if block.tag == "equal" else "substituted"
            steps += (Step(kind, i, j) for i, j in zip(true, told, strict=True))
    return tuple(steps)
