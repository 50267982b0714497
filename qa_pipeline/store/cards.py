"""The scorecards that judged, byte for byte, under their SHA-256: a version can always be read.

Evaluations name their scorecard by id, version and hash. Files that leads edit go on; what was
judged by must stay.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from qa_pipeline.errors import WrongUse
from qa_pipeline.scorecard.load import LoadedScorecard, read_scorecard
from qa_pipeline.store.work import ScorecardRow
from qa_pipeline.texts import Text

_FOLDER: Final = "scorecards"


def keep_cards(folder: Path, cards: Iterable[LoadedScorecard]) -> None:
    """Write the bytes of those `cards` that the store does not hold; each file whole or not."""
    for card in cards:
        path = _path(folder, card.sha256)
        if path.exists():
            continue
        path.parent.mkdir(mode=0o700, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        unfinished.write_bytes(card.raw)
        unfinished.replace(path)


def kept_card(
    folder: Path, used: Sequence[ScorecardRow], scorecard_id: str, version: int
) -> LoadedScorecard:
    """Return a version as it judged here; see `Store.scorecard`."""
    name = f"{scorecard_id}@{version}"
    sha256 = next(
        (u.sha256 for u in used if (u.scorecard_id, u.version) == (scorecard_id, version)), None
    )
    if sha256 is None:
        known = ", ".join(f"{u.scorecard_id}@{u.version}" for u in used[-20:])
        raise WrongUse(
            str(folder),
            Text(en="no call here was judged by this version", zh="此处没有通话用过该版本评判"),
            Text(
                en=f"give a file, or one of: {known}" if known else "give the scorecard's file",
                zh=f"请给出文件，或写以下之一：{known}" if known else "请给出评分表文件",
            ),
            got=name,
        )
    path = _path(folder, sha256)
    if not path.is_file():
        raise WrongUse(
            str(folder),
            Text(
                en="the bytes of this version were not kept when it judged",
                zh="该版本评判时未保存其文件内容",
            ),
            Text(en="give the scorecard's file", zh="请给出评分表文件"),
            got=name,
        )
    return read_scorecard(path.read_bytes(), name)


def _path(folder: Path, sha256: str) -> Path:
    return folder / _FOLDER / f"{sha256}.yaml"
