import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import Store
from qa_pipeline.store.locks import StoreBusy, holding
from qa_pipeline.texts import same
from tests.store.calls import FULL, STARTED_AT, ZONE, evaluation, put, refusal, result


def test_the_newest_row_of_a_call_is_what_readers_see(store: Store) -> None:
    put(store, result(), result(replace(FULL, call_id="other")))
    heard_again = replace(FULL, n_dropped_words=9)
    put(store, result(heard_again, key="e" * 64))
    assert store.call("call-1").n_dropped_words == 9
    assert sorted(store.read("calls")["n_dropped_words"]) == [2, 9]
    assert store.read("evaluations").height == 2
    assert store.read("verdicts").height == 6


def test_a_judgement_under_another_version_takes_the_place_of_the_first(store: Store) -> None:
    put(store, result())
    second = replace(
        evaluation(), scorecard_version=4, scorecard_sha256="9" * 64, verdicts=(), counted=()
    )
    again = replace(result().evaluations[0], evaluation=second, fingerprint="k" * 64)
    put(store, replace(result(judged=(again,)), is_new=False))
    assert store.evaluations_of("call-1") == (second,)
    assert store.read("verdicts").is_empty()
    assert store.call("call-1") == FULL


def test_a_call_that_moved_to_another_month_is_in_that_month_only(store: Store) -> None:
    put(store, result())
    moved = replace(FULL, started_at=STARTED_AT - timedelta(days=20))
    put(store, result(moved))
    assert store.read("calls", "2026-11").is_empty()
    assert store.read("evaluations", "2026-10")["call_id"].to_list() == ["call-1"]


def test_a_commit_writes_one_file_a_table_and_month(store: Store) -> None:
    earlier = replace(FULL, call_id="earlier", started_at=STARTED_AT - timedelta(days=20))
    put(store, result(), result(earlier), refusals=(refusal(),))
    files = sorted(f.path.rsplit("/", 1)[0] for f in store.ledger.files())
    judged = [f"tables/{t}/period={m}" for t in ("calls", "evaluations", "findings", "verdicts")
              for m in ("2026-10", "2026-11")]  # fmt: skip
    assert files == sorted([*judged, "tables/failures/period=2026-11"])
    assert {f.n_rows for f in store.ledger.files("verdicts")} == {3}


def test_an_empty_commit_writes_nothing(store: Store) -> None:
    put(store)
    assert store.ledger.files() == ()


def test_a_call_without_a_start_cannot_be_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="started_at"):
        put(store, result(replace(FULL, started_at=None)))
    assert store.ledger.files() == ()


def test_one_writer_at_a_time(store: Store) -> None:
    with (
        store.writing("night", ZONE, "0"),
        pytest.raises(StoreBusy, match=rf"held by process {os.getpid()} since"),
        store.writing("night", ZONE, "0"),
    ):
        pass
    put(store, result())
    assert store.read("calls").height == 1


def test_the_lock_of_a_killed_process_is_nobodys(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from qa_pipeline.store.locks import holding\n"
        "from qa_pipeline.texts import same\n"
        "with holding(Path(sys.argv[1]), same('x')): print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / "run.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(lock)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreBusy, match=f"process {holder.pid} "), holding(lock, same("x")):
        pass
    holder.kill()
    holder.communicate()
    with holding(lock, same("x")):
        assert lock.exists()


def test_the_redaction_key_is_made_once_and_for_its_owner_alone(store: Store) -> None:
    key = store.redaction_key()
    assert len(key) == 32
    path = store.path / "redaction.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    put(store, result())
    with Store.open(store.path) as again:
        assert again.redaction_key() == key


@pytest.mark.parametrize("left", [None, b"short"])
def test_a_lost_key_is_not_replaced_in_silence(store: Store, left: bytes | None) -> None:
    store.redaction_key()
    put(store, result())
    path = store.path / "redaction.key"
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(WrongUse, match=r"missing or damaged(.|\n)*backup"):
        store.redaction_key()


def test_no_store_is_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no store"):
        Store.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_store_in_the_place_of_a_file_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(WrongUse, match="no store can be made"):
        Store.open(tmp_path / "file" / below, create=True)


def test_an_unknown_call_is_refused(store: Store) -> None:
    with pytest.raises(WrongUse, match=r"no such call.*../../etc"):
        store.call("../../etc")


def test_runs_left_behind_are_marked_stopped(store: Store) -> None:
    import sqlite3

    store.ledger.begin_run("night", "0")
    put(store, result())
    ledger = sqlite3.connect(store.path / "ledger.sqlite")
    states = ledger.execute("SELECT state FROM runs ORDER BY started_at").fetchall()
    ledger.close()
    assert states == [("stopped",), ("done",)]
