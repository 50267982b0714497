"""The figures of an edit as plain data; the calls themselves come one by one from the run."""

from typing import Any

from qa_pipeline.aggregate.impact import Cause, CriterionImpact, GroupImpact
from qa_pipeline.aggregate.plain import plain
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.scorecard.diff import Difference


def impact_data(subject: ImpactSubject) -> dict[str, Any]:
    """Return everything but the calls; rates 0-1, counts, words of differences in both languages.

    `causes` have ids of a few calls each; their evidence stands in the list of calls.
    """
    impact = subject.impact
    return {
        "period": impact.period,
        "old": plain(impact.old),
        "new": plain(impact.new),
        "n_stored": impact.n_stored,
        "n_outside": impact.n_outside,
        "failed": [{"where": where, "n": n} for where, n in impact.failed],
        "differences": [difference_data(one) for one in subject.differences],
        "overall": _group(impact.overall),
        "groups": [_group(group) for group in impact.groups],
        "classes": plain(impact.classes),
        "criteria": [_criterion(one) for one in impact.criteria],
        "n_flipped": impact.n_flipped,
        "n_moved": impact.n_moved,
        "n_causes": impact.n_causes,
        "causes": [_cause(cause) for cause in impact.causes],
    }


def difference_data(one: Difference) -> dict[str, Any]:
    """Return a difference as plain data, its sentence in both languages."""
    said = one.said()
    return {
        "subject": one.subject,
        "name": one.name,
        "key": one.key,
        "before": one.before,
        "after": one.after,
        "en": said.en,
        "zh": said.zh,
    }


def _group(group: GroupImpact) -> dict[str, Any]:
    made: dict[str, Any] = plain(group)
    return made


def _criterion(one: CriterionImpact) -> dict[str, Any]:
    return {**plain(one), "steps": [{**plain(step), "n": n} for step, n in one.steps]}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "before": cause.before,
        "now": cause.now,
        "steps": plain(cause.steps),
        "n": cause.n,
        "call_ids": [flip.call_id for flip in cause.flips],
    }
