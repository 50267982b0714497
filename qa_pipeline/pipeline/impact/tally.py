"""Adding up what two scorecards make of calls: counters that merge, whatever their number."""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter

from qa_pipeline.aggregate.impact import (
    STATES,
    CardName,
    Cause,
    ClassImpact,
    CriterionImpact,
    Flip,
    GroupImpact,
    Impact,
    Judged,
    State,
    Step,
    Turn,
    corrected,
    group_impact,
)
from qa_pipeline.pipeline.impact.deciding import flip_of, state_of
from qa_pipeline.records import Call, Evaluation
from qa_pipeline.scoring.bound import Bound

#: Calls shown of each cause, and causes that keep some: the page stays readable, memory flat.
N_EXAMPLES = 5
_MAX_CAUSES = 400

CauseKey = tuple[State, State, tuple[Turn, ...]]


@dataclass(slots=True)
class Tally:
    """What some calls come to; a call without a group is counted under "".

    Verdicts and classes are of the calls that both versions apply to; sums of scores are exact, so
    that the order of calls and processes changes nothing.
    """

    n_outside: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    flows: Counter[tuple[str, State, State]] = field(default_factory=Counter)
    steps: Counter[Step] = field(default_factory=Counter)
    class_calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    class_failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    n_scored: Counter[str] = field(default_factory=Counter)
    score_before: dict[str, Fraction] = field(default_factory=dict)
    score_now: dict[str, Fraction] = field(default_factory=dict)

    def add(self, call: Call, old: Evaluation | None, new: Evaluation | None) -> Flip | None:
        """Count a call that at least one version applies to; return it where they disagree."""
        group = str(call.metadata.get("group") or "")
        before, now = state_of(old), state_of(new)
        self.flows[group, before, now] += 1
        if old is None or new is None:
            return None
        self._classes("before", old)
        self._classes("now", new)
        self._steps(old, new)
        if old.score is not None and new.score is not None:
            self.n_scored[group] += 1
            _add(self.score_before, group, Fraction(old.score))
            _add(self.score_now, group, Fraction(new.score))
        return None if before == now else flip_of(call, old, new)

    def _steps(self, old: Evaluation, new: Evaluation) -> None:
        theirs = {verdict.criterion: verdict.outcome for verdict in old.verdicts}
        for verdict in new.verdicts:
            name = verdict.criterion
            self.steps[_step(name, theirs.pop(name, None), verdict.outcome)] += 1
        for name, outcome in theirs.items():
            self.steps[_step(name, outcome, None)] += 1

    def _classes(self, side: str, evaluation: Evaluation) -> None:
        failed = [v.severity for v in evaluation.verdicts if v.outcome == "fail"]
        for severity in failed:
            self.class_failed[severity, side] += 1
        for severity in set(failed):
            self.class_calls[severity, side] += 1

    def merge(self, other: "Tally") -> None:
        """Add what another tally counted."""
        self.n_outside += other.n_outside
        for mine, theirs in (
            (self.failed, other.failed),
            (self.flows, other.flows),
            (self.steps, other.steps),
            (self.class_calls, other.class_calls),
            (self.class_failed, other.class_failed),
            (self.n_scored, other.n_scored),
        ):
            mine.update(theirs)  # type: ignore[arg-type]
        for sums, more in (
            (self.score_before, other.score_before),
            (self.score_now, other.score_now),
        ):
            for group, total in more.items():
                _add(sums, group, total)


def _add(sums: dict[str, Fraction], group: str, more: Fraction) -> None:
    sums[group] = sums.get(group, Fraction(0)) + more


class Causes:
    """Counts flips by what caused them and keeps a few of each: the same on any machine."""

    def __init__(self) -> None:
        self._counts: Counter[CauseKey] = Counter()
        self._kept: dict[CauseKey, list[tuple[int, str, Flip]]] = {}

    def add(self, flip: Flip) -> None:
        """Count a flip; keep it if its lot is among the lowest of its cause."""
        key = (flip.before, flip.now, flip.turns)
        self._counts[key] += 1
        kept = self._kept.setdefault(key, [])
        heapq.heappush(kept, (-_lot(flip.call_id), flip.call_id, flip))
        if len(kept) > N_EXAMPLES:
            heapq.heappop(kept)
        if len(self._kept) > 2 * _MAX_CAUSES:
            common = {key for key, _ in self._counts.most_common(_MAX_CAUSES)}
            self._kept = {key: kept for key, kept in self._kept.items() if key in common}

    def most_common(self) -> tuple[tuple[Cause, ...], int]:
        """Return the causes, real flips first and the most frequent first, and how many exist."""
        causes = [
            Cause(*key, self._counts[key], tuple(flip for _, _, flip in sorted(kept, reverse=True)))
            for key, kept in self._kept.items()
        ]
        causes.sort(key=lambda c: ("undecided" in (c.before, c.now), -c.n, repr(c.steps)))
        return tuple(causes[:_MAX_CAUSES]), len(self._counts)


def _lot(call_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(call_id.encode(), digest_size=8).digest(), "big")


@lru_cache(maxsize=4096)  # a few of each criterion, for every call one
def _step(criterion: str, before: Judged, now: Judged) -> Step:
    return Step(criterion, before, now)


def figures(
    tally: Tally, causes: Causes, names: tuple[CardName, CardName], cards: tuple[Bound, Bound],
    *, period: str, n_stored: int,
) -> Impact:  # fmt: skip
    """Return everything that was added up as the figures of the report."""
    groups = sorted({group for group, _, _ in tally.flows})
    kept, n_causes = causes.most_common()
    return Impact(
        period=period,
        old=names[0],
        new=names[1],
        n_stored=n_stored,
        n_outside=tally.n_outside,
        failed=tuple(sorted(tally.failed.items(), key=itemgetter(1), reverse=True)),
        overall=_group(tally, None, groups),
        groups=corrected([_group(tally, group, [group]) for group in groups]),
        classes=tuple(_class_impacts(tally, cards)),
        criteria=tuple(_criteria(tally.steps, cards)),
        causes=kept,
        n_causes=n_causes,
    )


def _group(tally: Tally, name: str | None, groups: Iterable[str]) -> GroupImpact:
    flows: Counter[tuple[State, State]] = Counter()
    for group in groups:
        for before in STATES:
            for now in STATES:
                if n := tally.flows[group, before, now]:
                    flows[before, now] += n
    scores = (
        sum(tally.n_scored[group] for group in groups),
        float(sum(tally.score_before.get(group, 0) for group in groups)),
        float(sum(tally.score_now.get(group, 0) for group in groups)),
    )
    return group_impact(name, flows, scores)


def _class_impacts(tally: Tally, cards: tuple[Bound, Bound]) -> Iterable[ClassImpact]:
    """Yield the classes in the order of the new scorecard, then what only the old one has."""
    severities = {**cards[0].card.severities, **cards[1].card.severities}
    order = dict.fromkeys((*cards[1].card.severities, *cards[0].card.severities))
    for severity in order:
        yield ClassImpact(
            severity=severity,
            is_fatal=severities[severity].fatal,
            n_failed_before=tally.class_failed[severity, "before"],
            n_failed_now=tally.class_failed[severity, "now"],
            n_calls_before=tally.class_calls[severity, "before"],
            n_calls_now=tally.class_calls[severity, "now"],
        )


def _criteria(steps: Mapping[Step, int], cards: tuple[Bound, Bound]) -> list[CriterionImpact]:
    """Return every criterion, those with the most moved verdicts first, then in report order."""
    old, new = ({one.criterion.id: one.criterion for one in bound.criteria} for bound in cards)
    found = [
        CriterionImpact(
            criterion=name,
            severity=(new.get(name) or old[name]).severity,
            is_in_old=name in old,
            is_in_new=name in new,
            steps=tuple(
                sorted(
                    ((step, n) for step, n in steps.items() if step.criterion == name),
                    key=lambda pair: (pair[0].before == pair[0].now, -pair[1], repr(pair[0])),
                )
            ),
        )
        for name in dict.fromkeys((*new, *old))
    ]
    return sorted(found, key=lambda one: -one.n_moved)
