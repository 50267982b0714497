"""The monthly flow: the report of a month under Prefect.

    python -m flows.monthly --store S --out DIR --period 2026-10    once, now
    python -m flows.monthly --store S --out DIR --serve             on the 2nd at 06:00

Without a period it reports the calendar month before the one that it runs in.
"""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flows.prefect_settings import FLOW, RETRIED, TASK, may_pass  # isort: skip - before Prefect is imported
from prefect import flow, get_run_logger, task

from flows.serving import in_words, serve
from qa_pipeline.pipeline.periods import period_before
from qa_pipeline.pipeline.reports import run_month
from qa_pipeline.settings import load_settings

CRON: Final = "0 6 2 * *"


@task(name="report", retry_condition_fn=may_pass, **RETRIED, **TASK)
def report(store: Path, out: Path, period: str, settings: Path | None) -> list[str]:
    """Write the month's report and return the names of its files."""
    made = run_month(store, period, load_settings(settings), out)
    return [str(file) for file in made.files]


@flow(name="monthly", **FLOW)
def monthly(
    store: Path, out: Path, period: str | None = None, settings: Path | None = None
) -> list[str]:
    """Report one month: `period` "YYYY-MM", else the month before this one."""
    now = datetime.now(load_settings(settings).zone).strftime("%Y-%m")
    chosen = period or period_before(now)
    files = report.with_options(name=f"report {chosen}")(store, out, chosen, settings)
    get_run_logger().info("%s: %d files in %s", chosen, len(files), out)
    return files


def main() -> None:
    """Run once, or serve the schedule."""
    parser = argparse.ArgumentParser(prog="python -m flows.monthly")
    parser.add_argument("--store", type=Path, required=True, help="the store's folder")
    parser.add_argument("--out", type=Path, required=True, help="where the report goes")
    parser.add_argument("--period", help="calendar month, YYYY-MM")
    parser.add_argument("--settings", type=Path, help="settings file (YAML)")
    parser.add_argument("--serve", action="store_true", help="run by schedule")
    parser.add_argument("--cron", default=CRON, help=f"when, with --serve [{CRON}]")
    chosen = vars(parser.parse_args())
    by_schedule, cron = chosen.pop("serve"), chosen.pop("cron")
    parameters: dict[str, Any] = {k: v for k, v in chosen.items() if v is not None}
    if by_schedule:
        in_words(lambda: serve(monthly, "every-month", cron, parameters))
    else:
        in_words(lambda: monthly(**parameters))


if __name__ == "__main__":
    main()
