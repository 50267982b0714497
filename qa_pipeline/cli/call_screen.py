"""What `qa call` shows: facts, turns with times, verdicts in report order with their evidence."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.cli.shown import line
from qa_pipeline.records import (
    Call,
    ChannelHealth,
    Evaluation,
    Finding,
    Provenance,
    Sustained,
    Turn,
    Verdict,
)
from qa_pipeline.render.call_words import (
    MATCHES,
    NOTES,
    OUTCOMES,
    ROLE_SOURCES,
    ROLES,
    STYLES,
    TIERS,
    kind_words,
)
from qa_pipeline.scoring.totals import shown_score
from qa_pipeline.texts import Language, Text, same
from qa_pipeline.words import Word


def parts(
    call: Call, evaluations: tuple[Evaluation, ...], zone: ZoneInfo, language: Language
) -> Iterator[RenderableType]:
    """Yield what is printed, from top to bottom."""
    yield _facts(call, zone, language)
    yield Line()
    yield _turns(call, language)
    if not evaluations:
        yield Line()
        yield line(_NOT_JUDGED.say(language), "yellow")
    for evaluation in evaluations:
        yield Line()
        yield _heading(evaluation, language)
        yield _verdicts(evaluation, call, language)


_NOT_JUDGED = Text(en="No scorecard has judged this call.", zh="该通话尚无评分表评判。")
_WHEN = Text(en="started", zh="开始时间")
_WHO = Text(en="group, agent", zh="班组、客服")
_HOW = Text(en="evidence", zh="依据")
_CHANNELS = Text(en="channels", zh="声道")
_DROPPED = Text(en="dropped words", zh="丢弃的词")
_DROPPED_SAYS = Text(en="{n}, heard where nobody speaks", zh="{n} 个，识别位置并无人声")
_NOTES = Text(en="note", zh="说明")
_OTHER = Text(en="from the manifest", zh="清单信息")
_KNOWN = ("group", "agent_id")


def _facts(call: Call, zone: ZoneInfo, language: Language) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    started = "-" if call.started_at is None else f"{call.started_at.astimezone(zone):%F %T %Z}"
    others = {k: v for k, v in call.metadata.items() if k not in _KNOWN}
    rows: list[tuple[Text, str]] = [
        (same("call_id"), call.call_id),
        (_WHEN, f"{started}, {call.duration_s:.1f} s, {call.language}"),
        (_WHO, ", ".join(str(call.metadata.get(name) or "-") for name in _KNOWN)),
        (_HOW, f"{TIERS[call.tier].say(language)}; {ROLE_SOURCES[call.role_source].say(language)}"),
        *((_CHANNELS, _health(channel, language)) for channel in call.channels),
        *((_NOTES, NOTES.get(code, same(code)).say(language)) for code in call.notes),
        (_OTHER, ", ".join(f"{name}={value}" for name, value in others.items())),
    ]
    if call.n_dropped_words:
        rows.append((_DROPPED, _DROPPED_SAYS.say(language).format(n=call.n_dropped_words)))
    for name, value in rows:
        table.add_row(name.say(language), line(value))
    return table


_EMPTY = Text(en="empty", zh="无声")
_LEVEL = Text(en="speech at {v:.0f} dBFS", zh="语音电平 {v:.0f} dBFS")
_NOISE = Text(en="noise at {v:.0f} dBFS", zh="噪声 {v:.0f} dBFS")
_CLIPPED = Text(en="{v:.2%} clipped", zh="削波 {v:.2%}")
_BLEED = Text(en="the other channel at {v:.0f} dB", zh="串音 {v:.0f} dB")


def _health(channel: ChannelHealth, language: Language) -> str:
    measured = (
        (_LEVEL, channel.level_dbfs),
        (_NOISE, channel.noise_dbfs),
        (_CLIPPED, channel.clipped_share or None),
        (_BLEED, channel.bleed_db),
    )
    said = [text.say(language).format(v=value) for text, value in measured if value is not None]
    if channel.is_empty:
        said = [_EMPTY.say(language)]
    return f"{channel.channel}: {', '.join(said)}"


_NO_WORDS = Text(en="The words were not measured.", zh="未能测量通话内容。")
_SILENCE = Text(en="Nobody says anything.", zh="无人说话。")


def _turns(call: Call, language: Language) -> RenderableType:
    if not call.turns:
        return line((_NO_WORDS if call.turns is None else _SILENCE).say(language), "yellow")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for turn in call.turns:
        style = "bold" if turn.role == "agent" else ""
        time = _clock(turn.start_s) if call.timed else ""
        table.add_row(time, line(ROLES[turn.role].say(language), style), line(_said(turn)))
    return table


def _said(turn: Turn) -> str:
    return turn.text or "…"


_PASSED = {
    True: Text(en="passed", zh="合格"),
    False: Text(en="failed", zh="不合格"),
    None: Text(en="undecided, for review", zh="未决，待复核"),
}
_SCORE = Text(en="score", zh="得分")
_COVERAGE = Text(en="coverage", zh="覆盖率")


def _heading(evaluation: Evaluation, language: Language) -> Line:
    score, coverage = evaluation.score, evaluation.coverage
    name = f"{evaluation.scorecard_id} v{evaluation.scorecard_version}"
    passed = _PASSED[evaluation.passed].say(language)
    figures = (
        f"{_SCORE.say(language)} {'-' if score is None else shown_score(score)}, "
        f"{_COVERAGE.say(language)} {'-' if coverage is None else f'{coverage:.0%}'}"
    )
    return line(f"{name}: {passed} ({figures})", "bold")


def _verdicts(evaluation: Evaluation, call: Call, language: Language) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verdict in evaluation.verdicts:
        outcome = OUTCOMES[verdict.outcome].say(language)
        table.add_row(
            line(verdict.criterion),
            line(verdict.severity, "dim"),
            line(outcome, STYLES[verdict.outcome]),
            _reason(verdict),
        )
        for finding in verdict.findings:
            table.add_row("", "", "", _evidence(finding, call, language))
    for finding in evaluation.counted:
        table.add_row(line(finding.signal), "", "", _evidence(finding, call, language))
    return table


def _reason(verdict: Verdict) -> Line:
    return line(verdict.reason)


def _evidence(finding: Finding, call: Call, language: Language) -> Line:
    pieces = [finding.signal]
    if call.timed and finding.start_s is not None and finding.end_s is not None:
        pieces.append(f"{_clock(finding.start_s)}-{_clock(finding.end_s)}")
    if finding.role is not None:
        pieces.append(ROLES[finding.role].say(language))
    if finding.quote is not None:
        pieces.append(f"“{finding.quote}”")
    if finding.match in MATCHES:
        pieces.append(MATCHES[finding.match].say(language))
    if finding.kind is not None:
        pieces.append(kind_words(finding.kind).say(language))
    if finding.value is not None:
        pieces.append(f"{finding.value:g}")
    return line("  " + " ".join(pieces), "dim")


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def as_data(
    call: Call, provenance: Provenance, evaluations: tuple[Evaluation, ...]
) -> dict[str, Any]:
    """Return everything but the tracks as plain data for JSON."""
    started_at = None if call.started_at is None else call.started_at.isoformat()
    facts = {
        name: getattr(call, name)
        for name in (
            "call_id", "language", "tier", "duration_s", "role_source", "timed", "is_dual_mono",
            "n_dropped_words", "notes",
        )
    }  # fmt: skip
    return facts | {
        "started_at": started_at,
        "metadata": dict(call.metadata),
        "channels": [asdict(channel) for channel in call.channels],
        "turns": None if call.turns is None else [_turn_data(turn) for turn in call.turns],
        "speech": None if call.speech is None else [asdict(speech) for speech in call.speech],
        "sustained": None if call.sustained is None else [_held_data(s) for s in call.sustained],
        "provenance": asdict(provenance),
        "evaluations": [_evaluation_data(one) for one in evaluations],
    }


def _turn_data(turn: Turn) -> dict[str, Any]:
    words = [_word_data(word) for word in turn.words]
    return turn._asdict() | {"words": words, "text": turn.text}


def _word_data(word: Word) -> dict[str, Any]:
    return word._asdict() | {"masked": None if word.masked is None else asdict(word.masked)}


def _evaluation_data(evaluation: Evaluation) -> dict[str, Any]:
    return asdict(evaluation) | {
        "verdicts": [
            verdict._asdict() | {"findings": [finding._asdict() for finding in verdict.findings]}
            for verdict in evaluation.verdicts
        ],
        "counted": [finding._asdict() for finding in evaluation.counted],
    }


def _held_data(sustained: Sustained) -> dict[str, Any]:
    return asdict(replace(sustained, spans=tuple(sustained.spans)))
