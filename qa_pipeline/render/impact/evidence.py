"""Flipped calls as people check them: what each version found, where, and what it concluded."""

from typing import Any

from qa_pipeline.aggregate.impact import Cause, Flip, Moved, Turn
from qa_pipeline.records import Finding, Verdict
from qa_pipeline.render.impact.sentences import cause_title, limits_beside, no_step
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.words import CHANGES, OUTCOMES, ROLES, STATES, WORDS
from qa_pipeline.render.numbers import NONE, clock
from qa_pipeline.scoring import shown_score
from qa_pipeline.texts import Language, Text

#: Findings of one verdict that a page shows; the data has more.
_MAX_FINDINGS = 3
#: Causes on the page, and calls of one that is not among the first: the rest are counted.
N_CAUSES, _N_FIRST, _N_CALLS = 10, 3, 2


def cause_blocks(subject: ImpactSubject, language: Language) -> list[dict[str, Any]]:
    """Return the commonest causes, each with its criteria and a few calls."""
    causes = subject.impact.causes[:N_CAUSES]
    return [
        _cause(cause, subject, language, None if i < _N_FIRST else _N_CALLS)
        for i, cause in enumerate(causes)
    ]


def _cause(
    cause: Cause, subject: ImpactSubject, language: Language, n_calls: int | None
) -> dict[str, Any]:
    return {
        "title": cause_title(cause, language),
        "before": cause.before,
        "now": cause.now,
        "steps": [_step(turn, cause, subject, language) for turn in cause.steps],
        "no_step": no_step(cause, subject, language),
        "calls": [_call(flip, subject, language) for flip in cause.flips[:n_calls]],
    }


def _step(turn: Turn, cause: Cause, subject: ImpactSubject, language: Language) -> dict[str, str]:
    change = "" if turn.change is None else CHANGES[turn.change].say(language)
    if turn.change == "points":
        weighed = next(one for one in cause.flips[0].weighed if one.criterion == turn.criterion)
        points = [verdict.points for verdict in (weighed.before, weighed.now) if verdict]
        change = f"{change} {' → '.join(f'{n:.15g}' for n in points)}"
    return {
        "criterion": subject.criterion(turn.criterion, language),
        "before": OUTCOMES[turn.before].say(language),
        "sign": Text(en=", ", zh="，").say(language) if change else " → ",
        "now": change or OUTCOMES[turn.now].say(language),
    }


def _call(flip: Flip, subject: ImpactSubject, language: Language) -> dict[str, Any]:
    at = flip.started_at
    evidence = [
        *(_moved(one, subject, language) for one in flip.moved),
        *(_moved(one, subject, language, is_weighed=True) for one in flip.weighed),
    ]
    turned = {subject.criterion(turn.criterion, language) for turn in flip.turns}
    return {
        "call_id": flip.call_id,
        "who": " · ".join(part for part in (flip.group, flip.agent_id) if part),
        "at": "" if at is None else at.astimezone(subject.zone).strftime("%Y-%m-%d %H:%M"),
        "lasts": clock(flip.duration_s),
        "before": STATES[flip.before].say(language),
        "now": STATES[flip.now].say(language),
        "states": (flip.before, flip.now),
        "score_before": NONE if flip.score_before is None else shown_score(flip.score_before),
        "score_now": NONE if flip.score_now is None else shown_score(flip.score_now),
        "limits": limits_beside(flip, subject, language),
        "moved": sorted(evidence, key=lambda one: one["criterion"] not in turned),
    }


def _moved(
    moved: Moved, subject: ImpactSubject, language: Language, *, is_weighed: bool = False
) -> dict[str, Any]:
    verdict = moved.now or moved.before
    severity = "" if verdict is None else verdict.severity
    sides = [(_verdict(one, language), one) for one in (moved.before, moved.now)]
    before, now = (
        {**told, "weight": _weight(one, language) if one and is_weighed else ""}
        for told, one in sides
    )
    return {
        "criterion": subject.criterion(moved.criterion, language),
        "severity": severity,
        "rank": subject.ranks.get(severity, 2),
        "before": before,
        "now": now,
    }


def _weight(verdict: Verdict, language: Language) -> str:
    """Return what a criterion weighs, where that and not its outcome decided."""
    points, name = f"{verdict.points:.15g}", verdict.severity
    return Text(
        en=f"class {name}{', fatal' if verdict.fatal else ''}, "
        f"{points} {'point' if verdict.points == 1 else 'points'}",
        zh=f"级别 {name}{'（致命）' if verdict.fatal else ''}，{points} 分",
    ).say(language)


def _verdict(verdict: Verdict | None, language: Language) -> dict[str, Any]:
    if verdict is None:
        return {"outcome": None, "name": WORDS["absent"].say(language), "reason": "", "found": []}
    untold = [found for found in verdict.findings if not _is_told(found, verdict.reason)]
    more = len(untold) - _MAX_FINDINGS
    found = [_finding(finding, language) for finding in untold[:_MAX_FINDINGS]]
    return {
        "outcome": verdict.outcome,
        "name": OUTCOMES[verdict.outcome].say(language),
        "reason": verdict.reason,
        "found": found,
        "more": Text(en=f"and {more} more", zh=f"另有 {more} 处").say(language) if more > 0 else "",
    }


def _is_told(finding: Finding, reason: str) -> bool:
    """Return whether the reason names this finding's time and its first words already."""
    return (
        finding.start_s is not None
        and clock(finding.start_s) in reason
        and (finding.quote or "")[:20] in reason
    )


def _finding(finding: Finding, language: Language) -> dict[str, str]:
    when = ""
    if finding.start_s is not None:
        when = clock(finding.start_s)
    elif finding.turn is not None:
        when = Text(en=f"line {finding.turn + 1}", zh=f"第 {finding.turn + 1} 句").say(language)
    lasts = ""
    if not finding.quote and finding.start_s is not None and finding.end_s is not None:
        seconds = f"{finding.end_s - finding.start_s:.1f}"
        lasts = {"en": f"{seconds} s", "zh": f"{seconds} 秒"}[language]
    return {
        "when": when,
        "who": ROLES[finding.role].say(language) if finding.role else "",
        "quote": finding.quote or "",
        "lasts": lasts,
    }
