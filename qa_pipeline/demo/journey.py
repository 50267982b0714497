"""The demo's stages as plain functions: every one is the product's own, only the calls are made up.

Each may be run again: what is done is not done twice, because the ledger says so.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from qa_pipeline.demo.centre import centre
from qa_pipeline.demo.history import PastCall, past_calls, write_history
from qa_pipeline.demo.reviewers import Hearing, Line, Sheet, review
from qa_pipeline.demo.scripts import RECORDINGS_DIR, last_night
from qa_pipeline.engines.pyannote import is_installed
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.night import Night, run_night
from qa_pipeline.pipeline.progress import OnProgress
from qa_pipeline.pipeline.samples import Drawn, draw_sample
from qa_pipeline.pipeline.summary import NightReport
from qa_pipeline.sampling.plan_load import load_plan
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.settings import (
    SCORECARDS_DIR,
    DiarisationSettings,
    RecognitionSettings,
    Settings,
)
from qa_pipeline.store import AssignmentRow, ReviewRow, Store
from qa_pipeline.texts import Text

#: The month that is closed and reported, and the one before it.
MONTH_BEFORE, MONTH = centre().months
_LAST_DAY = date.fromisoformat(last_night()[0].manifest["started_at"][:10])
NIGHT = f"{_LAST_DAY:%Y-%m}"
PLAN = Path(__file__).with_name("sampling.yaml")

_DIARISER = "demo-diariser"
_MARK = "made-up-by-qa-demo"
_REVIEWS_A_DAY, _REVIEW = 60, timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo works and how it hears."""

    store: Path
    settings: Settings
    n_workers: int

    @property
    def history(self) -> Path:
        """Where the made-up transcripts lie."""
        return self.store / "history"

    @property
    def reports(self) -> Path:
        """Where the monthly report is written."""
        return self.store / "reports"


def settings(recognition: RecognitionSettings) -> Settings:
    """Return the demo's settings: mono calls are told apart where the diarisation extra is."""
    diarisation = DiarisationSettings(pipeline=_DIARISER if is_installed() else None)
    return Settings(recognition=recognition, diarisation=diarisation)


def prepare(demo: Demo, *, fresh: bool) -> None:
    """Make the demo's folder, emptied first if `fresh`.

    Raises WrongUse for a folder that holds anything that the demo did not make.
    """
    mark = demo.store / _MARK
    is_taken = demo.store.exists() and not mark.exists()
    if is_taken and (not demo.store.is_dir() or any(demo.store.iterdir())):
        raise WrongUse(
            str(demo.store),
            Text(en="this folder is not the demo's", zh="该目录不是演示目录"),
            Text(
                en="name an empty or new folder: qa demo --store DIR",
                zh="请指定空目录或新目录：qa demo --store DIR",
            ),
        )
    if fresh and mark.exists():
        shutil.rmtree(demo.store)
    demo.store.mkdir(parents=True, exist_ok=True)
    mark.touch()


def hear_last_night(demo: Demo, on_progress: OnProgress) -> NightReport:
    """Hear and judge the 24 recordings of last night."""
    night = Night(
        source=RECORDINGS_DIR,
        store=demo.store,
        manifest=RECORDINGS_DIR / "manifest.csv",
        settings=demo.settings,
        n_workers=demo.n_workers,
    )
    return run_night(night, on_progress)


def import_history(demo: Demo, on_progress: OnProgress) -> NightReport:
    """Write the made-up transcripts of two months, read and judge them."""
    night = Night(
        source=demo.history,
        store=demo.store,
        manifest=write_history(demo.history, past_calls()),
        settings=demo.settings,
        n_workers=demo.n_workers,
    )
    return run_night(night, on_progress)


def draw(demo: Demo) -> Drawn:
    """Draw both months' samples and last night's, and return that of the closed month.

    Last night's calls stay open: whoever tries the demo may hear them, with the machine's word in
    sight where no second person hears them.
    """
    plan = load_plan(PLAN)
    if _is_judged(demo, NIGHT):
        in_sight = replace(plan, plan=plan.plan.model_copy(update={"blind": False}))
        draw_sample(demo.store, NIGHT, demo.settings, in_sight, until=_LAST_DAY)
    draw_sample(demo.store, MONTH_BEFORE, demo.settings, plan)
    return draw_sample(demo.store, MONTH, demo.settings, plan)


def _is_judged(demo: Demo, period: str) -> bool:
    with Store.open(demo.store, database_url=demo.settings.database_url) as store:
        return not store.read("evaluations", period, columns=("call_id",)).is_empty()


def simulate_reviews(demo: Demo) -> int:
    """Let made-up reviewers hear what was drawn; return how many reviews were new."""
    made_up = {call.call_id: call for call in past_calls()}
    new: list[ReviewRow] = []
    with Store.open(demo.store, database_url=demo.settings.database_url) as store:
        for period in (MONTH_BEFORE, MONTH):
            done = {(r.call_id, r.scorecard_id, r.reviewer) for r in store.ledger.reviews(period)}
            made = _reviews(made_up, _hearings(store, period), _month_after(period))
            new += [r for r in made if (r.call_id, r.scorecard_id, r.reviewer) not in done]
        store.ledger.save_reviews(new)
    return len(new)


def _hearings(store: Store, period: str) -> list[tuple[AssignmentRow, Sheet]]:
    """Return every assignment of the period with each score sheet of its call."""
    sheets = _sheets(store, period)
    return [
        (row, sheet) for row in store.ledger.assignments(period) for sheet in sheets[row.call_id]
    ]


def _reviews(
    made_up: dict[str, PastCall],
    hearings: list[tuple[AssignmentRow, Sheet]],
    first_day: datetime,
) -> list[ReviewRow]:
    reviews = []
    for number, (row, sheet) in enumerate(hearings):
        day, place = divmod(number, _REVIEWS_A_DAY)
        at = first_day + timedelta(days=day) + place * _REVIEW
        reviews.append(review(made_up[row.call_id], sheet, Hearing(row.reviewer, row.blind, at)))
    return reviews


def _sheets(store: Store, period: str) -> dict[str, list[Sheet]]:
    """Return call -> its score sheets, as the machine filled them in, of the sample's calls."""
    marks = {
        (loaded.scorecard.scorecard, loaded.scorecard.version): loaded.scorecard.pass_mark
        for loaded in load_directory(SCORECARDS_DIR)
    }
    drawn = [row.call_id for row in store.ledger.assignments(period)]
    verdicts = store.read("verdicts", period).filter(pl.col("call_id").is_in(drawn))
    keys = ["call_id", "scorecard_id", "scorecard_version"]
    sheets: dict[str, list[Sheet]] = {}
    for (call_id, card, version), rows in verdicts.sort(*keys, "position").group_by(
        keys, maintain_order=True
    ):
        columns = rows.select("criterion", "outcome", "points", "fatal").iter_rows()
        lines = tuple(Line(*row) for row in columns)
        mark = marks[str(card), int(str(version))]
        sheet = Sheet(str(card), int(str(version)), mark, lines)
        sheets.setdefault(str(call_id), []).append(sheet)
    return sheets


def _month_after(period: str) -> datetime:
    first = datetime.fromisoformat(f"{period}-01").replace(tzinfo=UTC)
    following = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(following.date(), time(1), UTC)
