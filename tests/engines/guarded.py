"""Runs code in a process of its own that cannot reach anything, and tells what it tried."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from qa_pipeline.engines.offline import HUB, TELEMETRY
from tests.conftest import ROOT

_GUARD = Path(__file__).with_name("guard")
#: Whoever runs the tests may have turned telemetry off; here only our own code may.
_UNSET = (*TELEMETRY, *HUB, "CI", "GITHUB_ACTIONS", "HF_ENDPOINT")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a guarded process said, how it ended, and each connection that anything tried."""

    code: int
    out: str
    err: str
    tried: tuple[str, ...]


def _is_left_out(name: str) -> bool:
    return name in _UNSET or name.startswith("PREFECT_") or name.lower().endswith("_proxy")


def run(code: str, folder: Path, **environment: str) -> Ran:
    """Run `code` under the guard, children included; `folder` takes its log."""
    log = folder / "connections"
    log.unlink(missing_ok=True)
    env = {name: value for name, value in os.environ.items() if not _is_left_out(name)}
    env |= {"PYTHONPATH": f"{_GUARD}{os.pathsep}{ROOT}", "QA_GUARD_LOG": str(log)}
    env |= {"PREFECT_HOME": str(folder / "prefect")} | environment
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=900,
        check=False,
        env=env,
    )
    tried = tuple(log.read_text().splitlines()) if log.exists() else ()
    return Ran(done.returncode, done.stdout, done.stderr, tried)
