"""Nights with worker processes: deaths of workers, of the night, and two nights at once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa_pipeline.pipeline.night import run_night
from qa_pipeline.pipeline.workers import Workers
from qa_pipeline.store import Store
from tests.night.scripted import DEADLY_HZ, Made, made_night, tone

pytestmark = pytest.mark.slow

_SCRIPT = """
import sys
from pathlib import Path
from qa_pipeline.pipeline import session
from qa_pipeline.pipeline.night import run_night
from tests.night.scripted import Made

if __name__ == "__main__":
    session._SHARD_S = 0.5
    run_night(Made(Path(sys.argv[1])).night(n_workers=2, slow_s=float(sys.argv[2])))
"""


def test_a_deadly_recording_costs_itself_and_the_night_goes_on(tmp_path: Path) -> None:
    made = made_night(tmp_path / "made", 4)
    tone(made.root / "in" / "01.wav", DEADLY_HZ)
    report = run_night(made.night(n_workers=2))
    assert [(f.call_id, f.code) for f in report.failures] == [("c01", "worker_died")]
    assert report.n_evaluated == 3
    heard = Counter(line.split()[1] for line in made.log.read_text().splitlines())
    assert heard[str(DEADLY_HZ)] == 2, "tried once more, and no more"
    assert sum(heard.values()) == 2 + 3 * 2, "nobody else was heard twice"


def test_a_worker_that_dies_while_idle_is_replaced() -> None:
    with Workers(1, _tell_pid) as workers:
        ((_, pid),) = workers.work([["first"]])
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        _wait_until(lambda: not Path(f"/proc/{pid}").exists(), None)
        ((job, other),) = workers.work([["second"]])
    assert job == "second"
    assert other not in (None, pid)


def _tell_pid() -> Callable[[Sequence[str]], list[int]]:
    return _pids


def _pids(jobs: Sequence[str]) -> list[int]:
    return [os.getpid() for _ in jobs]


def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    n = 16
    made = made_night(tmp_path / "made", n)
    n_stored = [0]
    for at_least in (0, 2, 6):
        n_before = made.n_heard
        with _started(made) as night:
            _wait_until(lambda n=n_before: made.n_heard > n, night)
            _wait_until(lambda n=at_least: _stored(made) >= n, night)
            night.kill()
        n_stored.append(_stored(made))
        _wait_until(lambda: not _workers(made), None)
    assert n_stored == sorted(n_stored)
    assert 6 <= n_stored[-1] < n, "killed in the middle of its work"
    heard_before = made.n_heard
    report = run_night(made.night(n_workers=0))
    assert (report.n_evaluated, report.n_reused) == (n - n_stored[-1], n_stored[-1])
    assert made.n_heard - heard_before == n - n_stored[-1], "what was stored is not heard again"
    with Store.open(made.root / "store") as store:
        for table in ("calls", "evaluations", "verdicts"):
            ids = store.read(table)["call_id"].to_list()  # type: ignore[arg-type]
            assert sorted(ids) == [f"c{i:02}" for i in range(n)], table
        named = {file.path for file in store.ledger.files()}
    tables = made.root / "store" / "tables"
    lying = {
        p.relative_to(made.root / "store").as_posix() for p in tables.rglob("*") if p.is_file()
    }
    assert lying == named, "nothing of the killed runs is left over"


def test_two_nights_at_once_do_not_mix(tmp_path: Path) -> None:
    made = made_night(tmp_path / "made", 6)
    with _started(made, slow_s=60) as first:
        _wait_until(lambda: made.log.exists(), first)
        with _started(made) as second:
            _, words = second.communicate(timeout=300)
        assert second.returncode == 1
        assert f"held by process {first.pid}" in words
        first.kill()
    assert run_night(made.night()).n_evaluated == 6, "the killed one holds nothing any more"
    assert _stored(made) == 6


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    made = made_night(tmp_path / "made", 8)
    with _started(made) as night:
        _wait_until(lambda: made.n_heard >= 4, night)
        night.send_signal(signal.SIGINT)
        night.communicate(timeout=300)
    assert night.returncode != 0
    n_stored = _stored(made)
    assert n_stored >= 1
    assert run_night(made.night()).n_reused == n_stored


@contextmanager
def _started(made: Made, slow_s: float = 0.2) -> Iterator[subprocess.Popen[str]]:
    night = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(made.root), str(slow_s)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    with night:
        try:
            yield night
        finally:
            night.kill()


def _stored(made: Made) -> int:
    with Store.open(made.root / "store") as store:
        return store.read("calls").height


def _workers(made: Made) -> list[int]:
    """Return the processes that still hear this night's recordings."""
    pids = {int(line.split()[0]) for line in made.log.read_text().splitlines()}
    return [pid for pid in pids - {os.getpid()} if _runs(pid)]


def _runs(pid: int) -> bool:
    """Return whether the process lives: an orphan that nobody buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until(condition: Callable[[], bool], night: subprocess.Popen[str] | None) -> None:
    deadline_s = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline_s
        assert night is None or night.poll() is None, "the night ended too early"
        time.sleep(0.05)
