"""What a worker is asked to do with one call, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from qa_pipeline.errors import QaError, RecordingFailed
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION, Content
from qa_pipeline.records import Failure, Value
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.store import Refusal, Result, StoredCall
from qa_pipeline.store.work import MEASURE, SETTLED, WorkRow
from qa_pipeline.store.writing import nameless
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Job:
    """One call on its way: heard as `row` says, or judged again as it stands in the store.

    `where` is the place of a call that is judged again; the worker reads it, into `stored`.
    `judged` maps scorecard ids to the content keys of their newest evaluations, which need no
    second one; `is_new` says that the call's own row must be written.
    """

    call_id: str
    content: Content
    measure_key: str
    settled_key: str
    started_at: datetime | None
    labels: Mapping[str, Value]
    judged: Mapping[str, str]
    is_new: bool
    row: ManifestRow | None = None
    recording: Path | None = None
    transcript: bytes | None = None
    n_bytes: int = 0
    where: WorkRow | None = None
    stored: StoredCall | None = None

    @property
    def name(self) -> str | None:
        """The recording's name in its source."""
        return None if self.row is None else self.row.recording


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a result, a refusal, or both (heard, but nothing judges it).

    `playback_missed`: the masked copy could not be written, for want of space mostly.
    """

    result: Result | None = None
    refusal: Refusal | None = None
    n_unchanged: int = 0
    playback_missed: bool = False


def refused(job: Job, error: QaError, *, stage: str = MEASURE) -> Refusal:
    """Return the failure of a job; `stage` is the ledger's, whose key says what was tried."""
    journey, code = (
        (error.stage, error.code) if isinstance(error, RecordingFailed) else (stage, "unexpected")
    )
    return Refusal(
        failure=Failure(
            call_id=_told_as(job, stage),
            recording=job.name or job.call_id,
            stage=journey,
            code=code,
            message_en=error.say("en"),
            message_zh=error.say("zh"),
            failed_at=datetime.now(UTC),
        ),
        labels=dict(job.labels),
        started_at=job.started_at,
        stage=stage,
        fingerprint=job.settled_key if stage == SETTLED else job.measure_key,
        content_sha256=job.content.sha256,
        pipeline_version=PIPELINE_VERSION,
    )


def _told_as(job: Job, stage: str) -> str:
    """Return the id of a job's failure: its call's, where it is one already or the manifest says.

    Else its file's name: mended bytes under this name settle it, the hash of broken ones is no
    call's id.
    """
    is_named = job.row is None or job.row.call_id is not None
    if is_named or job.name is None or stage != MEASURE:
        return job.call_id
    return nameless(job.name)


def unexpected(where: str, error: Exception) -> RecordingFailed:
    """Return the failure for a fault of ours: its kind and place, never its words.

    An exception's message may hold what was said in the call.
    """
    return RecordingFailed(
        where,
        Text(en="the program failed on this call", zh="程序在处理该通话时出错"),
        Text(
            en="report it with this place in the program; the night went on without the call",
            zh="请连同此程序位置一并报告；其余通话已照常处理",
        ),
        stage="unexpected",
        code="unexpected",
        got=f"{type(error).__name__} at {place_of(error.__traceback__)}",
    )


def place_of(trace: TracebackType | None) -> str:
    """Return where in the program an exception was raised: `folder/file.py:line`."""
    place = "?"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        place = f"{path.parent.name}/{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def unjudged(job: Job) -> RecordingFailed:
    """Return the failure of a call that no scorecard in force applies to."""
    facts = ", ".join(
        f"{name}={job.labels[name]}"
        for name in ("queue", "segment", "product", "language")
        if job.labels.get(name) is not None
    )
    return RecordingFailed(
        job.name or job.call_id,
        Text(en="no scorecard in force applies to this call", zh="没有适用于该通话的生效评分表"),
        Text(
            en="widen applies_to or effective_from of a scorecard, or correct the manifest",
            zh="请放宽评分表的 applies_to 或 effective_from，或更正清单",
        ),
        stage="judge",
        code="no_scorecard",
        got=facts or None,
    )


def changed(job: Job) -> RecordingFailed:
    """Return the failure of a recording that was written to since the night looked at it."""
    return RecordingFailed(
        job.name or job.call_id,
        Text(en="the recording changed during the night", zh="录音在本次处理期间被改动"),
        Text(
            en="start again once the recorder has finished it",
            zh="请在录音系统写完该文件后重新运行",
        ),
        stage="pull",
        code="changed",
    )


def died(job: Job) -> RecordingFailed:
    """Return the failure of a recording that ended two workers (out of memory, a crash)."""
    return RecordingFailed(
        job.name or job.call_id,
        Text(
            en="the worker process died on this recording, twice",
            zh="处理该录音的工作进程两次意外终止",
        ),
        Text(
            en="look for its length and format, give the machine more memory or use fewer workers",
            zh="请检查其时长与格式，增加内存或减少 --workers",
        ),
        stage="worker",
        code="worker_died",
    )
