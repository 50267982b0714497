"""Prefect as we use it; import this before Prefect. Nothing is cached, nothing phones home."""

import os
from typing import Any

os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
#: A one-off run starts Prefect's own server, which takes a busy machine longer than Prefect waits.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")

from prefect.cache_policies import NO_CACHE

from qa_pipeline.errors import QaError

#: For every flow and task: the ledger, not Prefect, knows what is done.
FLOW: dict[str, Any] = {"persist_result": False, "validate_parameters": True}
TASK: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
RETRIED: dict[str, Any] = {"retries": 2, "retry_delay_seconds": 10}


def may_pass(_task: object, _run: object, state: Any) -> bool:
    """Return whether a failed task is worth another try: not where a person must mend something."""
    try:
        state.result()
    except QaError:
        return False
    except Exception:
        return True
    return False
