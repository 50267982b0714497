"""What a call's verdicts come to: score, coverage, and whether it passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from qa_pipeline.records import Verdict
from qa_pipeline.scorecard.model import Scorecard


@dataclass(frozen=True, slots=True)
class Totals:
    """`score` 0-100, `coverage` 0-1; None where there was nothing to divide by."""

    score: float | None
    coverage: float | None
    passed: bool | None


def totals(card: Scorecard, verdicts: Iterable[Verdict]) -> Totals:
    """Return the call's result.

    A failed fatal criterion fails the call; else it is undecided (None, for people to hear) when
    nothing was judged, too little was, or a fatal criterion was not measured; else the score
    decides. Points are compared as they are written, unrounded.
    """
    verdicts = tuple(verdicts)
    points = _in_units(tuple([verdict.points for verdict in verdicts]))
    won = judged = applicable = 0
    fatal: set[str] = set()
    for verdict, n in zip(verdicts, points, strict=True):
        outcome = verdict.outcome
        won += n if outcome == "pass" else 0
        judged += n if outcome in ("pass", "fail") else 0
        applicable += n if outcome in ("pass", "fail", "not_measured") else 0
        if verdict.fatal:
            fatal.add(outcome)
    passed: bool | None = None
    if "fail" in fatal:
        passed = False
    elif judged and "not_measured" not in fatal and _reaches(judged, applicable, card.min_coverage):
        passed = _reaches(100 * won, judged, card.pass_mark)
    return Totals(
        100 * won / judged if judged else None,
        judged / applicable if applicable else None,
        passed,
    )


def shown_score(score: float) -> str:
    """Return a score with one decimal, rounded down, so that 79.96 does not look like a pass."""
    return str(Decimal(repr(score)).quantize(Decimal("0.1"), rounding=ROUND_DOWN))


@lru_cache(maxsize=256)  # a scorecard's points are the same in every call
def _in_units(points: tuple[float, ...]) -> tuple[int, ...]:
    """Return points as whole numbers of a unit that is in all of them: their shares are exact."""
    exact = [_exact(number) for number in points]
    unit = lcm(*(number.denominator for number in exact))
    return tuple(int(number * unit) for number in exact)


def _reaches(part: int, whole: int, limit: float) -> bool:
    """Return whether `part / whole` is at least the limit, unrounded."""
    least = _exact(limit)
    return part * least.denominator >= least.numerator * whole


@lru_cache(maxsize=256)
def _exact(number: float) -> Fraction:
    """Return the number as it was written: 0.1 is a tenth."""
    return Fraction(repr(number))
