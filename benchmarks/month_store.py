"""A made-up store of whole months for `benchmarks.month`: seeded, as many nights would leave it.

Each call has one evaluation, 20 verdicts and 30 findings; ten groups, 500 agents, one scorecard.
A sample is drawn, four reviewers heard it. The parquet files have the store's own schemas; the
ledger's rows are inserted in bulk, since its commits check each call against what was there.
"""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from qa_pipeline.store import Store
from qa_pipeline.store.schemas import SCHEMAS, Table

N_CRITERIA, N_FINDINGS = 20, 30
N_AGENTS, N_GROUPS, N_REVIEWERS, N_REVIEWED = 500, 10, 4, 4600
SCORECARD = "order-line"
_SHARD = 50_000
_MOMENT = "2026-11-01 01:00:00"
_QUOTES = pl.Series([f"这句话是第{i}句示例" for i in range(1000)])
_CRITERIA = pl.Series([f"criterion_{i:02d}" for i in range(N_CRITERIA)])
_SIGNALS = pl.Series([f"signal_{i:02d}" for i in range(N_CRITERIA + 1)])

Indices = npt.NDArray[np.int64]


def write_store(folder: Path, n_calls: int, periods: tuple[str, ...]) -> None:
    """Write months of `n_calls` calls each into a new store at `folder`."""
    with Store.open(folder, create=True):
        pass  # the ledger's tables are made
    ledger = sqlite3.connect(folder / "ledger.sqlite")
    ledger.execute("PRAGMA synchronous=OFF")
    ledger.execute(
        "INSERT INTO runs VALUES ('made', 'night', 'done', 0, 'bench', ?, ?, '{}')",
        (_MOMENT, _MOMENT),
    )
    for period in periods:
        rng = np.random.default_rng(int(period.replace("-", "")))
        passed = [
            _write_shard(folder, ledger, period, number, size, rng)
            for number, size in enumerate(_sizes(n_calls))
        ]
        _write_people(ledger, period, pl.concat(passed), rng)
        ledger.commit()
    ledger.close()


def _sizes(n_calls: int) -> Iterator[int]:
    while n_calls > 0:
        yield min(_SHARD, n_calls)
        n_calls -= _SHARD


def _write_shard(
    folder: Path, ledger: sqlite3.Connection, period: str, number: int, n: int,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Write one shard's four tables; return `call_id, group, passed` of its calls."""
    shard = f"made-{period}-{number:03d}"
    facts = _facts(period, number, n, rng).with_columns(shard=pl.lit(shard))
    evaluations = _evaluations(facts, rng)
    labels = evaluations.drop("score", "passed", "coverage", "metadata")
    tables: dict[Table, pl.DataFrame] = {
        "calls": facts.with_columns(notes=pl.lit([], dtype=pl.List(pl.String)), metadata=_METADATA),
        "evaluations": evaluations,
        "verdicts": _verdicts(labels, rng),
        "findings": _findings(labels, rng),
    }
    for name, rows in tables.items():
        path = Path("tables", name, f"period={period}", f"{shard}.parquet")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        _whole(rows, name).write_parquet(folder / path, compression="zstd")
        ledger.execute(
            "INSERT INTO files (path, shard, run, table_name, period, sha256, n_rows, committed_at)"
            " VALUES (?, ?, 'made', ?, ?, ?, ?, ?)",
            (path.as_posix(), shard, name, period, f"{number:064x}", rows.height, _MOMENT),
        )
    key = "f" * 64
    for stage in ("measure", f"judge/{SCORECARD}"):
        work = (
            (call_id, stage, key, "done", key, period, shard, _MOMENT)
            for call_id in facts["call_id"]
        )
        ledger.executemany("INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?)", work)
    return evaluations.select("call_id", "group", "passed")


_METADATA = pl.lit('{"agent_since": "2025-01-01"}')


def _facts(period: str, number: int, n: int, rng: np.random.Generator) -> pl.DataFrame:
    agents = rng.integers(0, N_AGENTS, n)
    first = date.fromisoformat(f"{period}-01")
    per_group = N_AGENTS // N_GROUPS
    return (
        pl.DataFrame(
            {
                "call_id": [f"{period}-{number * _SHARD + i:010d}" for i in range(n)],
                "group": [f"第{agent // per_group + 1}组" for agent in agents],
                "agent_id": [f"{1000 + agent}" for agent in agents],
                "day": rng.integers(0, 28, n),
            }
        )
        .with_columns(
            local_date=pl.lit(first) + pl.duration(days="day"),
            period=pl.lit(period),
            tier=pl.lit("dual_channel"),
            duration_s=pl.Series(rng.gamma(4, 60, n)),
            transcriber=pl.lit("made up"),
            pipeline_version=pl.lit("bench"),
            fingerprint=pl.lit("f" * 64),
        )
        .drop("day")
    )


def _evaluations(facts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    score = np.round(rng.uniform(40, 100, facts.height))
    undecided = rng.random(facts.height) < 0.03
    return facts.with_columns(
        scorecard_id=pl.lit(SCORECARD),
        scorecard_version=pl.lit(1),
        scorecard_sha256=pl.lit("d" * 64),
        score=pl.Series(score),
        passed=pl.when(pl.Series(undecided)).then(None).otherwise(pl.Series(score > 52)),
        coverage=pl.Series(rng.uniform(0.5, 1, facts.height)),
        metadata=_METADATA,
    )


def _verdicts(labels: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    n = labels.height * N_CRITERIA
    places = np.tile(np.arange(N_CRITERIA), labels.height)
    outcomes = np.digitize(rng.random(n), [0.9, 0.97])
    return _each(labels, N_CRITERIA).with_columns(
        position=pl.Series(places),
        criterion=_CRITERIA.gather(places),
        section=pl.lit("s"),
        severity=pl.Series(["A", "B", "C"]).gather(places % 3),
        fatal=pl.Series(places % 3 == 0),
        outcome=pl.Series(["pass", "fail", "not_measured"]).gather(outcomes),
        reason=pl.lit("because of something that happened"),
    )


def _findings(labels: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    n = labels.height * N_FINDINGS
    kinds: Indices = rng.integers(0, N_CRITERIA + 1, n)
    judged = pl.Series(kinds)
    return _each(labels, N_FINDINGS).with_columns(
        position=pl.Series(np.tile(np.arange(N_FINDINGS), labels.height)),
        criterion=_CRITERIA.gather(
            pl.select(pl.when(judged < N_CRITERIA).then(judged)).to_series()
        ),
        signal=_SIGNALS.gather(kinds),
        detector=pl.lit("phrase"),
        start_s=pl.Series(rng.uniform(0, 300, n)),
        quote=_QUOTES.gather(rng.integers(0, len(_QUOTES), n)),
    )


def _each(rows: pl.DataFrame, times: int) -> pl.DataFrame:
    return rows[np.repeat(np.arange(rows.height), times)]


def _whole(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the table's own columns, null where the maker says nothing."""
    schema = SCHEMAS[table]
    known = set(rows.columns)
    return rows.select(
        (pl.col(name).cast(kind) if name in known else pl.lit(None, dtype=kind).alias(name))
        for name, kind in schema.items()
    )


def _write_people(
    ledger: sqlite3.Connection, period: str, calls: pl.DataFrame, rng: np.random.Generator
) -> None:
    """Write a frame of every call, the drawn among them, and a review of each of those."""
    n = calls.height
    chance = min(1.0, N_REVIEWED / n)
    drawn = rng.random(n) < chance
    strata = calls.select(
        pl.concat_str(
            "group",
            pl.when("passed").then(pl.lit("pass")).otherwise(pl.lit("fail")),
            separator="/",
        )
    ).to_series()
    ledger.executemany(
        "INSERT INTO samples (period, batch, purpose, call_id, stratum, u_hex, u, n_population,"
        " n_drawn, inclusion_probability, drawn_at) VALUES (?, '001', ?, ?, ?, '0', 0, ?, ?, ?, ?)",
        (
            (period, "random" if is_drawn else "frame", call_id, stratum, n, N_REVIEWED, chance,
             _MOMENT)
            for call_id, stratum, is_drawn in zip(calls["call_id"], strata, drawn, strict=True)
        ),
    )  # fmt: skip
    heard = calls.filter(pl.Series(drawn))
    said = rng.random((heard.height, N_CRITERIA)) < 0.1
    ledger.executemany(
        "INSERT INTO reviews (call_id, scorecard_id, scorecard_version, reviewer, revision, blind,"
        " passed, verdicts, comment, created_at) VALUES (?, ?, 1, ?, 1, 1, ?, ?, '', ?)",
        (
            (call_id, SCORECARD, f"reviewer {i % N_REVIEWERS + 1}", passed is not False,
             _said(said[i]), _moment(i))
            for i, (call_id, passed) in enumerate(heard.select("call_id", "passed").iter_rows())
        ),
    )  # fmt: skip


def _said(failed: npt.NDArray[np.bool_]) -> str:
    pairs = (
        f'"{criterion}": "{"fail" if has_failed else "pass"}"'
        for criterion, has_failed in zip(_CRITERIA, failed, strict=True)
    )
    return "{" + ", ".join(pairs) + "}"


def _moment(i: int) -> str:
    """Return when the i-th review of the month was given: one in six minutes, ten hours a day."""
    day, place = divmod(i, 200)
    return f"2026-11-{1 + day % 28:02d} {place // 20:02d}:{place % 20 * 3:02d}:00.000000"
