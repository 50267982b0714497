"""Shows an evaluation: as a table by sections for people, or as the data of `--json`."""

from collections.abc import Iterator
from typing import Any, assert_never, get_args

from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.cli.shown import line
from qa_pipeline.records import Evaluation, Finding, Outcome, Verdict
from qa_pipeline.render.call_words import MATCHES, OUTCOMES, ROLES, STYLES
from qa_pipeline.scorecard.model import Criterion, Scorecard
from qa_pipeline.scoring import shown_score
from qa_pipeline.texts import Language, Text

_MARKS: dict[Outcome, str] = {
    "pass": "✓",
    "fail": "✗",
    "not_applicable": "–",
    "not_measured": "?",
    "pending": "…",
}
#: So that the sections' columns stand below each other.
_OUTCOME_WIDTH: dict[Language, int] = {
    language: max(cell_len(f"{_MARKS[o]} {name.say(language)}") for o, name in OUTCOMES.items())
    for language in get_args(Language)
}
_MAX_FINDINGS = 5


def evaluation_data(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as DATA.md describes the output of `qa try --json`."""
    return {
        "scorecard": {
            "id": evaluation.scorecard_id,
            "version": evaluation.scorecard_version,
            "sha256": evaluation.scorecard_sha256,
        },
        "score": evaluation.score,
        "passed": evaluation.passed,
        "coverage": evaluation.coverage,
        "verdicts": [_verdict_data(verdict) for verdict in evaluation.verdicts],
    }


def _verdict_data(verdict: Verdict) -> dict[str, Any]:
    keys = (
        "criterion", "section", "severity", "outcome", "points", "points_won", "reason",
    )  # fmt: skip
    finding_keys = (
        "signal", "detector", "role", "start_s", "end_s", "quote", "match", "value",
    )  # fmt: skip
    findings = [finding._asdict() for finding in verdict.findings]
    return {
        **{key: getattr(verdict, key) for key in keys},
        "findings": [{key: finding[key] for key in finding_keys} for finding in findings],
    }


def print_evaluation(
    console: Console, card: Scorecard, evaluation: Evaluation, language: Language
) -> None:
    """Print every verdict by sections, in report order, and what they come to."""
    title = card.say(card.title, card.scorecard)
    console.print(line(f"{title}  {card.scorecard} v{card.version}", "bold"))
    verdicts = {verdict.criterion: verdict for verdict in evaluation.verdicts}
    for section in card.sections:
        console.print()
        console.print(line(card.say(section.title, section.id), "bold underline"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), expand=True)
        table.add_column(no_wrap=True, min_width=_OUTCOME_WIDTH[language])
        table.add_column(ratio=2, overflow="fold")
        table.add_column(justify="right", no_wrap=True, min_width=5)
        table.add_column(ratio=5, overflow="fold")
        for criterion in section.criteria:
            table.add_row(*_cells(card, criterion, verdicts[criterion.id], language))
        console.print(Padding(table, (0, 0, 0, 1)))
    console.print()
    console.print(_result(card, evaluation, language))


def _cells(
    card: Scorecard, criterion: Criterion, verdict: Verdict, language: Language
) -> Iterator[Line | Group]:
    outcome = verdict.outcome
    yield line(f"{_MARKS[outcome]} {OUTCOMES[outcome].say(language)}", STYLES[outcome])
    fatal = {"zh": "（致命）", "en": " (fatal)"}[language] if verdict.fatal else ""
    title = card.say(criterion.title, criterion.id)
    yield line(title + fatal, "bold" if outcome == "fail" else "")
    won = "–" if verdict.points_won is None else f"{verdict.points_won:g}"
    yield line(f"{won}/{verdict.points:g}", "" if verdict.points else "dim")
    yield Group(line(verdict.reason), *_finding_lines(verdict.findings, language))


def _finding_lines(findings: tuple[Finding, ...], language: Language) -> Iterator[Line]:
    for finding in findings[:_MAX_FINDINGS]:
        yield line(_finding_line(finding, language), "dim")
    if (more := len(findings) - _MAX_FINDINGS) > 0:
        yield line(Text(en=f"and {more} more", zh=f"另有 {more} 处").say(language), "dim")


def _finding_line(finding: Finding, language: Language) -> str:
    """Return `1:02.4-1:03.9 agent "quote" (by sound)  signal`."""
    when = ""
    if finding.start_s is not None and finding.end_s is not None:
        when = f"{_clock(finding.start_s)}-{_clock(finding.end_s)}"
    elif finding.turn is not None:
        when = Text(en=f"line {finding.turn + 1}", zh=f"第 {finding.turn + 1} 句").say(language)
    who = ROLES[finding.role].say(language) if finding.role else ""
    said = ""
    if finding.quote:
        said = {"zh": f"“{finding.quote}”", "en": f'"{finding.quote}"'}[language]
    if finding.match in MATCHES:
        said = f"{said} {MATCHES[finding.match].say(language)}"
    return "  ".join(part for part in (when, who, said, finding.signal) if part)


def _clock(seconds: float) -> str:
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _result(card: Scorecard, evaluation: Evaluation, language: Language) -> Line:
    score = "–" if evaluation.score is None else shown_score(evaluation.score)
    coverage = "–" if evaluation.coverage is None else f"{int(evaluation.coverage * 100)} %"
    sums = Text(
        en=f"score {score} (pass mark {card.pass_mark:g})   coverage {coverage}   ",
        zh=f"得分 {score}（合格线 {card.pass_mark:g}）   覆盖率 {coverage}   ",
    )
    words, style = _conclusion(card, evaluation)
    return line(sums.say(language)).append(words.say(language), style=style)


def _conclusion(card: Scorecard, evaluation: Evaluation) -> tuple[Text, str]:
    fatal = [v for v in evaluation.verdicts if v.fatal]
    match evaluation.passed:
        case True:
            return Text(en="PASSED", zh="合格"), "bold green"
        case False if any(v.outcome == "fail" for v in fatal):
            return Text(
                en="NOT PASSED: a fatal criterion failed", zh="不合格：触犯致命项"
            ), "bold red"
        case False:
            return Text(en="NOT PASSED", zh="不合格"), "bold red"
        case None:
            return _undecided(card, evaluation), "bold yellow"
        case _:
            assert_never(evaluation.passed)


def _undecided(card: Scorecard, evaluation: Evaluation) -> Text:
    if evaluation.score is None:
        why = Text(en="nothing could be judged", zh="没有可判定的标准")
    elif evaluation.coverage is None or evaluation.coverage < card.min_coverage:
        least = f"{card.min_coverage * 100:g} %"
        why = Text(en=f"coverage is below {least}", zh=f"覆盖率低于 {least}")
    else:
        why = Text(en="a fatal criterion could not be measured", zh="有致命项无法判定")
    return Text(en=f"FOR PEOPLE TO HEAR: {why.en}", zh=f"需人工复核：{why.zh}")
