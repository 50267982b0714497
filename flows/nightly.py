"""The nightly flow: `qa run` under Prefect, one task a portion of recordings.

    python -m flows.nightly SOURCE --manifest M --store S            once, now
    python -m flows.nightly SOURCE --manifest M --store S --serve    every night at 02:00

Serving needs a Prefect server (`prefect server start`), whose address stands in PREFECT_API_URL;
the hour is the configured time zone's.

Safe to start twice: while a run holds the store, a second one fails and says who holds it; after
it, a second one finds nothing left to do.
"""

import argparse
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from flows.prefect_settings import FLOW, RETRIED, TASK, may_pass  # isort: skip - turns telemetry off before Prefect is imported
from prefect import flow, get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from flows.serving import in_words, serve
from qa_pipeline.pipeline.night import Night, open_night
from qa_pipeline.settings import SCORECARDS_DIR, load_settings

CRON: Final = "0 2 * * *"


@flow(name="nightly", retries=0, **FLOW)
def nightly(
    source: Path,
    store: Path,
    manifest: Path | None = None,
    scorecards: Path = SCORECARDS_DIR,
    settings: Path | None = None,
    workers: int = 2,
) -> dict[str, int]:
    """Hear, judge and store one night of calls; what is done already is not done again."""
    return run(
        Night(
            source=source,
            store=store,
            manifest=manifest,
            scorecards=scorecards,
            settings=load_settings(settings),
            n_workers=workers,
        )
    )


def run(night: Night) -> dict[str, int]:
    """Do a night inside a running flow and return its counts; no text of a call leaves it."""
    logger = get_run_logger()
    with open_night(night) as session:
        portions = session.portions()
        logger.info("%d portions to do", len(portions))
        artifact = create_progress_artifact(0.0, key="night", description="portions done")
        assert isinstance(artifact, UUID)  # a coroutine only inside an asynchronous flow

        @task(name="portion", retry_condition_fn=may_pass, **RETRIED, **TASK)
        def portion(number: int) -> int:
            return session.process(portions[number])

        for number, one in enumerate(portions):
            n_done = portion.with_options(name=f"{one.stage} {number + 1}/{len(portions)}")(number)
            logger.info("%s: %d calls", one.stage, n_done)
            update_progress_artifact(artifact, 100.0 * (number + 1) / len(portions))
        report = session.report()
    counts = {
        "calls": report.n_calls,
        "heard": report.n_heard,
        "evaluated": report.n_evaluated,
        "reused": report.n_reused,
        "failed": len(report.failures),
    }
    logger.info("night: %s", counts)
    return counts


def arguments() -> argparse.ArgumentParser:
    """Return what the command line of a one-off run takes."""
    parser = argparse.ArgumentParser(prog="python -m flows.nightly")
    parser.add_argument("source", type=Path, nargs="?", help="folder of recordings")
    parser.add_argument("--store", type=Path, help="the store's folder")
    parser.add_argument("--manifest", type=Path, help="one row a call")
    parser.add_argument("--scorecards", type=Path, default=SCORECARDS_DIR)
    parser.add_argument("--settings", type=Path, help="settings file (YAML)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--serve", action="store_true", help="run by schedule")
    parser.add_argument("--cron", default=CRON, help=f"when, with --serve [{CRON}]")
    return parser


def main() -> None:
    """Run once, or serve the schedule."""
    parser = arguments()
    chosen = vars(parser.parse_args())
    by_schedule, cron = chosen.pop("serve"), chosen.pop("cron")
    parameters: dict[str, Any] = {k: v for k, v in chosen.items() if v is not None}
    if "source" not in parameters or "store" not in parameters:
        parser.error(
            "SOURCE and --store are needed, also to serve: they are what is heard by night"
        )
    if by_schedule:
        in_words(lambda: serve(nightly, "every-night", cron, parameters))
    else:
        in_words(lambda: nightly(**parameters))


if __name__ == "__main__":
    main()
