"""Importing and using every dependency opens no connection; the guard that says so bites."""

import os
import socket
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa_pipeline.engines.offline import HUB, TELEMETRY, go_offline
from tests.engines.guarded import Ran, run

needs_pyannote = pytest.mark.skipif(
    find_spec("pyannote") is None, reason="the diarisation extra is not installed"
)
#: What is still in a queue when the work is done would be sent now.
_FLUSH = "from pyannote.audio.telemetry import metrics\nmetrics.provider.force_flush(60_000)\n"


def assert_silent(ran: Ran, said: str = "done") -> None:
    assert ran.code == 0, ran.err
    assert said in ran.out
    assert ran.tried == ()


@pytest.mark.parametrize(
    ("code", "tried"),
    [
        pytest.param(
            "import urllib.request as u\nu.urlopen('http://192.0.2.1/')",
            "socket.getaddrinfo 192.0.2.1",
            id="an-address",
        ),
        pytest.param(
            "import socket\nsocket.socket().connect(('192.0.2.1', 80))",
            "socket.connect 192.0.2.1",
            id="a-bare-socket",
        ),
        pytest.param(
            "import socket\nsocket.create_connection(('example.org', 443))",
            "socket.getaddrinfo example.org",
            id="a-name",
        ),
        pytest.param(
            "import socket\nsocket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
            "socket.sendto 192.0.2.1",
            id="a-datagram",
        ),
        pytest.param(
            "import socket\ntry: socket.gethostbyname('example.org')\nexcept OSError: pass",
            "socket.gethostbyname example.org",
            id="a-library-that-swallows-the-refusal",
        ),
        pytest.param(
            "import threading, urllib.request as u\n"
            "t = threading.Thread(target=u.urlopen, args=('http://192.0.2.1/',))\n"
            "t.start(); t.join()",
            "socket.getaddrinfo 192.0.2.1",
            id="a-thread",
        ),
        pytest.param(
            "import subprocess, sys\n"
            "code = \"import urllib.request as u; u.urlopen('http://192.0.2.1/')\"\n"
            "subprocess.run([sys.executable, '-c', code])",
            "socket.getaddrinfo 192.0.2.1",
            id="a-child",
        ),
    ],
)
def test_the_guard_bites(tmp_path: Path, code: str, tried: str) -> None:
    assert tried in run(code, tmp_path).tried


def test_the_guard_lets_this_machine_talk_to_itself(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket\nsocket.create_connection(('localhost', {port}))\nprint('done')"
        assert_silent(run(code, tmp_path))


def test_activity_asks_nobody(tmp_path: Path) -> None:
    code = (
        "import numpy as np\n"
        "from qa_pipeline.engines.silero import Silero\n"
        "print('done', Silero().probabilities(np.zeros(16000, dtype='float32')).shape)\n"
        "Silero().fingerprint"
    )
    assert_silent(run(code, tmp_path), "done (32,)")


def test_tables_and_the_hubs_client_ask_nobody(tmp_path: Path) -> None:
    code = (
        "import io, polars as pl\n"
        "table = pl.DataFrame({'group': ['a', 'a', 'b'], 'n': [1, 2, 3]})\n"
        "kept = io.BytesIO()\n"
        "table.write_parquet(kept)\n"
        "kept.seek(0)\n"
        "assert pl.read_parquet(kept).group_by('group').len().height == 2\n"
        "from qa_pipeline.engines.models import find_whisper\n"
        "from qa_pipeline.errors import EngineMissing\n"
        "for name in ('large-v2', 'owner/model', 'no-such-model'):\n"
        "    try: find_whisper(name)\n"
        "    except EngineMissing: print('done')\n"
        "import huggingface_hub\n"
        "try: huggingface_hub.hf_hub_download('owner/model', 'config.json')\n"
        "except Exception as fault: print(type(fault).__name__)"
    )
    assert_silent(run(code, tmp_path, HF_HOME=str(tmp_path)))


def test_recognition_asks_nobody(tmp_path: Path, demo_model: Path) -> None:
    code = (
        "import numpy as np\n"
        "from qa_pipeline.engines.load import LocalEngines\n"
        "from qa_pipeline.settings import Settings\n"
        "from qa_pipeline.spans import Span\n"
        f"settings = Settings(recognition={{'model': {str(demo_model)!r}, 'beam_size': 1}})\n"
        "engines = LocalEngines(settings).build(1)\n"
        "noise = np.random.default_rng(0).standard_normal(32000).astype('float32') * 0.1\n"
        "engines.transcriber.language_shares(noise, [Span(0, 2)])\n"
        "engines.transcriber.transcribe(noise, [Span(0, 2)], 'zh')\n"
        "print('done')"
    )
    assert_silent(run(code, tmp_path))


_DIARISE = (
    "import numpy as np\n"
    "from pathlib import Path\n"
    "from qa_pipeline.engines.pyannote import Pyannote\n"
    "engine = Pyannote(Path({folder!r}))\n"
    "noise = np.random.default_rng(0).standard_normal(16000 * 12).astype('float32') * 0.1\n"
    "print('done', len(engine.speakers(noise)))\n"
)


@pytest.mark.slow
@needs_pyannote
def test_diarisation_asks_nobody_even_where_telemetry_was_turned_on(
    tmp_path: Path, tiny_pipeline: Path
) -> None:
    code = _DIARISE.format(folder=str(tiny_pipeline)) + _FLUSH
    turned_on = {"PYANNOTE_METRICS_ENABLED": "1", "OTEL_SDK_DISABLED": "false"}
    assert_silent(run(code, tmp_path, **turned_on))
    assert_silent(run(code, tmp_path))


@pytest.mark.slow
@needs_pyannote
def test_without_our_switch_the_guard_catches_pyannotes_telemetry(
    tmp_path: Path, tiny_pipeline: Path
) -> None:
    left_out = (
        "from qa_pipeline.engines import offline\n"
        "offline.TELEMETRY.clear()\n"  # what go_offline would set
    )
    code = left_out + _DIARISE.format(folder=str(tiny_pipeline)) + _FLUSH
    ran = run(code, tmp_path)
    assert "done" in ran.out, ran.err
    assert any("otel.pyannote.ai" in line for line in ran.tried)


@pytest.mark.slow
def test_a_flow_and_its_server_ask_nobody(tmp_path: Path) -> None:
    code = (
        "from flows import monthly, nightly\n"
        "from prefect import flow\n"
        "@flow(name='guarded', **nightly.FLOW)\n"
        "def guarded(): return 41 + 1\n"
        "print('done', guarded(), monthly.__name__)"
    )
    assert_silent(run(code, tmp_path), "done 42")


def qa(folder: Path, *arguments: str) -> Ran:
    code = f"import sys\nsys.argv = {['qa', *arguments]!r}\n"
    return run(code + "from qa_pipeline.cli.main import main\nmain()", folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("doctor", "--json"), "telemetry"),
        (("models", "list"), "large-v3-turbo"),
        (("models", "use", "demo-asr"), "recognition:"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("demo_model")
def test_the_command_line_asks_nobody(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert_silent(qa(tmp_path, *arguments), said)


@pytest.mark.slow
def test_only_fetching_tries_and_says_what_to_do(tmp_path: Path) -> None:
    ran = qa(tmp_path, "models", "fetch", "owner/model", "--models", str(tmp_path))
    assert ran.code == 2
    assert "cannot be reached" in ran.err
    assert any("huggingface.co" in line for line in ran.tried)


@pytest.mark.parametrize("set_by_hand", ["0", "1"])
def test_telemetry_is_off_whatever_was_set(
    monkeypatch: pytest.MonkeyPatch, set_by_hand: str
) -> None:
    for name in (*TELEMETRY, *HUB):
        monkeypatch.setenv(name, set_by_hand)
    go_offline()
    assert {name: os.environ[name] for name in TELEMETRY} == TELEMETRY
    assert {os.environ[name] for name in HUB} == {set_by_hand}
