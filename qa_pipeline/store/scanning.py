"""Tables as lazy frames: a whole month is grouped without ever standing in memory.

Which rows are current is decided file by file where it can be: most nights are never judged again,
and then no call's key needs to be looked up. Where nothing of a whole month was judged again,
a count says so, without a look at its calls.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.schemas import SCHEMAS, Table, empty
from qa_pipeline.store.work import JUDGE, MEASURE, WorkRow


def scan(folder: Path, ledger: Ledger, table: Table, period: str) -> pl.LazyFrame:
    """Return the current rows of `calls`, `evaluations`, `verdicts` or `findings` of a period."""
    stage = MEASURE if table == "calls" else JUDGE
    counted: Table = "calls" if table == "calls" else "evaluations"
    n_written: dict[str, int] = {}
    for file in ledger.files(counted, period):
        n_written[file.shard] = n_written.get(file.shard, 0) + file.n_rows
    if ledger.n_current(stage, period) == sum(n_written.values()):
        every = [folder / file.path for file in ledger.files(table, period)]
        return _scan(table, every) if every else empty(table).lazy()
    n_current = ledger.current_by_shard(stage, period)
    whole = {shard for shard, n in n_current.items() if n == n_written.get(shard)}
    parts = n_current.keys() - whole
    paths: Mapping[bool, list[Path]] = {True: [], False: []}
    for file in ledger.files(table, period):
        if file.shard in n_current:
            paths[file.shard in whole].append(folder / file.path)
    found = [_scan(table, paths[True])] if paths[True] else []
    if paths[False]:
        keys = _keys(table, ledger.current(stage, period), parts)
        found.append(
            _scan(table, paths[False]).join(keys, on=keys.collect_schema().names(), how="semi")
        )
    return pl.concat(found) if found else empty(table).lazy()


def _scan(table: Table, paths: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(
        paths,
        glob=False,
        hive_partitioning=False,
        schema=SCHEMAS[table],
        missing_columns="insert",  # null: what an older version did not measure
    )


def _keys(table: Table, work: Sequence[WorkRow], shards: set[str]) -> pl.LazyFrame:
    rows = [w for w in work if w.shard in shards]
    keys = {"call_id": [w.call_id for w in rows], "shard": [w.shard for w in rows]}
    if table != "calls":
        keys["scorecard_id"] = [w.stage.removeprefix(f"{JUDGE}/") for w in rows]
    return pl.LazyFrame(keys, schema=dict.fromkeys(keys, pl.String)).unique()
