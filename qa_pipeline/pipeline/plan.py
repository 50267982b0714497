"""What is left to do: a night's rows against what the ledger knows to be done."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from qa_pipeline.errors import RecordingFailed
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION, Content, Judges, labels, measure_key
from qa_pipeline.pipeline.jobs import Job, refused
from qa_pipeline.records import Failure
from qa_pipeline.settings import Settings
from qa_pipeline.sources.folder import UNNAMED, FolderSource
from qa_pipeline.sources.manifest import Fault
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.store import Refusal, StoredCall
from qa_pipeline.store.work import JUDGE, MEASURE, SETTLED, WorkRow
from qa_pipeline.store.writing import nameless
from qa_pipeline.texts import Text

_N_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of a night by what they need, and what needs none.

    `again` are stored calls to be judged without hearing, with the ledger's row that says where
    they stand; `read` are transcripts, `hear` recordings; `kept` have nothing left to do,
    `unjudged` are heard and known to have no scorecard. `mended` are ids of failures that stand in
    the ledger although their calls are kept: a row or a file was wrong for a while.
    """

    again: tuple[tuple[Job, WorkRow], ...] = ()
    read: tuple[Job, ...] = ()
    hear: tuple[Job, ...] = ()
    kept: tuple[Job, ...] = ()
    unjudged: tuple[Job, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    mended: frozenset[str] = frozenset()

    @property
    def n_quick(self) -> int:
        """Calls that need no audio heard."""
        return len(self.again) + len(self.read)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every call of the night that is not refused before it began."""
        again = (job for job, _ in self.again)
        return (*again, *self.read, *self.hear, *self.kept, *self.unjudged)


def hashed(source: FolderSource, row: ManifestRow) -> Job:
    """Return the row's job, its keys still to be found, with its files hashed.

    Raises RecordingFailed where a file cannot be read.
    """
    try:
        pulled = source.pull(row)
        recording_sha256 = None if pulled.recording is None else _sha256(pulled.recording)
        n_bytes = 0 if pulled.recording is None else pulled.recording.stat().st_size
    except OSError as error:
        raise RecordingFailed(
            row.recording or row.transcript or f"row {row.number}",
            Text(en="the file cannot be read", zh="无法读取文件"),
            Text(en="check its permissions and the disk", zh="请检查文件权限与磁盘"),
            stage="pull",
            code="unreadable",
            got=error.strerror,
        ) from error
    transcript = pulled.transcript
    content = Content(
        recording_sha256, None if transcript is None else hashlib.sha256(transcript).hexdigest()
    )
    return Job(
        call_id=row.call_id or content.sha256[:16],
        content=content,
        measure_key="",
        settled_key="",
        started_at=row.started_at,
        labels=row.metadata,
        judged={},
        is_new=True,
        row=row,
        recording=pulled.recording,
        transcript=transcript,
        n_bytes=n_bytes,
    )


def keyed(job: Job, settings: Settings, engines: str | None, judges: Judges) -> Job:
    """Return the job with its content keys."""
    assert job.row is not None
    measured = measure_key(job.content, job.row, settings, engines)
    settled = judges.settled_key(measured, labels(job.labels, job.started_at))
    return replace(job, measure_key=measured, settled_key=settled)


def planned(
    jobs: Iterable[Job], known: Mapping[str, tuple[WorkRow, ...]], refusals: Iterable[Refusal]
) -> Plan:
    """Return what is left of `jobs` after what the ledger knows of their calls."""
    again: list[tuple[Job, WorkRow]] = []
    read: list[Job] = []
    hear: list[Job] = []
    kept: list[Job] = []
    unjudged: list[Job] = []
    quarantined: list[Refusal] = []
    mended: set[str] = set()
    for job in jobs:
        work = known.get(job.call_id, ())
        done = {w.stage: w for w in work if w.state == "done"}
        measured = [w for w in work if w.stage == MEASURE and w.state != "failed"]
        if any(w.content_sha256 != job.content.sha256 for w in measured):
            quarantined.append(refused(job, _other_bytes(job)))
        elif SETTLED in done and done[SETTLED].fingerprint == job.settled_key:
            kept.append(job)
            mended |= {name for name in names_in_failures(job) if _has_failed(known, name)}
        elif _is_known_unjudged(work, done, job):
            unjudged.append(job)
        elif same := [w for w in measured if w.fingerprint == job.measure_key]:
            judged = {
                w.stage.removeprefix(f"{JUDGE}/"): w.fingerprint
                for w in done.values()
                if w.stage.startswith(f"{JUDGE}/")
            }
            is_new = same[0].state != "done"
            again.append((replace(job, judged=judged, is_new=is_new), same[0]))
        else:
            (read if job.recording is None else hear).append(job)
    return Plan(
        tuple(again), tuple(read), tuple(hear), tuple(kept), tuple(unjudged),
        (*refusals, *quarantined), frozenset(mended),
    )  # fmt: skip


def names_in_failures(job: Job) -> tuple[str, ...]:
    """Return the ids under which the ledger may hold failures of a job."""
    return (job.call_id,) if job.name is None else (job.call_id, nameless(job.name))


def _has_failed(known: Mapping[str, tuple[WorkRow, ...]], name: str) -> bool:
    return any(work.state == "failed" for work in known.get(name, ()))


def _is_known_unjudged(work: Iterable[WorkRow], done: Mapping[str, WorkRow], job: Job) -> bool:
    """Whether the call was heard, no scorecard of today's applied to it, and none judges it."""
    heard = MEASURE in done and done[MEASURE].fingerprint == job.measure_key
    is_judged = any(stage.startswith(f"{JUDGE}/") for stage in done)
    return (
        heard
        and not is_judged
        and any(
            w.stage == SETTLED and w.state == "failed" and w.fingerprint == job.settled_key
            for w in work
        )
    )


def relabelled(job: Job, stored: StoredCall, judges: Judges) -> Job:
    """Return the job of a stored call, its labels as the manifest has them today.

    A call whose queue, agent or start was corrected gets a new row without being heard again; so
    does one that another time zone files under another day. A job without a row of a manifest keeps
    the labels that the call was stored with; so does one with a transcript, whose labels, its own
    among them, are part of the key.
    """
    call = stored.call
    assert call.started_at is not None  # a call without it is not stored
    local_date = call.started_at.astimezone(ZoneInfo(judges.time_zone)).date()
    job = replace(job, is_new=job.is_new or local_date != stored.local_date)
    if job.row is None:
        settled = judges.settled_key(job.measure_key, labels(call.metadata, call.started_at))
        return replace(
            job,
            stored=stored,
            labels=call.metadata,
            started_at=call.started_at,
            settled_key=settled,
        )
    if job.transcript is not None or labels(call.metadata, call.started_at) == labels(
        job.labels, job.started_at
    ):
        return replace(job, stored=stored)
    corrected = replace(call, metadata=job.labels, started_at=job.started_at)
    return replace(job, stored=replace(stored, call=corrected), is_new=True)


def distinct(jobs: Iterable[Job]) -> Iterator[Job]:
    """Yield the first job of every call id: a file under two names is one call."""
    seen: set[str] = set()
    for job in jobs:
        if job.call_id not in seen:
            seen.add(job.call_id)
            yield job


def without_heard(
    source: FolderSource,
    faults: Iterable[Fault],
    holds: Callable[[Iterable[str]], frozenset[str]],
) -> tuple[Fault, ...]:
    """Return the faults but those of unnamed recordings that an earlier night has heard.

    A folder that keeps its recordings holds those of every night before; its newest manifest names
    last night's only. They are known by their bytes, as everything is.
    """
    kept = tuple(faults)
    strays = {f.recording: _hash_of_stray(source, f) for f in kept if f.error.code == UNNAMED}
    heard = holds(sha256 for sha256 in strays.values() if sha256 is not None)
    return tuple(f for f in kept if strays.get(f.recording) not in heard)


def _hash_of_stray(source: FolderSource, fault: Fault) -> str | None:
    try:
        return _sha256(source.root / fault.recording)
    except OSError:
        return None


def refused_row(fault: Fault) -> Refusal:
    """Return the failure of a row or file that could not even become a job."""
    error = fault.error
    call_id = fault.call_id or (
        nameless(fault.recording) if fault.recording else f"row:{fault.number}"
    )
    failure = Failure(
        call_id=call_id,
        recording=fault.recording or error.where,
        stage=error.stage,
        code=error.code,
        message_en=error.say("en"),
        message_zh=error.say("zh"),
        failed_at=datetime.now(UTC),
    )
    key = hashlib.sha256(
        f"{call_id} {fault.number} {fault.recording} {error.code}".encode()
    ).hexdigest()
    return Refusal(failure, {}, None, MEASURE, key, "", PIPELINE_VERSION)


def _other_bytes(job: Job) -> RecordingFailed:
    return RecordingFailed(
        job.name or job.call_id,
        Text(
            en="the store holds another recording under this call_id",
            zh="存储中已有使用相同 call_id 的另一录音",
        ),
        Text(
            en="give each call its own call_id; the stored call was left as it is",
            zh="请为每通电话分配唯一的 call_id；已存储的通话保持不变",
        ),
        stage="manifest",
        code="duplicate_call_id",
        got=job.call_id,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
