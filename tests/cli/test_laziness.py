"""Nothing heavy is imported before it is needed: a help page costs no engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENGINES = {
    "av",
    "ctranslate2",
    "faster_whisper",
    "huggingface_hub",
    "librosa",
    "onnxruntime",
    "prefect",
    "pyannote",
    "spacy",
    "tokenizers",
    "torch",
    "torchaudio",
    "transformers",
}
TABLES = {
    *("jinja2", "lemminflect", "numpy", "opencc", "pandas", "polars", "scipy", "soundfile"),
    "sqlalchemy",
}


def loaded(*arguments: str) -> tuple[set[str], str]:
    """Run `qa` and return the packages that were loaded at its end, and its output."""
    code = (
        f"import sys\nsys.argv = {['qa', *arguments]!r}\n"
        "from qa_pipeline.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "finally: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(done.stderr.splitlines()[-1].split()), done.stdout


def test_the_measure_sees_what_is_loaded() -> None:
    packages, _ = loaded("--help")
    assert {"qa_pipeline", "typer"} <= packages


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("models", "--help")])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_loads_nothing_heavy(
    arguments: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LANGUAGE", language)
    packages, said = loaded(*arguments)
    assert packages & (ENGINES | TABLES) == set()
    assert "qa" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scorecard", "check", "scorecards/support-line.en.yaml"), ""),
        (("models", "list"), "large-v3-turbo"),
    ],
)
def test_a_verb_that_hears_nothing_loads_no_engine(arguments: tuple[str, ...], said: str) -> None:
    packages, out = loaded(*arguments)
    assert packages & ENGINES == set()
    assert said in out


def test_trying_a_dialogue_loads_no_engine(tmp_path: Path) -> None:
    (tmp_path / "dialogue").write_text("agent 0-2: hello\n")
    packages, out = loaded("try", "scorecards/support-line.en.yaml", str(tmp_path / "dialogue"))
    assert packages & ENGINES == set()
    assert out
