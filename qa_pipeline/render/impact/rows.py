"""The tables of the impact page as rows of finished strings, for page and terminal alike."""

from typing import Any

from qa_pipeline.aggregate.impact import STATES, CriterionImpact, GroupImpact, State
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.words import STATES as STATE_NAMES
from qa_pipeline.render.impact.words import WORDS
from qa_pipeline.render.numbers import NONE, count, percent, points, points_range
from qa_pipeline.scorecard.diff import Difference, Subject
from qa_pipeline.scoring import shown_score
from qa_pipeline.texts import Language, Text

_ARROWS = {"up": "▲", "down": "▼", None: ""}
_SUBJECTS: dict[Subject, Text] = {
    "scorecard": Text(en="The scorecard", zh="评分表"),
    "severity": Text(en="Classes", zh="级别"),
    "section": Text(en="Sections", zh="分类"),
    "criterion": Text(en="Criteria", zh="标准"),
    "signal": Text(en="Signals", zh="信号"),
}


def group_name(group: GroupImpact, language: Language) -> str:
    """Return a group as people call it."""
    if group.group is None:
        return WORDS["all_groups"].say(language)
    return group.group or WORDS["no_group"].say(language)


def group_rows(subject: ImpactSubject, language: Language) -> list[dict[str, Any]]:
    """Return the groups, all groups first."""
    impact = subject.impact
    return [_group_row(group, language) for group in (impact.overall, *impact.groups)]


def _group_row(group: GroupImpact, language: Language) -> dict[str, Any]:
    rate = group.rate
    scores = (group.mean_score_before, group.mean_score_now)
    return {
        "name": group_name(group, language),
        "is_overall": group.group is None,
        "n_calls": count(group.n_calls),
        "n_compared": count(group.n_decided_by_both),
        "before": None if rate is None else percent(rate.before),
        "now": None if rate is None else percent(rate.now),
        "change": None if rate is None else points(rate.difference.value),
        "interval": None if rate is None else points_range(rate.difference, language),
        "direction": None if rate is None else rate.direction,
        "arrow": _ARROWS[None if rate is None else rate.direction],
        "n_to_fail": count(group.n_now_fail),
        "n_to_pass": count(group.n_now_pass),
        "undecided": f"{count(group.n_undecided_before)} → {count(group.n_undecided_now)}",
        "scores": " → ".join(NONE if s is None else shown_score(s) for s in scores),
    }


def class_rows(subject: ImpactSubject, language: Language) -> list[dict[str, Any]]:
    """Return the severity classes: failed criteria, and calls with one."""
    return [
        {
            "severity": one.severity,
            "rank": subject.ranks[one.severity],
            "title": subject.titles.severity_title(one.severity, language),
            "failed_before": count(one.n_failed_before),
            "failed_now": count(one.n_failed_now),
            "failed_change": signed(one.n_failed_now - one.n_failed_before),
            "failed_sign": _sign(one.n_failed_now - one.n_failed_before),
            "calls_before": count(one.n_calls_before),
            "calls_now": count(one.n_calls_now),
            "calls_change": signed(one.n_calls_now - one.n_calls_before),
            "calls_sign": _sign(one.n_calls_now - one.n_calls_before),
        }
        for one in subject.impact.classes
    ]


def signed(n: int) -> str:
    """Write a difference of counts, always with its sign."""
    return f"{'+' if n > 0 else chr(0x2212) if n < 0 else '±'}{abs(n):,}"


def _sign(n: int) -> str:
    return "up" if n > 0 else "down" if n < 0 else ""


def criterion_rows(subject: ImpactSubject, language: Language) -> list[dict[str, Any]]:
    """Return the criteria whose verdicts moved on any call, most moved first."""
    moved = [one for one in subject.impact.criteria if one.n_moved]
    return [_criterion_row(one, subject, language) for one in moved]


def _criterion_row(
    one: CriterionImpact, subject: ImpactSubject, language: Language
) -> dict[str, Any]:
    mark = None
    if not (one.is_in_old and one.is_in_new):
        mark = WORDS["new_criterion" if one.is_in_new else "gone_criterion"].say(language)
    more = one.n_failed_now - one.n_failed_before
    return {
        "id": one.criterion,
        "title": subject.criterion(one.criterion, language),
        "mark": mark,
        "severity": one.severity,
        "rank": subject.ranks.get(one.severity, 2),
        "n_moved": count(one.n_moved),
        "failed": f"{count(one.n_failed_before)} → {count(one.n_failed_now)}",
        "change": signed(more),
        "sign": _sign(more),
        "share": f"{_share(one.n_failed_before, one.n_judged_before)} → "
        f"{_share(one.n_failed_now, one.n_judged_now)}",
        "not_measured": f"{count(one.n_not_measured_before)} → {count(one.n_not_measured_now)}",
    }


def _share(n: int, of: int) -> str:
    return percent(n / of) if of else NONE


def flow_rows(subject: ImpactSubject, language: Language) -> dict[str, Any]:
    """Return the calls by what the old and the new version make of them."""
    overall = subject.impact.overall
    seen = [state for state in STATES if overall.n((state,), STATES) or overall.n(STATES, (state,))]
    return {
        "columns": [STATE_NAMES[state].say(language) for state in seen],
        "rows": [
            {
                "name": STATE_NAMES[before].say(language),
                "cells": [_flow_cell(overall, before, now) for now in seen],
                "total": count(overall.n((before,), STATES)),
            }
            for before in seen
        ],
        "totals": [count(overall.n(STATES, (now,))) for now in seen],
        "total": count(overall.n_calls),
    }


def _flow_cell(overall: GroupImpact, before: State, now: State) -> dict[str, str]:
    n = overall.n((before,), (now,))
    tone = "same" if before == now else "worse" if now == "fail" else "better"
    if before != now and now not in ("pass", "fail"):
        tone = "apart"
    return {"n": count(n) if n else NONE, "tone": tone if n else "none"}


def difference_groups(
    subject: ImpactSubject, language: Language, most: int
) -> tuple[list[dict[str, Any]], int]:
    """Return the differences by what they are of, at most `most`, and how many are left out."""
    shown = subject.differences[:most]
    groups = [
        {
            "title": title.say(language),
            "lines": [_line(one, language) for one in shown if one.subject == kind],
        }
        for kind, title in _SUBJECTS.items()
    ]
    return [group for group in groups if group["lines"]], len(subject.differences) - len(shown)


def _line(one: Difference, language: Language) -> dict[str, str]:
    name = "" if one.subject == "scorecard" else one.named(language)
    return {"name": name, "text": one.text.say(language), "said": one.said().say(language)}
