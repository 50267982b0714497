"""The one writer of a store: holds it for the length of a run and commits shard by shard."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from qa_pipeline.records import Call, Evaluation, Failure, Provenance
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.locks import holding
from qa_pipeline.store.rows import Row, call_row, label_columns, period_of
from qa_pipeline.store.schemas import Table
from qa_pipeline.store.shards import remove_orphans, write_shard
from qa_pipeline.store.verdict_rows import evaluation_rows
from qa_pipeline.store.work import (
    MEASURE,
    PLAYBACK,
    SETTLED,
    Commit,
    FileRow,
    ScorecardRow,
    WorkRow,
    judging,
)
from qa_pipeline.texts import Text

_STORE = Text(en="the store", zh="存储目录")


@dataclass(frozen=True, slots=True)
class Judged:
    """An evaluation, the content key of what judged it, and the detector versions it rests on."""

    evaluation: Evaluation
    fingerprint: str
    detectors: str


@dataclass(frozen=True, slots=True)
class Result:
    """A call and its new evaluations.

    `is_new` False: the call's own row stands there already, and of `call` its facts are enough.

    `content_sha256` is of the recording's bytes, or of the transcript's where there is no audio;
    `settled` the content key of everything that the call has now gone through, None where
    something is missing; `recording` the file's name in the source; `playback_sha256` of its masked
    copy, None where there is none. `withdrawn` are ids of scorecards that judged the call before
    and are not for it any more.
    """

    call: Call
    provenance: Provenance
    content_sha256: str
    evaluations: tuple[Judged, ...]
    is_new: bool = True
    settled: str | None = None
    recording: str | None = None
    playback_sha256: str | None = None
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A failure and what is known of its call; `stage` and `fingerprint` are the ledger's.

    `labels` are the manifest's facts, `content_sha256` is "" where the bytes could not be read.
    """

    failure: Failure
    labels: dict[str, str | int | float | bool | None]
    started_at: datetime | None
    stage: str
    fingerprint: str
    content_sha256: str
    pipeline_version: str


@dataclass(slots=True)
class Writer:
    """Commits results of one run; calls are filed under the calendar of `zone`."""

    folder: Path
    ledger: Ledger
    run: str
    zone: ZoneInfo
    _n_shards: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def commit(
        self,
        results: Sequence[Result],
        refusals: Sequence[Refusal] = (),
        *,
        mended: frozenset[str] = frozenset(),
    ) -> None:
        """Write one shard and make it count. All of it or, on an error or a kill, nothing.

        `mended` are ids whose failures are forgotten though nothing new is written of them.
        """
        if not results and not refusals and not mended:
            return
        self._n_shards += 1
        shard = f"{self.run}-{self._n_shards:06d}"
        rows = self._rows(results, refusals)
        files: list[FileRow] = []
        for table, of_table in rows.items():
            files += write_shard(self.folder, table, shard, of_table)
        self.ledger.commit(
            Commit(
                run=self.run,
                files=tuple(files),
                work=(*self._work_done(results, shard), *self._work_failed(refusals, shard)),
                scorecards=tuple(
                    {_scorecard(j.evaluation) for r in results for j in r.evaluations}
                ),
                measured=frozenset(r.call.call_id for r in results if r.is_new),
                settles=mended.union(
                    [r.failure.call_id for r in refusals]
                    + [r.call.call_id for r in results]
                    + [nameless(r.recording) for r in results if r.recording]
                ),
                withdrawn=frozenset(_withdrawn(results)),
            )
        )

    def _rows(
        self, results: Sequence[Result], refusals: Sequence[Refusal]
    ) -> dict[Table, list[Row]]:
        rows: dict[Table, list[Row]] = {
            "calls": [], "evaluations": [], "verdicts": [], "findings": [],
            "failures": [self._failure_row(refusal) for refusal in refusals],
        }  # fmt: skip
        for result in results:
            call, provenance = result.call, result.provenance
            if result.is_new:
                rows["calls"].append(call_row(call, provenance, self.zone))
            for judged in result.evaluations:
                of = evaluation_rows(
                    call, judged.evaluation, judged.detectors, provenance, self.zone
                )
                rows["evaluations"].append(of.evaluation)
                rows["verdicts"] += of.verdicts
                rows["findings"] += of.findings
        return rows

    def _failure_row(self, refusal: Refusal) -> Row:
        failure = refusal.failure
        return {
            **{name: getattr(failure, name) for name in Failure.__dataclass_fields__},
            **label_columns(refusal.labels, refusal.started_at, self.zone),
            "period": self._period(refusal),
            "content_sha256": refusal.content_sha256 or None,
            "fingerprint": refusal.fingerprint,
            "pipeline_version": refusal.pipeline_version,
        }

    def _period(self, refusal: Refusal) -> str:
        return period_of(refusal.started_at or refusal.failure.failed_at, self.zone)

    def _work_done(self, results: Sequence[Result], shard: str) -> Iterator[WorkRow]:
        for result in results:
            call, content = result.call, result.content_sha256
            assert call.started_at is not None  # a row without it was refused above
            period = period_of(call.started_at, self.zone)
            done = {judging(j.evaluation.scorecard_id): j.fingerprint for j in result.evaluations}
            if result.is_new:
                done[MEASURE] = result.provenance.fingerprint
            if result.settled is not None:
                done[SETTLED] = result.settled
            if result.playback_sha256 is not None:
                done[PLAYBACK] = result.playback_sha256
            for stage, key in done.items():
                yield WorkRow(call.call_id, stage, key, "done", content, period, shard)

    def _work_failed(self, refusals: Sequence[Refusal], shard: str) -> Iterator[WorkRow]:
        for refusal in refusals:
            call_id, content = refusal.failure.call_id, refusal.content_sha256
            key, period = refusal.fingerprint, self._period(refusal)
            yield WorkRow(call_id, refusal.stage, key, "failed", content, period, shard)


@contextmanager
def writing(
    folder: Path, ledger: Ledger, kind: str, zone: ZoneInfo, pipeline_version: str
) -> Iterator[Writer]:
    """Hold the store for one run: one at a time, whatever a killed one left behind cleaned up.

    Raises StoreBusy, naming the process, where another run holds it.
    """
    with holding(folder / "run.lock", _STORE):
        named = frozenset(file.path for file in ledger.files())
        remove_orphans(folder, named, ledger.run_ids())
        writer = Writer(folder, ledger, ledger.begin_run(kind, pipeline_version), zone)
        try:
            yield writer
        except BaseException:
            ledger.end_run(writer.run, "stopped", writer.counts)
            raise
        ledger.end_run(writer.run, "done", writer.counts)


def nameless(recording: str) -> str:
    """Return what stands for the call id in failures of a recording whose call nobody knows."""
    return f"file:{recording}"[:255]


def _withdrawn(results: Sequence[Result]) -> Iterator[tuple[str, str]]:
    """Yield (call, stage) of what counts no longer: also that the call had gone the whole way."""
    for result in results:
        if result.withdrawn:
            for name in result.withdrawn:
                yield result.call.call_id, judging(name)
            if result.settled is None:
                yield result.call.call_id, SETTLED


def _scorecard(evaluation: Evaluation) -> ScorecardRow:
    return ScorecardRow(
        evaluation.scorecard_id, evaluation.scorecard_version, evaluation.scorecard_sha256
    )
