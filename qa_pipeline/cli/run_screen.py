"""What `qa run` shows: a bar while it works, then a table of groups and one of failures."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from qa_pipeline.cli.console import data, interface_language, tell, words
from qa_pipeline.cli.shown import line
from qa_pipeline.pipeline.progress import OnProgress, Stage, stage_name
from qa_pipeline.pipeline.progress import Progress as State
from qa_pipeline.pipeline.summary import GroupFigures, NightReport
from qa_pipeline.records import Failure
from qa_pipeline.texts import Language, Text

_LEFT = Text(en="left", zh="剩余")
_FAILED = Text(en="failed", zh="失败")
_GROUP_COLUMNS = (
    Text(en="group", zh="班组"),
    Text(en="evaluations", zh="评判"),
    Text(en="passed", zh="合格"),
    Text(en="failed", zh="不合格"),
    Text(en="to review", zh="待人工"),
    Text(en="pass rate", zh="合格率"),
)
_FAILURE_COLUMNS = (
    Text(en="could not be evaluated", zh="未能评判"),
    Text(en="calls", zh="通数"),
    Text(en="for example", zh="例如"),
)
_NO_GROUP = Text(en="(no group)", zh="（无班组）")


@contextmanager
def progress(language: Language) -> Iterator[OnProgress]:
    """Show a bar with the stage, the count and the time left on stderr, in a terminal only."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        console=words(),
        transient=False,
        disable=not words().is_terminal,
    )
    tasks: dict[Stage, TaskID] = {}

    def show(state: State) -> None:
        if state.stage not in tasks:
            name = stage_name(state.stage).say(language)
            tasks[state.stage] = bars.add_task(name, total=state.n_total, note="")
        note = _note(state, language)
        bars.update(tasks[state.stage], completed=state.n_done, note=note)

    with bars:
        yield show


def _note(state: State, language: Language) -> str:
    parts = []
    if state.eta_s is not None and state.n_done < state.n_total:
        parts.append(f"{_LEFT.say(language)} {timedelta(seconds=round(state.eta_s))}")
    if state.n_failed:
        parts.append(f"{_FAILED.say(language)} {state.n_failed}")
    return "  ".join(parts)


def as_data(report: NightReport) -> dict[str, Any]:
    """Return the report as plain data for JSON."""
    failures = [
        asdict(failure) | {"failed_at": failure.failed_at.isoformat()}
        for failure in report.failures
    ]
    return asdict(report) | {"failures": failures}


def show(report: NightReport, store: Path) -> None:
    """Print the summary: one sentence on stderr, the tables on stdout."""
    language = interface_language()
    tell(_sentence(report))
    if report.n_playback_missed:
        tell(_missed(report.n_playback_missed))
    if report.groups:
        data().print(_groups(report.groups, language))
    if report.failures:
        data().print(_failures(report.failures, language))
    if len(report.failures) < report.n_calls:
        command = f"qa call CALL_ID --store {store}"
        tell(Text(en=f"one call: {command}", zh=f"查看一通：{command}"))


def _sentence(report: NightReport) -> Text:
    share = report.not_measured_share
    share_en = "" if share is None else f"; {share:.1%} of the machine's verdicts not measured"
    share_zh = "" if share is None else f"；机器评判中 {share:.1%} 未能测量"
    n_failed = len(report.failures)
    gone_en = gone_zh = ""
    if report.n_withdrawn:
        gone_en = f"; {report.n_withdrawn} evaluations withdrawn: their scorecard no longer applies"
        gone_zh = f"；撤下 {report.n_withdrawn} 份评判：其评分表已不适用"
    return Text(
        en=f"{report.n_calls} calls in {report.seconds:.1f} s: {report.n_evaluated} evaluated, "
        f"{report.n_reused} done before, {n_failed} failed{gone_en}{share_en}",
        zh=f"{report.n_calls} 通，用时 {report.seconds:.1f} 秒：新评判 {report.n_evaluated}，"
        f"此前已完成 {report.n_reused}，失败 {n_failed}{gone_zh}{share_zh}",
    )


def _missed(n: int) -> Text:
    return Text(
        en=f"{n} calls have no copy to be heard in the review page: it could not be written\n"
        "fix: make room in the store; everything else of these calls is there",
        zh=f"{n} 通没有可在质检页面收听的副本：未能写入\n"
        "修复：为存储目录腾出空间；这些通话的其余结果均已保存",
    )


def _groups(groups: tuple[GroupFigures, ...], language: Language) -> Table:
    table = Table(box=None)
    for i, column in enumerate(_GROUP_COLUMNS):
        table.add_column(column.say(language), justify="right" if i else "left")
    for group in groups:
        n_decided = group.n_passed + group.n_failed
        rate = f"{group.n_passed / n_decided:.1%}" if n_decided else "-"
        counts = (group.n_evaluations, group.n_passed, group.n_failed, group.n_undecided)
        name = _NO_GROUP.say(language) if group.group is None else group.group
        table.add_row(line(name), *map(str, counts), rate)
    return table


def _failures(failures: tuple[Failure, ...], language: Language) -> Table:
    """Return the reasons, most frequent first, each with the words of one of its failures."""
    examples = {failure.code: failure for failure in reversed(failures)}
    table = Table(box=None)
    for i, column in enumerate(_FAILURE_COLUMNS):
        table.add_column(column.say(language), justify="right" if i == 1 else "left")
    for code, n in Counter(failure.code for failure in failures).most_common():
        example = examples[code]
        message = example.message_zh if language == "zh" else example.message_en
        table.add_row(line(code), str(n), line(message.replace("\n", " · ")))
    return table
