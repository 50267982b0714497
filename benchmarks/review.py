"""What the review page costs: `python -m benchmarks.review [--reviewers 20] [--verdicts 500]`.

Three questions, each asked of a store made for it, of the server as `qa review serve` starts it:

- `paint`: how long the server takes for the page of a 60-minute call (about 900 turns and 10,000
  words), the first time and again (limit 300 ms);
- `queue`: how long it takes for a page of a queue of 100,000 assignments, first, middle and last
  page, filtered and not (limit 50 ms);
- `kill`: whether simulated reviewers lose or double a verdict while the server is killed (SIGKILL)
  again and again. Each sends what a page sends, again until it is answered, under the same key.

Figures go to stdout as JSON; nothing is asserted but what must hold: no verdict lost or doubled.
"""

import argparse
import json
import os
import random
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import sqlalchemy as sa

from qa_pipeline.records import Call, Provenance, Speech, Track, Turn, Word
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.scoring import bind, judge
from qa_pipeline.settings import ROOT, SCORECARDS_DIR, Settings
from qa_pipeline.store import Judged, Result, Store
from qa_pipeline.store import review_tables as r
from qa_pipeline.store import tables as t
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review.accounts import Accounts, User
from qa_pipeline.store.review.audit import verify
from qa_pipeline.store.review.sessions import Sessions

HOUR_S: Final = 3600.0
LIMITS_MS: Final = {"paint": 300, "queue": 50}
_REASONS: Final = ("random", "flagged", "focus", "back_check", "double")
_SAID: Final = "您好，天云商城，请问有什么可以帮您？"


@dataclass(frozen=True, slots=True)
class Login:
    """What a reviewer's browser holds."""

    user: str
    token: str
    csrf: str


@dataclass(slots=True)
class Server:
    """The page being served; it may be killed and started again on the same port."""

    store: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait for its address."""
        code = "from qa_pipeline.cli.main import main; main()"
        arguments = ["review", "serve", "--store", str(self.store), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None  # it was asked for
        line = self.process.stdout.readline().strip()
        self.port = int(line.rstrip("/").rpartition(":")[2])

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, by its process id."""
        if self.process is not None:
            os.kill(self.process.pid, how)
            self.process.wait(30)
            assert self.process.stdout is not None  # it was asked for
            self.process.stdout.close()
            self.process = None


@contextmanager
def serving(store: Path) -> Iterator[Server]:
    """Serve a store on a free port for the length of a block."""
    server = Server(store, 0)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def get(server: Server, login: Login, path: str) -> bytes:
    """Return a page."""
    request = Request(server.address + path, headers={"cookie": f"qa_session={login.token}"})
    with urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def act(server: Server, login: Login, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    """Send a click again until it is answered; return the answer."""
    headers = {
        "cookie": f"qa_session={login.token}",
        "content-type": "application/json",
        "accept": "application/json",
        "origin": server.address,
        "x-csrf-token": login.csrf,
        "idempotency-key": key,
    }
    while True:
        request = Request(server.address + path, json.dumps(body).encode(), headers)
        try:
            with urlopen(request, timeout=30) as answer:
                said: dict[str, Any] = json.load(answer)
            return said
        except HTTPError as error:
            if error.code < 500:
                raise
        except (URLError, OSError, ValueError, HTTPException):
            pass
        time.sleep(0.2)


def call_of(call_id: str, duration_s: float) -> Call:
    """Return a call on two channels in which somebody always speaks."""
    turns = []
    at_s, i = 0.5, 0
    while at_s < duration_s - 4:
        role = "agent" if i % 2 == 0 else "customer"
        step_s = 3.5 / len(_SAID)
        words = tuple(
            Word(c, at_s + n * step_s, at_s + (n + 1) * step_s, 0.9) for n, c in enumerate(_SAID)
        )
        turns.append(Turn(role, i % 2, at_s, at_s + 3.5, words))  # type: ignore[arg-type]
        at_s, i = at_s + 4.0, i + 1
    speech = tuple(
        Speech(role, n, tuple(t.span for t in turns if t.role == role))  # type: ignore[arg-type]
        for n, role in enumerate(("agent", "customer"))
    )
    n_frames = int(duration_s * 10)
    return Call(
        call_id=call_id,
        language="zh",
        tier="dual_channel",
        duration_s=duration_s,
        turns=tuple(turns),
        speech=speech,
        tracks=tuple(
            Track(kind, n, role, 0.1, (-30.0,) * n_frames)  # type: ignore[arg-type]
            for n, role in enumerate(("agent", "customer"))
            for kind in ("level_dbfs", "pitch_hz")
        ),
        role_source="manifest",
        started_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
        metadata=MappingProxyType({"group": "east", "agent_id": "A1", "queue": "orders"}),
    )


def keep(store: Store, calls: list[Call]) -> None:
    """Judge calls and keep them."""
    (card,) = (c for c in load_directory(SCORECARDS_DIR) if c.scorecard.scorecard == "order-line")
    bound = bind(card)
    results = []
    for call in calls:
        key = secrets.token_hex(32)
        made_by = Provenance(key, None, "made", None, "made", "0", key)
        judged = Judged(judge(call, bound), secrets.token_hex(32), "{}")
        results.append(Result(call, made_by, key, (judged,)))
    with store.writing("night", Settings().zone, "0") as writer:
        writer.commit(results)


def hire(store: Store, n: int) -> list[Login]:
    """Add reviewers and log them in."""
    database = store.ledger.database
    logins = []
    for i in range(n):
        name = f"reviewer-{i:02d}"
        user = User(name, name, "reviewer", frozenset({"*"}), active=True)
        Accounts(database).add("benchmark", user, password=secrets.token_hex(8))
        token = Sessions(database).open(name, "127.0.0.1", "benchmark")
        session = Sessions(database).session(token)
        assert session is not None
        logins.append(Login(name, token, session.csrf))
    return logins


def row_of(call_id: str, reviewer: str, *, batch: str = "001", day: int = 0) -> AssignmentRow:
    """Return an assignment."""
    return AssignmentRow(
        period="2026-11",
        batch=batch,
        call_id=call_id,
        purpose="random",
        reason=_REASONS[day % len(_REASONS)],
        reviewer=reviewer,
        blind=True,
        assigned_at=datetime(2026, 11, 26, tzinfo=UTC),
        due_on=date(2026, 12, 1) + timedelta(days=day % 30),
        group="east" if day % 2 else "south",
        agent_id=f"A{day % 500}",
        language="zh",
        expected_min=5.0,
    )


def timed(do: Callable[[], object], n: int) -> dict[str, float]:
    """Return the first, the median and the slowest of `n` times, ms."""
    times = []
    for _ in range(n):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    figures = {"first": times[0], "median": statistics.median(times), "slowest": max(times)}
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
        first = timed(lambda: get(server, login, f"/work/{next(fresh)}"), n)
        again = timed(lambda: get(server, login, "/work/1"), n)
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
        return {name: timed(partial(get, server, login, path), n) for name, path in pages.items()}


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
