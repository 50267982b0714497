"""What Prefect is told before it is imported."""

import os
import subprocess
import sys

import pytest

_SCRIPT = """
import flows.prefect_settings
from prefect._internal.analytics.enabled import is_telemetry_enabled
from prefect.settings import get_current_settings

server = get_current_settings().server
print(is_telemetry_enabled(), server.analytics_enabled, server.ephemeral.startup_timeout_seconds)
"""


@pytest.mark.slow
def test_no_telemetry_and_time_for_a_busy_machine() -> None:
    unset = ("DO_NOT_TRACK", "CI", "GITHUB_ACTIONS")
    env = {k: v for k, v in os.environ.items() if k not in unset and not k.startswith("PREFECT_")}
    said = subprocess.run(
        [sys.executable, "-c", _SCRIPT], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["False", "False", "180"]
