"""`qa scorecard diff`: what changed between two versions, in words."""

from pathlib import Path
from typing import Annotated

import typer

from qa_pipeline.cli.console import interface_language, print_json, tell
from qa_pipeline.cli.shown import visible
from qa_pipeline.texts import Text

HELP = """Say in words what changed between two versions of a scorecard.

OLD and NEW are files, or versions that a store keeps (order-line@2, with --store). Exit code 0 when
both judge alike, 1 when something changed, 2 when a file is refused.

\b
Example: qa scorecard diff order-line.zh.yaml edited.yaml
"""


def diff(
    old: Annotated[str, typer.Argument(help="scorecard before: file or id@version")],
    new: Annotated[str, typer.Argument(help="scorecard after: file or id@version")],
    store: Annotated[
        Path | None, typer.Option(help="the store's folder, for versions that judged there")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="settings file (YAML)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the differences as JSON")] = False,
) -> None:
    """Print every difference, one a line; exit with 1 where there is one."""
    from qa_pipeline.pipeline.impact.cards import cards_named
    from qa_pipeline.render.impact.data import difference_data
    from qa_pipeline.scorecard.diff import differences
    from qa_pipeline.settings import load_settings

    database_url = load_settings(settings).database_url
    before, after = cards_named((old, new), store, database_url)
    found = differences(before.scorecard, after.scorecard)
    is_same_version = (before.scorecard.scorecard, before.scorecard.version) == (
        after.scorecard.scorecard,
        after.scorecard.version,
    )
    if found and is_same_version:
        tell(_same_version(after.scorecard.version))
    if as_json:
        print_json(
            {
                "old": {"where": before.where, "sha256": before.sha256},
                "new": {"where": after.where, "sha256": after.sha256},
                "differences": [difference_data(one) for one in found],
            }
        )
    else:
        for one in found:
            print(visible(one.said().say(interface_language())))
    if not found:
        tell(_NOTHING)
    raise typer.Exit(1 if found else 0)


_NOTHING = Text(
    en="both judge alike: they differ in comments and layout at most",
    zh="两者评判内容相同：至多注释和排版不同",
)


def _same_version(version: int) -> Text:
    return Text(
        en=f"warning: both call themselves version {version}; a version that has judged calls "
        f"cannot be changed: raise it to {version + 1}",
        zh=f"警告：两者的版本号都是 {version}；已用于评判的版本不可改动：请提高到 {version + 1}",
    )
