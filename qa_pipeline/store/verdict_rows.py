"""An evaluation as rows of `evaluations`, `verdicts` and `findings`, and back.

`position` keeps report order among verdicts and order of time among a criterion's findings. A
finding without a criterion belongs to the scorecard's `count` signals.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from qa_pipeline.records import Call, Evaluation, Finding, Provenance, Verdict
from qa_pipeline.store.rows import Row, fact_columns, metadata_text


@dataclass(frozen=True, slots=True)
class EvaluationRows:
    """The rows of one evaluation, table by table."""

    evaluation: Row
    verdicts: tuple[Row, ...]
    findings: tuple[Row, ...]


def evaluation_rows(
    call: Call, evaluation: Evaluation, detectors: str, provenance: Provenance, zone: ZoneInfo
) -> EvaluationRows:
    """Return the rows of `evaluation`; `detectors` names the detector versions that judged."""
    shared = {
        **fact_columns(call, zone),
        "scorecard_id": evaluation.scorecard_id,
        "scorecard_version": evaluation.scorecard_version,
        "scorecard_sha256": evaluation.scorecard_sha256,
        "detectors": detectors,
        **asdict(provenance),
    }
    found: list[tuple[str | None, int, Finding]] = [
        (verdict.criterion, i, finding)
        for verdict in evaluation.verdicts
        for i, finding in enumerate(verdict.findings)
    ]
    found += [(None, i, finding) for i, finding in enumerate(evaluation.counted)]
    return EvaluationRows(
        evaluation={
            **shared,
            "score": evaluation.score,
            "passed": evaluation.passed,
            "coverage": evaluation.coverage,
            "metadata": metadata_text(call.metadata),
        },
        verdicts=tuple(
            {**shared, "position": i, **_verdict_columns(verdict)}
            for i, verdict in enumerate(evaluation.verdicts)
        ),
        findings=tuple(
            {**shared, "position": i, "criterion": criterion, **_finding_columns(finding)}
            for criterion, i, finding in found
        ),
    )


_VERDICT = tuple(name for name in Verdict._fields if name != "findings")
_FINDING = Finding._fields


def _verdict_columns(verdict: Verdict) -> Row:
    return {name: getattr(verdict, name) for name in _VERDICT}


def _finding_columns(finding: Finding) -> Row:
    return finding._asdict()


def evaluation_of(row: Row, verdicts: Iterable[Row], findings: Iterable[Row]) -> Evaluation:
    """Return the evaluation whose rows these are (of one call and one scorecard)."""
    evidence: dict[str | None, list[Finding]] = {}
    for found in sorted(findings, key=lambda r: int(r["position"])):
        finding = Finding(**{name: found[name] for name in _FINDING})
        evidence.setdefault(found["criterion"], []).append(finding)
    return Evaluation(
        call_id=row["call_id"],
        scorecard_id=row["scorecard_id"],
        scorecard_version=row["scorecard_version"],
        scorecard_sha256=row["scorecard_sha256"],
        score=row["score"],
        passed=row["passed"],
        coverage=row["coverage"],
        verdicts=tuple(
            Verdict(
                **{name: verdict[name] for name in _VERDICT},
                findings=tuple(evidence.get(verdict["criterion"], ())),
            )
            for verdict in sorted(verdicts, key=lambda r: int(r["position"]))
        ),
        counted=tuple(evidence.get(None, ())),
    )
