"""Parquet files written whole: a reader sees all of a file or none of it."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from qa_pipeline.store.rows import Row
from qa_pipeline.store.schemas import SCHEMAS, Table
from qa_pipeline.store.work import FileRow

_UNFINISHED = ".tmp"


def write_shard(folder: Path, table: Table, shard: str, rows: Sequence[Row]) -> list[FileRow]:
    """Write the rows as one file for each period that they touch and return what was written."""
    stamped = {"shard": shard, "written_at": datetime.now(UTC)}
    periods: dict[str, list[Row]] = {}
    for row in rows:
        periods.setdefault(row["period"], []).append({**row, **stamped})
    written = []
    for period, of_period in sorted(periods.items()):
        path = Path("tables", table, f"period={period}", f"{shard}.parquet")
        # not strict: a float that happens to be a Python int (10 points) is a float all the same
        frame = pl.DataFrame(of_period, schema=SCHEMAS[table], orient="row", strict=False)
        sha256 = _write_whole(folder / path, frame)
        written.append(FileRow(path.as_posix(), shard, table, period, sha256, len(of_period)))
    return written


def _write_whole(path: Path, frame: pl.DataFrame) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + _UNFINISHED)
    with unfinished.open("w+b") as file:
        frame.write_parquet(file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    unfinished.rename(path)
    for folder in (path.parent, path.parent.parent):
        sync_folder(folder)
    return sha256


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_orphans(folder: Path, named: frozenset[str], runs: frozenset[str]) -> int:
    """Remove files that a killed run left without the ledger naming them; return how many.

    Only files named after a run that this ledger knows: what belongs to another ledger, or to
    nobody known, is left where it is (readers never look at it).
    """
    removed = 0
    for path in sorted((folder / "tables").glob("*/period=*/*.parquet*")):
        ours = path.name.split("-", 1)[0] in runs
        if ours and path.relative_to(folder).as_posix() not in named:
            path.unlink()
            removed += 1
    return removed
