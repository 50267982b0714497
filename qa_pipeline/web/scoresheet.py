"""The score sheet of a call: the machine's verdicts and the reviewer's, and what they come to.

In blind mode the sheet holds nothing of the machine's: no outcome, reason, finding or hint.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qa_pipeline.records import Call, Evaluation, Finding, Outcome, Verdict
from qa_pipeline.render.call_words import MATCHES, OUTCOMES, ROLES
from qa_pipeline.scorecard.model import Criterion, Scorecard
from qa_pipeline.scoring.totals import Totals, totals
from qa_pipeline.store.review.marks import Comment, Line
from qa_pipeline.store.review.submitting import Sheet
from qa_pipeline.texts import Language

#: What a person may say of a criterion; "cannot tell" is kept as not measured.
SAID: tuple[Outcome, ...] = ("pass", "fail", "not_applicable", "not_measured")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding as a page shows it. `rank`: 0 the gravest class of its scorecard."""

    start_s: float | None
    end_s: float | None
    role: str
    quote: str
    note: str
    signal: str
    title: str
    rank: int
    outcome: Outcome | None
    turn: int | None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A criterion. `machine` is None where the machine's word is hidden, or it gave none."""

    key: str
    criterion: str
    title: str
    severity: str
    rank: int
    fatal: bool
    points: float
    guidance: str
    by_people: bool
    machine: Outcome | None
    machine_word: str
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A category of the listening standard."""

    title: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class SheetCard:
    """One scorecard's sheet. `pass_mark` None: its file is not there, so nothing is added up."""

    scorecard_id: str
    version: int
    title: str
    pass_mark: float | None
    sections: tuple[SheetSection, ...]
    counted: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a sheet comes to as it stands. `left`: criteria that the reviewer still has to judge."""

    totals: Totals
    verdicts: Mapping[str, Outcome]
    left: tuple[str, ...]


def key_of(scorecard_id: str, criterion: str) -> str:
    """Return what names a criterion of a scorecard in a page."""
    return f"{scorecard_id}/{criterion}"


def sheet_card(
    call: Call, evaluation: Evaluation, card: Scorecard | None, language: Language, *, blind: bool
) -> SheetCard:
    """Return the sheet of one evaluation; `blind` leaves the machine's word out."""
    ranks = {name: i for i, name in enumerate(card.severities)} if card else {}
    criteria = {c.id: c for section in card.sections for c in section.criteria} if card else {}
    titles = {s.id: _title(s.title, s.id, language) for s in card.sections} if card else {}
    by_section: dict[str, list[SheetLine]] = {}
    for verdict in evaluation.verdicts:
        criterion = criteria.get(verdict.criterion)
        line = _line(evaluation.scorecard_id, verdict, criterion, language)
        line = replace(
            line,
            severity=_severity(card, verdict.severity, language),
            rank=ranks.get(verdict.severity, len(ranks)),
        )
        if not blind:
            shown = (_evidence(f, call, line, verdict.outcome, language) for f in verdict.findings)
            line = replace(line, evidence=tuple(shown))
        by_section.setdefault(verdict.section, []).append(_hidden(line) if blind else line)
    title = _title(card.title if card else None, evaluation.scorecard_id, language)
    counted = () if blind else tuple(_counted(evaluation.counted, call, language))
    return SheetCard(
        evaluation.scorecard_id,
        evaluation.scorecard_version,
        title,
        card.pass_mark if card else None,
        tuple(SheetSection(titles.get(s, s), tuple(ls)) for s, ls in by_section.items()),
        counted,
    )


def standing(
    evaluation: Evaluation, card: Scorecard | None, said: Mapping[Line, Outcome], *, blind: bool
) -> Standing:
    """Return what the reviewer's word, and where they leave it the machine's, come to.

    Blind, the machine's word counts for nothing: what is not judged is left to be judged.
    """
    verdicts: dict[str, Outcome] = {}
    left: list[str] = []
    for verdict in evaluation.verdicts:
        own = said.get((evaluation.scorecard_id, verdict.criterion))
        if own is not None:
            verdicts[verdict.criterion] = own
        elif blind or verdict.outcome == "pending":
            verdicts[verdict.criterion] = "pending"
            left.append(key_of(evaluation.scorecard_id, verdict.criterion))
        else:
            verdicts[verdict.criterion] = verdict.outcome
    judged = _with_outcomes(evaluation.verdicts, verdicts)
    found = Totals(None, None, None) if card is None else totals(card, judged)
    if left and found.passed is not False:
        found = replace(found, passed=None)
    return Standing(found, verdicts, tuple(left))


def filled(evaluation: Evaluation, stands: Standing, comments: Iterable[Comment]) -> Sheet:
    """Return the sheet to be submitted."""
    own = (c for c in comments if c.scorecard_id in (None, evaluation.scorecard_id))
    return Sheet(
        scorecard_id=evaluation.scorecard_id,
        scorecard_version=evaluation.scorecard_version,
        verdicts=stands.verdicts,
        passed=stands.totals.passed,
        score=stands.totals.score,
        comments=tuple(own),
    )


def corrected_sheet(
    evaluation: Evaluation, card: Scorecard | None, verdicts: Mapping[str, Outcome]
) -> Sheet:
    """Return the sheet with these verdicts added up: a lead's correction."""
    judged = _with_outcomes(evaluation.verdicts, verdicts)
    found = Totals(None, None, None) if card is None else totals(card, judged)
    return Sheet(
        evaluation.scorecard_id,
        evaluation.scorecard_version,
        verdicts,
        found.passed,
        found.score,
    )


def _with_outcomes(
    verdicts: Iterable[Verdict], outcomes: Mapping[str, Outcome]
) -> Iterator[Verdict]:
    for verdict in verdicts:
        yield verdict._replace(outcome=outcomes.get(verdict.criterion, "pending"))


def _line(
    scorecard_id: str, verdict: Verdict, criterion: Criterion | None, language: Language
) -> SheetLine:
    return SheetLine(
        key=key_of(scorecard_id, verdict.criterion),
        criterion=verdict.criterion,
        title=_title(criterion.title if criterion else None, verdict.criterion, language),
        severity=verdict.severity,
        rank=0,
        fatal=verdict.fatal,
        points=verdict.points,
        guidance=_title(criterion.guidance if criterion else None, "", language),
        by_people=verdict.outcome == "pending" if criterion is None else _by_people(criterion),
        machine=verdict.outcome,
        machine_word=OUTCOMES[verdict.outcome].say(language),
        reason=verdict.reason,
        evidence=(),
    )


def _hidden(line: SheetLine) -> SheetLine:
    return replace(line, machine=None, machine_word="", reason="", evidence=())


def _by_people(criterion: Criterion) -> bool:
    return criterion.judged_by == "human"


def _severity(card: Scorecard | None, severity: str, language: Language) -> str:
    declared = card.severities.get(severity) if card else None
    return _title(declared.title if declared else None, severity, language)


def _evidence(
    finding: Finding, call: Call, line: SheetLine, outcome: Outcome | None, language: Language
) -> Evidence:
    timed = call.timed
    note = MATCHES[finding.match].say(language) if finding.match in MATCHES else ""
    return Evidence(
        start_s=finding.start_s if timed else None,
        end_s=finding.end_s if timed else None,
        role=ROLES[finding.role].say(language) if finding.role else "",
        quote=finding.quote or "",
        note=note,
        signal=finding.signal,
        title=line.title,
        rank=line.rank,
        outcome=outcome,
        turn=finding.turn,
    )


def _counted(findings: Iterable[Finding], call: Call, language: Language) -> Iterator[Evidence]:
    for finding in findings:
        nobody = SheetLine("", "", finding.signal, "", 9, False, 0.0, "", False, None, "", "", ())
        yield _evidence(finding, call, nobody, None, language)


def _title(title: Mapping[Language, str] | None, otherwise: str, language: Language) -> str:
    if not title:
        return otherwise
    return title.get(language) or next(iter(title.values()))
