"""`qa doctor`: what is told, in which language, with which exit code."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from qa_pipeline.cli import doctor_checks
from qa_pipeline.cli.doctor_checks import Check, examine
from qa_pipeline.settings import Settings
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


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


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


@pytest.mark.parametrize(
    ("number", "state"),
    [("3.40.1", "warn"), ("3.51.2", "warn"), ("3.51.3", "ok"), ("3.6.0", "ok")],
)
def test_the_wal_bug(monkeypatch: pytest.MonkeyPatch, number: str, state: str) -> None:
    info = tuple(int(part) for part in number.split("."))
    fake = SimpleNamespace(sqlite_version=number, sqlite_version_info=info)
    monkeypatch.setattr(doctor_checks, "sqlite3", fake)
    assert by_name(examine(Settings()))["sqlite"].state == state


@pytest.mark.parametrize(
    ("torch", "torchaudio", "torchcodec", "names"),
    [
        pytest.param("2.13.0+cpu", "2.11.0", "0.13.0", {"torchaudio"}, id="cuda-torchaudio"),
        pytest.param("2.13.0+cpu", "2.11.0+cpu", "0.14.0", {"torchcodec"}, id="cuda-torchcodec"),
        pytest.param("2.13.0+cu130", "2.11.0", "0.17.0", set(), id="a-gpu-machine"),
        pytest.param("2.13.0+cpu", "2.11.0+cpu", "", set(), id="no-torchcodec"),
    ],
)
def test_wheels_that_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, torch: str, torchaudio: str, torchcodec: str, names: set[str]
) -> None:
    found = {"torch": torch, "torchaudio": torchaudio, "torchcodec": torchcodec}
    found["pyannote.audio"] = "4.0.7"
    monkeypatch.setattr(doctor_checks, "_versions", lambda *_: found)
    warned = {check.name for check in examine(Settings()) if check.state == "warn"}
    assert warned & {"torchaudio", "torchcodec"} == names


def test_a_pipeline_without_the_extra_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "_versions", lambda *names: dict.fromkeys(names, ""))
    wanted = Settings.model_validate({"diarisation": {"pipeline": "/somewhere"}})
    assert by_name(examine(wanted))["diarisation"].state == "fail"
    assert by_name(examine(Settings()))["diarisation"].state == "ok"


def test_a_hub_left_open_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    check = by_name(examine(Settings()))["telemetry"]
    assert (check.state, check.got) == ("warn", "HF_HUB_OFFLINE=0")


@pytest.mark.parametrize(
    ("free", "state"), [(10 << 30, "ok"), (3 << 30, "warn"), (1 << 20, "fail")]
)
def test_disk(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    fake = SimpleNamespace(disk_usage=lambda _: SimpleNamespace(free=free), which=lambda _: None)
    monkeypatch.setattr(doctor_checks, "shutil", fake)
    checks = by_name(examine(Settings()))
    assert checks["free disk"].state == state
    assert checks["chinese fonts"].state == "warn"
