"""The manifest: one row a call, columns named by settings if need be.

A fault in a row fails that row alone, with its number; only a file that is no manifest at all is
refused. Columns that are not ours are kept as metadata.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from qa_pipeline.errors import RecordingFailed, WrongUse
from qa_pipeline.settings import Settings, SourceSettings
from qa_pipeline.sources.rows import (
    ManifestRow,
    Record,
    RowRefused,
    blank_as_none,
    is_call_id,
    row_of,
)
from qa_pipeline.sources.tables import read_records
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """A row or file that cannot become a call, with the reason."""

    number: int | None
    call_id: str | None
    recording: str
    error: RecordingFailed


@dataclass(frozen=True, slots=True)
class Manifest:
    """Rows in the file's order, and the faults of those that could not be read."""

    rows: tuple[ManifestRow, ...]
    faults: tuple[Fault, ...]


def read_manifest(path: Path, settings: Settings) -> Manifest:
    """Return the rows of the manifest at `path` and the faults of those that cannot be read.

    Raises
    ------
    WrongUse
        The file is no manifest: unreadable, of an unknown kind, or a required column is missing
        in every row.
    """
    records = read_records(path)
    _check_columns(path, records, settings.source)
    rows: list[ManifestRow] = []
    faults: list[Fault] = []
    for number, record in records:
        try:
            if isinstance(record, RowRefused):
                raise record
            rows.append(row_of(renamed(record, settings.source), number, settings))
        except RowRefused as refused:
            known = {} if isinstance(record, RowRefused) else renamed(record, settings.source)
            faults.append(_fault(path, number, known, refused))
    return Manifest(tuple(rows), tuple(faults))


def _fault(path: Path, number: int, record: Mapping[str, Any], refused: RowRefused) -> Fault:
    recording = blank_as_none(record.get("recording"))
    error = RecordingFailed(
        f"{path.name}:{number}",
        refused.what,
        refused.fix,
        stage="manifest",
        code=refused.code,
        got=refused.got,
    )
    call_id = record.get("call_id")
    return Fault(number, call_id if is_call_id(call_id) else None, str(recording or ""), error)


def renamed(record: Record, source: SourceSettings) -> dict[str, Any]:
    """Return the record under our own column names, blanks filled from the settings' defaults."""
    ours = {source.columns.get(name, name): value for name, value in record.items()}
    blanks = {k: v for k, v in source.defaults.items() if blank_as_none(ours.get(k)) is None}
    return ours | blanks


def _check_columns(
    path: Path, records: Sequence[tuple[int, Record | RowRefused]], source: SourceSettings
) -> None:
    read = [record for _, record in records if not isinstance(record, RowRefused)]
    theirs = list(dict.fromkeys(name for record in read for name in record))
    clashing = [
        t
        for t in source.columns
        if t in theirs and source.columns[t] in theirs and t != source.columns[t]
    ]
    if clashing:
        name = clashing[0]
        what = Text(
            en=f"column {name} is mapped to {source.columns[name]}, which is there as well",
            zh=f"列 {name} 映射到 {source.columns[name]}，而该列也存在",
        )
        fix = Text(en="drop one of the two in source.columns", zh="请在 source.columns 中去掉其一")
        raise WrongUse(str(path), what, fix)
    have = {source.columns.get(name, name) for name in theirs} | set(source.defaults)
    for name in ("started_at", "agent_id", "group"):
        if read and name not in have:
            raise _missing_column(path, name, theirs)
    if read and not have & {"recording", "transcript"}:
        raise _missing_column(path, "recording", theirs)


def _missing_column(path: Path, name: str, theirs: Sequence[str]) -> WrongUse:
    near = get_close_matches(name, theirs, n=1, cutoff=0.6)
    like = Text(en=near[0], zh=near[0]) if near else Text(en="YOUR_COLUMN", zh="您的列名")
    what = Text(en=f"the manifest has no column {name}", zh=f"清单缺少列 {name}")
    fix = Text(
        en="add it, or map your column in the settings: "
        f"source: {{columns: {{{like.en}: {name}}}}}",
        zh=f"请补上，或在设置中映射列名：source: {{columns: {{{like.zh}: {name}}}}}",
    )
    return WrongUse(str(path), what, fix, got=", ".join(theirs) or None)
