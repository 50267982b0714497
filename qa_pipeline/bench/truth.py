"""The truth manifest: an ordinary manifest whose rows also say what is in the recording.

Columns that a night needs and a bench does not (`started_at`, `agent_id`, `group`) may be absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Final

from qa_pipeline.errors import RecordingFailed, WrongUse
from qa_pipeline.records import Value
from qa_pipeline.settings import Settings
from qa_pipeline.sources.folder import FolderSource, Pulled, is_inline
from qa_pipeline.sources.manifest import read_manifest
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.texts import Text

#: What stands in a column that a bench does not need; never shown.
_NOT_NEEDED: Final = {"started_at": "2000-01-01", "agent_id": "\u2013", "group": "\u2013"}


@dataclass(frozen=True, slots=True)
class Failed:
    """A row or recording that could not be measured, with the reason."""

    recording: str
    error: RecordingFailed


@dataclass(frozen=True, slots=True)
class Truth:
    """One row. `where` is its place in the manifest, `columns` every column that says something."""

    row: ManifestRow
    where: str
    columns: Mapping[str, Value]

    @property
    def rttm(self) -> str | None:
        """The column `rttm`: a path inside the source, or the lines themselves."""
        written = self.columns.get("rttm")
        return None if written is None else str(written)

    @property
    def transcript_place(self) -> str:
        """Where a fault of the transcript lies: its file, or the row that holds it."""
        written = self.row.transcript
        return self.where if written is None or is_inline(written) else written

    @property
    def rttm_place(self) -> str:
        """Where a fault of the RTTM lies: its file, or the row that holds it."""
        return self.where if self.rttm is None or is_inline(self.rttm) else self.rttm


@dataclass(frozen=True, slots=True)
class Truths:
    """The rows that may be heard, in the manifest's order, and those that cannot."""

    rows: tuple[Truth, ...]
    failures: tuple[Failed, ...]


def read_truths(manifest: Path, settings: Settings) -> Truths:
    """Return the rows of a truth manifest and the faults of those that cannot be read.

    Raises
    ------
    WrongUse
        The file is no manifest, or has no row at all.
    """
    defaults = _NOT_NEEDED | settings.source.defaults
    source = settings.source.model_copy(update={"defaults": defaults})
    read = read_manifest(manifest, settings.model_copy(update={"source": source}))
    if not read.rows and not read.faults:
        what = Text(en="the truth manifest has no row", zh="标注清单没有任何行")
        fix = Text(
            en="write one row a recording: recording, transcript, language",
            zh="请每段录音写一行：recording、transcript、language",
        )
        raise WrongUse(str(manifest), what, fix)
    failures = [Failed(fault.recording or fault.error.where, fault.error) for fault in read.faults]
    rows: list[Truth] = []
    for row in read.rows:
        where = f"{manifest.name}:{row.number}"
        if row.recording is None:
            failures.append(Failed(where, _without(where, "recording", "录音")))
        else:
            rows.append(Truth(row, where, _columns(row)))
    return Truths(tuple(rows), tuple(failures))


def _columns(row: ManifestRow) -> Mapping[str, Value]:
    known = {k: v for k, v in row.metadata.items() if _NOT_NEEDED.get(k) != v}
    return MappingProxyType(known)


def check_columns(rows: Sequence[Truth], by: Sequence[str], manifest: Path) -> None:
    """Raise WrongUse where figures are wanted by a column that no row has."""
    names = sorted({name for truth in rows for name in truth.columns})
    for name in by:
        if rows and name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.6)
            what = Text(en="no row has such a column", zh="清单没有这一列")
            listed = ", ".join(near or names) or "-"
            fix = Text(en=f"--by one of: {listed}", zh=f"--by 可用的列：{listed}")
            raise WrongUse(str(manifest), what, fix, got=name)


def pull(source: FolderSource, truth: Truth) -> Pulled:
    """Return the row's recording and the bytes of its transcript, if it has one.

    Raises
    ------
    RecordingFailed
        A file is absent, unreadable, or its path leads out of the source.
    """
    return _pull(source, truth.row, truth.where)


def pull_rttm(source: FolderSource, truth: Truth) -> bytes | None:
    """Return the bytes of the row's RTTM, None where it has none; raises as `pull`."""
    if truth.rttm is None:
        return None
    return _pull(source, replace(truth.row, transcript=truth.rttm), truth.where).transcript


def _pull(source: FolderSource, row: ManifestRow, where: str) -> Pulled:
    """Pull, and never quote what may be a line of a dialogue rather than the path of one."""
    try:
        return source.pull(row)
    except RecordingFailed as error:
        if error.where != row.transcript:
            raise
        raise RecordingFailed(
            where, error.what, error.fix, stage=error.stage, code=error.code
        ) from None
    except OSError as error:
        what = Text(en="the file cannot be read", zh="无法读取文件")
        fix = Text(en="check its permissions and the disk", zh="请检查文件权限与磁盘")
        raise RecordingFailed(
            row.name, what, fix, stage="pull", code="unreadable", got=error.strerror
        ) from error


def _without(where: str, column: str, zh: str) -> RecordingFailed:
    what = Text(en=f"the row has no {column}", zh=f"该行没有{zh}")
    fix = Text(en=f"fill in the column {column}", zh=f"请填写 {column} 列")
    return RecordingFailed(where, what, fix, stage="manifest", code=f"missing_{column}")


def without_transcript(truth: Truth) -> RecordingFailed:
    """Return the failure of a row that does not say what is in its recording."""
    what = Text(en="the row has no transcript", zh="该行没有转写文本")
    fix = Text(
        en='fill in the column transcript; for a recording without words: {"words": []}',
        zh='请填写 transcript 列；没有人说话的录音写 {"words": []}',
    )
    return RecordingFailed(truth.where, what, fix, stage="manifest", code="missing_transcript")
