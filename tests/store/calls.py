"""Calls, evaluations and stores for the store's tests."""

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from qa_pipeline.records import (
    Call,
    ChannelHealth,
    Evaluation,
    Failure,
    Finding,
    Provenance,
    Speech,
    Sustained,
    Track,
    Turn,
    Verdict,
)
from qa_pipeline.spans import Span
from qa_pipeline.store import Judged, Refusal, Result, Store
from qa_pipeline.words import Masked, Word

ZONE = ZoneInfo("Asia/Shanghai")
STARTED_AT = datetime(2026, 10, 31, 20, 30, 0, 123456, tzinfo=UTC)  # 1 November in Shanghai

FULL = Call(
    call_id="call-1",
    language="zh",
    tier="dual_channel",
    duration_s=61.25,
    turns=(
        Turn("agent", 0, 0.5, 1.5, (Word("您好，", 0.5, 0.9, 0.25), Word("请讲。", 0.9, 1.5))),
        Turn("customer", 1, 1.2, 2.0, ()),
        Turn(
            None,
            None,
            3.0,
            4.0,
            (Word("[card]", 3.0, 4.0, 1.0, Masked("card", 16, "a" * 32, "b" * 32)),),
        ),
    ),
    speech=(Speech("agent", 0, (Span(0.5, 1.5),)), Speech(None, None, ())),
    tracks=(
        Track("level_dbfs", 0, "agent", 0.05, (-30.125, None, -0.1)),
        Track("pitch_hz", 1, None, 0.05, ()),
    ),
    sustained=(Sustained(0, (Span(0.6, 0.9), Span(1.1, 1.4))), Sustained(1, ())),
    role_source="evidence",
    timed=True,
    started_at=STARTED_AT,
    metadata=MappingProxyType(
        {"group": "华东", "agent_id": "A7", "queue": "orders", "ring_s": 4.5, "n": 3, "vip": True,
         "note": None}
    ),
    channels=(
        ChannelHealth(0, -23.5, None, 0.0, False, -41.5),
        ChannelHealth(1, None, None, 0, True),
    ),
    is_dual_mono=False,
    n_dropped_words=2,
    notes=("roles_inferred", "demo_model"),
)  # fmt: skip

UNMEASURED = replace(
    FULL,
    call_id="call-2",
    turns=None,
    speech=None,
    tracks=None,
    sustained=None,
    channels=(),
    notes=(),
)
SILENT = replace(FULL, call_id="call-3", turns=(), speech=(), tracks=(), sustained=())

MADE_BY = Provenance(
    recording_sha256="c" * 64,
    transcript_sha256=None,
    transcriber="whisper 1.2.1 tiny",
    diariser=None,
    activity="silero v6",
    pipeline_version="0.1.0",
    fingerprint="f" * 64,
)


def evaluation(
    call_id: str = "call-1", *, scorecard: str = "order-line", score: float = 200 / 3
) -> Evaluation:
    """Return an evaluation with every kind of verdict, finding and null."""
    hit = Finding("greeting", "phrase", "agent", 0.5, 1.5, "您好", "text", None, None, 0)
    silence = Finding("dead_air", "dead_air", None, 10.0, 21.5, value=11.5, kind="excess")
    return Evaluation(
        call_id=call_id,
        scorecard_id=scorecard,
        scorecard_version=3,
        scorecard_sha256="d" * 64,
        score=score,
        passed=None,
        coverage=0.75,
        verdicts=(
            Verdict("greeting", "language", "B", "pass", 10, 10, "说了开头语", (hit, hit)),
            Verdict("dead_air", "flow", "C", "fail", 5, 0, "静默过长", (silence,), fatal=True),
            Verdict("warmth", "attitude", "C", "pending", 10, None, "待人工", ()),
        ),
        counted=(silence, hit),
    )


def result(
    call: Call = FULL, *, key: str = "f" * 64, judged: tuple[Judged, ...] | None = None
) -> Result:
    """Return a night's result of one call, judged under one scorecard unless told otherwise."""
    if judged is None:
        judged = (Judged(evaluation(call.call_id), "j" * 64, '{"phrase": 1}'),)
    return Result(call, replace(MADE_BY, fingerprint=key), "c" * 64, judged)


def refusal(call_id: str = "broken", *, started_at: datetime | None = STARTED_AT) -> Refusal:
    """Return a failure to decode."""
    failure = Failure(
        call_id, "a/b.wav", "decode", "truncated", "cut short", "录音不完整", STARTED_AT
    )
    return Refusal(failure, {"group": "华东"}, started_at, "measure", "e" * 64, "9" * 64, "0.1.0")


def put(store: Store, *results: Result, refusals: tuple[Refusal, ...] = ()) -> None:
    """Commit results as a run of their own."""
    with store.writing("night", ZONE, "0.1.0") as writer:
        writer.commit(results, refusals)
