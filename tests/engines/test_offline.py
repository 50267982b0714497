"""Importing and running the engines opens no connection."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: Fails at the first connection that anything attempts, and resolves no name.
_GUARD = """
import os, socket
for name in ("HF_HUB_OFFLINE", "PYANNOTE_METRICS_ENABLED", "DO_NOT_TRACK", "TRANSFORMERS_OFFLINE"):
    os.environ.pop(name, None)
def refuse(*args, **kwargs):
    print("CONNECTION", args[-1:], flush=True)
    os._exit(7)
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _GUARD + code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=900,
        check=False,
    )


def test_the_guard_itself_bites() -> None:
    done = run("import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')")
    assert done.returncode == 7


def test_activity_asks_nobody() -> None:
    done = run(
        "import numpy as np\n"
        "from qa_pipeline.engines.silero import Silero\n"
        "print(Silero().probabilities(np.zeros(16000, dtype='float32')).shape)\n"
        "print(Silero().fingerprint)"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("(32,)")


@pytest.mark.slow
def test_recognition_asks_nobody(demo_model: Path) -> None:
    done = run(
        "import numpy as np\n"
        "from qa_pipeline.engines.load import LocalEngines\n"
        "from qa_pipeline.settings import Settings\n"
        "from qa_pipeline.spans import Span\n"
        f"settings = Settings(recognition={{'model': {str(demo_model)!r}, 'beam_size': 1}})\n"
        "engines = LocalEngines(settings).build(1)\n"
        "engines.transcriber.transcribe(np.zeros(32000, dtype='float32'), [Span(0, 2)], 'zh')\n"
        "print('done')"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "done" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(find_spec("pyannote") is None, reason="the diarisation extra is not installed")
def test_diarisation_asks_nobody(tiny_pipeline: Path) -> None:
    done = run(
        "import numpy as np\n"
        "from pathlib import Path\n"
        "from qa_pipeline.engines.pyannote import Pyannote\n"
        f"engine = Pyannote(Path({str(tiny_pipeline)!r}))\n"
        "noise = np.random.default_rng(0).standard_normal(16000 * 12).astype('float32') * 0.1\n"
        "print(len(engine.speakers(noise)), 'speakers')"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "speakers" in done.stdout


@pytest.mark.parametrize("set_by_hand", ["0", "1"])
def test_telemetry_is_off_whatever_was_set(
    monkeypatch: pytest.MonkeyPatch, set_by_hand: str
) -> None:
    import os

    from qa_pipeline.engines.offline import go_offline

    for name in ("PYANNOTE_METRICS_ENABLED", "DO_NOT_TRACK", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, set_by_hand)
    go_offline()
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["HF_HUB_OFFLINE"] == set_by_hand


def test_the_command_line_loads_no_engine() -> None:
    code = (
        "import sys\n"
        "import qa_pipeline.cli.main\n"
        "heavy = {'torch', 'faster_whisper', 'ctranslate2', 'onnxruntime', 'prefect', 'pyannote'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = run(code)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
