"""What the review page costs: `python -m benchmarks.review [--reviewers 20] [--verdicts 500]`.

Three questions, each asked of a store made for it, of the server as `qa review serve` starts it:

- `paint`: how long the server takes for the page of a 60-minute call (about 900 turns and 10,000
  words), the first time and again (limit 300 ms);
- `queue`: how long it takes for a page of a queue of 100,000 assignments, first, middle and last
  page, filtered and not (limit 50 ms);
- `kill`: whether simulated reviewers lose or double a verdict while the server is killed (SIGKILL)
  again and again. Each sends what a page sends, again until it is answered, under the same key.

On a busy machine the server's own processor time (`server_cpu_mean`) tells more than the wall's.
Figures go to stdout as JSON; nothing is asserted but what must hold: no verdict lost or doubled.
"""

import argparse
import json
import random
import secrets
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from benchmarks.review_office import Login, Server, act, call_of, get, hire, keep, row_of, serving
from qa_pipeline.store import Store
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.review.audit import verify

HOUR_S: Final = 3600.0
LIMITS_MS: Final = {"paint": 300, "queue": 50}


def timed(server: Server, do: Callable[[], object], n: int) -> dict[str, float]:
    """Return the first, the median and the slowest of `n` times, and the server's own mean, ms."""
    times = []
    cpu_ms = server.cpu_ms()
    for _ in range(n):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    figures = {
        "first": times[0],
        "median": statistics.median(times),
        "slowest": max(times),
        "server_cpu_mean": (server.cpu_ms() - cpu_ms) / n,
    }
    return {name: round(value, 1) for name, value in figures.items()}


def paint(folder: Path, n: int) -> dict[str, Any]:
    """Time the page of a 60-minute call, each time of a server that has not seen the call."""
    with Store.open(folder / "paint", create=True) as store:
        keep(store, [call_of(f"hour-{i}", HOUR_S) for i in range(n)])
        (login,) = hire(store, 1)
        rows = [replace(row_of(f"hour-{i}", login.user), blind=False) for i in range(n)]
        store.ledger.save_assignments(rows)
    with serving(folder / "paint") as server:
        get(server, login, "/")
        fresh = iter(range(1, n + 1))
        first = timed(server, lambda: get(server, login, f"/work/{next(fresh)}"), n)
        again = timed(server, lambda: get(server, login, "/work/1"), n)
        n_bytes = len(get(server, login, "/work/1"))
    return {"first_time_ms": first, "again_ms": again, "page_bytes": n_bytes}


def queue(folder: Path, n_assignments: int, n: int) -> dict[str, Any]:
    """Time pages of a long queue of one reviewer."""
    with Store.open(folder / "queue", create=True) as store:
        keep(store, [call_of("one", 30.0)])
        (login,) = hire(store, 1)
        rows = [row_of(f"c{i:06d}", login.user, day=i) for i in range(n_assignments)]
        store.ledger.save_assignments(rows)
    middle, last = n_assignments // 2, n_assignments - 60
    pages = {
        "first": "/",
        "middle": f"/?after={_place(folder / 'queue', middle)}",
        "last": f"/?after={_place(folder / 'queue', last)}",
        "filtered": "/?reason=double&group=east",
        "agent": "/?agent=A7",
    }
    with serving(folder / "queue") as server:
        get(server, login, "/?view=done")
        return {
            name: timed(server, partial(get, server, login, path), n)
            for name, path in pages.items()
        }


def _place(folder: Path, n: int) -> str:
    """Return where a page ends that has `n` assignments before it."""
    c = t.assignments.c
    query = sa.select(c.place, c.id).order_by(c.place, c.id).limit(1).offset(n)
    with Store.open(folder) as store, store.ledger.database.reading() as connection:
        place, number = connection.execute(query).one()
    return quote(f"{place}~{number}")


@dataclass(slots=True)
class Sent:
    """What reviewers sent and saw answered."""

    keys: list[str] = field(default_factory=list)
    final: dict[int, dict[str, str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def kill(folder: Path, n_reviewers: int, n_verdicts: int, n_kills: int) -> dict[str, Any]:
    """Let reviewers work while the server is killed; compare what they sent with the ledger."""
    criteria = _prepare(folder / "kill", n_reviewers, n_verdicts)
    with Store.open(folder / "kill") as store:
        logins = hire(store, n_reviewers)
        per_call = len(criteria)
        n_calls = -(-n_verdicts // per_call)
        for i, login in enumerate(logins):
            rows = [row_of(f"call-{c}", login.user, batch=f"{i:03d}") for c in range(n_calls)]
            store.ledger.save_assignments(rows)
    sent = Sent()
    began = time.perf_counter()
    with serving(folder / "kill") as server:
        workers = [
            threading.Thread(target=_work, args=(server, login, i, n_calls, criteria, sent))
            for i, login in enumerate(logins)
        ]
        for worker in workers:
            worker.start()
        killed = _kill_now_and_then(server, workers, n_kills)
        for worker in workers:
            worker.join()
    figures = _compared(folder / "kill", sent, n_reviewers * n_calls)
    seconds = time.perf_counter() - began
    return {"killed": killed, "seconds": round(seconds, 1), **figures}


def _prepare(folder: Path, n_reviewers: int, n_verdicts: int) -> list[str]:
    with Store.open(folder, create=True) as store:
        keep(store, [call_of("call-0", 60.0)])
        (evaluation,) = store.evaluations_of("call-0")
        criteria = [v.criterion for v in evaluation.verdicts]
        n_calls = -(-n_verdicts // len(criteria))
        if n_calls > 1:
            keep(store, [call_of(f"call-{i}", 60.0) for i in range(1, n_calls)])
    assert n_reviewers > 0
    return criteria


def _work(
    server: Server, login: Login, number: int, n_calls: int, criteria: list[str], sent: Sent
) -> None:
    try:
        chance = random.Random(number)
        for i in range(n_calls):
            assignment = number * n_calls + i + 1
            final = {}
            for criterion in criteria:
                outcome = chance.choice(("pass", "fail", "not_applicable", "not_measured"))
                body = {
                    "kind": "verdict",
                    "criterion": f"order-line/{criterion}",
                    "outcome": outcome,
                }
                key = secrets.token_hex(16)
                act(server, login, f"/work/{assignment}/marks", body, key)
                sent.keys.append(key)
                final[criterion] = outcome
            act(server, login, f"/work/{assignment}/submit", {}, secrets.token_hex(16))
            sent.final[assignment] = final
    except Exception as error:
        sent.errors.append(f"{login.user}: {type(error).__name__} {error}")


def _kill_now_and_then(server: Server, workers: list[threading.Thread], n_kills: int) -> int:
    killed = 0
    for _ in range(n_kills):
        time.sleep(random.uniform(1.0, 3.0))
        if not any(worker.is_alive() for worker in workers):
            break
        server.stop(signal.SIGKILL)
        killed += 1
        server.start()
    return killed


def _compared(folder: Path, sent: Sent, n_assignments: int) -> dict[str, Any]:
    with Store.open(folder) as store:
        with store.ledger.database.reading() as connection:
            kept = list(connection.execute(sa.select(r.marks.c.idempotency_key)).scalars())
        reviews = store.ledger.reviews()
        by_assignment = {row.id: row for row in _submitted(store)}
        audit = verify(store.ledger.database)
    wrong = [a for a, final in sent.final.items() if by_assignment[a].verdicts != final]
    return {
        "verdicts_sent": len(sent.keys),
        "lost": len(set(sent.keys) - set(kept)),
        "doubled": len(kept) - len(set(kept)),
        "unknown": len(set(kept) - set(sent.keys)),
        "reviews": len(reviews),
        "reviews_wanted": n_assignments,
        "reviews_that_differ": len(wrong),
        "errors": sent.errors[:5],
        "audit_whole": audit.whole,
    }


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    verdicts: dict[str, str]


def _submitted(store: Store) -> list[_Row]:
    query = sa.select(t.reviews.c.assignment_id, t.reviews.c.verdicts)
    with store.ledger.database.reading() as connection:
        return [_Row(number, verdicts) for number, verdicts in connection.execute(query)]


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", choices=("paint", "queue", "kill"))
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--verdicts", type=int, default=500, help="of each reviewer")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--assignments", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=15)
    chosen = parser.parse_args()
    figures: dict[str, Any] = {"limits_ms": LIMITS_MS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.only in (None, "paint"):
            figures["paint"] = paint(folder, chosen.repeats)
        if chosen.only in (None, "queue"):
            figures["queue"] = queue(folder, chosen.assignments, chosen.repeats)
        if chosen.only in (None, "kill"):
            figures["kill"] = kill(folder, chosen.reviewers, chosen.verdicts, chosen.kills)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
