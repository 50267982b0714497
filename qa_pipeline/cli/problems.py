"""`qa problems`: common and individual problems, what they call for, and what helped."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa_pipeline.cli.console import data, interface_language, print_json, tell
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Text

if TYPE_CHECKING:
    from qa_pipeline.aggregate.followup import FollowUp
    from qa_pipeline.aggregate.spread import Spread
    from qa_pipeline.pipeline.problems import Problems
    from qa_pipeline.render.titles import Titles

_HELP = """Tell a month's common problems (for the trainer) from individual ones (for the coach).

Shows the evidence, and for last month's items whether they helped. With --propose, a coaching item
or a training need is kept for each problem.

\b
Example: qa problems --period 2026-10 --store night-store --propose
"""


def register(app: typer.Typer) -> None:
    """Add `qa problems`."""
    app.command("problems", help=_HELP)(problems)


def problems(
    period: Annotated[str, typer.Option(help="calendar month, YYYY-MM")],
    store: Annotated[Path, typer.Option(help="the store's folder")],
    propose: Annotated[
        bool, typer.Option("--propose", help="keep a coaching item or training need for each")
    ] = False,
    scorecards: Annotated[
        Path, typer.Option(help="folder of scorecards, for the names of criteria")
    ] = SCORECARDS_DIR,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="all figures as JSON")] = False,
) -> None:
    """Find, optionally keep, and print the problems."""
    from qa_pipeline.aggregate.plain import plain
    from qa_pipeline.pipeline.problems import run_problems
    from qa_pipeline.render.titles import Titles
    from qa_pipeline.settings import load_settings

    found = run_problems(store, period, load_settings(settings), propose=propose)
    if as_json:
        print_json(plain(found))
        return
    titles = Titles.of_directory(scorecards)
    _table(_PROBLEM_HEADINGS, [_problem(each, titles) for each in found.spread])
    if found.followed_up:
        _table(_EFFECT_HEADINGS, [_effect(each, titles) for each in found.followed_up])
    tell(_summary(found))


_PROBLEM_HEADINGS = (
    Text(en="Criterion", zh="评分项"),
    Text(en="Kind", zh="性质"),
    Text(en="Failed", zh="不合格"),
    Text(en="Agents failing", zh="涉及坐席"),
    Text(en="Who stands out", zh="突出的坐席"),
)
_EFFECT_HEADINGS = (
    Text(en="Criterion", zh="评分项"),
    Text(en="Agent", zh="坐席"),
    Text(en="Before", zh="此前"),
    Text(en="After", zh="此后"),
    Text(en="Change", zh="变化"),
    Text(en="By itself", zh="自然回归"),
    Text(en="Effect", zh="效果"),
)


def _problem(spread: "Spread", titles: "Titles") -> Sequence[str]:
    from qa_pipeline.render.problem_words import KINDS

    language = interface_language()
    named = [f"{a.agent_id} {a.n_failed}/{a.n_judged} ({a.expected:.0f})" for a in spread.agents]
    return (
        titles.criterion(spread.scorecard_id, spread.criterion, language),
        KINDS[spread.kind].say(language),
        f"{spread.n_failed}/{spread.n_judged}",
        f"{spread.n_agents_failing}/{spread.n_agents}",
        "; ".join(named[:3]) + ("; …" if len(named) > 3 else ""),
    )


def _effect(found: "FollowUp", titles: "Titles") -> Sequence[str]:
    from qa_pipeline.render.numbers import NONE, percent, points, points_range
    from qa_pipeline.render.problem_words import EFFECTS

    language = interface_language()
    target, change = found.target, found.change
    everybody = Text(en="everybody", zh="全员").say(language)
    moved = NONE
    if change is not None:
        moved = f"{points(change.value)} ({points_range(change, language)})"
    return (
        titles.criterion(target.scorecard_id, target.criterion, language),
        everybody if target.agent_id is None else target.agent_id,
        NONE if found.before is None else percent(found.before.value),
        NONE if found.after is None else percent(found.after.value),
        moved,
        NONE if found.expected is None else percent(found.expected),
        EFFECTS[found.effect].say(language),
    )


def _table(headings: Sequence[Text], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table

    from qa_pipeline.cli.shown import line

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in headings:
        table.add_column(heading.say(interface_language()), overflow="fold")
    for row in rows:
        table.add_row(*map(line, row))
    data().print(table)


def _summary(found: "Problems") -> Text:
    n_items, n_needs = len(found.coaching), len(found.training)
    return Text(
        en=f"{found.period}: {n_items} coaching items, {n_needs} training needs; "
        f"{found.n_new} newly kept",
        zh=f"{found.period}：辅导事项 {n_items} 项，培训需求 {n_needs} 项；新保存 {found.n_new} 项",
    )
