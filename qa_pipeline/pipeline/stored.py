"""Looking through a month of stored calls: several processes read, one adds up, memory stays flat.

A chunk of the ledger's rows goes to a worker, which reads those calls from the store itself and
sends back what they come to: neither calls nor words travel between processes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from qa_pipeline.errors import QaError
from qa_pipeline.pipeline.workers import Workers
from qa_pipeline.store import Store
from qa_pipeline.store.work import WorkRow
from qa_pipeline.texts import Text

T = TypeVar("T")
Chunk = tuple[WorkRow, ...]
#: Looks at the calls of one chunk in the store and says what they come to.
Look = Callable[[Store, Chunk], T]

#: A shard of the nightly writer: a chunk then reads one file.
_CHUNK = 250
#: Below this many calls another process takes longer to start than it saves.
_WORTH_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """Picklable; calling it in a worker opens the store and makes the look, once."""

    store: Path
    database_url: str | None
    make: Callable[[], Look[T]]

    def __call__(self) -> Callable[[Sequence[Chunk]], list[T]]:
        """Return what the worker does with chunks."""
        store, look = Store.open(self.store, database_url=self.database_url), self.make()
        return lambda chunks: [look(store, chunk) for chunk in chunks]


def over_calls(
    reader: Reader[T], work: Iterable[WorkRow], n_workers: int
) -> Iterator[tuple[int, T]]:
    """Yield (number of calls, what they come to), chunk by chunk, in the order of the store.

    Raises QaError where a chunk ended its worker twice (out of memory, a crash).
    """
    rows = sorted(work, key=lambda row: (row.shard, row.call_id))
    chunks = [tuple(rows[i : i + _CHUNK]) for i in range(0, len(rows), _CHUNK)]
    n_workers = min(n_workers, len(rows) // _WORTH_A_PROCESS)
    with Workers[Chunk, T](n_workers, reader) as workers:
        early: dict[Chunk, T] = {}
        due = iter(chunks)
        waiting = next(due, None)
        for chunk, found in workers.work([chunk] for chunk in chunks):
            if found is None:
                raise _died(chunk)
            early[chunk] = found
            while waiting is not None and waiting in early:
                yield len(waiting), early.pop(waiting)
                waiting = next(due, None)


def _died(chunk: Chunk) -> QaError:
    return QaError(
        f"{chunk[0].call_id} … {chunk[-1].call_id}",
        Text(
            en="the worker process died on these calls, twice",
            zh="处理这些通话的工作进程两次意外终止",
        ),
        Text(
            en="give the machine more memory or use fewer --workers",
            zh="请增加内存，或减少 --workers",
        ),
    )
