"""Words in, figures out: counts that add up over recordings, and the rates that follow from them.

A rate without anything to count is None. Rates are 0-1 (an error rate may exceed 1).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from operator import add
from typing import Self

import numpy as np

from qa_pipeline.bench.alignment import Step, align
from qa_pipeline.bench.spoken import Spoken, folded, symbols
from qa_pipeline.spans import Span, difference, total_s, union
from qa_pipeline.statistics.intervals import Interval, wilson
from qa_pipeline.texts import Language

#: A word start this near to the truth is right (the demo model's goal, and what a finding's place
#: in the playback needs).
START_TOLERANCE_S = 0.2
#: People mark speech by hand: a word this near to marked speech is not invented.
_SPEECH_TOLERANCE_S = 0.2
TEN_MINUTES_S = 600.0


class Adding:
    """Counts of the same kind add up field by field."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        names = (f.name for f in fields(self))  # type: ignore[arg-type]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Errors(Adding):
    """Units of the truth and what became of them. Insertions are none of them."""

    n_truth: int = 0
    n_substituted: int = 0
    n_deleted: int = 0
    n_inserted: int = 0

    @property
    def rate(self) -> float | None:
        """The error rate (CER in characters, WER in words), None where nothing was said."""
        n_errors = self.n_substituted + self.n_deleted + self.n_inserted
        return n_errors / self.n_truth if self.n_truth else None


@dataclass(frozen=True, slots=True)
class Mean(Adding):
    """A mean that adds up."""

    total: float = 0.0
    n: int = 0

    @property
    def value(self) -> float | None:
        """The mean, None of nothing."""
        return self.total / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Finds(Adding):
    """How often something was said, how often of these it was found, how often found elsewhere."""

    n_truth: int = 0
    n_found: int = 0
    n_false: int = 0

    @property
    def recall(self) -> Interval | None:
        """The share found with its 95 % Wilson interval, None where it was never said."""
        return wilson(self.n_found / self.n_truth, self.n_truth) if self.n_truth else None


@dataclass(frozen=True, slots=True)
class Invented(Adding):
    """Units heard where the truth has no speech, and the seconds of that."""

    n: int = 0
    quiet_s: float = 0.0

    @property
    def per_minute(self) -> float | None:
        """Invented units a minute without speech."""
        return 60 * self.n / self.quiet_s if self.quiet_s > 0 else None


@dataclass(frozen=True, slots=True)
class Figures(Adding):
    """Everything counted on some recordings of one language; times in seconds.

    `starts` are signed word start errors (heard less truth), seconds. `right` and `wrong` are word
    probabilities; `n_unclear` counts sides whose mean is below `min_call_confidence`.
    """

    n_recordings: int = 0
    duration_s: float = 0.0
    spent_s: float = 0.0
    errors: Errors = field(default_factory=Errors)
    folded: Errors = field(default_factory=Errors)
    starts: tuple[float, ...] = ()
    invented: Invented = field(default_factory=Invented)
    fillers: Finds = field(default_factory=Finds)
    right: Mean = field(default_factory=Mean)
    wrong: Mean = field(default_factory=Mean)
    n_sides: int = 0
    n_unclear: int = 0
    n_dropped: int = 0

    @property
    def real_time_factor(self) -> float | None:
        """Seconds of work a second of recording."""
        return self.spent_s / self.duration_s if self.duration_s else None

    def per_ten_minutes(self, n: int) -> float | None:
        """Return how often something happens in ten minutes of recording."""
        return TEN_MINUTES_S * n / self.duration_s if self.duration_s else None


@dataclass(frozen=True, slots=True)
class Starts:
    """How far word starts lie from the truth: share within the tolerance, median and 90 %."""

    n: int
    within_share: float
    median_s: float
    p90_s: float


def total(figures: Iterable[Figures]) -> Figures:
    """Return the sum."""
    return reduce(add, figures, Figures())


def errors_of(steps: Iterable[Step]) -> Errors:
    """Count an alignment's steps."""
    kinds = Counter(step.kind for step in steps)
    n_truth = kinds["equal"] + kinds["substituted"] + kinds["deleted"]
    return Errors(n_truth, kinds["substituted"], kinds["deleted"], kinds["inserted"])


def folded_errors(said: Sequence[Spoken], heard: Sequence[Spoken], language: Language) -> Errors:
    """Count errors where digits read one by one are the same however they are written."""
    pair = (folded(symbols(units), language) for units in (said, heard))
    return errors_of(align(*pair))


def start_errors(
    said: Sequence[Spoken], heard: Sequence[Spoken], steps: Iterable[Step]
) -> tuple[float, ...]:
    """Return heard start less true start, seconds, of every right unit that begins a true word."""
    return tuple(
        heard[step.heard].start_s - said[step.truth].start_s
        for step in steps
        if step.kind == "equal" and step.truth is not None and step.heard is not None
        if said[step.truth].begins_word
    )


def starts_told(starts: Sequence[float]) -> Starts | None:
    """Return what the word start errors come to, None where there are none."""
    if not starts:
        return None
    away = np.abs(np.asarray(starts))
    median_s, p90_s = np.quantile(away, (0.5, 0.9))
    within = float(np.mean(away <= START_TOLERANCE_S + 1e-9))
    return Starts(len(starts), within, float(median_s), float(p90_s))


def invented(
    heard: Sequence[Spoken],
    steps: Iterable[Step],
    speech: Iterable[Span] | None,
    duration_s: float,
) -> Invented:
    """Count inserted units that touch no speech of the truth, which people marked by hand.

    Nothing is counted where nobody said where the speech is.
    """
    if speech is None:
        return Invented()
    near = _SPEECH_TOLERANCE_S
    talk = union(Span(max(0.0, s.start_s - near), s.end_s + near) for s in speech)
    quiet = difference((Span(0.0, duration_s),), talk)
    inserted = (heard[s.heard] for s in steps if s.kind == "inserted" and s.heard is not None)
    n = sum(any(span.start_s <= unit.middle_s < span.end_s for span in quiet) for unit in inserted)
    return Invented(n, total_s(quiet))


def confidences(heard: Sequence[Spoken], steps: Iterable[Step]) -> tuple[Mean, Mean]:
    """Return the mean word probability of right units and of wrong ones."""
    told: dict[bool, list[float]] = {True: [], False: []}
    for step in steps:
        confidence = None if step.heard is None else heard[step.heard].confidence
        if confidence is not None:
            told[step.kind == "equal"].append(confidence)
    return Mean(sum(told[True]), len(told[True])), Mean(sum(told[False]), len(told[False]))
