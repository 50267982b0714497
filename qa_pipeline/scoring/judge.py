"""Judges a call by a scorecard: a verdict a criterion, by the first row of the table that holds.

A pure function: the same call and scorecard give the same evaluation, without audio.
"""

from qa_pipeline.records import TIERS, Call, Evaluation, Finding, Outcome, Tier, Verdict
from qa_pipeline.scoring.bound import Bound, BoundCriterion
from qa_pipeline.scoring.evidence import Evidence, Heard, in_order
from qa_pipeline.scoring.sentences import findings_of
from qa_pipeline.scoring.totals import totals
from qa_pipeline.texts import Language, Text

_TIER_NAMES: dict[Tier, Text] = {
    "dual_channel": Text(en="two channels", zh="双声道录音"),
    "mono_diarised": Text(
        en="one channel, speakers told apart by ear", zh="单声道、自动区分说话人"
    ),
    "imported": Text(en="an imported transcript", zh="导入的文本"),
    "mono_undiarised": Text(en="one channel, speakers not told apart", zh="单声道、未区分说话人"),
}
_NO_MATTER = Text(en="does not apply", zh="不适用")
_FOR_PEOPLE = Text(en="for people to judge", zh="待人工评判")
_TOO_WEAK = Text(
    en="evidence too weak to fail a call, for people to hear",
    zh="证据较弱，不足以判定致命错误，需人工复核",
)
_NO_FINDINGS: tuple[Finding, ...] = ()


def judge(call: Call, bound: Bound) -> Evaluation:
    """Return the evaluation of `call`: verdicts in report order, and what they come to."""
    card = bound.card
    outcomes = bound.detection.of(call)
    evidence = Evidence(card, call, outcomes)
    verdicts = tuple(verdict(criterion, evidence) for criterion in bound.criteria)
    counted = tuple(f for name in card.count for f in findings_of(outcomes[name]))
    return concluded(bound, call, verdicts, counted)


def concluded(
    bound: Bound, call: Call, verdicts: tuple[Verdict, ...], counted: tuple[Finding, ...] = ()
) -> Evaluation:
    """Return what the verdicts of all criteria come to."""
    card = bound.card
    sums = totals(card, verdicts)
    return Evaluation(
        call_id=call.call_id,
        scorecard_id=card.scorecard,
        scorecard_version=card.version,
        scorecard_sha256=bound.loaded.sha256,
        score=sums.score,
        passed=sums.passed,
        coverage=sums.coverage,
        verdicts=verdicts,
        counted=counted,
    )


def verdict(bound: BoundCriterion, evidence: Evidence) -> Verdict:
    """Return the verdict of one criterion, its reason in the scorecard's language."""
    return verdict_of(bound, *_row(bound, evidence))


def verdict_of(
    bound: BoundCriterion,
    outcome: Outcome,
    reason: str = "",
    findings: tuple[Finding, ...] = _NO_FINDINGS,
) -> Verdict:
    """Return the verdict of which the outcome is known, with the points that it wins."""
    criterion = bound.criterion
    return Verdict(
        criterion=criterion.id,
        section=bound.section,
        severity=criterion.severity,
        outcome=outcome,
        points=criterion.points,
        points_won=points_won(outcome, criterion.points),
        reason=reason,
        findings=findings,
        fatal=bound.fatal,
    )


def points_won(outcome: Outcome, points: float) -> float | None:
    """Return what a criterion of so many points wins: None where nothing was judged."""
    if outcome == "pass":
        return points
    return 0.0 if outcome == "fail" else None


def _row(bound: BoundCriterion, evidence: Evidence) -> tuple[Outcome, str, tuple[Finding, ...]]:
    """Return the first row of SCORECARD.md's table that holds."""
    language = evidence.card.language
    condition = evidence.hear(bound.when, required=False) if bound.when else None
    if condition is not None and condition.truth is False:
        return "not_applicable", _titled(_NO_MATTER, condition.why, language), _NO_FINDINGS
    if condition is not None and condition.truth is None:
        return "not_measured", condition.why, condition.findings
    min_tier = bound.criterion.min_tier
    if min_tier is not None and TIERS.index(evidence.call.tier) < TIERS.index(min_tier):
        return "not_measured", _below(evidence.call.tier, min_tier).say(language), _NO_FINDINGS
    if bound.pass_if is None:
        return "pending", _for_people(bound, evidence), evidence.findings(bound.criterion.hints)
    heard = evidence.hear(bound.pass_if, required=True)
    findings = heard.findings
    if condition is not None and condition.findings:
        findings = in_order((*condition.findings, *findings))
    if heard.truth is None:
        return "not_measured", heard.why, findings
    if heard.truth:
        return "pass", heard.why, findings
    if bound.fatal and _is_weak(bound, evidence, condition, heard):
        return "not_measured", _titled(_TOO_WEAK, heard.why, language), findings
    return "fail", heard.why, findings


def _is_weak(
    bound: BoundCriterion, evidence: Evidence, condition: Heard | None, heard: Heard
) -> bool:
    """Return whether a failed criterion rests on weak evidence, or applies by such."""
    if bound.pass_if is not None and evidence.strong(bound.pass_if, heard) is not False:
        return True
    if bound.when is None or condition is None:
        return False
    return evidence.strong(bound.when, condition) is not True


def _for_people(bound: BoundCriterion, evidence: Evidence) -> str:
    card = evidence.card
    guidance = card.say(bound.criterion.guidance, "")
    if not guidance:
        return _FOR_PEOPLE.say(card.language)
    return _titled(_FOR_PEOPLE, guidance, card.language)


def _below(tier: Tier, min_tier: Tier) -> Text:
    has, needs = _TIER_NAMES[tier], _TIER_NAMES[min_tier]
    return Text(
        en=f"the evidence is {has.en}; at least {needs.en} is needed",
        zh=f"证据为{has.zh}，至少需要{needs.zh}",
    )


def _titled(title: Text, why: str, language: Language) -> str:
    return f"{title.en}: {why}" if language == "en" else f"{title.zh}：{why}"
