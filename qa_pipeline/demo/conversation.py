"""One made-up call: a scene filled with lines, some faults planted, and times given to the turns.

Everything is drawn from the generator that the caller seeds; nothing is read or written here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from qa_pipeline.demo.centre import Manners, Step
from qa_pipeline.records import Role

#: Silences in seconds. An announced hold stays under what a customer accepts; dead air does not.
GAP_S = (0.3, 1.4)
HOLD_S = (8.5, 40.0)
DEAD_AIR_S = (20.5, 32.0)
OVERLAP_S = (0.9, 1.7)
#: An interruption needs somebody who has been speaking for a while.
INTERRUPTIBLE_S = 2.9
INTERRUPTIONS = (3, 5)
#: Cutting in once happens to anyone; from here on it is a fault.
LEAST_INTERRUPTIONS = 2
#: Somebody who speaks this long now and then hears a "mm".
LONG_S = 4.0
BACK_CHANNEL_CHANCE = 0.1
BACK_CHANNEL_S = 0.5
#: Share of the clauses of a hesitating agent that open with a filler.
HESITATION_CHANCE = 0.75


@dataclass(frozen=True, slots=True)
class MadeUpTurn:
    """A turn with its times in seconds."""

    role: Role
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Conversation:
    """A made-up call and the truth about it: the faults that an attentive listener would name.

    `beyond` are those of them, and those merits, that lists of phrases cannot see.
    """

    product: str
    turns: tuple[MadeUpTurn, ...]
    planted: frozenset[str]
    beyond: frozenset[str]

    def as_text(self) -> str:
        """Return the call as dialogue text with times."""
        lines = (f"{t.role} {t.start_s:.1f}-{t.end_s:.1f}: {t.text}" for t in self.turns)
        return "\n".join(lines) + "\n"


def converse(manners: Manners, wanted: frozenset[str], agent_no: str, rng: Random) -> Conversation:
    """Make up one call in which the agent commits those `wanted` faults that its scene allows."""
    scenes = list(manners.scenes)
    weights = [manners.scenes[name].share for name in scenes]
    scene = manners.scenes[rng.choices(scenes, weights)[0]]
    steps, planted = _with_faults(manners, scene.steps, wanted, rng)
    steps, beyond = _beyond_the_list(manners, steps, rng)
    values = _values(manners, agent_no, rng)
    lines = _lines(manners, steps, values, rng)
    if "fillers" in planted:
        lines = [_hesitating(manners, line, rng) for line in lines]
    turns = _timed(manners, lines, planted, rng)
    if sum(b.start_s < a.end_s for a, b in pairwise(turns)) < LEAST_INTERRUPTIONS:
        planted -= {"interruption"}
    turns = sorted(turns + _back_channels(manners, turns, rng), key=lambda turn: turn.start_s)
    planted |= beyond & set(manners.faults)
    return Conversation(values["product"], tuple(turns), frozenset(planted), frozenset(beyond))


def _with_faults(
    manners: Manners, steps: tuple[Step, ...], wanted: frozenset[str], rng: Random
) -> tuple[list[Step], set[str]]:
    """Draw the optional steps and do to the scene what its faults do."""
    offered = {step.pool for step in steps}
    forced: set[str] = set()
    swaps: dict[str, str] = {}
    planted: set[str] = set()
    for name in sorted(wanted & set(manners.faults)):
        fault = manners.faults[name]
        here = {pool: other for pool, other in fault.swap.items() if pool in offered}
        needed = offered & set(fault.force)
        is_possible = bool(here or needed) or not (fault.swap or fault.force)
        if not is_possible or any(pool in swaps for pool in here):
            continue
        planted.add(name)
        swaps |= here
        forced |= needed | set(here)
    present: set[str] = set()
    kept: list[Step] = []
    for step in steps:
        is_here = rng.random() < step.chance or step.pool in forced
        if step.companion in present if step.companion else is_here:
            present.add(step.pool)
            kept.append(_spoken_from(step, swaps.get(step.pool, step.pool)))
    return kept, planted


def _spoken_from(step: Step, pool: str) -> Step:
    return step.model_copy(update={"agent" if step.agent else "customer": pool})


def _beyond_the_list(
    manners: Manners, steps: list[Step], rng: Random
) -> tuple[list[Step], set[str]]:
    """Let some lines be said in words that no list knows."""
    chosen: list[Step] = []
    beyond: set[str] = set()
    for step in steps:
        for kind in ("no_fault", "fault"):
            other = manners.beyond_the_list[kind].get(step.pool)
            if other is not None and rng.random() < other.chance:
                beyond.add(other.counts_as or other.other)
                step = _spoken_from(step, other.other)
        chosen.append(step)
    return chosen, beyond


def _values(manners: Manners, agent_no: str, rng: Random) -> Mapping[str, str]:
    """Draw what this call is about, the same whenever it is named."""

    def spoken(digits: str) -> str:
        return manners.digit_gap.join(manners.digits[int(d)] for d in digits)

    phone = "1" + rng.choice("35789") + "".join(rng.choice("0123456789") for _ in range(9))
    return {
        **{name: rng.choice(values) for name, values in manners.slots.items()},
        "phone": spoken(phone),
        "order": spoken("".join(rng.choice("0123456789") for _ in range(6))),
        "bld": spoken(str(rng.randint(1, 9))),
        "agent_no": spoken(agent_no),
    }


@dataclass(frozen=True, slots=True)
class _Said:
    step: Step
    text: str


def _lines(
    manners: Manners, steps: list[Step], values: Mapping[str, str], rng: Random
) -> list[_Said]:
    said: list[_Said] = []
    drawn: dict[str, int] = {}
    for step in steps:
        pool = manners.pools[step.pool]
        asked = step.companion if step.companion in drawn else None
        is_answer = asked is not None and len(manners.pools[asked]) == len(pool)
        number = drawn[asked] if asked and is_answer else rng.randrange(len(pool))
        drawn[step.pool] = number
        text = pool[number].format_map(values)
        said.append(_Said(step, text[0].upper() + text[1:]))
    return said


def _hesitating(manners: Manners, line: _Said, rng: Random) -> _Said:
    """Put a filler before most of the clauses of an agent's turn."""
    if line.step.role != "agent":
        return line
    clauses = re.split(f"(?<={manners.comma[0]})", line.text)
    text = "".join(
        f"{rng.choice(manners.fillers)}{manners.comma}{clause.lstrip()}"
        if rng.random() < 0.75
        else clause
        for clause in clauses
    )
    return replace(line, text=text[0].upper() + text[1:])


def _timed(
    manners: Manners, lines: list[_Said], planted: set[str], rng: Random
) -> list[MadeUpTurn]:
    """Give every turn its times: usual gaps, holds, and the faults that are made of time."""
    middle = [i for i, line in enumerate(lines) if i > 1 and _is_unexpected(line)]
    silent = rng.choice(middle) if "dead_air" in planted else None
    turns: list[MadeUpTurn] = []
    n_cut = rng.randint(*INTERRUPTIONS) if "interruption" in planted else 0
    hold_said = False
    for i, line in enumerate(lines):
        length_s = 0.4 + len(line.text) / (manners.pace[line.step.role] * rng.uniform(0.9, 1.1))
        gap_s = rng.uniform(*GAP_S)
        if line.step.after_hold and hold_said:
            gap_s = rng.uniform(*HOLD_S)
        if i == silent:
            gap_s = rng.uniform(*DEAD_AIR_S)
        elif n_cut and _is_cut(line, turns):
            gap_s, n_cut = -rng.uniform(*OVERLAP_S), n_cut - 1
        start_s = (turns[-1].end_s if turns else 0.5) + gap_s
        turns.append(MadeUpTurn(line.step.role, line.text, start_s, start_s + length_s))
        hold_said = hold_said or line.step.pool == "hold"
    return turns


def _is_unexpected(line: _Said) -> bool:
    """Whether silence before the line is nobody's announced search."""
    return line.step.role == "agent" and not line.step.after_hold


def _is_cut(line: _Said, turns: list[MadeUpTurn]) -> bool:
    return line.step.role == "agent" and bool(turns) and _can_be_cut(turns[-1])


def _can_be_cut(turn: MadeUpTurn) -> bool:
    return turn.role == "customer" and turn.end_s - turn.start_s >= INTERRUPTIBLE_S


def _back_channels(manners: Manners, turns: list[MadeUpTurn], rng: Random) -> list[MadeUpTurn]:
    """Let the agent hum along with some long turns: no interruption, though it overlaps."""
    humming = []
    for turn in turns:
        is_long = turn.role == "customer" and turn.end_s - turn.start_s >= LONG_S
        if is_long and rng.random() < BACK_CHANNEL_CHANCE:
            start_s = (turn.start_s + turn.end_s) / 2
            text = rng.choice(manners.back_channels)
            humming.append(MadeUpTurn("agent", text, start_s, start_s + BACK_CHANNEL_S))
    return humming
