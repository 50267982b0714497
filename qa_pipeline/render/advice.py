"""What problems call for: training for all, coaching for one, and whether the last ones helped."""

from collections.abc import Iterable, Sequence

from qa_pipeline.aggregate.followup import CoachingItem, FollowUp, TrainingNeed
from qa_pipeline.render import cells
from qa_pipeline.render.across import severity_ranks
from qa_pipeline.render.document import Cell, Column, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.faults import more_rows
from qa_pipeline.render.numbers import NONE, percent
from qa_pipeline.render.problem_words import EFFECTS
from qa_pipeline.texts import Text


def advice_section(e: Edition) -> Section:
    """Return training for everybody, coaching for individuals, and whether the last ones helped."""
    w, month = e.words, e.month
    says = [
        Text(
            en=f"{len(month.training)} common problems call for training, "
            f"{sum(need.is_new for need in month.training)} of them new; "
            f"{len(month.coaching)} times an agent needs coaching in one criterion.",
            zh=f"共性问题需培训 {len(month.training)} 项，其中新增 "
            f"{sum(need.is_new for need in month.training)} 项；"
            f"需个别辅导 {len(month.coaching)} 人次。",
        ).say(e.language)
    ]
    tables = [*_training(e, month.training)]
    if e.audience != "management":
        tables += _coaching(e, month.coaching)
    tables += _followed(e, month.followed_up)
    return Section("advice", w["advice_title"], says=tuple(says), tables=tuple(tables))


def _training(e: Edition, needs: Sequence[TrainingNeed]) -> Iterable[Table]:
    if not needs:
        return
    w, ranks = e.words, severity_ranks(e.month)
    columns = (
        Column(w["class"]),
        Column(w["criterion"]),
        Column(w["share_failed"], "share"),
        Column(w["agents_failing"], "share"),
        Column(w["new_point"]),
    )
    rows = tuple(
        cells.row(
            Cell(n.severity, n.severity, rank=ranks.get(n.severity, 2)),
            cells.text(e.criterion(n.scorecard_id, n.criterion)),
            cells.share(
                n.n_failed, n.n_judged,
                link=e.links.calls(
                    scorecard=n.scorecard_id, criterion=n.criterion, outcome="fail"
                ),
            ),
            cells.share(n.n_agents_failing, n.n_agents),
            cells.text(w["yes"], tone="strong") if n.is_new else cells.text(NONE),
        )
        for n in needs
    )  # fmt: skip
    yield Table("training", w["training_title"], columns, rows, 15, more_rows(e, len(rows)))


def _coaching(e: Edition, items: Sequence[CoachingItem]) -> Iterable[Table]:
    if not items:
        return
    w, ranks = e.words, severity_ranks(e.month)
    columns = (
        Column(w["agent"]),
        Column(w["group"]),
        Column(w["class"]),
        Column(w["criterion"]),
        Column(w["share_failed"], "share"),
        Column(w["expected"], "number"),
        Column(w["call"], "id"),
    )
    rows = tuple(
        cells.row(
            cells.text(item.agent.agent_id, link=e.links.calls(agent=item.agent.agent_id)),
            cells.text(item.agent.group),
            Cell(item.severity, item.severity, rank=ranks.get(item.severity, 2)),
            cells.text(e.criterion(item.scorecard_id, item.criterion)),
            cells.share(
                item.agent.n_failed, item.agent.n_judged,
                link=e.links.calls(
                    agent=item.agent.agent_id, scorecard=item.scorecard_id,
                    criterion=item.criterion, outcome="fail",
                ),
            ),
            Cell(f"{item.agent.expected:.1f}", item.agent.expected),
            _one_call(e, item.call_id),
        )
        for item in items
    )  # fmt: skip
    yield Table("coaching", w["coaching_title"], columns, rows, 20, more_rows(e, len(rows)))


def _one_call(e: Edition, call_id: str | None) -> Cell:
    return Cell(NONE) if call_id is None else cells.text(call_id, link=e.links.call(call_id))


def _followed(e: Edition, found: Sequence[FollowUp]) -> Iterable[Table]:
    shown = [f for f in found if e.audience != "management" or f.target.agent_id is None]
    if not shown:
        return
    w = e.words
    columns = (
        Column(w["criterion"]),
        Column(w["agent"]),
        Column(w["before_word"], "rate"),
        Column(w["after_word"], "rate"),
        Column(w["change"], "change"),
        Column(w["by_itself"], "rate"),
        Column(w["effect"]),
    )
    rows = tuple(_follow(e, each) for each in shown)
    yield Table("followed", w["follow_title"], columns, rows, 20, more_rows(e, len(rows)))


def _follow(e: Edition, found: FollowUp) -> Row:
    w, target = e.words, found.target
    few = w["too_few"]
    tone = {"improved": "good", "worse": "bad"}.get(found.effect, "")
    return cells.row(
        cells.text(e.criterion(target.scorecard_id, target.criterion)),
        cells.text(w["everybody"] if target.agent_id is None else target.agent_id),
        cells.rate(found.before, few),
        cells.rate(found.after, few),
        cells.text(few, tone="note")
        if found.change is None
        else cells.difference(found.change, e.language),
        Cell(NONE) if found.expected is None else Cell(percent(found.expected), found.expected),
        cells.text(EFFECTS[found.effect].say(e.language), tone=tone),  # type: ignore[arg-type]
    )
