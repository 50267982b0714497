"""A version that evaluations rest on is what it was: other bytes under its number are told."""

from collections.abc import Sequence
from pathlib import Path

from qa_pipeline.errors import Doubt, QaError, WrongUse
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.store import Store
from qa_pipeline.store.work import ScorecardRow
from qa_pipeline.texts import Text


def changed_version(card: LoadedScorecard, used: Sequence[ScorecardRow]) -> QaError | None:
    """Return the error of a scorecard whose (id, version) judged as other bytes, or None.

    It stands at the key `version`; its fix names the next number that nobody used.
    """
    name, version = card.scorecard.scorecard, card.scorecard.version
    of_card = {row.version: row.sha256 for row in used if row.scorecard_id == name}
    if of_card.get(version, card.sha256) == card.sha256:
        return None
    free = max(of_card) + 1
    place = card.document.place(("version",))
    return WrongUse(
        f"{card.where}:{place.line}:{place.column}",
        Text(
            en="this scorecard version has judged calls already and was changed since",
            zh="该版本的评分表已用于评判，其内容此后被改动",
        ),
        Text(
            en=f"raise its version to {free}, or bring the old file back",
            zh=f"请将 version 提高到 {free}，或恢复原文件",
        ),
        got=f"{name} version {version}",
    )


def changed_version_doubt(
    card: LoadedScorecard, store_path: Path, database_url: str | None
) -> tuple[Doubt, ...]:
    """Return the warning that `qa run` will refuse this file in this store, if it will."""
    with Store.open(store_path, database_url=database_url) as store:
        error = changed_version(card, store.ledger.scorecards())
    if error is None:
        return ()
    return (Doubt(error.where, error.what, error.fix, got=error.got),)
