"""One night: pull, measure, judge, store; resumable at any moment, nothing done twice.

`run_night` is the whole of it. `open_night` gives the same in portions, for a scheduler that wants
to show and retry them; the ledger, not the scheduler, knows what is done.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.errors import DocumentRefused, RecordingFailed
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION, Judges
from qa_pipeline.pipeline.jobs import Job, Outcome
from qa_pipeline.pipeline.plan import (
    Plan,
    distinct,
    hashed,
    keyed,
    names_in_failures,
    planned,
    refused_row,
    without_heard,
)
from qa_pipeline.pipeline.progress import Meter, OnProgress, silent
from qa_pipeline.pipeline.session import Session
from qa_pipeline.pipeline.summary import NightReport
from qa_pipeline.pipeline.versions import changed_version
from qa_pipeline.pipeline.worker import EngineFactory, Tools
from qa_pipeline.pipeline.workers import Workers
from qa_pipeline.scorecard.load import LoadedScorecard, load_directory
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.sources.folder import FolderSource
from qa_pipeline.sources.manifest import Fault
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.store import Refusal, Store
from qa_pipeline.store.work import ScorecardRow


@dataclass(frozen=True, slots=True)
class Night:
    """What a night is to do. `scorecards` is a directory; `n_workers` 0 works in this process.

    `engines` None: those that the settings name, from local files.
    """

    source: Path
    store: Path
    manifest: Path | None = None
    scorecards: Path = SCORECARDS_DIR
    settings: Settings = field(default_factory=Settings)
    n_workers: int = min(4, os.cpu_count() or 1)
    engines: EngineFactory | None = None


def run_night(night: Night, on_progress: OnProgress = silent) -> NightReport:
    """Do one night and return what it came to.

    Whatever was done before is not done again; a bad recording becomes a failure and the night
    goes on. Raises QaError for wrong use, a missing engine, or a store that another run holds.
    """
    with open_night(night, on_progress) as session:
        for portion in session.portions():
            session.process(portion)
        return session.report()


@contextmanager
def open_night(night: Night, on_progress: OnProgress = silent) -> Iterator[Session]:
    """Hold the store, find out what is left to do, and have workers ready for it."""
    source = FolderSource.open(night.source)
    manifest = source.night(night.manifest, night.settings)
    cards = load_directory(night.scorecards)
    with (
        Store.open(night.store, create=True, database_url=night.settings.database_url) as store,
        store.writing("night", night.settings.zone, PIPELINE_VERSION) as writer,
    ):
        refuse_changed(cards, store.ledger.scorecards())
        store.keep_scorecards(cards)
        engines = night.engines or LocalEngines(night.settings)
        judges = Judges.of(cards, night.settings)
        jobs, unread = _jobs(source, manifest.rows, on_progress)
        faults = without_heard(source, manifest.faults, store.ledger.holds)
        refusals = [*map(refused_row, faults), *unread]
        plan = _plan(night, store, jobs, refusals, engines, judges)
        tools = tools_of(night, store, cards, judges, engines)
        n_workers = min(night.n_workers, len(plan.hear) + plan.n_quick // 100)
        with Workers[Job, Outcome](n_workers, tools) as workers:
            session = Session(store, writer, plan, workers, judges, on_progress)
            try:
                yield session
            finally:
                session.keep()


def tools_of(
    night: Night,
    store: Store,
    cards: Sequence[LoadedScorecard],
    judges: Judges,
    engines: EngineFactory,
) -> Tools:
    """Return what each worker is to be equipped with; the workers share the cores."""
    return Tools(
        store=night.store,
        settings=night.settings,
        scorecards=tuple(cards),
        judges=judges,
        engines=engines,
        key=store.redaction_key(),
        n_threads=max(1, (os.cpu_count() or 1) // max(1, night.n_workers)),
    )


def refuse_changed(cards: Sequence[LoadedScorecard], used: Sequence[ScorecardRow]) -> None:
    """Raise DocumentRefused where a scorecard's (id, version) already stood for other bytes."""
    errors = tuple(error for card in cards if (error := changed_version(card, used)) is not None)
    if errors:
        raise DocumentRefused(errors)


def _jobs(
    source: FolderSource, rows: Sequence[ManifestRow], on_progress: OnProgress
) -> tuple[list[Job], list[Refusal]]:
    """Return a job for each row, files hashed, and the failures of those that cannot be read."""
    jobs: list[Job] = []
    refusals: list[Refusal] = []
    meter = Meter("look", len(rows), len(rows), on_progress)
    for row in rows:
        try:
            jobs.append(hashed(source, row))
        except RecordingFailed as error:
            fault = Fault(row.number, row.call_id, row.recording or "", error)
            refusals.append(refused_row(fault))
        meter.step()
    return list(distinct(jobs)), refusals


def _plan(
    night: Night,
    store: Store,
    jobs: Sequence[Job],
    refusals: Sequence[Refusal],
    engines: EngineFactory,
    judges: Judges,
) -> Plan:
    with_audio = any(job.recording is not None for job in jobs)
    fingerprint = engines.fingerprint() if with_audio else None
    ready = [keyed(job, night.settings, fingerprint, judges) for job in jobs]
    known = store.ledger.work_of(name for job in ready for name in names_in_failures(job))
    return planned(ready, known, refusals)
