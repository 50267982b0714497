"""Real engines for slow tests: the demo model, and a diariser with weights drawn at random."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa_pipeline.engines.models import missing_files
from tests.conftest import ROOT, SHARED


@pytest.fixture(scope="session")
def demo_model() -> Path:
    for folder in (ROOT / "models" / "demo-asr", SHARED / "models" / "demo-asr"):
        if folder.is_dir() and not missing_files(folder):
            return folder
    pytest.skip("the demo model is not in models/demo-asr")


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pyannote pipeline of random weights, built in a process of its own."""
    if find_spec("pyannote") is None:
        pytest.skip("the diarisation extra is not installed")
    folder = tmp_path_factory.mktemp("pipeline") / "tiny"
    script = Path(__file__).with_name("tiny_pipeline.py")
    command = [sys.executable, "-W", "ignore", str(script), str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, timeout=900)
    return folder
