"""Two months of a made-up centre in a store: seeded, with figures to be found again by hand.

Hostile text stands where people or calls can put it: a group's name and a quote.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from qa_pipeline.records import Call, Evaluation, Failure, Finding, Provenance, Verdict
from qa_pipeline.render.titles import Titles
from qa_pipeline.store import Judged, Refusal, Result, ReviewRow, SampleRow, Store

ZONE = ZoneInfo("Asia/Shanghai")
PERIOD, BEFORE = "2026-10", "2026-09"
HOSTILE = "<script>alert(1)</script>"
HOSTILE_GROUP = f"Night {HOSTILE}"
#: Group: calls a month, chance of a fault now and the month before, language.
GROUPS = {
    "订购一组": (310, 0.10, 0.24, "zh"),
    "售后支持组": (180, 0.22, 0.20, "zh"),
    HOSTILE_GROUP: (120, 0.30, 0.28, "en"),
}
CRITERIA = {
    "zh": (
        ("language", "greeting", "B"),
        ("language", "forbidden", "A"),
        ("skill", "dead_air", "C"),
    ),
    "en": (("language", "greeting", "B"), ("skill", "interruption", "C")),
}
TITLES = Titles(
    scorecards={
        "order-line": {"zh": "订购热线质检评分表", "en": "Order line"},
        "support-line": {"en": "Support line"},
    },
    criteria={
        ("order-line", "greeting"): {"zh": "开头语完整", "en": "Greeting in full"},
        ("order-line", "forbidden"): {"zh": "服务禁语", "en": "Forbidden phrases"},
        ("order-line", "dead_air"): {"zh": "无故静默", "en": "Unexplained dead air"},
        ("support-line", "greeting"): {"en": HOSTILE},
    },
    severities={
        "A": {"zh": "致命", "en": "Fatal"},
        "B": {"zh": "严重", "en": "Serious"},
        "C": {"zh": "一般", "en": "Minor"},
    },
)
QUOTES = {
    "greeting": f"喂，你说。{HOSTILE}",
    "forbidden": "不知道",
    "dead_air": None,
    "interruption": None,
}
_MADE_BY = Provenance(
    "c" * 64, None, "faster-whisper 1.2.1 demo-asr", None, "silero v6", "0.1.0", "f" * 64
)


def fill(path: Path, *, n_share: float = 1.0) -> Path:
    """Write both months into a store at `path`, as a night would."""
    rng = random.Random(20261101)
    with Store.open(path, create=True) as store, store.writing("night", ZONE, "0.1.0") as writer:
        for month, period in ((9, BEFORE), (10, PERIOD)):
            results = [r for group in GROUPS for r in _results(group, month, period, rng, n_share)]
            writer.commit(results, (_refusal(month),))
    return path


def _results(
    group: str, month: int, period: str, rng: random.Random, n_share: float
) -> Iterator[Result]:
    n_calls, now, before, language = GROUPS[group]
    chance = now if period == PERIOD else before
    for i in range(round(n_calls * n_share)):
        started_at = datetime(2026, month, 1, 1, tzinfo=UTC) + timedelta(hours=i * 2 % 690)
        call = Call(
            call_id=f"{period}-{group[:2]}-{i:04d}",
            language="zh" if language == "zh" else "en",
            tier="imported" if i % 20 else "dual_channel",
            duration_s=60.0 + i % 90,
            turns=(),
            speech=None,
            started_at=started_at,
            metadata=MappingProxyType(
                {"group": group, "agent_id": f"{group[:1]}{i % 5 + 1}", "demo": "true"}
            ),
            notes=("demo_model",) if i % 20 == 0 else (),
        )
        evaluation = _evaluation(call, language, chance, rng)
        judged = Judged(evaluation, "j" * 64, '{"phrase": 1}')
        yield Result(call, _MADE_BY, "c" * 64, (judged,))


def _evaluation(call: Call, language: str, chance: float, rng: random.Random) -> Evaluation:
    verdicts = []
    for section, criterion, severity in CRITERIA[language]:
        weight = {"greeting": 1.0, "forbidden": 0.15}.get(criterion, 0.7)
        failed = rng.random() < chance * weight
        unmeasured = criterion in ("dead_air", "interruption") and rng.random() < 0.1
        outcome = "not_measured" if unmeasured else "fail" if failed else "pass"
        quote = QUOTES[criterion]
        finding = Finding(criterion, "phrase", "agent", 83.4, 85.0, quote, "text")
        verdicts.append(
            Verdict(
                criterion, section, severity, outcome, 10,
                None if unmeasured else 0.0 if failed else 10.0,
                "没有分声道的语音" if unmeasured else "原因" if language == "zh" else "reason",
                (finding,) if failed and not unmeasured else (), fatal=severity == "A",
            )
        )  # fmt: skip
    verdicts.append(Verdict("warmth", "attitude", "C", "pending", 10, None, "待人工", ()))
    undecided = rng.random() < 0.05
    failed_any = any(verdict.outcome == "fail" for verdict in verdicts)
    suggestion = Finding("wishes", "suggestion", "customer", 30.0, 33.0, "要是能晚上送就好了")
    return Evaluation(
        call_id=call.call_id,
        scorecard_id="order-line" if language == "zh" else "support-line",
        scorecard_version=3,
        scorecard_sha256="d" * 64,
        score=60.0 if failed_any else 100.0,
        passed=None if undecided else not failed_any,
        coverage=0.7 if undecided else 1.0,
        verdicts=tuple(verdicts),
        counted=(suggestion,) if rng.random() < 0.03 else (),
    )


def _refusal(month: int) -> Refusal:
    at = datetime(2026, month, 3, 2, tzinfo=UTC)
    failure = Failure(
        f"broken-{month}", "a/b.wav", "decode", "truncated",
        "the recording ends before its container says", "录音比容器所述的短", at,
    )  # fmt: skip
    return Refusal(failure, {"group": "售后支持组"}, at, "measure", "e" * 64, "9" * 64, "0.1.0")


def review(path: Path, rows: tuple[SampleRow, ...]) -> None:
    """Let a made-up reviewer hear the drawn calls: mostly at one with the machine."""
    rng = random.Random(7)
    with Store.open(path) as store:
        cards = {
            row["call_id"]: (row["scorecard_id"], row["passed"])
            for period in (BEFORE, PERIOD)
            for row in store.read("evaluations", period).iter_rows(named=True)
        }
        store.ledger.save_reviews(
            [
                ReviewRow(
                    call_id=row.call_id,
                    scorecard_id=cards[row.call_id][0],
                    scorecard_version=3,
                    reviewer="made-up reviewer",
                    revision=1,
                    blind=True,
                    passed=bool(cards[row.call_id][1]) == (rng.random() < 0.92),
                    verdicts={},
                    comment="",
                    created_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
                )
                for row in rows
            ]
        )
