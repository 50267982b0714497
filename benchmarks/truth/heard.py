"""The recordings of the set through the real journey, and the calls that come out of it."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.truth.frozen import RECORDINGS
from benchmarks.truth.measure import SCORECARDS
from qa_pipeline.demo.journey import settings as demo_settings
from qa_pipeline.pipeline.night import Night, run_night
from qa_pipeline.pipeline.progress import OnProgress
from qa_pipeline.records import Call
from qa_pipeline.settings import RecognitionSettings, Settings
from qa_pipeline.store.store import Store


def hear(store: Path, model: str | None, show: OnProgress) -> None:
    """Run the recordings into a store, as `qa run` does; what is there is not heard again.

    Raises
    ------
    RuntimeError
        Where a recording could not be evaluated: its figures would be of another set.
    """
    night = Night(
        source=RECORDINGS,
        store=store,
        manifest=RECORDINGS / "manifest.csv",
        scorecards=SCORECARDS,
        settings=_settings(model),
        n_workers=0,
    )
    report = run_night(night, show)
    if report.failures:
        raise RuntimeError(f"not evaluated: {[f.call_id for f in report.failures]}")


def heard_calls(store: Path, call_ids: list[str]) -> Iterator[Call]:
    """Yield the stored calls, their numbers masked."""
    with Store.open(store) as opened:
        for stored in opened.calls(call_ids):
            yield stored.call


def _settings(model: str | None) -> Settings:
    """Return the demo's settings, with another recogniser where one is named."""
    recognition = RecognitionSettings()
    if model is not None:
        recognition = recognition.model_copy(update={"model": model})
    return demo_settings(recognition)
