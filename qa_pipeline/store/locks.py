"""Locks between processes on one machine: a file that names its holder.

The kernel lets go of a lock when its holder ends, however it ends, so a lock file left behind by a
killed process is nobody's and is taken over without asking.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qa_pipeline.errors import QaError
from qa_pipeline.texts import Text


class StoreBusy(QaError):
    """Another process holds what this one needs."""


@contextmanager
def holding(lock: Path, what: Text, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock file for the length of a `with` block, waiting up to `wait_s` seconds.

    `what` says what the lock is for. Raises StoreBusy, naming the holder.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, lock, what, wait_s)
        os.ftruncate(descriptor, 0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, lock: Path, what: Text, wait_s: float) -> None:
    deadline_s = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline_s:
                raise _busy(descriptor, lock, what) from None
            time.sleep(0.02)
        else:
            return


def _busy(descriptor: int, lock: Path, what: Text) -> StoreBusy:
    try:
        holder = json.loads(os.pread(descriptor, 1024, 0))
        pid, since = str(holder["pid"]), str(holder["since"])
    except (ValueError, TypeError, KeyError):
        pid = since = "?"
    return StoreBusy(
        str(lock.parent),
        Text(
            en=f"{what.en} is held by process {pid} since {since}",
            zh=f"{what.zh}自 {since} 起由进程 {pid} 占用",
        ),
        Text(
            en="wait until it has ended and start again: finished work is not done twice",
            zh="等它结束后再启动：已完成的工作不会重做",
        ),
    )
