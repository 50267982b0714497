"""Who is the agent, where nobody said so: told by what the two sides say.

One decision for the whole call, with its evidence. Undecided is an answer: then nothing that
asks for a role is measured.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from qa_pipeline.language.normalise import normalise
from qa_pipeline.texts import Language

#: How much one side must lead by: one phrase that hardly anyone else says.
MIN_LEAD = 2.0


@dataclass(frozen=True, slots=True)
class RoleEvidence:
    """`agent` is the index of the agent's side, None where undecided; points for side 0 and 1."""

    agent: int | None
    points: tuple[float, float]


@cache
def _phrases(language: Language) -> tuple[tuple[str, float], ...]:
    """Return (normalised phrase, points towards "agent") of a language."""
    raw = resources.files("qa_pipeline.pipeline").joinpath("roles.yaml").read_bytes()
    table = YAML(typ="safe", pure=True).load(raw)[language]
    return tuple(
        (_plain(phrase), float(weight) * sign)
        for side, sign in (("agent", 1), ("customer", -1))
        for weight, phrases in table[side].items()
        for phrase in phrases
    )


def role_evidence(sides: Sequence[str], language: Language) -> RoleEvidence:
    """Return which of two sides is the agent, from everything that each said.

    Each phrase counts once a side. A side's points are what speaks for the agent less what speaks
    for the customer; the lead must be at least 2.
    """
    first, second = (_points(_plain(text), language) for text in sides)
    agent = None
    if abs(first - second) >= MIN_LEAD:
        agent = 0 if first > second else 1
    return RoleEvidence(agent, (first, second))


def _points(plain: str, language: Language) -> float:
    """Add up a side's phrases; one inside a longer one that was found counts no second time."""
    found = sorted(
        (phrase for phrase in _phrases(language) if phrase[0] in plain), key=lambda p: -len(p[0])
    )
    counted: list[tuple[str, float]] = []
    for phrase, points in found:
        if not any(phrase in longer for longer, _ in counted):
            counted.append((phrase, points))
    return sum(points for _, points in counted)


def _plain(text: str) -> str:
    """Return normalised letters and digits only, lower case: `I'd like` is `idlike`."""
    folded = normalise(text).text.casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
