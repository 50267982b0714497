"""Over time: this period against the last, the months so far, and the next one with its doubt."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_pipeline.aggregate.figures import Change, GroupMonth
from qa_pipeline.aggregate.forecasts import Known, PastGroup, past_group
from qa_pipeline.render import cells
from qa_pipeline.render.across import key_of, machine_interval, numbered
from qa_pipeline.render.charts import rate_scale
from qa_pipeline.render.document import Column, Figure, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.numbers import short_period_name, very_short_period_name
from qa_pipeline.render.panels import Course, PanelLine, Seen, panel_charts
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
    last = e.links.of_period(e.month.period_before or "")
    return cells.row(
        cells.text(row.name),
        cells.rate(_before(human.change), link=last.calls(group=name, heard="random")),
        cells.rate(
            human.interval, row.human.note or "", link=e.links.calls(group=name, heard="random")
        ),
        cells.change(human.change, e.language),
        cells.rate(_before(machine.change), link=last.calls(group=name, outcome="fail")),
        cells.rate(
            machine_interval(group), row.machine.note or "",
            link=e.links.calls(group=name, outcome="fail"),
        ),
        cells.change(machine.change, e.language),
        is_overall=row.is_overall,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Trend:
    """Both rates of the months so far, this one last, and of the next where it is forecast."""

    periods: tuple[str, ...]
    human: tuple[Interval | None, ...]
    machine: tuple[Interval | None, ...]
    forecasts: tuple[Interval | None, Interval | None]

    @property
    def has_forecast(self) -> bool:
        return any(self.forecasts)


def trend_section(e: Edition) -> Section:
    """Return the months so far and the forecast, or the plain sentence why there is none."""
    title, says = e.words["trend_title"], (forecast_sentence(e, MIN_MONTHS),)
    if not e.month.past:
        return Section("trend", title, says=says)
    trend = _trend(e)
    tables = (_trend_table(e, trend), *_group_forecasts(e))
    return Section("trend", title, says=says, figures=_trend_chart(e, trend), tables=tables)


def _trend(e: Edition) -> _Trend:
    overall = e.month.overall
    known = [*(_past(month.groups) for month in e.month.past), past_group(overall)]
    return _Trend(
        (*(month.period for month in e.month.past), e.month.period),
        tuple(_interval(month.human) for month in known),
        tuple(_interval(month.machine) for month in known),
        (overall.human.forecast, overall.machine.forecast),
    )


def _trend_chart(e: Edition, trend: _Trend) -> tuple[Figure, ...]:
    labels = [very_short_period_name(p, e.language) for p in trend.periods]
    human, machine = ([Seen(i) for i in seen] for seen in (trend.human, trend.machine))
    if trend.has_forecast:
        labels.append(e.words["forecast"])
        for places, found in zip((human, machine), trend.forecasts, strict=True):
            places.append(Seen(found, is_forecast=True))
    scale = rate_scale(s.interval for s in (*human, *machine) if s.interval is not None)
    courses = (Course("human", tuple(human)), Course("machine", tuple(machine)))
    charts = panel_charts([PanelLine("", courses)], labels, scale)
    title = e.words["trend_title"]
    return numbered("trend", title, _TREND.say(e.language), charts, key_of(e))


_TREND = Text(
    en="Both pass rates month by month with 95% intervals, and the forecast where there is one; "
    "the table below holds the same figures.",
    zh="两种合格率逐月走势及 95% 区间，有预测时一并给出；下表为同样的数据。",
)


def _trend_table(e: Edition, trend: _Trend) -> Table:
    few = e.words["too_few"]
    rows = [
        cells.row(
            cells.text(short_period_name(period, e.language)),
            cells.rate(human, few, link=e.links.of_period(period).calls(heard="random")),
            cells.rate(machine, few, link=e.links.of_period(period).calls(outcome="fail")),
        )
        for period, human, machine in zip(trend.periods, trend.human, trend.machine, strict=True)
    ]
    if trend.has_forecast:
        forecasts = (cells.rate(found) for found in trend.forecasts)
        rows.append(cells.row(cells.text(e.words["forecast"]), *forecasts))
    columns = (
        Column(e.words["month"]),
        Column(e.words["human_short"], "rate", "human"),
        Column(e.words["machine_short"], "rate", "machine"),
    )
    return Table("trend", e.words["trend_title"], columns, tuple(rows))


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
