"""pyannote.audio imports beside a CPU build of torch, whose torchaudio cannot."""

import subprocess
import sys
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace

import pytest

from qa_pipeline.engines import torchaudio_cpu
from tests.conftest import ROOT

needs_pyannote = pytest.mark.skipif(
    find_spec("pyannote") is None, reason="the diarisation extra is not installed"
)


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
@needs_pyannote
def test_pyannote_imports_and_what_it_uses_of_torchaudio_works() -> None:
    done = python(
        "from qa_pipeline.engines.offline import go_offline\n"
        "from qa_pipeline.engines.torchaudio_cpu import make_importable\n"
        "go_offline()\n"
        "was_needed = make_importable()\n"
        "import torch, torchaudio, pyannote.audio\n"
        "from torchaudio.compliance import kaldi\n"
        "sound = torch.sin(torch.arange(16000) * 0.1)[None]\n"
        "assert torchaudio.functional.resample(sound, 16000, 8000).shape == (1, 8000)\n"
        "assert torchaudio.transforms.MFCC(16000)(sound).isfinite().all()\n"
        "assert kaldi.fbank(sound).isfinite().all()\n"
        "if was_needed:\n"
        "    one = torch.ones(1, 1, dtype=torch.int32)\n"
        "    try: torchaudio.functional.forced_align(torch.zeros(1, 2, 2), one)\n"
        "    except RuntimeError as fault: print(fault)\n"
        "print('done', was_needed, torch.version.cuda)"
    )
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    assert last in ("done True None", f"done False {last.rpartition(' ')[2]}")
    if last == "done True None":
        assert said == ["forced_align needs torchaudio's compiled library"]


@pytest.mark.slow
@needs_pyannote
def test_the_stand_in_is_still_needed() -> None:
    """When a release of torchaudio mends this, the stand-in can go."""
    cuda = python("import torch\nprint(torch.version.cuda)").stdout.strip()
    if cuda != "None":
        pytest.skip("torch is built with CUDA here")
    assert python("import torchaudio").returncode != 0


def test_beside_torch_with_cuda_nothing_is_put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torchaudio", raising=False)
    monkeypatch.delitem(sys.modules, "torchaudio._extension", raising=False)
    with_cuda = SimpleNamespace(version=SimpleNamespace(cuda="13.0"))
    monkeypatch.setitem(sys.modules, "torch", with_cuda)  # type: ignore[arg-type]
    assert torchaudio_cpu.make_importable() is False
    assert "torchaudio._extension" not in sys.modules


def test_a_torchaudio_that_is_loaded_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cuda = SimpleNamespace(version=SimpleNamespace(cuda=None))
    monkeypatch.setitem(sys.modules, "torch", without_cuda)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "torchaudio", ModuleType("torchaudio"))
    before = sys.modules.get("torchaudio._extension")
    assert torchaudio_cpu.make_importable() is False
    assert sys.modules.get("torchaudio._extension") is before
