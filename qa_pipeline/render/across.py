"""Across the period: each group's rates side by side, group against group, failures by class."""

from collections.abc import Sequence
from itertools import groupby

from qa_pipeline.aggregate.figures import CombinedRate, GroupMonth, Month, SeverityCount
from qa_pipeline.render import cells
from qa_pipeline.render.charts import Dot, DotLine, dot_charts, rate_scale
from qa_pipeline.render.document import Cell, Column, Figure, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.numbers import NONE, percent, percent_range
from qa_pipeline.render.views import group_row
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Text


def groups_section(e: Edition) -> Section:
    """Return every group's rates: a chart of people's and the machine's, tables of all four."""
    groups = (e.month.overall, *e.month.groups)
    title = e.words["groups_title"]
    return Section(
        "groups",
        title,
        figures=numbered("rates", title, _rates_description(e), _rates_chart(e, groups), key_of(e)),
        tables=(
            Table("rates", title, _rate_columns(e), tuple(_rates(e, g) for g in groups)),
            Table(
                "figures", e.words["figures_title"], _figure_columns(e),
                tuple(_figures(e, g) for g in groups),
            ),
            *_against_each_other(e),
        ),
        after=(e.say(_FOUR),),
    )  # fmt: skip


_FOUR = Text(
    en="Combined: the machine’s verdicts on all calls say how many calls of each kind there are, "
    "people’s reviews how many of each kind really pass. Where too few reviews fall into a kind, "
    "people’s weighted rate stands there instead. Counts of calls that people heard are no rates.",
    zh="人机合并：机检判定全部通话，给出各类通话的数量；人工复核给出各类中真正合格的比例。"
    "某一类复核太少时，以人工加权合格率代替。人工听过的通话计数不是合格率。",
)


def numbered(
    name: str,
    title: str,
    description: str,
    charts: Sequence[object],
    key: tuple[tuple[str, str], ...],
) -> tuple[Figure, ...]:
    """Return a figure a chart: a long list stands in several."""
    return tuple(
        Figure(name if i == 1 else f"{name}-{i}", title, description, chart, key)  # type: ignore[arg-type]
        for i, chart in enumerate(charts, start=1)
    )


def key_of(e: Edition) -> tuple[tuple[str, str], ...]:
    """Return the key of charts that show both parties."""
    people = Text(en="People, weighted sample", zh="人工抽检（加权）").say(e.language)
    machine = Text(en="Machine, all calls", zh="机检（全部通话）").say(e.language)
    return (("human", people), ("machine", machine), ("line", e.words["interval"]))


def _rates_description(e: Edition) -> str:
    n = len(e.month.groups)
    return Text(
        en=f"Pass rates of {n} groups with 95% intervals; the table below holds the same figures.",
        zh=f"{n} 个组的合格率及 95% 区间；下表为同样的数据。",
    ).say(e.language)


def _rates_chart(e: Edition, groups: Sequence[GroupMonth]) -> Sequence[object]:
    lines, shown = [], []
    for group in groups:
        row = group_row(group, e.language)
        pairs = ((group.human.interval, row.human), (machine_interval(group), row.machine))
        dots = []
        for party, (interval, cell) in zip(("human", "machine"), pairs, strict=True):
            if interval is None:
                dots.append(Dot(party, None, cell.note or NONE, cell.n))  # type: ignore[arg-type]
                continue
            shown.append(interval)
            dots.append(
                Dot(party, interval, percent(interval.value), percent_range(interval))  # type: ignore[arg-type]
            )
        lines.append(DotLine(row.name, tuple(dots), is_overall=row.is_overall))
    return dot_charts(lines, rate_scale(shown))


def machine_interval(group: GroupMonth) -> Interval | None:
    """Return the machine's rate where it may be shown as one."""
    return group.machine.interval if group.machine.is_enough else None


def _rate_columns(e: Edition) -> tuple[Column, ...]:
    w = e.words
    return (
        Column(w["group"]),
        Column(w["calls"], "count"),
        Column(w["human_short"], "rate", "human"),
        Column(w["reviewed"], "count"),
        Column(w["drawn"], "count"),
        Column(w["n_effective"], "number"),
        Column(w["machine_short"], "rate", "machine"),
        Column(w["undecided"], "count"),
        Column(w["failures"], "count"),
    )


def _rates(e: Edition, group: GroupMonth) -> Row:
    row, links, name = group_row(group, e.language), e.links, group.group
    n_effective = group.human.n_effective
    is_finite = n_effective is not None and n_effective != float("inf")
    return cells.row(
        cells.text(row.name, link=links.calls(group=name)),
        cells.number(group.machine.n_calls, link=links.calls(group=name)),
        cells.rate(
            group.human.interval, row.human.note or "", link=links.calls(group=name, heard="random")
        ),
        cells.number(group.human.n_reviewed, link=links.calls(group=name, heard="random")),
        cells.number(group.human.n_drawn),
        Cell(row.n_effective, round(n_effective or 0, 1) if is_finite else None),
        cells.rate(
            machine_interval(group), row.machine.note or "",
            link=links.calls(group=name, outcome="fail"),
        ),
        cells.number(group.machine.n_undecided, link=links.calls(group=name, outcome="undecided")),
        cells.number(group.n_failures),
        is_overall=row.is_overall,
    )  # fmt: skip


def _figure_columns(e: Edition) -> tuple[Column, ...]:
    w = e.words
    return (
        Column(w["group"]),
        Column(w["machine_short"], "rate", "machine"),
        Column(w["coverage"], "rate", "machine"),
        Column(w["human_short"], "rate", "human"),
        Column(w["combined_rate"], "rate", "combined"),
        Column(w["gain"], "rate", "combined"),
        Column(w["random_passed"], "text"),
        Column(w["targeted_passed"], "text"),
    )


def _figures(e: Edition, group: GroupMonth) -> Row:
    row, raw = group_row(group, e.language), group.raw

    def heard(how: str) -> str | None:
        return e.links.calls(group=group.group, heard=how)

    return cells.row(
        cells.text(row.name),
        cells.rate(machine_interval(group), row.machine.note or ""),
        cells.plain_rate(group.machine.coverage),
        cells.rate(group.human.interval, row.human.note or ""),
        _combined(e, group.combined),
        cells.plain_rate(group.combined.gain),
        cells.text(f"{raw.n_passed} / {raw.n_reviewed}", link=heard("random")),
        cells.text(f"{raw.n_targeted_passed} / {raw.n_targeted}", link=heard("targeted")),
        is_overall=row.is_overall,
    )


def _combined(e: Edition, found: CombinedRate) -> Cell:
    if found.status == "combined":
        return cells.rate(found.interval)
    if found.status == "classical":
        return cells.text(
            Text(en="as people’s", zh="同人工").say(e.language),
            Text(en=f"{found.n_thin_cells} kinds with fewer than two reviews",
                 zh=f"{found.n_thin_cells} 类复核不足两通").say(e.language),
            tone="note",
        )  # fmt: skip
    return cells.text(e.words[found.status], tone="note")


def _against_each_other(e: Edition) -> tuple[Table, ...]:
    if len(e.month.groups) < 2:
        return ()
    w = e.words
    rows = []
    for group in e.month.groups:
        found = group.machine.against_rest
        rest = found.before if found is not None else None
        rows.append(
            cells.row(
                cells.text(group.group or ""),
                cells.rate(machine_interval(group), w["too_few"]),
                cells.rate(rest, w["too_few"]),
                cells.change(found, e.language, note=w["too_few"]),
            )
        )
    columns = (
        Column(w["group"]),
        Column(w["machine_short"], "rate", "machine"),
        Column(w["rest"], "rate", "machine"),
        Column(w["against_rest"], "change", "machine"),
    )
    return (Table("against", w["compare_title"], columns, tuple(rows)),)


def severity_ranks(month: Month) -> dict[str, int]:
    """Return 0 for fatal classes, 1 for the next class, 2 for all others: their colour."""
    ranks: dict[str, int] = {}
    for severity in month.overall.severities:
        n_others = sum(rank > 0 for rank in ranks.values())
        ranks[severity.severity] = 0 if severity.is_fatal else min(2, 1 + n_others)
    return ranks


def classes_section(e: Edition) -> Section:
    """Return failed criteria by group and class, and whether each class went up or down."""
    w = e.words
    columns = (
        Column(w["group"]),
        Column(w["class"]),
        Column(w["failed"], "count"),
        Column(w["per_100"], "number"),
        Column(w["before"], "count"),
        Column(w["calls_with"], "count"),
        Column(w["change"], "change"),
    )
    ranks = severity_ranks(e.month)
    groups = (e.month.overall, *e.month.groups)
    rows = [_class(e, group, count, ranks) for group in groups for count in group.severities]
    if not rows:
        return Section("classes", w["classes_title"], says=(e.say(_NONE_JUDGED),))
    return Section(
        "classes", w["classes_title"], says=(e.say(_CLASSES),),
        tables=(Table("classes", w["classes_title"], columns, tuple(_once(rows))),),
    )  # fmt: skip


_NONE_JUDGED = Text(en="No criterion was judged this month.", zh="本月没有已判定的评分项。")
_CLASSES = Text(
    en="Criteria that the machine found failed, by class; beside them, how many that is per 100 "
    "calls, and the number of the month before. The change is of the share of calls with a failure "
    "of the class.",
    zh="机检判为不合格的评分项数，按级别统计；旁为每百通的次数与上月次数。变化指涉及该级别问题的通话占比的变化。",
)


def _class(e: Edition, group: GroupMonth, found: SeverityCount, ranks: dict[str, int]) -> Row:
    n_calls = group.machine.n_calls
    per_100 = 100 * found.n_failed / n_calls if n_calls else None
    title = e.titles.severity_title(found.severity, e.language)
    link = e.links.calls(group=group.group, severity=found.severity, outcome="fail")
    return cells.row(
        cells.text(cells.named(group.group, e.language)),
        Cell(found.severity, found.severity, title, rank=ranks.get(found.severity, 2)),
        cells.number(found.n_failed, link=link),
        Cell(NONE if per_100 is None else f"{per_100:.1f}", per_100),
        cells.number(found.n_before),
        cells.number(found.n_calls, link=link),
        cells.change(found.change, e.language, up_is_good=False),
        is_overall=group.group is None,
    )


def _once(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with a group's name seen at its first row only; a workbook has it in all."""
    told: list[Row] = []
    for _, of_group in groupby(rows, key=lambda row: row.cells[0].value):
        first, *others = of_group
        told += [
            first,
            *(Row((Cell("", r.cells[0].value), *r.cells[1:]), r.is_overall) for r in others),
        ]
    return told
