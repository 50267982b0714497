"""Serving a flow by schedule, and telling a person what is wrong in words."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import flows.prefect_settings  # noqa: F401  # isort: skip - before Prefect is imported
from prefect.schedules import Cron
from prefect.settings import get_current_settings

from qa_pipeline.cli.console import interface_language, tell
from qa_pipeline.errors import QaError, WrongUse
from qa_pipeline.settings import load_settings
from qa_pipeline.texts import Text


def serve(flow: Any, name: str, cron: str, parameters: Mapping[str, Any]) -> None:
    """Run `flow` by `cron`, in the time zone of the settings, until it is stopped.

    Raises WrongUse where no Prefect server is set: the temporary one that Prefect would start has
    no scheduler, and would wait for ever without a word.
    """
    if not get_current_settings().api.url:
        raise WrongUse(
            "PREFECT_API_URL",
            Text(
                en="a schedule needs a Prefect server; none is set",
                zh="按计划运行需要 Prefect 服务器，而尚未设置",
            ),
            Text(
                en="run `prefect server start --background`, then set "
                "PREFECT_API_URL=http://127.0.0.1:4200/api",
                zh="请先运行 `prefect server start --background`，再设置 "
                "PREFECT_API_URL=http://127.0.0.1:4200/api",
            ),
        )
    settings = parameters.get("settings")
    zone = load_settings(None if settings is None else Path(settings)).time_zone
    plain = {k: str(v) if isinstance(v, Path) else v for k, v in parameters.items()}
    flow.serve(name=name, schedule=Cron(cron, timezone=zone), parameters=plain, limit=1)


def in_words(run: Callable[[], object]) -> None:
    """Run a flow's command line; a fault that a person can mend is told, and ends it with 2."""
    try:
        run()
    except QaError as error:
        tell(error.say(interface_language()))
        sys.exit(error.exit_code)
