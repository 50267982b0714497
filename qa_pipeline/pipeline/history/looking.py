"""Judges stored calls by one scorecard and counts what a lead should know of it."""

import os
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from qa_pipeline.detectors.detect import Detection
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.documents import Path as Where
from qa_pipeline.pipeline.history.phrases import Phrases
from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.pipeline.progress import Meter, OnProgress, silent
from qa_pipeline.pipeline.stored import Chunk, Reader, over_calls
from qa_pipeline.records import Call, Outcome
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.selection import applies, facts
from qa_pipeline.scoring.bound import bind
from qa_pipeline.scoring.evidence import Evidence
from qa_pipeline.scoring.judge import verdict
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from qa_pipeline.store.work import MEASURE, WorkRow

#: A phrase that nobody said for this long is probably not said like that.
HEARD_WITHIN_DAYS = 90


@dataclass(frozen=True, slots=True)
class LookBack:
    """Which month of which store to hold a scorecard against."""

    store: Path
    period: str
    settings: Settings = field(default_factory=Settings)
    n_workers: int = min(4, os.cpu_count() or 1)

    @property
    def end(self) -> datetime:
        """The first moment after the month, in the settings' time zone."""
        year, month = map(int, self.period.split("-"))
        first = datetime(year, month, 1, tzinfo=self.settings.zone)
        return first + timedelta(days=monthrange(year, month)[1])

    @property
    def start(self) -> datetime:
        """From when on phrases are looked for."""
        return self.end - timedelta(days=HEARD_WITHIN_DAYS)

    @property
    def periods(self) -> tuple[str, ...]:
        """The months that those days touch, the last one first."""
        months = [self.period]
        while months[-1] > self.start.strftime("%Y-%m"):
            months.append(period_before(months[-1]))
        return tuple(months)


@dataclass(slots=True)
class History:
    """What the calls of the scorecard came to: those of the month, and phrases of the 90 days.

    `n_failed` calls broke on the program and are in no other figure.
    """

    n_calls: int = 0
    n_calls_for_phrases: int = 0
    n_failed: int = 0
    outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    measured: Counter[str] = field(default_factory=Counter)
    heard: Counter[Where] = field(default_factory=Counter)
    escaped: set[Where] = field(default_factory=set)

    def merge(self, other: "History") -> None:
        """Add what other calls came to."""
        self.n_calls += other.n_calls
        self.n_calls_for_phrases += other.n_calls_for_phrases
        self.n_failed += other.n_failed
        self.outcomes.update(other.outcomes)
        self.fired.update(other.fired)
        self.measured.update(other.measured)
        self.heard.update(other.heard)
        self.escaped |= other.escaped


@dataclass(frozen=True, slots=True)
class Looking:
    """Picklable; calling it in a worker binds the scorecard once."""

    loaded: LoadedScorecard
    period: str
    start: datetime

    def __call__(self) -> "Looker":
        """Make what looks at chunks."""
        return Looker(self)


class Looker:
    """Judges the month's calls, and hears the phrases of those before."""

    def __init__(self, asked: Looking) -> None:
        self._asked, self._bound = asked, bind(asked.loaded)
        self._phrases = Phrases(asked.loaded)
        self._detections: dict[tuple[bool, bool], tuple[int, Detection]] = {}

    def __call__(self, store: Store, chunk: Chunk) -> History:
        """Look at the calls of a chunk that the scorecard is for."""
        card, history = self._bound.card, History()
        ours = {
            known.call_id
            for known in store.facts(chunk)
            if applies(card, facts(known.metadata, known.language))
        }
        in_month = {row.call_id for row in chunk if row.period == self._asked.period}
        before, self._phrases.heard = self._phrases.heard, Counter()
        for stored in store.measured([row for row in chunk if row.call_id in ours]):
            try:
                self._add(history, stored.call, is_in_month=stored.call.call_id in in_month)
            except Exception:  # a fault of ours on one call: counted, and the look goes on
                history.n_failed += 1
        history.heard.update(self._phrases.heard)
        history.escaped |= self._phrases.escaped
        self._phrases.heard = before
        return history

    def _add(self, history: History, call: Call, *, is_in_month: bool) -> None:
        is_recent = call.started_at is not None and call.started_at >= self._asked.start
        if not is_recent and not is_in_month:
            return
        card = self._bound.card
        outcomes = self._detection(is_recent=is_recent, is_in_month=is_in_month).of(call)
        if is_recent:
            history.n_calls_for_phrases += 1
            self._phrases.add(call, outcomes)
        if not is_in_month:
            return
        history.n_calls += 1
        evidence = Evidence(card, call, {name: outcomes[name] for name in card.signals})
        for criterion in self._bound.criteria:
            history.outcomes[criterion.criterion.id, verdict(criterion, evidence).outcome] += 1
        for name in card.signals:
            if isinstance(outcome := outcomes[name], Detected):
                history.measured[name] += 1
                history.fired[name] += bool(outcome.findings)

    def _detection(self, *, is_recent: bool, is_in_month: bool) -> Detection:
        """Return what looks for what such a call is asked for, made anew when phrases settled."""
        n_settled = self._phrases.n_settled
        made_at, detection = self._detections.get((is_recent, is_in_month), (-1, None))
        if detection is None or made_at != n_settled:
            wanted = self._phrases.signals() if is_recent else {}
            detection = Detection({**wanted, **(self._bound.card.signals if is_in_month else {})})
            self._detections[is_recent, is_in_month] = n_settled, detection
        return detection


def look_back(
    loaded: LoadedScorecard, asked: LookBack, on_progress: OnProgress = silent
) -> History:
    """Hold a scorecard against the stored calls that it is for, whatever its `effective_from`.

    Raises WrongUse for a period that is none, or where there is no store.
    """
    checked_period(asked.period)
    with Store.open(asked.store, database_url=asked.settings.database_url) as store:
        work = tuple(_work(store, asked))
    reader: Reader[History] = Reader(
        asked.store, asked.settings.database_url, Looking(loaded, asked.period, asked.start)
    )
    meter = Meter("lint", len(work), len(work), on_progress)
    history = History()
    for n_calls, found in over_calls(reader, work, asked.n_workers):
        history.merge(found)
        meter.steps(n_calls, n_failed=found.n_failed)
    return history


def _work(store: Store, asked: LookBack) -> Iterator[WorkRow]:
    for period in asked.periods:
        yield from store.ledger.current(MEASURE, period)
