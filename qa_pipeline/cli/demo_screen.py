"""What `qa demo` shows: its stages while they run, and what came of them."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from shutil import which
from typing import Any, TypeVar

import polars as pl
from rich.table import Table
from rich.text import Text as Line

from qa_pipeline.aggregate.plain import plain
from qa_pipeline.cli.console import data, interface_language, tell
from qa_pipeline.cli.run_screen import progress
from qa_pipeline.demo import journey
from qa_pipeline.demo.journey import MONTH, NIGHT, Demo
from qa_pipeline.demo.office import Login, how_to_log_in, open_office
from qa_pipeline.demo.scripts import DIALOGUES_DIR
from qa_pipeline.pipeline.month import MonthReport, run_month
from qa_pipeline.pipeline.progress import OnProgress
from qa_pipeline.pipeline.samples import Drawn
from qa_pipeline.pipeline.summary import NightReport
from qa_pipeline.render.terminal import groups_table, strata_table, work_table
from qa_pipeline.render.titles import Titles
from qa_pipeline.scoring import shown_score
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.store import Store
from qa_pipeline.texts import Language, Text, same

Done = TypeVar("Done")

_OPENING = Text(
    en="A made-up call centre: nobody in these calls exists. Last night's recordings are\n"
    "synthetic voices, and the demo's recogniser knows only those: of real calls it makes\n"
    "nonsense.",
    zh="这是一个虚构的呼叫中心，通话中的人均不存在。昨晚的录音由语音合成制作，\n"
    "演示用识别模型只认识这些合成声音，用于真实通话会得到毫无意义的文字。",
)
_NO_ROLES = Text(
    en="The diarisation extra is not installed: the four mono recordings will have no roles, and\n"
    "what depends on who spoke is not measured there. fix: pip install 'qa-pipeline[diarisation]'",
    zh="未安装说话人分离组件：4 通单声道录音将没有角色，取决于谁在说话的评分项无法测量。\n"
    "解决办法：pip install 'qa-pipeline[diarisation]'",
)
_HEAR = Text(en="last night: 24 recordings", zh="昨晚：24 通录音")
_IMPORT = Text(en="two months of transcripts", zh="两个月的历史转写文本")
_DRAW = Text(en="sample of the month", zh="本月抽样")
_REVIEW = Text(en="made-up reviewers", zh="虚构质检员复核")
_REPORT = Text(en="monthly report", zh="质检月报")
_OFFICE = Text(en="review page", zh="质检页面")
_N_STAGES = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the demo."""

    night: NightReport
    history: NightReport
    drawn: Drawn
    n_reviews: int
    report: MonthReport
    logins: tuple[Login, ...]


def run_stages(demo: Demo) -> Outcome:
    """Run every stage of the demo, showing each on stderr."""
    tell(_OPENING)
    if demo.settings.diarisation.pipeline is None:
        tell(_NO_ROLES)
    stages = _Stages()
    return Outcome(
        night=stages.run(_HEAR, lambda to: journey.hear_last_night(demo, to), _of_night),
        history=stages.run(_IMPORT, lambda to: journey.import_history(demo, to), _of_night),
        drawn=stages.run(_DRAW, lambda _: journey.draw(demo), _of_draw),
        n_reviews=stages.run(_REVIEW, lambda _: journey.simulate_reviews(demo), _of_reviews),
        report=stages.run(_REPORT, lambda _: _report(demo), _of_report),
        logins=stages.run(_OFFICE, lambda _: open_office(demo), _of_logins),
    )


def _report(demo: Demo) -> MonthReport:
    return run_month(demo.store, MONTH, demo.settings, demo.reports, scorecards=SCORECARDS_DIR)


class _Stages:
    """Runs one stage after the other: a bar while it runs, a line when it is done."""

    def __init__(self) -> None:
        self._number = 0

    def run(
        self, name: Text, do: Callable[[OnProgress], Done], outcome: Callable[[Done], Text]
    ) -> Done:
        self._number += 1
        language = interface_language()
        title = f"[{self._number}/{_N_STAGES}] {name.say(language)}"
        tell(title)
        began_s = time.monotonic()
        with progress(language) as advance:
            done = do(advance)
        seconds = time.monotonic() - began_s
        tell(f"      {outcome(done).say(language)} ({seconds:.1f} s)")
        return done


def _of_night(report: NightReport) -> Text:
    n, new, failed = report.n_calls, report.n_evaluated, len(report.failures)
    bad = Text(en=f", {failed} not evaluated", zh=f"，{failed} 通未能评分") if failed else same("")
    return Text(
        en=f"{n:,} calls, {new:,} judged now, {report.n_reused:,} done before{bad.en}",
        zh=f"共 {n:,} 通，本次评判 {new:,} 通，此前已完成 {report.n_reused:,} 通{bad.zh}",
    )


def _of_draw(drawn: Drawn) -> Text:
    n = len(drawn.rows)
    return Text(en=f"{n} calls of {drawn.period}", zh=f"{drawn.period} 共 {n} 通")


def _of_reviews(n: int) -> Text:
    return Text(en=f"{n} new reviews", zh=f"新增复核 {n} 份")


def _of_report(report: MonthReport) -> Text:
    n = len(report.files)
    return Text(en=f"{n} files", zh=f"{n} 个文件")


def _of_logins(logins: tuple[Login, ...]) -> Text:
    n = len(logins)
    return Text(en=f"{n} people may log in", zh=f"{n} 人可登录")


def show(demo: Demo, outcome: Outcome) -> None:
    """Print last night, the month's groups, the sample, and what to type next."""
    language = interface_language()
    out = data()
    out.print()
    out.print(_night_table(_night(demo), outcome.report.titles, language))
    out.print()
    out.print(groups_table(outcome.report.month, language))
    out.print()
    out.print(_sample_heading(outcome.drawn).say(language), style="italic", justify="center")
    out.print(strata_table(outcome.drawn.rows, language))
    out.print()
    drawn = outcome.drawn
    out.print(work_table(drawn.assignments, drawn.rows + drawn.targeted, language))
    tell("\n" + _CLOSING.say(language))
    for line in (*_failures(outcome), *_next(demo, outcome), *_page(demo, outcome)):
        tell(line)


_CLOSING = Text(
    en="The two months and all reviews are made up too; the statistics are not: the same formulas\n"
    "would stand over your own calls.",
    zh="两个月的历史通话与全部复核同样是虚构的；统计方法则与真实数据所用的完全一致。",
)


def _failures(outcome: Outcome) -> list[Text]:
    """Return what went wrong, each kind once; most often an older demo's calls lie in the store."""
    failures = {f.code: f for f in (*outcome.history.failures, *outcome.night.failures)}
    if not failures:
        return []
    return [
        Text(en="\nSome calls could not be evaluated:", zh="\n部分通话未能评分："),
        *(Text(en=f"  {f.message_en}", zh=f"  {f.message_zh}") for f in failures.values()),
        Text(en="  begin again: qa demo --fresh", zh="  重新开始：qa demo --fresh"),
    ]


def _sample_heading(drawn: Drawn) -> Text:
    n = len(drawn.rows)
    return Text(
        en=f"The sample of {drawn.period}: {n} calls for people to hear",
        zh=f"{drawn.period} 抽样：请质检员听 {n} 通",
    )


def _next(demo: Demo, outcome: Outcome) -> list[Text]:
    qa, store = _command(), demo.store
    card = relpath(SCORECARDS_DIR / "order-line.zh.yaml")
    dialogue = relpath(DIALOGUES_DIR / "zh-03.txt")
    files = (*outcome.report.files, outcome.drawn.listing)
    return [
        Text(en="\nThe report, and the reviewers' list:", zh="\n月报与复核清单："),
        *(same(f"  {file}") for file in files),
        Text(en="\nWhat to type next:", zh="\n接下来可以输入："),
        _typed(f"{qa} call zh-04 --store {store}", "one call and its evidence", "一通电话及其证据"),
        _typed(f"{qa} scorecard check {card}", "a scorecard's own tests", "评分表自带的测试"),
        _typed(f"{qa} try {card} {dialogue}", "judge any dialogue", "试评一段对话"),
        _typed(f"{qa} report monthly --period {MONTH} --store {store}", "the report", "月报"),
        _typed(
            f"{qa} run DIR --manifest FILE --store STORE --model large-v3-turbo",
            "your own calls",
            "您自己的录音",
        ),
    ]


def _page(demo: Demo, outcome: Outcome) -> list[Text]:
    """Return how to open the review page on last night's calls."""
    return [
        Text(
            en="\nHear last night's calls in the review page, and judge them:",
            zh="\n在质检页面收听并评判昨晚的通话：",
        ),
        same(f"  {_command()} review serve --store {demo.store}"),
        Text(
            en="      open the address that it prints, and log in as:",
            zh="      打开它打印的地址，并以下列用户登录：",
        ),
        *how_to_log_in(outcome.logins),
    ]


def _typed(command: str, en: str, zh: str) -> Text:
    return Text(en=f"  {command}\n      {en}", zh=f"  {command}\n      {zh}")


def _command() -> str:
    """Return what calls this program from where the reader stands."""
    called = Path(sys.argv[0])
    found = which("qa")
    if found is not None and Path(found).resolve() == called.resolve():
        return "qa"
    return relpath(called) if called.name == "qa" and called.exists() else "qa"


def _night(demo: Demo) -> pl.DataFrame:
    """Return one row an evaluation of last night, with the criteria that failed."""
    with Store.open(demo.store, database_url=demo.settings.database_url) as store:
        evaluations = store.read("evaluations", NIGHT)
        verdicts = store.read("verdicts", NIGHT)
    failed = (
        verdicts.filter(pl.col("outcome") == "fail")
        .sort("fatal", "points", "position", descending=[True, True, False])
        .group_by("call_id", "scorecard_id", maintain_order=True)
        .agg(failed=pl.col("criterion"))
    )
    return evaluations.join(failed, on=["call_id", "scorecard_id"], how="left").sort("call_id")


_PASSED = {
    True: (Text(en="pass", zh="合格"), "green"),
    False: (Text(en="FAIL", zh="不合格"), "red"),
    None: (Text(en="to people", zh="待人工"), "yellow"),
}
#: How many failed criteria a row names.
_N_NAMED = 3
_COLUMNS = (
    Text(en="Call", zh="通话"),
    Text(en="Group", zh="组"),
    Text(en="Agent", zh="坐席"),
    Text(en="Score", zh="得分"),
    Text(en="Verdict", zh="结果"),
    Text(en="Failed", zh="不合格项"),
)
_MONO = Text(en="one channel, not diarised", zh="单声道，未区分说话人")


def _night_table(rows: pl.DataFrame, titles: Titles, language: Language) -> Table:
    heading = Text(en="Last night, as the machine heard it", zh="昨晚机检结果").say(language)
    table = Table(title=heading, box=None)
    for column in _COLUMNS:
        is_score, is_last = column is _COLUMNS[3], column is _COLUMNS[-1]
        table.add_column(
            column.say(language),
            justify="right" if is_score else "left",
            no_wrap=not is_last,
            overflow="fold",
        )
    for row in rows.iter_rows(named=True):
        verdict, style = _PASSED[row["passed"]]
        is_decided = row["passed"] is not None
        table.add_row(
            row["call_id"],
            Line(row["group"]),
            row["agent_id"],
            shown_score(row["score"]) if is_decided else "–",
            Line(verdict.say(language), style=style),
            Line(_failed(row, titles, language)),
        )
    return table


def _failed(row: dict[str, Any], titles: Titles, language: Language) -> str:
    """Return the worst failed criteria by name, or why there is no verdict."""
    if row["tier"] == "mono_undiarised":
        return _MONO.say(language)
    failed = row["failed"] or ()
    names = [titles.criterion(row["scorecard_id"], c, language) for c in failed[:_N_NAMED]]
    more = len(failed) - len(names)
    match language:
        case "zh":
            return "、".join(names) + (f" 等 {len(failed)} 项" if more else "")
        case "en":
            return ", ".join(names) + (f" and {more} more" if more else "")


def as_data(demo: Demo, outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain data."""
    keys = ("call_id", "group", "agent_id", "tier", "score", "passed", "coverage", "failed")
    return {
        "made_up": True,
        "store": str(demo.store),
        "night": {
            "n_calls": outcome.night.n_calls,
            "n_heard": outcome.night.n_heard,
            "n_reused": outcome.night.n_reused,
            "n_failures": len(outcome.night.failures),
            "calls": _night(demo).select(keys).to_dicts(),
        },
        "history": {
            "n_calls": outcome.history.n_calls,
            "n_evaluated": outcome.history.n_evaluated,
            "n_reused": outcome.history.n_reused,
            "n_failures": len(outcome.history.failures),
        },
        "sample": {
            "period": outcome.drawn.period,
            "calls": [r.call_id for r in outcome.drawn.rows],
            "n_targeted": len(outcome.drawn.targeted),
            "n_assignments": len(outcome.drawn.assignments),
        },
        "n_new_reviews": outcome.n_reviews,
        "month": plain(outcome.report.month),
        "files": [str(file) for file in outcome.report.files],
    }
