"""Which scorecard an argument means: a file, or a version that the store keeps, `id@version`."""

import re
from collections.abc import Sequence
from pathlib import Path

from qa_pipeline.errors import WrongUse
from qa_pipeline.scorecard.load import LoadedScorecard, load_scorecard
from qa_pipeline.store import Store
from qa_pipeline.texts import Text

_VERSION = re.compile(r"([a-z][a-z0-9-]*)@([1-9][0-9]{0,8})")


def named_card(named: str, store: Store) -> LoadedScorecard:
    """Return the scorecard of a file; where there is no such file, a version of the store's.

    Raises WrongUse where it is neither, DocumentRefused with every fault of what it says.
    """
    version = _VERSION.fullmatch(named)
    if version is not None and not Path(named).exists():
        return store.scorecard(version[1], int(version[2]))
    return load_scorecard(Path(named))


def cards_named(
    names: Sequence[str], store_path: Path | None, database_url: str | None
) -> tuple[LoadedScorecard, ...]:
    """Return several scorecards; without a store only files have a name."""
    if store_path is not None:
        with Store.open(store_path, database_url=database_url) as store:
            return tuple(named_card(name, store) for name in names)
    for name in names:
        if _VERSION.fullmatch(name) and not Path(name).exists():
            raise WrongUse(
                name,
                Text(en="a version lies in a store", zh="版本保存在存储中"),
                Text(en="add --store, or give a file", zh="请加上 --store，或给出文件"),
            )
    return tuple(load_scorecard(Path(name)) for name in names)


def refuse_equal(old: LoadedScorecard, new: LoadedScorecard) -> None:
    """Raise WrongUse where both are the same bytes: the edit was not saved, or the wrong file."""
    if old.sha256 == new.sha256:
        raise WrongUse(
            new.where,
            Text(
                en="the old and the new scorecard are the same, byte for byte",
                zh="新旧两份评分表逐字节相同",
            ),
            Text(
                en="save the edit, or name another file or version (id@version)",
                zh="请先保存修改，或改写为另一个文件或版本（id@version）",
            ),
            got=old.where,
        )
