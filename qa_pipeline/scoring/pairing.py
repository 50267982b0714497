"""Two scorecards over one call: what either looks for is looked for once, and judged once.

Signals that say the same are one, whatever the scorecards call them; criteria that nothing touched
share their verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from qa_pipeline.detectors.detect import Detection
from qa_pipeline.detectors.detect import Outcome as Detected
from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Call, Evaluation, Outcome, Verdict
from qa_pipeline.scorecard.expressions import Expression
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.scoring.asked import Asked
from qa_pipeline.scoring.bound import Bound, BoundCriterion
from qa_pipeline.scoring.evidence import Evidence
from qa_pipeline.scoring.judge import concluded, points_won, verdict, verdict_of
from qa_pipeline.texts import Text

#: Goes before the name of a signal that both have and only one of them changed; no name has it.
_FRESH = "new "


@dataclass(frozen=True, slots=True)
class Side:
    """One scorecard of a pair; `looked_for` maps its signals' names to those in `Pair.signals`."""

    bound: Bound
    looked_for: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bound scorecards, the union of their signals, and the criteria that are judged alike.

    `narrow` are the signals that the other criteria need, enough where the verdicts of those that
    are alike are known; `detection` and `narrow_detection` look for them. `told` are the old
    scorecard's verdicts, by criterion and outcome, as they are taken from what is known.
    """

    old: Side
    new: Side
    signals: Mapping[str, Signal]
    narrow: Mapping[str, Signal]
    alike: frozenset[str]
    detection: Detection
    narrow_detection: Detection
    told: Mapping[tuple[str, Outcome], Verdict]


def pair(old: Bound, new: Bound) -> Pair:
    """Return the two scorecards ready to judge calls together."""
    signals: dict[str, Signal] = {}
    known: dict[tuple[Any, ...], str] = {}
    sides = [_side(bound, signals, known) for bound in (old, new)]
    keys = [_judging(side) for side in sides]
    alike = frozenset(name for name, key in keys[0].items() if keys[1].get(name) == key)
    needed = {
        side.looked_for[name]
        for side in sides
        for one in side.bound.criteria
        if one.criterion.id not in alike
        for name in one.signals
    }
    narrow = {name: signal for name, signal in signals.items() if name in needed}
    detections = Detection(signals), Detection(narrow)
    told = {
        (one.criterion.id, outcome): verdict_of(one, outcome)
        for one in old.criteria
        for outcome in get_args(Outcome)
    }
    return Pair(sides[0], sides[1], signals, narrow, alike, *detections, told)


def judge_both(
    call: Call, both: Pair, known: Mapping[str, Outcome] | None = None
) -> tuple[Evaluation, Evaluation]:
    """Return the call's evaluations by the old and the new scorecard, as `judge` gives them.

    `known` are the outcomes that the old scorecard gave this call before: what is alike is then
    taken from there, without reason and findings. Findings of `count` signals are left out: they
    judge nothing.
    """
    outcomes = (both.detection if known is None else both.narrow_detection).of(call)
    old = _verdicts(call, both.old, outcomes, _remembered(both, known or {}))
    shared = {one.criterion: one for one in old if one.criterion in both.alike}
    new = _verdicts(call, both.new, outcomes, shared)
    return concluded(both.old.bound, call, old), concluded(both.new.bound, call, new)


def _verdicts(
    call: Call,
    side: Side,
    outcomes: Mapping[str, Detected],
    known: Mapping[str, Verdict],
) -> tuple[Verdict, ...]:
    own = {
        name: _as_own(outcomes[key], name, side)
        for name, key in side.looked_for.items()
        if key in outcomes
    }
    evidence = Evidence(side.bound.card, call, own)
    verdicts = []
    for criterion in side.bound.criteria:
        same = known.get(criterion.criterion.id)
        verdicts.append(verdict(criterion, evidence) if same is None else _rated(same, criterion))
    return tuple(verdicts)


def _remembered(both: Pair, known: Mapping[str, Outcome]) -> dict[str, Verdict]:
    """Return the old scorecard's verdicts that need no second look."""
    return {name: both.told[name, known[name]] for name in both.alike if name in known}


def _rated(same: Verdict, bound: BoundCriterion) -> Verdict:
    """Return a verdict under the weight and the class that the other scorecard gives it."""
    criterion = bound.criterion
    weight = bound.section, criterion.severity, criterion.points
    if weight == (same.section, same.severity, same.points):
        return same
    return same._replace(
        section=bound.section,
        severity=criterion.severity,
        points=criterion.points,
        points_won=points_won(same.outcome, criterion.points),
    )


def _side(bound: Bound, signals: dict[str, Signal], known: dict[tuple[Any, ...], str]) -> Side:
    """Add the signals that the scorecard's criteria need to `signals`, those `known` only once."""
    own, looked_for = bound.card.signals, dict[str, str]()
    for name in _anchors_first({n for one in bound.criteria for n in one.signals}, own):
        signal, anchors = own[name], (*own[name].after, *own[name].before)
        key = (signal.model_dump_json(), tuple(looked_for[anchor] for anchor in anchors))
        if key not in known:
            known[key] = _FRESH + name if name in signals else name
            signals[known[key]] = signal.model_copy(
                update={
                    "after": tuple(looked_for[anchor] for anchor in signal.after),
                    "before": tuple(looked_for[anchor] for anchor in signal.before),
                }
            )
        looked_for[name] = known[key]
    return Side(bound, looked_for)


def _anchors_first(names: Iterable[str], signals: Mapping[str, Signal]) -> Iterable[str]:
    done: dict[str, None] = {}

    def add(name: str) -> None:
        for anchor in (*signals[name].after, *signals[name].before):
            add(anchor)
        done.setdefault(name)

    for name in sorted(names):
        add(name)
    return tuple(done)


def _judging(side: Side) -> dict[str, tuple[Any, ...]]:
    """Return what each criterion's verdict depends on, apart from the call."""
    card = side.bound.card
    return {
        one.criterion.id: (
            (_tree(one.when), _tree(one.pass_if)),
            (one.fatal, card.language, card.fatal_on_mono),
            (one.criterion.min_tier, one.criterion.hints, one.criterion.guidance),
            tuple(sorted((name, side.looked_for[name]) for name in one.signals)),
        )
        for one in side.bound.criteria
    }


def _tree(asked: Asked | None) -> Expression | None:
    return None if asked is None else asked.expression


def _as_own(outcome: Detected, name: str, side: Side) -> Detected:
    """Return an outcome under the name that the side's scorecard has for its signal."""
    if isinstance(outcome, NotMeasured):
        return NotMeasured(_said(outcome.reason, side))
    if outcome.signal == name:
        return outcome
    findings = tuple(finding._replace(signal=name) for finding in outcome.findings)
    return outcome._replace(signal=name, findings=findings)


def _said(reason: Text, side: Side) -> Text:
    for own, key in side.looked_for.items():
        if own != key:
            reason = Text(en=reason.en.replace(key, own), zh=reason.zh.replace(key, own))
    return reason
