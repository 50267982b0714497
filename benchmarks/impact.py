"""What previewing an edit costs: `python -m benchmarks.impact [--calls 100000] [--store DIR]`.

A seeded store of five-minute Mandarin calls (`benchmarks.stored_calls`) that the shipped order line
scorecard has judged; then the impact of three edits, each in a process of its own with two workers:

- `pass mark`: nothing needs looking for again;
- `one signal`: a phrase added to one signal;
- `unknown`: the same, the store knowing no judgement of the old scorecard (a file never used).

Printed are the time, what of a processor a call takes, the time that 100,000 calls would take, and
the largest resident memory of the previewing process and of any worker, at two sizes: it must not
grow. To start (two scorecards read, two processes) takes as long for ten calls as for a million, so
a larger size tells its time by what the calls took that it has more than the smaller one. A few
hundred distinct calls are made and filed many times under other ids, for making each one anew takes
longer than judging it.
"""

import argparse
import hashlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import active_children, get_context
from pathlib import Path

from benchmarks.stored_calls import PERIOD, ZONE, Kind, make_call
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION
from qa_pipeline.pipeline.impact import Question, impact_of
from qa_pipeline.pipeline.rescore import Rescore, run_rescore
from qa_pipeline.records import Call, Provenance
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.store import Result, Store

OLD = SCORECARDS_DIR / "order-line.zh.yaml"
KIND = Kind("zh", (("queue", "orders"),))
N_DISTINCT, N_CALLS_A_SHARD, N_WORKERS = 400, 250, 2
EDITS = {
    "pass mark": (("pass_mark: 85", "pass_mark: 90"),),
    "one signal": (("agent, any_of: [贵姓, ", "agent, any_of: [尊姓大名, 贵姓, "),),
}


def make_store(folder: Path, n_calls: int, seed: str) -> None:
    """Write the calls and judge them by the shipped scorecard; runs in a process of its own.

    A new process begins with the peak of memory of the one that started it: making calls must not
    count as previewing them.
    """
    distinct = [make_call(KIND, n, seed) for n in range(min(N_DISTINCT, n_calls))]
    with Store.open(folder, create=True) as store:
        store.redaction_key()
        with store.writing("night", ZONE, PIPELINE_VERSION) as writer:
            for first in range(0, n_calls, N_CALLS_A_SHARD):
                last = min(first + N_CALLS_A_SHARD, n_calls)
                calls = [
                    replace(distinct[n % len(distinct)], call_id=f"bench-{n:07}")
                    for n in range(first, last)
                ]
                writer.commit([_result(call) for call in calls])
    cards = folder / "cards"
    cards.mkdir()
    (cards / OLD.name).write_bytes(OLD.read_bytes())
    run_rescore(Rescore(folder, PERIOD, cards, n_workers=N_WORKERS))


def _result(call: Call) -> Result:
    content = hashlib.sha256(call.call_id.encode()).hexdigest()
    made_by = Provenance(content, None, "bench", None, "bench", PIPELINE_VERSION, content)
    return Result(call, made_by, content, ())


def edited(folder: Path, name: str) -> tuple[Path, Path]:
    """Write the old scorecard and an edit of it; `unknown` is one whose bytes judged nothing."""
    text = OLD.read_text("utf-8")
    new = text
    for before, after in EDITS["one signal" if name == "unknown" else name]:
        if before not in new:
            sys.exit(f"the shipped scorecard has no {before!r} any more: mend EDITS")
        new = new.replace(before, after)
    old = text + "# never used\n" if name == "unknown" else text
    paths = folder / "old.yaml", folder / "new.yaml"
    for path, content in zip(paths, (old, new), strict=True):
        path.write_text(content, "utf-8")
    return paths


def timed(folder: Path, name: str, out: Path) -> None:
    """Preview an edit and write down seconds, calls and memory; runs in a process of its own."""
    old, new = edited(folder, name)
    began_s = time.monotonic()
    with impact_of(Question(str(old), str(new), folder, PERIOD, n_workers=N_WORKERS)) as run:
        n_calls, n_moved = run.impact.overall.n_calls, run.flips.n
    seconds = time.monotonic() - began_s
    for worker in active_children():  # counted once they have ended
        worker.join()
    used = [resource.getrusage(who) for who in _WHO]
    found = {
        "edit": name,
        "calls": n_calls,
        "moved": n_moved,
        "seconds": seconds,
        "cpu_s": sum(each.ru_utime + each.ru_stime for each in used),
        "mib": used[0].ru_maxrss / 1024,
        "worker_mib": used[1].ru_maxrss / 1024,
    }
    out.write_text(json.dumps(found), "utf-8")


Found = dict[str, float | str]
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main() -> None:
    """Make what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--store", type=Path, help="kept between runs")
    parser.add_argument("--seed", default="impact")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sizes = max(2 * N_CALLS_A_SHARD, asked.calls // 4), asked.calls  # for two workers each
        smaller: dict[str, Found] = {}
        for n_calls in sizes:
            folder = (asked.store or Path(scratch)) / f"{asked.seed}-{n_calls}"
            if not folder.exists():
                _alone(make_store, folder, n_calls, asked.seed)
            for name in (*EDITS, "unknown"):
                found = _measured(folder, name, Path(scratch) / "out.json")
                _print(found, smaller.get(name))
                smaller[name] = found


def _measured(folder: Path, name: str, out: Path) -> Found:
    _alone(timed, folder, name, out)
    found: Found = json.loads(out.read_text("utf-8"))
    return found


def _alone(do: Callable[..., None], *given: object) -> None:
    process = get_context("spawn").Process(target=do, args=given)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{do.__name__} itself went wrong: {given}")


def _print(found: Found, smaller: Found | None) -> None:
    n, seconds, cpu_s = (float(found[key]) for key in ("calls", "seconds", "cpu_s"))
    a_call_s, start_s = seconds / n, 0.0
    if smaller is not None and n > float(smaller["calls"]):
        more_s, more = seconds - float(smaller["seconds"]), n - float(smaller["calls"])
        a_call_s = max(0.0, more_s / more)
        start_s = max(0.0, seconds - a_call_s * n)
    print(
        f"{found['edit']:<11}{n:>9,.0f} calls{seconds:>9.1f} s"
        f"{1000 * cpu_s / n:>8.1f} ms of processor a call"
        f"   100,000: {(start_s + 100_000 * a_call_s) / 60:>5.1f} min"
        f"   {float(found['mib']):.0f} MiB, workers {float(found['worker_mib']):.0f} MiB"
        f"   {found['moved']} moved   load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
