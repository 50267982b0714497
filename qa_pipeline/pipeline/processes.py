"""A place where one worker works: a process of its own, or this one.

A worker process leaves interrupts to its parent, never outlives it, and keeps what it works with
(loaded weights, bound scorecards) from job to job.
"""

import copyreg
import gc
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from types import MappingProxyType
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
Do = Callable[[Sequence[Job]], Sequence[Outcome]]


def _frozen(thawed: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(thawed)


def _sent(frozen: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _frozen, (dict(frozen),)


#: Calls and manifest rows hold frozen mappings, which Python cannot send to another process.
copyreg.pickle(MappingProxyType, _sent)

#: What a worker process does, made once when it starts; stays None in the parent.
_do: Callable[[Any], Any] | None = None


class WorkerProcess(ABC, Generic[Job, Outcome]):
    """Takes one chunk of jobs at a time."""

    @abstractmethod
    def give(self, jobs: Sequence[Job]) -> Future[Sequence[Outcome]]:
        """Start on the jobs."""

    @abstractmethod
    def close(self, *, at_once: bool = False) -> None:
        """End the worker; `at_once` in the middle of its work."""


class Here(WorkerProcess[Job, Outcome]):
    """Works in this process: for work too small to start another, and for tests."""

    def __init__(self, prepare: Callable[[], Do[Job, Outcome]]) -> None:
        self._do = prepare()

    def give(self, jobs: Sequence[Job]) -> Future[Sequence[Outcome]]:
        """Do the jobs before returning."""
        future: Future[Sequence[Outcome]] = Future()
        try:
            future.set_result(self._do(jobs))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self, *, at_once: bool = False) -> None:
        """Nothing is left running."""


class Apart(WorkerProcess[Job, Outcome]):
    """Works in a process of its own, started with the first job."""

    def __init__(self, prepare: Callable[[], Do[Job, Outcome]]) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), _begin, (prepare,))

    def give(self, jobs: Sequence[Job]) -> Future[Sequence[Outcome]]:
        """Hand the jobs over; the future raises BrokenProcessPool where the process dies."""
        return self._pool.submit(_work, jobs)

    def close(self, *, at_once: bool = False) -> None:
        """End the process; `at_once` kills it, for a call may take an hour."""
        if at_once:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(wait=at_once, cancel_futures=True)


def _begin(prepare: Callable[[], Callable[[Any], Any]]) -> None:
    global _do
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()
    _do = prepare()
    collect_rarely()


def collect_rarely() -> None:
    """Let the garbage collector look seldom: judging leaves it nothing, and it took a fifth."""
    gc.set_threshold(100_000, 50, 1_000)


def keep_what_is_loaded() -> None:
    """Collect, and look no more at what is left: scorecards, dictionaries, weights."""
    gc.collect()
    gc.freeze()


def _work(jobs: Any) -> Any:
    assert _do is not None  # the initializer ran first
    done = _do(jobs)
    keep_what_is_loaded()
    return done


def _follow(parent_ends: Callable[[], None]) -> None:
    parent_ends()
    os._exit(1)
