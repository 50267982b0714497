"""Judges a month of stored calls by two scorecards and adds up what the edit would do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qa_pipeline.aggregate.impact import CardName, Impact
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.content_keys import Judges
from qa_pipeline.pipeline.impact.cards import named_card, refuse_equal
from qa_pipeline.pipeline.impact.comparing import Compared, Comparing
from qa_pipeline.pipeline.impact.flips import FlipList
from qa_pipeline.pipeline.impact.tally import Causes, Tally, figures
from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.pipeline.progress import Meter, OnProgress, silent
from qa_pipeline.pipeline.stored import Reader, over_calls
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scoring.bound import bind
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from qa_pipeline.store.work import MEASURE, WorkRow
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Question:
    """What would `new` have done to the calls of `period` that `old` judged or would have judged?

    Both are a file or `id@version` of the store; `n_workers` 0 works in this process.
    """

    old: str
    new: str
    store: Path
    period: str
    settings: Settings = field(default_factory=Settings)
    n_workers: int = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class ImpactRun:
    """The figures, the two scorecards, and the list of every call that they disagree on."""

    impact: Impact
    old: LoadedScorecard
    new: LoadedScorecard
    flips: FlipList


@contextmanager
def impact_of(question: Question, on_progress: OnProgress = silent) -> Iterator[ImpactRun]:
    """Answer a question; the list of calls lasts as long as the context.

    Both scorecards judge the calls that their own `applies_to` and language take in, whatever their
    `effective_from`: an edit is tried on the past. Raises WrongUse for equal scorecards, a period
    without calls, or one whose calls neither applies to; DocumentRefused for a broken scorecard.
    """
    checked_period(question.period)
    with Store.open(question.store, database_url=question.settings.database_url) as store:
        old, new = named_card(question.old, store), named_card(question.new, store)
        work = store.ledger.current(MEASURE, question.period)
    refuse_equal(old, new)
    if not work:
        raise _no_calls(question)
    with FlipList(question.settings.zone) as flips:
        impact = _compared(question, (old, new), work, flips, on_progress)
        if impact.n_outside == len(work):
            raise _nobodys(question, len(work))
        yield ImpactRun(impact, old, new, flips)


def _compared(
    question: Question,
    cards: tuple[LoadedScorecard, LoadedScorecard],
    work: tuple[WorkRow, ...],
    flips: FlipList,
    on_progress: OnProgress,
) -> Impact:
    look = Comparing(*cards, Judges.of(cards[:1], question.settings))
    reader: Reader[Compared] = Reader(question.store, question.settings.database_url, look)
    meter = Meter("compare", len(work), len(work), on_progress)
    tally, causes = Tally(), Causes()
    for n_calls, compared in over_calls(reader, work, question.n_workers):
        tally.merge(compared.tally)
        for flip in compared.flips:
            flips.add(flip)
            causes.add(flip)
        meter.steps(n_calls, n_failed=compared.tally.failed.total())
    names = (_name(cards[0]), _name(cards[1]))
    bounds = (bind(cards[0]), bind(cards[1]))
    return figures(tally, causes, names, bounds, period=question.period, n_stored=len(work))


def _name(loaded: LoadedScorecard) -> CardName:
    card = loaded.scorecard
    return CardName(card.scorecard, card.version, loaded.sha256, loaded.where)


def _no_calls(question: Question) -> WrongUse:
    return WrongUse(
        str(question.store),
        Text(en="the store holds no call of this period", zh="存储中没有该周期的通话"),
        Text(
            en="check --period and --store; periods are calendar months of the settings' time zone",
            zh="请检查 --period 与 --store；周期为设置中时区的自然月",
        ),
        got=question.period,
    )


def _nobodys(question: Question, n_calls: int) -> WrongUse:
    return WrongUse(
        question.new,
        Text(
            en=f"neither scorecard applies to any of the {n_calls:,} calls of {question.period}",
            zh=f"{question.period} 的 {n_calls:,} 通通话，新旧评分表均不适用",
        ),
        Text(
            en="look at applies_to and language of both, and at the manifest's columns",
            zh="请查看两者的 applies_to 与 language，以及清单中的列",
        ),
    )
