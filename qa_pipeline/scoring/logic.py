"""Three-valued logic over what was detected: true, false, and not known.

What was not measured matters only where its value would change the result (Kleene's strong logic).
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Finding
from qa_pipeline.scorecard.expressions import (
    And,
    Compares,
    Expression,
    Fires,
    Leaf,
    Not,
    Op,
    Or,
)
from qa_pipeline.scoring.measures import Absent, measure

Outcomes = Mapping[str, Detected | NotMeasured]
Truth = bool | None

COMPARE: Mapping[Op, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Answer(NamedTuple):
    """What a use of a signal came to: its truth, and what was measured or why nothing was."""

    truth: Truth
    measured: float | Absent | NotMeasured | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A use of a signal that decided a result; `negated` when an odd number of `not`s is on it."""

    leaf: Leaf
    negated: bool


def answer(leaf: Leaf, outcome: Detected | NotMeasured) -> Answer:
    """Return what `leaf` comes to; comparing what is absent is false."""
    if isinstance(outcome, NotMeasured):
        return Answer(None, outcome)
    if isinstance(leaf, Fires):
        return Answer(bool(outcome.findings), None)
    measured = measure(outcome, leaf.measure)
    if isinstance(measured, NotMeasured):
        return Answer(None, measured)
    if isinstance(measured, Absent):
        return Answer(False, measured)
    return Answer(COMPARE[leaf.op](measured, leaf.number), measured)


def truth(expression: Expression, of: Callable[[Leaf], Truth]) -> Truth:
    """Return the expression's truth, given that of its leaves."""
    match expression:
        case Fires() | Compares():
            return of(expression)
        case Not():
            inner = truth(expression.operand, of)
            return None if inner is None else not inner
        case And():
            return _joined([truth(operand, of) for operand in expression.operands], decisive=False)
        case Or():
            return _joined([truth(operand, of) for operand in expression.operands], decisive=True)
        case _:
            assert_never(expression)


def _joined(truths: list[Truth], *, decisive: bool) -> Truth:
    """Return `decisive` where any operand has it, else None where any has none, else the other."""
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def deciding(
    expression: Expression, of: Callable[[Leaf], Truth], *, negated: bool = False
) -> tuple[Decided, ...]:
    """Return the uses of signals that the expression's truth rests on, from left to right."""
    match expression:
        case Fires() | Compares():
            return (Decided(expression, negated),)
        case Not():
            return deciding(expression.operand, of, negated=not negated)
        case And() | Or():
            result = truth(expression, of)
            return tuple(
                decided
                for operand in expression.operands
                if truth(operand, of) is result
                for decided in deciding(operand, of, negated=negated)
            )
        case _:
            assert_never(expression)


def without(
    outcome: Detected | NotMeasured, weak: Callable[[Finding], bool]
) -> Detected | NotMeasured:
    """Return the outcome as it would be without its weak findings."""
    if isinstance(outcome, NotMeasured):
        return outcome
    strong = tuple(f for f in outcome.findings if not weak(f))
    return outcome if len(strong) == len(outcome.findings) else outcome._replace(findings=strong)
