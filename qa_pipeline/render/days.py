"""What only a day's and a week's report hold: the listening detail, and the week day by day."""

from qa_pipeline.aggregate.detail import Listened
from qa_pipeline.render import cells
from qa_pipeline.render.across import numbered
from qa_pipeline.render.charts import rate_scale
from qa_pipeline.render.document import Cell, Column, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.faults import more_rows
from qa_pipeline.render.numbers import NONE, count, very_short_period_name
from qa_pipeline.render.panels import Course, PanelLine, Seen, panel_charts
from qa_pipeline.texts import Text

_N_SHOWN = 400


def listened_section(e: Edition) -> Section:
    """Return one line a review: what people decided beside what the machine did."""
    w, listened = e.words, e.month.listened
    title = w["listened_title"]
    if not listened:
        return Section("listened", title, says=(_NOBODY.say(e.language),))
    columns = (
        Column(w["call"], "id"),
        Column(w["group"]),
        Column(w["agent"]),
        Column(w["reviewer"]),
        Column(w["how"]),
        Column(w["people_say"], "text", "human"),
        Column(w["failed_by_people"], "text", "human"),
        Column(w["machine_says"], "text", "machine"),
        Column(w["score"], "number", "machine"),
        Column(w["failed_by_machine"], "text", "machine"),
    )
    rows = tuple(_listened(e, each) for each in listened)
    table = Table("listened", title, columns, rows, _N_SHOWN, more_rows(e, len(rows)))
    n_calls = len({each.call_id for each in listened})
    says = Text(
        en=f"{count(len(listened))} reviews of {count(n_calls)} calls of this day, whenever they "
        "were heard: weekly and monthly figures are added up from these lines.",
        zh=f"当日通话中已复核 {count(n_calls)} 通（{count(len(listened))} 条复核，不论何时听取）："
        "周报与月报由这些明细汇总而来。",
    ).say(e.language)
    return Section("listened", title, says=(says,), tables=(table,))


_NOBODY = Text(en="Nobody has heard a call of this day yet.", zh="当日的通话尚无人监听。")


def _listened(e: Edition, each: Listened) -> Row:
    w = e.words
    mode = w["at_random" if each.is_random else "on_purpose"]
    return cells.row(
        cells.text(each.call_id, link=e.links.call(each.call_id)),
        cells.text(each.group),
        cells.text(each.agent_id),
        cells.text(each.reviewer),
        cells.text(mode, w["blind"] if each.blind else ""),
        _verdict(e, each.passed),
        _failed(e, each.scorecard_id, each.failed),
        _verdict(e, each.machine_passed),
        Cell(NONE)
        if each.machine_score is None
        else Cell(f"{each.machine_score:.0f}", each.machine_score),
        _failed(e, each.scorecard_id, each.machine_failed),
    )


def _verdict(e: Edition, passed: bool | None) -> Cell:
    if passed is None:
        return cells.text(e.words["undecided_word"], tone="note")
    return cells.text(e.words["passed" if passed else "failed"], tone="good" if passed else "bad")


def _failed(e: Edition, scorecard_id: str, criteria: tuple[str, ...]) -> Cell:
    comma = {"en": ", ", "zh": "、"}[e.language]
    return cells.text(comma.join(e.criterion(scorecard_id, name) for name in criteria) or NONE)


def days_section(e: Edition) -> Section:
    """Return the week day by day: calls, the machine's rate, how many were heard."""
    w, days = e.words, e.month.days
    title = w["days_title"]
    seen = tuple(Seen(d.machine.interval if d.machine.is_enough else None) for d in days)
    scale = rate_scale(s.interval for s in seen if s.interval is not None)
    stops = [very_short_period_name(d.day.isoformat(), e.language) for d in days]
    charts = panel_charts([PanelLine("", (Course("machine", seen),))], stops, scale)
    description = Text(
        en="The machine’s pass rate of each day with its 95% interval; the table below holds the "
        "same figures.",
        zh="逐日机检合格率及 95% 区间；下表为同样的数据。",
    ).say(e.language)
    columns = (
        Column(w["day"], "date"),
        Column(w["calls"], "count"),
        Column(w["machine_short"], "rate", "machine"),
        Column(w["undecided"], "count"),
        Column(w["reviewed"], "count", "human"),
    )
    rows = tuple(
        cells.row(
            cells.day(d.day),
            cells.number(d.machine.n_calls, link=of_day.calls()),
            cells.rate(
                d.machine.interval if d.machine.is_enough else None,
                w["too_few"],
                link=of_day.calls(outcome="fail"),
            ),
            cells.number(d.machine.n_undecided, link=of_day.calls(outcome="undecided")),
            cells.number(d.n_reviewed, link=of_day.calls(heard="any")),
        )
        for d in days
        for of_day in (e.links.of_period(d.day.isoformat()),)
    )
    key = (("machine", Text(en="Machine, all calls", zh="机检（全部通话）").say(e.language)),)
    return Section(
        "days", title, figures=numbered("days", title, description, charts, key),
        tables=(Table("days", title, columns, rows),),
    )  # fmt: skip
