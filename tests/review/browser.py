"""A store with calls, an office over it, and a client that behaves like a browser."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from httpx2 import Response
from starlette.testclient import TestClient

from qa_pipeline.records import Call, Provenance, Speech, Track, Turn
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.scoring import bind, judge
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.store import Judged, Result, Store
from qa_pipeline.store.playback import write_playback
from qa_pipeline.web.app import create_app
from qa_pipeline.web.office import Office, Proxy
from qa_pipeline.web.visit import COOKIE
from qa_pipeline.words import Word
from tests.store.calls import MADE_BY, ZONE

HOST = "http://qa.test"
#: No Opus is decoded in these tests: any bytes do.
AUDIO = bytes(range(256)) * 40
SAID = (
    ("agent", 0.5, 3.5, "您好，天云商城，请问有什么可以帮您？"),
    ("customer", 4.0, 7.0, "我要投诉，东西坏了。"),
    ("agent", 7.5, 9.0, "喂，你说。"),
    ("customer", 9.5, 12.0, "太差了，一直没人理我。"),
    ("agent", 12.5, 15.0, "非常抱歉，我马上为您处理。"),
)


def made_call(call_id: str, group: str | None = "华东", said: object = SAID) -> Call:
    """Return a Chinese call on two channels."""
    turns = tuple(
        Turn(role, 0 if role == "agent" else 1, start_s, end_s, _words(text, start_s, end_s))
        for role, start_s, end_s, text in said  # type: ignore[attr-defined]
    )
    speech = tuple(
        Speech(role, channel, tuple(t.span for t in turns if t.role == role))
        for channel, role in enumerate(("agent", "customer"))
    )
    return Call(
        call_id=call_id,
        language="zh",
        tier="dual_channel",
        duration_s=16.0,
        turns=turns,
        speech=speech,  # type: ignore[arg-type]
        tracks=(Track("level_dbfs", 0, "agent", 0.1, (-20.0, None) * 80),),
        role_source="manifest",
        started_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
        metadata=MappingProxyType({"group": group, "agent_id": "A7", "queue": "orders"}),
    )


def _words(text: str, start_s: float, end_s: float) -> tuple[Word, ...]:
    step_s = (end_s - start_s) / len(text)
    return tuple(
        Word(character, start_s + i * step_s, start_s + (i + 1) * step_s, 0.9)
        for i, character in enumerate(text)
    )


def keep(store: Store, *calls: Call, audio: bool = True) -> None:
    """Judge calls under the shipped scorecard and keep them, with a copy to be heard."""
    (card,) = (c for c in load_directory(SCORECARDS_DIR) if c.scorecard.scorecard == "order-line")
    results = []
    for call in calls:
        judged = Judged(judge(call, bind(card)), secrets.token_hex(32), "{}")
        made_by: Provenance = replace(MADE_BY, fingerprint=secrets.token_hex(32))
        sha256 = write_playback(store.path, call.call_id, AUDIO, b"QAPK\x01\x01") if audio else None
        results.append(
            Result(call, made_by, secrets.token_hex(32), (judged,), playback_sha256=sha256)
        )
    with store.writing("night", ZONE, "0.1.0") as writer:
        writer.commit(results)


def office_of(store: Store, proxy: Proxy | None = None, scorecards: Path | None = None) -> Office:
    """Return the office over a store."""
    return Office(store, Settings(), scorecards or SCORECARDS_DIR, proxy)


class Browser:
    """A client with cookies that sends what a browser's page sends."""

    def __init__(self, office: Office, language: str = "en", address: str = "10.1.1.1") -> None:
        self.office, self.csrf = office, ""
        self.client = TestClient(
            create_app(office),
            base_url=HOST,
            follow_redirects=False,
            client=(address, 50000),
            headers={"accept-language": language},
        )

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def login(self, user: str, password: str) -> int:
        """Log in and return the status."""
        answer = self.send("/login", {"user": user, "password": password, "next": "/"})
        self.csrf = self._csrf() if answer.status_code == 303 else ""
        return answer.status_code

    def _csrf(self) -> str:
        page = self.client.get("/password").text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        return found.group(1) if found else ""

    def enter(self, user: str) -> "Browser":
        """Be logged in without the password's tenth of a second."""
        token = self.office.sessions.open(user, "10.1.1.1", "test")
        session = self.office.sessions.session(token)
        assert session is not None
        self.client.cookies.set(COOKIE, token)
        self.csrf = session.csrf
        return self

    def send(self, path: str, form: Mapping[str, object] | None = None, **headers: str) -> Response:
        """Send a form as one of our pages does."""
        fields = {"csrf": self.csrf, **(form or {})}
        return self.client.post(path, data=fields, headers={"origin": HOST, **headers})

    def act(self, path: str, body: Mapping[str, object], key: str | None = None) -> Response:
        """Send what a script of ours sends."""
        headers = {
            "origin": HOST,
            "accept": "application/json",
            "x-csrf-token": self.csrf,
            "idempotency-key": key or secrets.token_hex(16),
        }
        return self.client.post(path, json=body, headers=headers)
