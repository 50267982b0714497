"""What a call's verdicts come to: score, coverage, and whether it passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

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
    judged = _points(v for v in verdicts if v.outcome in ("pass", "fail"))
    won = _points(v for v in verdicts if v.outcome == "pass")
    applicable = judged + _points(v for v in verdicts if v.outcome == "not_measured")
    score = 100 * won / judged if judged else None
    coverage = judged / applicable if applicable else None
    fatal = {v.outcome for v in verdicts if v.fatal}
    covered = coverage is not None and coverage >= _exact(card.min_coverage)
    passed: bool | None = None
    if "fail" in fatal:
        passed = False
    elif score is not None and covered and "not_measured" not in fatal:
        passed = score >= _exact(card.pass_mark)
    return Totals(
        None if score is None else float(score),
        None if coverage is None else float(coverage),
        passed,
    )


def shown_score(score: float) -> str:
    """Return a score with one decimal, rounded down, so that 79.96 does not look like a pass."""
    return str(Decimal(repr(score)).quantize(Decimal("0.1"), rounding=ROUND_DOWN))


def _points(verdicts: Iterable[Verdict]) -> Fraction:
    return sum((_exact(verdict.points) for verdict in verdicts), Fraction(0))


def _exact(number: float) -> Fraction:
    """Return the number as it was written: 0.1 is a tenth."""
    return Fraction(repr(number))
