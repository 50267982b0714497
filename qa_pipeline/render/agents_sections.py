"""Agents: best and worst recordings, what was only counted, and inspection levels."""

from collections import Counter
from collections.abc import Mapping

from qa_pipeline.aggregate.figures import Counted
from qa_pipeline.aggregate.recordings import AgentRecordings, Recording
from qa_pipeline.render import cells
from qa_pipeline.render.document import Cell, Column, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.faults import more_rows
from qa_pipeline.render.numbers import NONE
from qa_pipeline.sampling.level_words import LEVELS
from qa_pipeline.texts import Text

_N_SHOWN_RECORDINGS = 60


def recordings_section(e: Edition) -> Section:
    """Return each agent's best and worst recordings, to praise and to learn from."""
    w = e.words
    columns = (
        Column(w["agent"]),
        Column(w["group"]),
        Column(w["side"]),
        Column(w["call"], "id"),
        Column(w["date"], "date"),
        Column(w["score"], "number"),
        Column(w["machine_says"]),
        Column(w["people_say"]),
    )
    rows = [row for agent in e.month.recordings for row in _recordings(e, agent)]
    title = w["recordings_title"]
    table = Table(
        "recordings", title, columns, tuple(rows), _N_SHOWN_RECORDINGS, more_rows(e, len(rows))
    )
    return Section("recordings", title, says=(e.say(_RECORDINGS),), tables=(table,))


_RECORDINGS = Text(
    en="By the machine’s score; a call of which little could be judged is never picked, a perfect "
    "one is never among the worst.",
    zh="按机检得分排列；可判定内容太少的通话不入选，满分通话不列入最差。",
)


def _recordings(e: Edition, agent: AgentRecordings) -> list[Row]:
    sides = [("best", r) for r in agent.best] + [("worst", r) for r in agent.worst]
    return [
        _recording(e, agent, side, recording, is_first=i == 0)
        for i, (side, recording) in enumerate(sides)
    ]


def _recording(
    e: Edition, agent: AgentRecordings, side: str, r: Recording, *, is_first: bool
) -> Row:
    w = e.words
    said = {True: ("passed", ""), False: ("failed", ""), None: ("not_heard", "note")}
    word, tone = said[r.human_passed]
    return cells.row(
        Cell(agent.agent_id if is_first else "", agent.agent_id,
             link=e.links.calls(agent=agent.agent_id)),
        Cell(agent.group if is_first else "", agent.group),
        cells.text(w[side], tone="good" if side == "best" else "bad"),
        cells.text(r.call_id, link=e.links.call(r.call_id)),
        cells.day(r.local_date),
        Cell(f"{r.score:.0f}", r.score),
        cells.text(w["passed" if r.machine_passed else "failed"]),
        cells.text(w[word], tone=tone),  # type: ignore[arg-type]
    )  # fmt: skip


def counted_section(e: Edition) -> Section:
    """Return customers' suggestions and whatever else scorecards only count."""
    w = e.words
    columns = (
        Column(w["signal"]),
        Column(w["group"]),
        Column(w["found"], "count"),
        Column(w["calls"], "count"),
        Column(w["found_before"], "count"),
    )
    rows = [row for each in e.month.counted for row in _counted(e, each)]
    title = w["suggestions_title"]
    if not rows:
        return Section("counted", title, says=(e.say(_NOTHING_COUNTED),))
    table = Table("counted", title, columns, tuple(rows), 30, more_rows(e, len(rows)))
    return Section("counted", title, tables=(table,))


_NOTHING_COUNTED = Text(
    en="No scorecard counted anything this month.", zh="本月没有评分表的计数项被触发。"
)


def _counted(e: Edition, each: Counted) -> list[Row]:
    overall = cells.row(
        cells.text(each.signal), cells.text(cells.named(None, e.language)),
        cells.number(each.n_findings, link=e.links.calls(signal=each.signal)),
        cells.number(each.n_calls), cells.number(each.n_before), is_overall=True,
    )  # fmt: skip
    groups = [
        cells.row(
            Cell("", each.signal), cells.text(group.group),
            cells.number(
                group.n_findings, link=e.links.calls(signal=each.signal, group=group.group)
            ),
            cells.number(group.n_calls), Cell(""),
        )
        for group in each.groups
    ]  # fmt: skip
    return [overall, *groups]


def levels_section(e: Edition) -> Section:
    """Return the inspection levels: how many at each, and for the trainer who and why."""
    w, levels = e.words, e.month.levels
    title = w["levels_title"]
    if not levels:
        return Section("levels", title, says=(e.say(_NO_LEVELS),))
    kinds = {"agent": w["agent"], "group": w["group_word"]}
    if e.audience == "management":
        return Section("levels", title, tables=(_level_counts(e, kinds),))
    columns = (
        Column(w["subject_kind"]),
        Column(w["subject"]),
        Column(w["level"]),
        Column(w["since"], "date"),
        Column(w["why"]),
        Column(w["by_hand"]),
    )
    rows = [
        cells.row(
            cells.text(kinds.get(each.subject_kind, each.subject_kind)),
            cells.text(each.subject, link=e.links.calls(**{each.subject_kind: each.subject})),
            cells.text(level_name(e, each.level), tone="strong"),
            cells.day(each.since),
            cells.text(each.reason_zh if e.language == "zh" else each.reason_en),
            cells.text(each.overridden_by or NONE),
        )
        for each in levels
    ]
    table = Table("levels", title, columns, tuple(rows), 30, more_rows(e, len(rows)))
    return Section("levels", title, tables=(table,))


def _level_counts(e: Edition, kinds: Mapping[str, str]) -> Table:
    w = e.words
    counts = Counter((each.subject_kind, each.level) for each in e.month.levels)
    columns = (Column(w["subject_kind"]), Column(w["level"]), Column(w["n_subjects"], "count"))
    rows = tuple(
        cells.row(
            cells.text(kinds.get(kind, kind)), cells.text(level_name(e, level)), cells.number(n)
        )
        for (kind, level), n in sorted(counts.items())
    )
    return Table("levels", w["levels_title"], columns, rows)


_NO_LEVELS = Text(
    en="No levels were decided yet: qa levels decides them from reviewed weeks.",
    zh="尚未决定检验级别：qa levels 依据已复核的各周决定。",
)


def level_name(e: Edition, level: str) -> str:
    """Return what a level is called."""
    named = {str(key): said.say(e.language) for key, said in LEVELS.items()}
    return named.get(level, level)
