"""The report's tables as rows of finished strings, section by section."""

from collections.abc import Sequence
from typing import Any

from qa_pipeline.aggregate.figures import CriterionMonth, GroupMonth, Month, SeverityCount
from qa_pipeline.render.numbers import NONE, clock, count, percent
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.views import change_cell, stratum_name
from qa_pipeline.render.wording import WORDS
from qa_pipeline.texts import Language

N_PROBLEMS = 10
#: More groups than this would push a table off the page; the figures keep them all.
_MAX_GROUP_COLUMNS = 6


def severity_ranks(month: Month) -> dict[str, int]:
    """Return 0 for fatal classes, 1 for the next class, 2 for all others: their colour."""
    ranks: dict[str, int] = {}
    for severity in month.overall.severities:
        n_others = sum(rank > 0 for rank in ranks.values())
        ranks[severity.severity] = 0 if severity.is_fatal else min(2, 1 + n_others)
    return ranks


def class_table(month: Month, titles: Titles, language: Language) -> dict[str, Any]:
    """Return failed criteria by class and group."""
    ranks = severity_ranks(month)
    return {
        "columns": [
            {"severity": s, "rank": rank, "title": titles.severity_title(s, language)}
            for s, rank in ranks.items()
        ],
        "rows": [
            _class_row(group, list(ranks), language) for group in (month.overall, *month.groups)
        ],
    }


def _class_row(group: GroupMonth, severities: Sequence[str], language: Language) -> dict[str, Any]:
    counts = {each.severity: each for each in group.severities}
    n_calls = group.machine.n_calls
    return {
        "name": group.group if group.group is not None else WORDS["all_groups"].say(language),
        "is_overall": group.group is None,
        "n_calls": count(n_calls),
        "cells": [_class_cell(counts.get(severity), n_calls, language) for severity in severities],
    }


def _class_cell(found: SeverityCount | None, n_calls: int, language: Language) -> dict[str, Any]:
    if found is None or n_calls == 0:
        return {"n": NONE, "rate": "", "before": None}
    rate = f"{100 * found.n_failed / n_calls:.1f}"
    shown = {"en": f"{rate} per 100", "zh": f"每百通 {rate}"}[language]
    return {
        "n": count(found.n_failed),
        "rate": shown,
        "before": None if found.n_before is None else count(found.n_before),
    }


def problem_tables(month: Month, titles: Titles, language: Language) -> dict[str, Any]:
    """Return the criteria that failed most, with examples, and what was only counted."""
    names = [group.group for group in month.groups if group.group is not None]
    shown = names if len(names) <= _MAX_GROUP_COLUMNS else []
    ranks = severity_ranks(month)
    return {
        "problem_groups": shown,
        "problems": [
            {
                "title": titles.criterion(c.scorecard_id, c.criterion, language),
                "scorecard": titles.scorecard(c.scorecard_id, language),
                "severity": c.severity,
                "rank": ranks.get(c.severity, 2),
                "n_failed": count(c.n_failed),
                "n_judged": count(c.n_judged),
                "share": percent(c.failed_share or 0.0),
                "change": change_cell(c.change, language),
                "groups": _shares(c, shown),
                "examples": _examples(c),
            }
            for c in month.problems[:N_PROBLEMS]
        ],
        "counted": month.counted,
    }


def _shares(criterion: CriterionMonth, groups: Sequence[str]) -> list[str]:
    shares = {share.group: percent(share.n_failed / share.n_judged) for share in criterion.groups}
    return [shares.get(group, NONE) for group in groups]


def _examples(criterion: CriterionMonth) -> list[dict[str, Any]]:
    return [
        {
            "call_id": example.call_id,
            "group": example.group,
            "agent_id": example.agent_id,
            "date": example.local_date.isoformat(),
            "at": clock(example.start_s),
            "quote": example.quote,
            "reason": example.reason,
        }
        for example in criterion.examples
    ]


def strata_rows(month: Month, language: Language) -> list[dict[str, str]]:
    """Return the strata of every closed batch."""
    return [
        {
            "name": stratum_name(s.stratum, language),
            "batch": s.batch,
            "n_population": count(s.n_population),
            "n_drawn": count(s.n_drawn),
            "probability": f"{s.n_drawn / s.n_population:.3f}",
            "weight": f"{s.n_population / s.n_drawn:.1f}" if s.n_drawn else NONE,
            "n_reviewed": count(s.n_reviewed),
            "n_passed": count(s.n_passed),
        }
        for s in month.strata
    ]


def coverage_tables(month: Month, titles: Titles, language: Language) -> dict[str, Any]:
    """Return tiers, failed recordings, and criteria that were not measured or left to people."""
    n_calls = sum(n for _, n in month.coverage.tiers)
    unmeasured = [c for c in month.criteria if c.n_not_measured]
    unmeasured.sort(key=lambda c: (-c.n_not_measured, c.scorecard_id, c.criterion))
    return {
        "tiers": [
            {
                "name": WORDS[tier].say(language) if tier in WORDS else tier,
                "n": count(n),
                "share": percent(n / n_calls),
            }
            for tier, n in month.coverage.tiers
        ],
        "failures": [
            {
                "stage": failure.stage,
                "code": failure.code,
                "message": failure.message_zh if language == "zh" else failure.message_en,
                "n": count(failure.n_recordings),
            }
            for failure in month.coverage.failures
        ],
        "unmeasured": [
            {
                "title": titles.criterion(c.scorecard_id, c.criterion, language),
                "n_judged": count(c.n_judged),
                "n_not_measured": count(c.n_not_measured),
                "share": percent(c.n_not_measured / (c.n_not_measured + c.n_judged)),
                "reason": c.commonest_reason_not_measured or "",
            }
            for c in unmeasured
        ],
        "left_to_people": list(
            dict.fromkeys(
                titles.criterion(c.scorecard_id, c.criterion, language)
                for c in month.criteria
                if c.n_pending
            )
        ),
    }


def provenance_tables(month: Month, titles: Titles, language: Language) -> dict[str, Any]:
    """Return the scorecards and engines behind the figures."""
    return {
        "scorecards": [
            {
                "title": titles.scorecard(card.scorecard_id, language),
                "id": card.scorecard_id,
                "version": str(card.version),
                "sha256": card.sha256,
                "n_calls": count(card.machine.n_calls),
                "rate": percent(card.machine.interval.value)
                if card.machine.interval and card.machine.is_enough
                else NONE,
            }
            for card in month.scorecards
        ],
        "engines": month.engines,
    }
