"""`qa doctor`: what is told, in which language, with which exit code."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tests.engines import made_models as made

RUN = CliRunner()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = made.whisper(tmp_path / "models" / "tiny")
    made.described(folder, demo=True)
    return folder


def settings_file(tmp_path: Path, model: Path | str, more: str = "") -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(f"recognition:\n  model: {model}\n{more}")
    return path


def qa(*arguments: str) -> SimpleNamespace:
    from qa_pipeline.cli import main

    result = RUN.invoke(main.app, list(arguments))
    return SimpleNamespace(code=result.exit_code, out=result.stdout, error=result.exception)


def test_the_demo_model_is_warned_of(tmp_path: Path, model: Path) -> None:
    done = qa("doctor", "--json", "--settings", str(settings_file(tmp_path, model)))
    told = {line["check"]: line for line in json.loads(done.out)["checks"]}
    assert told["model"]["state"] == "warn"
    assert "synthetic voices" in told["model"]["remedy"]
    assert told["python"]["state"] == "ok"
    assert told["faster-whisper"]["got"] == "1.2.1"
    assert all(line["remedy"] for line in told.values() if line["state"] != "ok")


def test_a_missing_model_fails_with_its_remedy(tmp_path: Path) -> None:
    path = settings_file(tmp_path, "no-such-model")
    assert qa("doctor", "--settings", str(path)).code == 1
    done = qa("doctor", "--json", "--settings", str(path))
    assert done.code == 1
    report = json.loads(done.out)
    assert report["ok"] is False
    (line,) = [line for line in report["checks"] if line["check"] == "model"]
    assert line["state"] == "fail"
    assert "qa models fetch" in line["remedy"]


def test_it_speaks_chinese(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    assert "演示模型" in qa("doctor", "--settings", str(settings_file(tmp_path, model))).out


def test_a_model_with_a_lack_fails_and_names_it(tmp_path: Path, model: Path) -> None:
    (model / "config.json").write_text("{}")
    path = settings_file(tmp_path, model)
    report = json.loads(qa("doctor", "--json", "--settings", str(path)).out)
    (line,) = [line for line in report["checks"] if line["check"] == "model"]
    assert line["state"] == "fail"
    assert "alignment_heads" in line["got"]
