"""Over time: this period against the last, the months so far, and the next one with its doubt."""

from collections.abc import Sequence

from qa_pipeline.aggregate.figures import Change, GroupMonth
from qa_pipeline.aggregate.forecasts import Known, PastGroup, past_group
from qa_pipeline.render import cells
from qa_pipeline.render.across import key_of, machine_interval, numbered
from qa_pipeline.render.charts import Course, PanelLine, Seen, panel_charts, rate_scale
from qa_pipeline.render.document import Column, Figure, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.numbers import short_period_name, very_short_period_name
from qa_pipeline.render.sentences import change_sentence, forecast_sentence
from qa_pipeline.render.views import group_row
from qa_pipeline.statistics.forecast import MIN_MONTHS
from qa_pipeline.statistics.intervals import Interval, wilson
from qa_pipeline.texts import Text


def change_section(e: Edition) -> Section:
    """Return each group's way from the last period to this one: a slope a group, and a table."""
    title, before = e.words["change_title"], e.month.period_before
    groups = (e.month.overall, *e.month.groups)
    if before is None:
        return Section("change", title, says=(e.say(_NOTHING_BEFORE),))
    table = Table("change", title, _columns(e), tuple(_changes(e, group) for group in groups))
    figures = _slopes(e, groups, before)
    return Section("change", title, says=(change_sentence(e),), figures=figures, tables=(table,))


_NOTHING_BEFORE = Text(
    en="The store holds no judged calls of the month before, so nothing is compared.",
    zh="存储中没有上月已评分的通话，因此不作比较。",
)


def _slopes(e: Edition, groups: Sequence[GroupMonth], before: str) -> tuple[Figure, ...]:
    lines = [_slope(e, group) for group in groups]
    shown = [seen.interval for line in lines for c in line.courses for seen in c.seen]
    scale = rate_scale(interval for interval in shown if interval is not None)
    stops = [very_short_period_name(period, e.language) for period in (before, e.month.period)]
    description = e.say(
        Text(
            en="A panel for each group: both pass rates of the month before and of this month, "
            "with 95% intervals; the table below holds the same figures.",
            zh="每组一格：上月与本月的两种合格率及 95% 区间；下表为同样的数据。",
        )
    )
    charts = panel_charts(lines, stops, scale)
    return numbered("slopes", e.words["change_title"], description, charts, key_of(e))


def _slope(e: Edition, group: GroupMonth) -> PanelLine:
    human, machine = group.human, group.machine
    courses = (
        Course("human", (Seen(_before(human.change)), Seen(human.interval))),
        Course("machine", (Seen(_before(machine.change)), Seen(machine_interval(group)))),
    )
    is_empty = not any(seen.interval for course in courses for seen in course.seen)
    note = e.words["too_few"] if is_empty else ""
    name = cells.named(group.group, e.language)
    return PanelLine(name, courses, note, is_overall=group.group is None)


def _before(change: Change | None) -> Interval | None:
    return change.before if change is not None else None


def _columns(e: Edition) -> tuple[Column, ...]:
    w = e.words
    return (
        Column(w["group"]),
        Column(f"{w['human']} · {w['before']}", "rate", "human"),
        Column(f"{w['human']} · {w['now']}", "rate", "human"),
        Column(w["change"], "change", "human"),
        Column(f"{w['machine']} · {w['before']}", "rate", "machine"),
        Column(f"{w['machine']} · {w['now']}", "rate", "machine"),
        Column(w["change"], "change", "machine"),
    )


def _changes(e: Edition, group: GroupMonth) -> Row:
    row, name = group_row(group, e.language), group.group
    human, machine = group.human, group.machine
    return cells.row(
        cells.text(row.name),
        cells.rate(_before(human.change)),
        cells.rate(
            human.interval, row.human.note or "", link=e.links.calls(group=name, heard="random")
        ),
        cells.change(human.change, e.language),
        cells.rate(_before(machine.change)),
        cells.rate(
            machine_interval(group), row.machine.note or "",
            link=e.links.calls(group=name, outcome="fail"),
        ),
        cells.change(machine.change, e.language),
        is_overall=row.is_overall,
    )  # fmt: skip


def trend_section(e: Edition) -> Section:
    """Return the months so far and the forecast, or the plain sentence why there is none."""
    title = e.words["trend_title"]
    overall, months = e.month.overall, e.month.past
    known = [_past(month.groups) for month in months]
    names = [month.period for month in months]
    if not known:
        return Section("trend", title, says=(forecast_sentence(e, MIN_MONTHS),))
    now = past_group(overall)
    human = [*(_interval(p.human) for p in known), _interval(now.human)]
    machine = [*(_interval(p.machine) for p in known), _interval(now.machine)]
    forecasts = (overall.human.forecast, overall.machine.forecast)
    stops = [*names, e.month.period]
    labels = [very_short_period_name(p, e.language) for p in stops]
    courses = []
    for party, seen, forecast in zip(
        ("human", "machine"), (human, machine), forecasts, strict=True
    ):
        places = [Seen(i) for i in seen]
        if any(forecasts):
            places.append(Seen(forecast, is_forecast=True))
        courses.append(Course(party, tuple(places)))  # type: ignore[arg-type]
    if any(forecasts):
        labels.append(e.words["forecast"])
    scale = rate_scale(s.interval for c in courses for s in c.seen if s.interval is not None)
    charts = panel_charts([PanelLine("", tuple(courses))], labels, scale)
    description = Text(
        en="Both pass rates month by month with 95% intervals, and the forecast where there is "
        "one; the table below holds the same figures.",
        zh="两种合格率逐月走势及 95% 区间，有预测时一并给出；下表为同样的数据。",
    ).say(e.language)
    rows = [
        cells.row(
            cells.text(short_period_name(period, e.language)),
            cells.rate(h, e.words["too_few"]),
            cells.rate(m, e.words["too_few"]),
        )
        for period, h, m in zip(stops, human, machine, strict=True)
    ]
    if any(forecasts):
        rows.append(cells.row(cells.text(e.words["forecast"]), *(cells.rate(f) for f in forecasts)))
    columns = (
        Column(e.words["month"]),
        Column(e.words["human_short"], "rate", "human"),
        Column(e.words["machine_short"], "rate", "machine"),
    )
    return Section(
        "trend", title, says=(forecast_sentence(e, MIN_MONTHS),),
        figures=numbered("trend", title, description, charts, key_of(e)),
        tables=(Table("trend", title, columns, tuple(rows)), *_group_forecasts(e)),
    )  # fmt: skip


def _past(groups: Sequence[PastGroup]) -> PastGroup:
    return next((g for g in groups if g.group is None), PastGroup(None, None, None))


def _interval(known: Known) -> Interval | None:
    return None if known is None else wilson(*known)


def _group_forecasts(e: Edition) -> tuple[Table, ...]:
    found = [g for g in e.month.groups if g.human.forecast or g.machine.forecast]
    if not found:
        return ()
    columns = (
        Column(e.words["group"]),
        Column(f"{e.words['human_short']} · {e.words['forecast']}", "rate", "human"),
        Column(f"{e.words['machine_short']} · {e.words['forecast']}", "rate", "machine"),
    )
    rows = tuple(
        cells.row(
            cells.text(g.group or ""),
            cells.rate(g.human.forecast),
            cells.rate(g.machine.forecast),
        )
        for g in found
    )
    return (Table("forecasts", e.words["forecast"], columns, rows),)
