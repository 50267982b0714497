"""N workers, each a process of its own, so that a death costs only what that worker was doing.

One `ProcessPoolExecutor` of N workers cannot say which of its tasks killed a worker: all of them
fail. N executors of one worker each can, at no cost.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Generic

from qa_pipeline.pipeline.processes import Apart, Do, Here, Job, Outcome, WorkerProcess

#: A job that ended its worker is tried once more, on its own.
_N_TRIES = 2


@dataclass(frozen=True, slots=True)
class _Given(Generic[Job]):
    process: int
    jobs: Sequence[Job]
    n_tries: int


class Workers(Generic[Job, Outcome]):
    """Workers that do chunks of jobs with what `prepare` makes once for each of them.

    `n_workers` 0 works in this process. `prepare` and all jobs must be picklable, and `prepare`
    must not raise: a worker that cannot begin looks like one that died.
    """

    def __init__(self, n_workers: int, prepare: Callable[[], Do[Job, Outcome]]) -> None:
        self._n_workers = n_workers
        self._prepare = prepare
        self._processes: list[WorkerProcess[Job, Outcome]] = []

    def __enter__(self) -> "Workers[Job, Outcome]":
        self._processes = [self._process() for _ in range(max(1, self._n_workers))]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.close(at_once=error is not None)

    def work(self, chunks: Iterable[Sequence[Job]]) -> Iterator[tuple[Job, Outcome | None]]:
        """Yield (job, outcome) as they come; None where the job ended its worker twice.

        An exception raised while working is raised here: it is meant to stop the work.
        """
        waiting = iter(chunks)
        again: deque[tuple[Job, int]] = deque()
        free = deque(range(len(self._processes)))
        busy: dict[Future[Sequence[Outcome]], _Given[Job]] = {}
        while True:
            while free and (following := _next(again, waiting)) is not None:
                jobs, n_tries = following
                given = _Given(free.popleft(), jobs, n_tries + 1)
                busy[self._give(given)] = given
            if not busy:
                return
            for future in wait(busy, return_when=FIRST_COMPLETED).done:
                given = busy.pop(future)
                free.append(given.process)
                try:
                    yield from zip(given.jobs, future.result(), strict=True)
                except BrokenProcessPool:
                    self._processes[given.process].close()
                    self._processes[given.process] = self._process()
                    if len(given.jobs) == 1 and given.n_tries >= _N_TRIES:
                        yield given.jobs[0], None
                    else:
                        n_tries = given.n_tries if len(given.jobs) == 1 else 0
                        again.extend((job, n_tries) for job in given.jobs)

    def _give(self, given: _Given[Job]) -> Future[Sequence[Outcome]]:
        try:
            return self._processes[given.process].give(given.jobs)
        except BrokenProcessPool:  # it died while it had nothing to do
            self._processes[given.process].close()
            self._processes[given.process] = self._process()
            return self._processes[given.process].give(given.jobs)

    def _process(self) -> WorkerProcess[Job, Outcome]:
        return Here(self._prepare) if self._n_workers == 0 else Apart(self._prepare)


def _next(
    again: deque[tuple[Job, int]], waiting: Iterator[Sequence[Job]]
) -> tuple[Sequence[Job], int] | None:
    if again:
        job, n_tries = again.popleft()
        return (job,), n_tries
    chunk = next(waiting, None)
    return None if chunk is None else (chunk, 0)
