"""What went wrong: the problems, whose they are, cases to listen to, and what they call for."""

from collections.abc import Sequence

from qa_pipeline.aggregate.figures import CriterionMonth
from qa_pipeline.aggregate.spread import AgentFailures, Spread
from qa_pipeline.render import cells
from qa_pipeline.render.across import numbered, severity_ranks
from qa_pipeline.render.charts import pareto_chart
from qa_pipeline.render.document import Cell, Column, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.numbers import NONE, clock, count
from qa_pipeline.render.problem_words import KINDS
from qa_pipeline.texts import Text

N_PROBLEMS = 10
#: More groups than this would push a table off the page; the data keep them all.
_MAX_GROUP_COLUMNS = 4
_N_NAMED = 3


def problems_section(e: Edition) -> Section:
    """Return the criteria that failed most: a Pareto chart, its table, and cases."""
    w, problems = e.words, e.month.problems
    title = w["problems_title"]
    if not problems:
        return Section("problems", title, says=(e.say(NONE_FAILED),))
    shown = problems[:N_PROBLEMS]
    n_failed = sum(problem.n_failed for problem in problems)
    chart = pareto_chart(shown, n_failed, severity_ranks(e.month), e.titles, e.language)
    tables: tuple[Table, ...] = (_problem_table(e, problems),)
    if e.audience != "management":
        tables += _cases(e, problems)
    figures = numbered("pareto", title, e.say(_PARETO), (chart,), (("sum", e.say(_SUM)),))
    return Section("problems", title, says=(e.say(_PROBLEMS),), figures=figures, tables=tables)


NONE_FAILED = Text(en="No criterion failed this month.", zh="本月没有不合格的评分项。")
_PROBLEMS = Text(
    en="Criteria by the number of calls in which the machine found them failed. The share is of "
    "calls in which the criterion could be judged; an increase is bad news.",
    zh="按机检判为不合格的通话数排列。不合格率以该项可判定的通话为分母；上升为坏消息。",
)
_PARETO = Text(
    en="Criteria by number of calls in which they failed, with their failure share, and the share "
    "of all failures down to each; the table below holds the same figures.",
    zh="各评分项不合格的通话数、不合格率，以及累计占全部不合格的比例；下表为同样的数据。",
)
_SUM = Text(en="Share of all failures, added up from the top", zh="自上而下累计占全部不合格的比例")


def _problem_table(e: Edition, problems: Sequence[CriterionMonth]) -> Table:
    w = e.words
    names = [group.group for group in e.month.groups if group.group is not None]
    shown = names if len(names) <= _MAX_GROUP_COLUMNS else []
    n_all = sum(problem.n_failed for problem in problems)
    columns = (
        Column(w["criterion"]),
        Column(w["class"]),
        Column(w["failed"], "count"),
        Column(w["share_failed"], "share"),
        Column(e.say(_CUMULATIVE), "rate"),
        Column(w["change"], "change"),
        *(Column(name, "share") for name in shown),
    )
    rows, so_far = [], 0
    for c in problems:
        so_far += c.n_failed
        rows.append(_problem(e, c, so_far / n_all, shown))
    return Table(
        "problems", w["problems_title"], columns, tuple(rows), N_PROBLEMS, more_rows(e, len(rows))
    )


def _problem(e: Edition, c: CriterionMonth, so_far: float, groups: Sequence[str]) -> Row:
    link = e.links.calls(scorecard=c.scorecard_id, criterion=c.criterion, outcome="fail")
    shares = {share.group: share for share in c.groups}
    return cells.row(
        cells.text(
            e.criterion(c.scorecard_id, c.criterion), e.titles.scorecard(c.scorecard_id, e.language)
        ),
        Cell(c.severity, c.severity, rank=severity_ranks(e.month).get(c.severity, 2)),
        cells.number(c.n_failed, link=link),
        cells.share(c.n_failed, c.n_judged, link=link),
        cells.plain_rate(so_far),
        cells.change(c.change, e.language, up_is_good=False),
        *(
            cells.share(shares[name].n_failed, shares[name].n_judged)
            if name in shares
            else Cell(NONE)
            for name in groups
        ),
    )


_CUMULATIVE = Text(en="Of all failures, so far", zh="累计占比")


def more_rows(e: Edition, n: int) -> str:
    """Return what a page says of rows that it leaves to the workbook."""
    return Text(
        en=f"The workbook holds all {count(n)} rows.", zh=f"全部 {count(n)} 行见工作簿。"
    ).say(e.language)


def _cases(e: Edition, problems: Sequence[CriterionMonth]) -> tuple[Table, ...]:
    w = e.words
    columns = (
        Column(w["criterion"]),
        Column(w["call"], "id"),
        Column(w["group"]),
        Column(w["agent"]),
        Column(w["date"], "date"),
        Column(w["at"]),
        Column(w["said"]),
    )
    rows = []
    for problem in problems[:N_PROBLEMS]:
        for i, example in enumerate(problem.examples):
            title = e.criterion(problem.scorecard_id, problem.criterion)
            said = Cell(
                example.quote or "", example.quote, example.reason, is_quote=bool(example.quote)
            )
            rows.append(
                cells.row(
                    Cell("" if i else title, title),
                    cells.text(example.call_id, link=e.links.call(example.call_id)),
                    cells.text(example.group),
                    cells.text(example.agent_id or NONE),
                    cells.day(example.local_date),
                    cells.text(clock(example.start_s)),
                    said,
                )
            )
    return (Table("cases", w["cases_title"], columns, tuple(rows)),) if rows else ()


def kinds_section(e: Edition) -> Section:
    """Return which problems are common and which individual, and whether they improved."""
    w = e.words
    named = e.audience != "management"
    columns = (
        Column(w["criterion"]),
        Column(w["class"]),
        Column(w["kind"]),
        Column(w["kind_before"]),
        Column(w["share_failed"], "share"),
        Column(w["change"], "change"),
        Column(w["agents_failing"], "share"),
        *((Column(w["who"]),) if named else ()),
    )
    ranks = severity_ranks(e.month)
    rows = [_kind(e, spread, ranks, named=named) for spread in e.month.spread]
    if not rows:
        return Section("kinds", w["kinds_title"], says=(e.say(NONE_FAILED),))
    return Section(
        "kinds", w["kinds_title"], says=(e.say(_KINDS),),
        tables=(
            Table("kinds", w["kinds_title"], columns, tuple(rows), 15, more_rows(e, len(rows))),
        ),
    )  # fmt: skip


_KINDS = Text(
    en="A problem is common where failures lie on agents as chance would lay them, and individual "
    "where a few agents have more than chance allows, compared within their group, counting that "
    "many agents and criteria are looked at together.",
    zh="不合格在坐席间的分布与偶然无异的，为共性问题；少数坐席明显超出偶然的，为个性问题。"
    "比较只在组内进行，并已考虑同时比较多名坐席、多个评分项。",
)


def _kind(e: Edition, spread: Spread, ranks: dict[str, int], *, named: bool) -> Row:
    language = e.language
    before = spread.kind_before
    link = e.links.calls(scorecard=spread.scorecard_id, criterion=spread.criterion, outcome="fail")
    return cells.row(
        cells.text(e.criterion(spread.scorecard_id, spread.criterion)),
        Cell(spread.severity, spread.severity, rank=ranks.get(spread.severity, 2)),
        cells.text(KINDS[spread.kind].say(language), tone="strong"),
        cells.text(NONE if before is None else KINDS[before].say(language)),
        cells.share(spread.n_failed, spread.n_judged, link=link),
        cells.change(spread.change, language, up_is_good=False),
        cells.share(spread.n_agents_failing, spread.n_agents),
        *((cells.text(who(spread.agents)),) if named else ()),
    )


def who(agents: Sequence[AgentFailures]) -> str:
    """Return the agents that stand out, each with failures of judged calls, and those of chance."""
    named = [f"{a.agent_id} {a.n_failed}/{a.n_judged} ({a.expected:.0f})" for a in agents]
    return "; ".join(named[:_N_NAMED]) + ("; …" if len(named) > _N_NAMED else "")
