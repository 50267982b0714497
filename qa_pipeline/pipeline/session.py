"""A night under way: the store is held, the plan is made, workers wait, shards are written.

A portion is what a scheduler sees as one task. Within it a shard is written whenever it is full or
some seconds old, so that a kill loses little more than what the workers had in hand.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from qa_pipeline.pipeline.content_keys import Judges
from qa_pipeline.pipeline.jobs import Job, Outcome, died, refused, unjudged
from qa_pipeline.pipeline.plan import Plan, relabelled
from qa_pipeline.pipeline.progress import Meter, OnProgress, Stage
from qa_pipeline.pipeline.summary import NightReport, group_figures
from qa_pipeline.pipeline.workers import Workers
from qa_pipeline.store import Refusal, Result, Store, Writer
from qa_pipeline.store.rows import period_of
from qa_pipeline.store.work import SETTLED, WorkRow

T = TypeVar("T")

_PORTION: Final = 500
#: Judging takes hundredths of a second a call: fewer, larger parts keep every worker busy.
_JUDGED_PORTION: Final = 2_000
#: Calls handed to a worker at once where no audio is heard.
_AT_ONCE: Final = 50
_SHARD_CALLS: Final = 250
_SHARD_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a night that can be done, and done again, on its own.

    `work` says where the stored calls stand that are judged again, one row for each job. Workers
    read them, a shard at a time: neither calls nor words travel between processes.
    """

    stage: Stage
    jobs: tuple[Job, ...]
    work: tuple[WorkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the report tells of a call; a portion that is done again tells it again."""

    is_heard: bool
    is_evaluated: bool
    refusal: Refusal | None
    has_playback: bool
    playback_missed: bool
    n_withdrawn: int

    @classmethod
    def of(cls, stage: Stage, outcome: Outcome) -> "_Told":
        result = outcome.result
        has_news = result is not None and (result.is_new or bool(result.evaluations))
        return cls(
            is_heard=stage == "hear",
            is_evaluated=has_news and outcome.refusal is None,
            refusal=outcome.refusal,
            has_playback=result is not None and result.playback_sha256 is not None,
            playback_missed=outcome.playback_missed,
            n_withdrawn=0 if result is None else len(result.withdrawn),
        )

    @property
    def is_reused(self) -> bool:
        return self.refusal is None and not self.is_evaluated


class Session:
    """One night's work on a held store; portions are processed one after the other."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        plan: Plan,
        workers: Workers[Job, Outcome],
        judges: Judges,
        on_progress: OnProgress,
    ) -> None:
        self._store, self._writer, self._plan = store, writer, plan
        self._workers, self._judges = workers, judges
        self._began_s = time.monotonic()
        self._shard = Shard(writer)
        self._refusals = list(plan.refusals)
        self._told: dict[str, _Told] = {}
        self._meters: dict[Stage, Meter] = {
            "judge": Meter("judge", len(plan.again), len(plan.again), on_progress),
            "read": Meter("read", len(plan.read), len(plan.read), on_progress),
            "hear": Meter("hear", len(plan.hear), sum(j.n_bytes for j in plan.hear), on_progress),
        }
        writer.commit((), plan.refusals, mended=plan.mended)
        self._refusals += [refused(job, unjudged(job), stage=SETTLED) for job in plan.unjudged]

    def portions(self) -> tuple[Portion, ...]:
        """Return what is left to do, in parts; a part done twice does nothing the second time."""
        plan = self._plan
        return (
            *(
                Portion("judge", tuple(job for job, _ in part), tuple(work for _, work in part))
                for part in chunks(plan.again, _JUDGED_PORTION)
            ),
            *(Portion("read", tuple(part)) for part in chunks(plan.read, _PORTION)),
            *(Portion("hear", tuple(part)) for part in chunks(plan.hear, _PORTION)),
        )

    def process(self, portion: Portion) -> int:
        """Do what is left of a portion and return how many calls that was.

        Raises QaError for what ends a night (a missing engine); bad recordings do not.
        """
        n_done = 0
        meter = self._meters[portion.stage]
        for job, outcome in self._workers.work(self._given(portion)):
            answer = outcome or self._died(job)
            self._told[job.call_id] = _Told.of(portion.stage, answer)
            self._shard.add(job, answer)
            meter.step(job.n_bytes or 1.0, failed=answer.refusal is not None)
            n_done += 1
        self._shard.write()
        return n_done

    def keep(self) -> None:
        """Write what is finished and waits: also when the night is broken off."""
        self._shard.write()

    def report(self) -> NightReport:
        """Return what the night came to so far."""
        jobs = self._plan.jobs
        periods = {period_of(j.started_at, self._writer.zone) for j in jobs if j.started_at}
        periods |= {work.period for _, work in self._plan.again}
        groups, not_measured_share = group_figures(
            self._store, {job.call_id for job in jobs}, periods
        )
        told = tuple(self._told.values())
        refusals = (*self._refusals, *(one.refusal for one in told if one.refusal is not None))
        report = NightReport(
            run=self._writer.run,
            n_calls=len(jobs) + len(self._plan.refusals),
            n_heard=sum(one.is_heard for one in told),
            n_evaluated=sum(one.is_evaluated for one in told),
            n_reused=len(self._plan.kept) + sum(one.is_reused for one in told),
            failures=tuple(refusal.failure for refusal in refusals),
            groups=groups,
            not_measured_share=not_measured_share,
            seconds=time.monotonic() - self._began_s,
            n_playback=sum(one.has_playback for one in told),
            n_playback_missed=sum(one.playback_missed for one in told),
            n_withdrawn=sum(one.n_withdrawn for one in told),
        )
        self._writer.counts = {
            "calls": report.n_calls,
            "heard": report.n_heard,
            "evaluated": report.n_evaluated,
            "reused": report.n_reused,
            "failed": len(report.failures),
            "playback": report.n_playback,
            "playback_missed": report.n_playback_missed,
        }
        return report

    def _given(self, portion: Portion) -> Iterator[Sequence[Job]]:
        """Yield the portion's jobs as workers take them, without those that are written."""
        left = [job for job in portion.jobs if job.call_id not in self._shard.written]
        if portion.stage != "judge":
            yield from chunks(left, 1 if portion.stage == "hear" else _AT_ONCE)
            return
        places = {work.call_id: work for work in portion.work}
        yield from chunks([replace(job, where=places[job.call_id]) for job in left], _SHARD_CALLS)

    def _died(self, job: Job) -> Outcome:
        """Return what came of a job that ended its worker twice, with the call's labels."""
        if job.where is not None:
            for stored in self._store.measured((job.where,)):
                job = relabelled(job, stored, self._judges)
        return Outcome(refusal=refused(job, died(job)))


class Shard:
    """Results that wait to be written together; `written` are the calls that were."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.written: set[str] = set()
        self._results: list[Result] = []
        self._refusals: list[Refusal] = []
        self._calls: list[str] = []
        self._since_s = time.monotonic()

    def add(self, job: Job, outcome: Outcome) -> None:
        """Keep an outcome, and write when there are enough or the first has waited long."""
        if not self._calls:
            self._since_s = time.monotonic()
        self._calls.append(job.call_id)
        if outcome.result is not None:
            self._results.append(outcome.result)
        if outcome.refusal is not None:
            self._refusals.append(outcome.refusal)
        waited_s = time.monotonic() - self._since_s
        if len(self._calls) >= _SHARD_CALLS or waited_s >= _SHARD_S:
            self.write()

    def write(self) -> None:
        """Write what waits. Where that fails, what waited counts as not done."""
        results, refusals, calls = self._results, self._refusals, self._calls
        self._results, self._refusals, self._calls = [], [], []
        self._writer.commit(results, refusals)
        self.written.update(calls)


def chunks(values: Sequence[T], n: int) -> Iterator[Sequence[T]]:
    """Yield `values` in runs of at most `n`."""
    for i in range(0, len(values), n):
        yield values[i : i + n]
