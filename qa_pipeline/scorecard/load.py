"""Reads scorecards: from bytes to a frozen model, or to every fault in order of place."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.documents import Document, quoted, read_leniently, refusal, shaped
from qa_pipeline.documents.form import MAX_BYTES
from qa_pipeline.errors import DocumentRefused, Doubt, QaError, WrongUse
from qa_pipeline.scorecard.doubts import doubts
from qa_pipeline.scorecard.draft import draft
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.scorecard.rules import rule_faults
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class LoadedScorecard:
    """A scorecard as read. `sha256` is of the bytes `raw`, `where` the file as it was given."""

    scorecard: Scorecard
    sha256: str
    where: str
    warnings: tuple[Doubt, ...]
    document: Document
    raw: bytes


def load_scorecard(path: Path) -> LoadedScorecard:
    """Read and check one scorecard.

    Raises
    ------
    WrongUse
        The file cannot be read.
    DocumentRefused
        With its faults, in order of place.
    """
    try:
        _refuse_other_than_files(path)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUse(
            str(path),
            Text(en="the scorecard cannot be read", zh="无法读取评分表"),
            Text(en="check the path and its permissions", zh="请检查路径和权限"),
            got=error.strerror,
        ) from error
    return read_scorecard(raw, str(path))


def _refuse_other_than_files(path: Path) -> None:
    """Refuse a folder, and what would be waited for: a pipe, a device."""
    if path.exists() and not path.is_file():
        raise WrongUse(
            str(path),
            Text(en="this is not a file", zh="这不是文件"),
            Text(
                en="give the scorecard's file; of a folder: FOLDER/*.yaml",
                zh="请指定评分表文件；文件夹请写 文件夹/*.yaml",
            ),
        )


def read_scorecard(raw: bytes, where: str) -> LoadedScorecard:
    """Check a scorecard's bytes; raises DocumentRefused with its faults, in order of place."""
    document = read_leniently(raw, where)
    scorecard, faults = shaped(document, Scorecard)
    card = draft(document)
    faults = (*faults, *rule_faults(card))
    if scorecard is None or faults:
        raise refusal(faults)
    sha256 = hashlib.sha256(raw).hexdigest()
    return LoadedScorecard(scorecard, sha256, where, tuple(doubts(card)), document, raw)


def scorecard_files(directory: Path) -> list[Path]:
    """Return the YAML files of a directory by name, without the sampling plans beside them."""
    files = (p for p in directory.glob("*.y*ml") if p.suffix in (".yaml", ".yml"))
    return sorted(path for path in files if not is_plan(path))


def is_plan(path: Path) -> bool:
    """Return whether a file is a sampling plan by its name: sampling.yaml, sampling.NAME.yaml."""
    return path.name.split(".")[0] == "sampling"


def load_directory(directory: Path) -> tuple[LoadedScorecard, ...]:
    """Read every `*.yaml` and `*.yml` of a directory but sampling plans, in order of name.

    Raises
    ------
    WrongUse
        There is no such directory, or no scorecard in it.
    DocumentRefused
        With the faults of all files; two of one id from one date or with one version are a fault.
    """
    paths = scorecard_files(directory)
    if not paths:
        raise WrongUse(
            str(directory),
            Text(en="no scorecards here", zh="此处没有评分表"),
            Text(en="give a directory with *.yaml scorecards", zh="请指定存放 *.yaml 评分表的目录"),
        )
    cards: list[LoadedScorecard] = []
    errors: list[QaError] = []
    for path in paths:
        try:
            cards.append(load_scorecard(path))
        except DocumentRefused as refused:
            errors.extend(refused.errors)
        except WrongUse as error:
            errors.append(error)
    errors.extend(_clashes(cards))
    if errors:
        raise DocumentRefused(tuple(errors))
    return tuple(cards)


def _clashes(cards: list[LoadedScorecard]) -> Iterator[QaError]:
    """Yield the cards that another card leaves no room for."""
    dates: dict[tuple[str, object], LoadedScorecard] = {}
    versions: dict[tuple[str, int], LoadedScorecard] = {}
    for card in cards:
        own = card.scorecard
        other = dates.setdefault((own.scorecard, own.effective_from), card)
        if other is not card:
            start = "null" if own.effective_from is None else own.effective_from.isoformat()
            yield _clash(
                card,
                "effective_from",
                Text(
                    en=f"{other.where} takes effect on the same date under the same id",
                    zh=f"{other.where} 以同一 id 在同一天生效",
                ),
                Text(en="give one of them another date", zh="请修改其中一个的生效日期"),
                got=start,
            )
        other = versions.setdefault((own.scorecard, own.version), card)
        if other is not card:
            yield _clash(
                card,
                "version",
                Text(
                    en=f"{other.where} has the same id and version",
                    zh=f"{other.where} 的 id 和版本与此相同",
                ),
                Text(en="raise the version of the newer one", zh="请提高较新者的版本号"),
                got=quoted(own.version),
            )


def _clash(card: LoadedScorecard, key: str, what: Text, fix: Text, *, got: str) -> QaError:
    shown = key if key in card.document.data else "scorecard"
    place = card.document.place((shown,))
    return WrongUse(f"{card.where}:{place.line}:{place.column}", what, fix, got=got)
