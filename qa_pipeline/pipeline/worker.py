"""What a worker works with, made once for each: engines when a recording first asks, scorecards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from qa_pipeline.engines.protocols import Engines
from qa_pipeline.errors import QaError, RecordingFailed
from qa_pipeline.pipeline.content_keys import Judges, judge_key, labels
from qa_pipeline.pipeline.copies import Copy, keep_copy
from qa_pipeline.pipeline.jobs import Job, Outcome, changed, refused, unexpected, unjudged
from qa_pipeline.pipeline.measure import measure
from qa_pipeline.pipeline.plan import relabelled
from qa_pipeline.records import Call
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.selection import facts, in_force
from qa_pipeline.scoring.bound import Bound, bind
from qa_pipeline.scoring.judge import judge
from qa_pipeline.settings import Settings
from qa_pipeline.store import Judged, Result, Store, StoredCall
from qa_pipeline.store.work import JUDGE, SETTLED


class EngineFactory(Protocol):
    """Knows which engines there are and builds them; picklable, for each worker builds its own."""

    def fingerprint(self) -> str:
        """Return what `build` would give, as one hash, without loading weights.

        Raises EngineMissing where a model is not there.
        """

    def build(self, n_threads: int) -> Engines:
        """Load the engines, each to use at most `n_threads` cores."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything picklable that a worker needs; calling it gives what the worker does."""

    store: Path
    settings: Settings
    scorecards: tuple[LoadedScorecard, ...]
    judges: Judges
    engines: EngineFactory
    key: bytes
    n_threads: int

    def __call__(self) -> "Worker":
        """Make the worker; loads nothing yet."""
        return Worker(self)


class Worker:
    """Measures and judges; one bad call is a refusal, a missing engine ends the night."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def __call__(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Do the jobs in order."""
        return [self._outcome(job) for job in self._read(jobs)]

    def _read(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Return the jobs, those of stored calls with their calls, read together.

        What the store does not hold, whatever its ledger says, is left to fail by itself.
        """
        places = [job.where for job in jobs if job.where is not None]
        if not places:
            return jobs
        calls = {stored.call.call_id: stored for stored in self._store.measured(places)}
        return [
            relabelled(job, calls[job.call_id], self._tools.judges)
            if job.where is not None and job.call_id in calls
            else job
            for job in jobs
        ]

    @cached_property
    def _store(self) -> Store:
        return Store.open(self._tools.store, database_url=self._tools.settings.database_url)

    @cached_property
    def _engines(self) -> Engines:
        return self._tools.engines.build(self._tools.n_threads)

    @cached_property
    def _bound(self) -> dict[str, Bound]:
        return {card.sha256: bind(card) for card in self._tools.scorecards}

    def _outcome(self, job: Job) -> Outcome:
        try:
            stored, copy = (job.stored, Copy()) if job.stored else self._measured(job)
        except RecordingFailed as error:
            return Outcome(refusal=refused(job, error))
        except QaError:
            raise
        except Exception as error:
            return Outcome(refusal=refused(job, unexpected(job.name or job.call_id, error)))
        try:
            outcome = self._judged(job, stored)
        except Exception as error:
            fault = unexpected(job.name or job.call_id, error)
            result = self._result(job, stored, ()) if job.is_new else None
            outcome = Outcome(result, refused(job, fault, stage=JUDGE))
        if outcome.result is not None and copy.sha256 is not None:
            heard = replace(outcome.result, playback_sha256=copy.sha256)
            return replace(outcome, result=heard)
        return replace(outcome, playback_missed=copy.missed)

    def _measured(self, job: Job) -> tuple[StoredCall, Copy]:
        if job.row is None:
            raise LookupError("no such call in the shard that the ledger names")
        measured = measure(
            job.recording,
            job.row,
            self._engines if job.recording is not None else None,
            self._tools.settings,
            self._tools.key,
            transcript=job.transcript,
        )
        if measured.provenance.recording_sha256 != job.content.recording_sha256:
            raise changed(job)
        copy = keep_copy(self._tools.store, measured, self._tools.settings.playback)
        return StoredCall(measured.call, measured.provenance), copy

    def _judged(self, job: Job, stored: StoredCall) -> Outcome:
        cards = self._in_force(stored.call)
        gone = tuple(sorted(job.judged.keys() - {card.scorecard.scorecard for card in cards}))
        if not cards:
            is_told = job.is_new or gone
            result = self._result(job, stored, (), withdrawn=gone) if is_told else None
            return Outcome(result, refused(job, unjudged(job), stage=SETTLED))
        judged, n_unchanged = [], 0
        of_call = labels(stored.call.metadata, stored.call.started_at)
        for card in cards:
            key = judge_key(job.measure_key, of_call, card.sha256, self._tools.judges)
            if not job.is_new and job.judged.get(card.scorecard.scorecard) == key:
                n_unchanged += 1
                continue
            evaluation = judge(stored.call, self._bound[card.sha256])
            judged.append(Judged(evaluation, key, self._tools.judges.detectors))
        result = self._result(job, stored, tuple(judged), settled=job.settled_key, withdrawn=gone)
        return Outcome(result, n_unchanged=n_unchanged)

    def _in_force(self, call: Call) -> tuple[LoadedScorecard, ...]:
        assert call.started_at is not None  # the manifest's reader requires it
        local_date = call.started_at.astimezone(self._tools.settings.zone).date()
        return in_force(self._tools.scorecards, facts(call.metadata, call.language), local_date)

    def _result(
        self,
        job: Job,
        stored: StoredCall,
        judged: tuple[Judged, ...],
        *,
        settled: str | None = None,
        withdrawn: tuple[str, ...] = (),
    ) -> Result:
        call = stored.call
        if not job.is_new:  # what stands in the store need not travel back there
            call = replace(call, turns=None, speech=None, tracks=None, sustained=None)
        return Result(
            call=call,
            provenance=replace(stored.provenance, fingerprint=job.measure_key),
            content_sha256=job.content.sha256,
            evaluations=judged,
            is_new=job.is_new,
            settled=settled,
            recording=job.name,
            withdrawn=withdrawn,
        )
