"""A served store, reviewers with their browsers, and calls: what the review benchmark uses."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from qa_pipeline.records import Call, Provenance, Speech, Track, Turn
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.scoring import bind, judge
from qa_pipeline.settings import ROOT, SCORECARDS_DIR, Settings
from qa_pipeline.store import Judged, Result, Store
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review.accounts import Accounts, User
from qa_pipeline.store.review.sessions import Sessions
from qa_pipeline.words import Word

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

    def cpu_ms(self) -> float:
        """Return the processor time that it has used, ms (whole clock ticks of 10 ms)."""
        assert self.process is not None  # it was started
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

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
