"""Judging stored calls again: the audio may be gone, a call holds all that judging needs."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION, Content, Judges
from qa_pipeline.pipeline.jobs import Job, Outcome
from qa_pipeline.pipeline.night import refuse_changed
from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.pipeline.plan import Plan
from qa_pipeline.pipeline.progress import OnProgress, silent
from qa_pipeline.pipeline.session import Session
from qa_pipeline.pipeline.summary import NightReport
from qa_pipeline.pipeline.worker import Tools
from qa_pipeline.pipeline.workers import Workers
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.settings import SCORECARDS_DIR, Settings
from qa_pipeline.store import Store
from qa_pipeline.store.work import JUDGE, MEASURE, WorkRow


@dataclass(frozen=True, slots=True)
class Rescore:
    """Which calls to judge again, under which scorecards (a directory)."""

    store: Path
    period: str
    scorecards: Path = SCORECARDS_DIR
    settings: Settings = field(default_factory=Settings)
    n_workers: int = min(4, os.cpu_count() or 1)


def run_rescore(rescore: Rescore, on_progress: OnProgress = silent) -> NightReport:
    """Judge the stored calls of a month under the scorecards in force and return what came of it.

    What these scorecards have judged before is not judged again. Raises QaError for wrong use or a
    store that another run holds.
    """
    checked_period(rescore.period)
    cards, settings = load_directory(rescore.scorecards), rescore.settings
    with (
        Store.open(rescore.store, database_url=settings.database_url) as store,
        store.writing("rescore", settings.zone, PIPELINE_VERSION) as writer,
    ):
        refuse_changed(cards, store.ledger.scorecards())
        store.keep_scorecards(cards)
        judges = Judges.of(cards, settings)
        plan = _plan(store, rescore.period)
        engines, key = LocalEngines(settings), store.redaction_key()
        tools = Tools(rescore.store, settings, cards, judges, engines, key, 1)
        n_workers = min(rescore.n_workers, plan.n_quick // 100)
        with Workers[Job, Outcome](n_workers, tools) as workers:
            session = Session(store, writer, plan, workers, judges, on_progress)
            for portion in session.portions():
                session.process(portion)
            return session.report()


def _plan(store: Store, period: str) -> Plan:
    judged: dict[str, dict[str, str]] = {}
    for work in store.ledger.current(JUDGE, period):
        scorecard = work.stage.removeprefix(f"{JUDGE}/")
        judged.setdefault(work.call_id, {})[scorecard] = work.fingerprint
    return Plan(
        again=tuple(
            (_job(work, judged.get(work.call_id, {})), work)
            for work in sorted(store.ledger.current(MEASURE, period), key=lambda w: w.shard)
        )
    )


def _job(work: WorkRow, judged: dict[str, str]) -> Job:
    return Job(
        call_id=work.call_id,
        content=Content(recording_sha256=work.content_sha256, transcript_sha256=None),
        measure_key=work.fingerprint,
        settled_key="",
        started_at=None,
        labels={},
        judged=judged,
        is_new=False,
    )
