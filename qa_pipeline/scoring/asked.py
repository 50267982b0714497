"""An expression made ready for calls: its uses of signals, with all that no call changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.scorecard.expressions import Expression, Leaf, leaves, parse
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.scoring.sentences import Wording, wording


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a signal; `negated` when an odd number of `not`s is on it.

    `anchors` are the signals that its own hangs on, directly or not; `has_role` says whether it, or
    one of them, depends on who is agent and who customer.
    """

    leaf: Leaf
    negated: bool
    wording: Wording
    anchors: frozenset[str]
    has_role: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression, and its uses of signals from left to right."""

    expression: Expression
    uses: tuple[Use, ...]


def asked(text: str, signals: Mapping[str, Signal]) -> Asked:
    """Read an expression over a scorecard's signals. Raises Unreadable as `parse` does."""
    expression = parse(text)
    return Asked(expression, tuple(_use(*leaf, signals) for leaf in leaves(expression)))


def _use(leaf: Leaf, negated: bool, signals: Mapping[str, Signal]) -> Use:
    names = frozenset(with_anchors(signals, (leaf.signal,)))
    return Use(
        leaf=leaf,
        negated=negated,
        wording=wording(leaf, signals[leaf.signal], negated=negated),
        anchors=names - {leaf.signal},
        has_role=any(_has_role(signals[name]) for name in names),
    )


def _has_role(signal: Signal) -> bool:
    """Whether a signal depends on who is agent and who customer.

    The telephone system's facts do not: nobody inferred them from a voice.
    """
    needs = DETECTORS[signal.detector].needs
    is_inferred = signal.role != "any" and "metadata" not in needs
    return is_inferred or bool(needs & {"roles", "speech_per_role"})


def with_anchors(signals: Mapping[str, Signal], names: Iterable[str]) -> Iterator[str]:
    """Yield `names` and every signal that they hang on, directly or not."""
    waiting, seen = list(names), set(names)
    while waiting:
        name = waiting.pop()
        yield name
        for anchor in (*signals[name].after, *signals[name].before):
            if anchor not in seen:
                seen.add(anchor)
                waiting.append(anchor)
