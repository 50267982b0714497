"""Finds against labels: what was found rightly, wrongly, and not at all.

A find matches a label of its signal when the roles are the same (a label without a role, such as a
silence's, takes any) and the times fit: silences must share at least half of their union, all else
must overlap within half a second; steps must be the same step with the same fault; what is said of
a whole call needs no time. Each label is found once: a second find of it is a false one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Self

from benchmarks.truth.frozen import Dialogue, Label, spans_of
from benchmarks.truth.script import OF_SILENCE
from qa_pipeline.records import Role
from qa_pipeline.spans import total_s
from qa_pipeline.statistics.intervals import Interval, wilson

#: Who talks more than this does not let the other speak: how `talk_share`, which only measures, is
#: turned into something to be right or wrong about.
MAX_TALK_SHARE = 0.7
SLACK_S, MIN_SHARED = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """What somebody found. Times None: in the whole call."""

    signal: str
    role: Role | None
    start_s: float | None
    end_s: float | None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Labels found and missed, finds that match none, traps and those among them that were found.

    `n_other_kind` are labels that were found with another kind than theirs.
    """

    n_found: int = 0
    n_missed: int = 0
    n_false: int = 0
    n_traps: int = 0
    n_fell: int = 0
    n_other_kind: int = 0

    def __add__(self, other: Self) -> Self:
        """Add counts field by field."""
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def precision(self) -> Interval | None:
        """Return the share of finds that are right, None without a find."""
        return _share(self.n_found, self.n_found + self.n_false)

    @property
    def recall(self) -> Interval | None:
        """Return the share of labels that were found, None without a label."""
        return _share(self.n_found, self.n_found + self.n_missed)


def _share(n: int, of: int) -> Interval | None:
    return wilson(n / of, of) if of else None


def expected(dialogue: Dialogue, signal: str) -> list[Label]:
    """Return the labels of a signal; the talk share's follows from the turns' times."""
    if signal != "talk_share":
        return [label for label in dialogue.labels if label.signal == signal]
    whole = Label("talk_share", None, None, None)
    return [whole] if talk_share(dialogue) > MAX_TALK_SHARE else []


def talk_share(dialogue: Dialogue) -> float:
    """Return the agent's share of all speech, 0-1."""
    agent_s, customer_s = (total_s(spans_of(dialogue, r)) for r in ("agent", "customer"))
    return agent_s / (agent_s + customer_s)


def count(dialogue: Dialogue, signal: str, hits: Sequence[Hit]) -> Counts:
    """Return what became of a signal's labels and traps in one call."""
    labels, left = expected(dialogue, signal), list(hits)
    n_found = n_other_kind = 0
    for label in labels:
        fitting = [hit for hit in left if fits(label, hit)]
        if not fitting:
            continue
        best = max(fitting, key=lambda hit: (hit.kind == label.kind, _shared_s(label, hit)))
        left.remove(best)
        n_found += 1
        n_other_kind += label.kind is not None and best.kind is not None and label.kind != best.kind
    traps = [trap for trap in dialogue.traps if trap.signal == signal]
    n_fell = sum(any(fits(trap, hit) for hit in left) for trap in traps)
    return Counts(n_found, len(labels) - n_found, len(left), len(traps), n_fell, n_other_kind)


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    return sum(counts, Counts())


def fits(label: Label, hit: Hit) -> bool:
    """Return whether a find is of this label; see the module's rule."""
    if label.role is not None and hit.role is not None and label.role != hit.role:
        return False
    if label.signal == "steps":
        return label.kind is None or label.kind == hit.kind
    if label.start_s is None or label.end_s is None or hit.start_s is None or hit.end_s is None:
        return True
    if label.signal in OF_SILENCE:
        union_s = max(label.end_s, hit.end_s) - min(label.start_s, hit.start_s)
        return _shared_s(label, hit) >= MIN_SHARED * union_s
    return hit.start_s <= label.end_s + SLACK_S and label.start_s - SLACK_S <= hit.end_s


def _shared_s(label: Label, hit: Hit) -> float:
    """Return how long label and find overlap, in seconds; 0 where one of them has no times."""
    if label.start_s is None or label.end_s is None or hit.start_s is None or hit.end_s is None:
        return 0.0
    return max(0.0, min(label.end_s, hit.end_s) - max(label.start_s, hit.start_s))
