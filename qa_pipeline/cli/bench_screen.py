"""What `qa bench` shows in a terminal: figures by group, phrases worst first, failures."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table

from qa_pipeline.bench.asr import AsrReport
from qa_pipeline.bench.der import Collared, SpeakerFigures
from qa_pipeline.bench.diarisation import DiarisationReport
from qa_pipeline.bench.grouped import ALL, Group, PhraseFigures, grouped, phrase_figures
from qa_pipeline.bench.scores import TEN_MINUTES_S, Figures, starts_told
from qa_pipeline.bench.speaker_documents import speaker_groups
from qa_pipeline.bench.spoken import text_of
from qa_pipeline.bench.truth import Failed
from qa_pipeline.bench.wording import (
    group_name,
    interval,
    language_name,
    number,
    rate,
    words_in,
)
from qa_pipeline.cli.console import data, interface_language, tell
from qa_pipeline.cli.shown import line
from qa_pipeline.render.numbers import NONE
from qa_pipeline.texts import Text


def show_asr(report: AsrReport, *, with_text: bool) -> None:
    """Print the figures; what was said and heard only where that was asked for."""
    tell(Text(en=f"recogniser: {report.transcriber}", zh=f"识别模型：{report.transcriber}"))
    groups = grouped(report.scored, report.by)
    for spoken in dict.fromkeys(group.language for group in groups):
        data().print(_figures([group for group in groups if group.language == spoken]))
    phrases = phrase_figures(report.scored)
    if phrases:
        data().print(_phrases(phrases))
    if with_text:
        _texts(report)
    _failed(report.failures)


def _figures(groups: Sequence[Group]) -> Table:
    """Return one language's figures: a column a group, so that no figure is ever cut."""
    language = interface_language()
    words = words_in(language)
    table = _table(language_name(groups[0].language, language))
    table.add_column("")
    for group in groups:
        name = group_name(group.by, group.value, language)
        table.add_column(line(name), justify="right", overflow="fold")
    rows = [_lines(group.figures) for group in groups]
    for i, key in enumerate(_ROWS):
        table.add_row(words[key], *(row[i] for row in rows))
    return table


_ROWS = (
    "recordings", "minutes", "rate", "counts", "folded", "starts", "starts_detail", "invented",
    "fillers", "interval", "false_ten", "confidence", "unclear", "rtf",
)  # fmt: skip


def _lines(told: Figures) -> tuple[str, ...]:
    """Return the figures in the order of `_ROWS`."""
    errors, starts, recall = told.errors, starts_told(told.starts), told.fillers.recall
    return (
        str(told.n_recordings),
        number(told.duration_s / 60, 1),
        rate(errors.rate),
        f"{errors.n_substituted}/{errors.n_deleted}/{errors.n_inserted} {errors.n_truth}",
        rate(told.folded.rate),
        NONE if starts is None else rate(starts.within_share),
        NONE if starts is None else f"{starts.median_s:.2f} / {starts.p90_s:.2f} s",
        number(told.invented.per_minute),
        f"{told.fillers.n_found}/{told.fillers.n_truth} {rate(recall.value if recall else None)}",
        interval(recall),
        number(told.per_ten_minutes(told.fillers.n_false)),
        f"{number(told.right.value)} / {number(told.wrong.value)}",
        f"{told.n_unclear}/{told.n_sides}",
        number(told.real_time_factor),
    )


def _phrases(phrases: Iterable[PhraseFigures]) -> Table:
    words = words_in(interface_language())
    table = _table(words["phrases_title"])
    table.add_column(words["phrase"], overflow="fold")
    table.add_column(words["match"])
    for key in ("said_n", "found_n", "recall", "interval", "false_ten"):
        table.add_column(words[key], justify="right", no_wrap=True)
    for one in phrases:
        name, match = line(one.listed.phrase), one.listed.match
        if one.finds is None:
            table.add_row(name, match, NONE, NONE, words["unmeasured"], NONE, NONE)
            continue
        finds, recall = one.finds, one.finds.recall
        false = TEN_MINUTES_S * finds.n_false / one.duration_s if one.duration_s else None
        share = rate(None if recall is None else recall.value)
        counts = (str(finds.n_truth), str(finds.n_found))
        table.add_row(name, match, *counts, share, interval(recall), number(false))
    return table


def _texts(report: AsrReport) -> None:
    words = words_in(interface_language())
    for one in report.scored:
        for stream in one.streams:
            channel = stream.stream.channel
            side = "" if channel is None else f" · {words['channel']} {channel}"
            data().print(line(f"{one.recording}{side}", "bold"))
            for name, units in (("said", stream.said), ("heard", stream.heard)):
                for text in text_of(units).split("\n"):
                    data().print(line(f"  {words[name]}  {text}"))


def show_diarisation(report: DiarisationReport) -> None:
    """Print the error rates with their components, each way of reading them on a line."""
    language = interface_language()
    words = words_in(language)
    tell(Text(en=f"diariser: {report.diariser}", zh=f"说话人分离：{report.diariser}"))
    if report.scored:
        table = _table(words["diarisation_title"])
        table.add_column(words["recording"], overflow="fold", min_width=17)
        keys = ("collar", "der", "missed_speech", "false_alarm", "confusion", "roles")
        for key in keys:
            table.add_column(words[key], justify="right", no_wrap=True)
        for one in report.scored:
            _add_speakers(table, one.recording, one.figures)
        for group in speaker_groups(report.scored, report.by):
            table.add_section()
            name = group_name(group.by, group.value, language)
            n = group.figures.n_recordings
            _add_speakers(table, f"{name} ({n})" if group.by == ALL else name, group.figures)
        data().print(table)
    _failed(report.failures)


def _add_speakers(table: Table, name: str, told: SpeakerFigures) -> None:
    words = words_in(interface_language())
    roles = rate(told.roles.share)
    if told.roles.n_undecided:
        roles += f" ({told.roles.n_undecided} {words['undecided']})"
    for i, (reading, figures) in enumerate((("engine", told.engine), ("journey", told.journey))):
        for j, cells in enumerate(_ders(figures)):
            # The reading stands under the name: a column of its own is lost at 80 characters.
            shown = "" if j else line(name) if not i else f"  {words[reading]}"
            table.add_row(shown, *cells, "" if i or j else roles)


def _ders(told: Collared) -> tuple[tuple[str, ...], ...]:
    def share(seconds: float, of_s: float) -> str:
        return rate(seconds / of_s if of_s else None)

    return tuple(
        (
            f"{collar_s:g} s",
            rate(der.rate),
            share(der.missed_s, der.speech_s),
            share(der.false_alarm_s, der.speech_s),
            share(der.confusion_s, der.speech_s),
        )
        for collar_s, der in ((0, told.strict), (0.25, told.lenient))
    )


def _failed(failures: Sequence[Failed]) -> None:
    if not failures:
        return
    language = interface_language()
    words = words_in(language)
    table = _table(words["failures_title"])
    table.add_column(words["recording"], overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column(words["reason"], overflow="fold")
    for failed in failures:
        reason = failed.error.say(language).replace("\n", " · ")
        table.add_row(line(failed.recording), failed.error.code, line(reason))
    data().print(table)


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
