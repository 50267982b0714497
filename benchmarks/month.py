"""What a month's report costs: `python -m benchmarks.month [--sizes N ...] [--months 13]`.

For each number of calls a month (20 verdicts, 30 findings each; the reported month, the one before
and, with `--months`, earlier ones), in processes of their own, one after the other:

- `report`: the whole monthly report from the store, as page, workbook and data;
- `again`: the same once more, when the rates of all months before are kept;
- `groups`: only our group-bys of both months: verdicts by criterion, group, agent and outcome,
  calls by failed class, evaluations by call, findings that are counted;
- `duckdb`: the same group-bys in DuckDB's SQL over the same files, two threads (the peer). Its
  counts are compared with ours.

A store is made once under `--folder` and used again by later runs.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.month_store import write_store
from qa_pipeline.pipeline.periods import period_before

PERIODS = ("2026-09", "2026-10")
_SIZES = (10_000, 100_000, 1_000_000)
_N_THREADS = 2


def report(store: Path) -> Any:
    """Write the report; return how many groups it has."""
    from qa_pipeline.pipeline.reports import Wanted, run_month
    from qa_pipeline.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        wanted = Wanted(languages=("zh",), forms=("html", "xlsx", "json"))
        made = run_month(store, PERIODS[-1], Settings(), Path(folder), wanted)
    return len(made.month.groups)


def groups(store: Path) -> Any:
    """Group both months as reports do; return counts to compare."""
    from qa_pipeline.aggregate.problems import counted_signals
    from qa_pipeline.aggregate.tables import judged_calls
    from qa_pipeline.aggregate.tally import tally_of
    from qa_pipeline.pipeline.month import month_tables
    from qa_pipeline.store import Store

    found = []
    with Store.open(store) as opened:
        for period in PERIODS:
            tables = month_tables(opened, period)
            calls, tally = judged_calls(tables), tally_of(tables)
            signals = counted_signals(tables)
            found += [
                _sorted(calls.group_by("group", "machine_verdict").len().rows()),
                [tally.verdicts.height, tally.verdicts["n"].sum()],
                _sorted(tally.classes.rows()),
                _sorted(
                    (s.signal, g.group, g.n_findings, g.n_calls) for s in signals for g in s.groups
                ),
            ]
    return found


def peer(store: Path) -> Any:
    """Group both months in DuckDB; return the same counts."""
    import duckdb

    found = []
    with duckdb.connect(config={"threads": _N_THREADS}) as database:
        for period in PERIODS:
            files = {
                name: f"read_parquet('{store}/tables/{name}/period={period}/*.parquet', "
                "hive_partitioning = false)"
                for name in ("evaluations", "verdicts", "findings")
            }
            for name, query in _QUERIES.items():
                rows = database.execute(query.format(**files)).fetchall()
                counted = [len(rows), sum(row[-1] for row in rows)]
                found.append(counted if name == "verdicts" else _sorted(rows))
    return found


_QUERIES: Mapping[str, str] = {
    "calls": """
        SELECT "group", verdict, count(*) FROM (
            SELECT call_id, any_value("group") AS "group", any_value(agent_id), avg(coverage),
                CASE WHEN bool_or(passed = false) THEN 'fail' WHEN bool_or(passed IS NULL)
                THEN 'undecided' ELSE 'pass' END AS verdict
            FROM {evaluations} GROUP BY call_id)
        GROUP BY ALL""",
    "verdicts": """
        SELECT scorecard_id, criterion, scorecard_version, section, severity, fatal, position,
            "group", agent_id, outcome, count(*) AS n
        FROM {verdicts} GROUP BY ALL""",
    "classes": """
        SELECT "group", severity, count(DISTINCT call_id) FROM {verdicts}
        WHERE outcome = 'fail' GROUP BY ALL""",
    "signals": """
        SELECT signal, "group", count(*), count(DISTINCT call_id) FROM {findings}
        WHERE criterion IS NULL GROUP BY ALL""",
}


def _sorted(rows: Any) -> list[list[Any]]:
    return sorted([list(row) for row in rows], key=str)


def measured(job: Callable[[Path], Any], store: Path) -> dict[str, Any]:
    """Run a job in a process of its own; return wall and processor seconds, peak MiB, answer."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(job, store, sender))
    began = time.monotonic()
    process.start()
    sender.close()
    try:
        answer, cpu_s, peak_mib = receiver.recv()
    except EOFError:
        process.join()
        sys.exit(f"{job.__name__} stopped with {process.exitcode}")
    process.join()
    wall_s = time.monotonic() - began
    return {"wall_s": wall_s, "cpu_s": cpu_s, "peak_mib": peak_mib, "answer": answer}


def _child(job: Callable[[Path], Any], store: Path, sender: Any) -> None:
    answer = job(store)
    used = resource.getrusage(resource.RUSAGE_SELF)
    sender.send((answer, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))


def main() -> None:
    """Measure every size and print a table; stop where DuckDB counts otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.month")
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="calls a month")
    parser.add_argument("--months", type=int, default=2, help="months in the store, two or more")
    parser.add_argument("--folder", type=Path, help="where stores are made and kept [temporary]")
    chosen = parser.parse_args()
    os.environ["POLARS_MAX_THREADS"] = str(_N_THREADS)
    with tempfile.TemporaryDirectory() as temporary:
        for n_calls in chosen.sizes:
            store = (chosen.folder or Path(temporary)) / f"{n_calls}x{chosen.months}"
            if not store.exists():
                print(f"making {chosen.months} months of {n_calls:,} calls ...", file=sys.stderr)
                write_store(store, n_calls, _months(chosen.months))
            _measure(store, n_calls)


def _months(n: int) -> tuple[str, ...]:
    """Return the last `n` months up to the reported one, oldest first."""
    periods = [PERIODS[-1]]
    while len(periods) < n:
        periods.insert(0, period_before(periods[0]))
    return tuple(periods)


def _measure(store: Path, n_calls: int) -> None:
    jobs = {"report": report, "again": report, "groups": groups, "duckdb": peer}
    found = {name: measured(job, store) for name, job in jobs.items()}
    if json.loads(json.dumps(found["groups"]["answer"])) != found["duckdb"]["answer"]:
        sys.exit("DuckDB counts otherwise: the two do not do the same work")
    load = os.getloadavg()[0]
    rows = [
        {
            "calls": n_calls,
            "what": name,
            "wall_s": round(each["wall_s"], 1),
            "cpu_s": round(each["cpu_s"], 1),
            "peak_mib": round(each["peak_mib"]),
            "cpu / duckdb": round(each["cpu_s"] / found["duckdb"]["cpu_s"], 2),
            "load": round(load, 1),
        }
        for name, each in found.items()
    ]
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(pl.DataFrame(rows), flush=True)


if __name__ == "__main__":
    main()
