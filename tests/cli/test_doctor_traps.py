"""The known traps of this stack in faked environments: told where they are, silent where not."""

import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from qa_pipeline.cli.doctor_checks import Check, engines, examine, machine, packages, sound
from qa_pipeline.engines.offline import HUB, TELEMETRY
from qa_pipeline.settings import Settings
from tests.engines import made_models as made

Fake = Callable[..., None]
CPU = {
    "torch": "2.13.0+cpu",
    "torchaudio": "2.11.0+cpu",
    "torchcodec": "0.13.0",
    "pyannote.audio": "4.0.7",
}


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a trap of its own: no variable set, FFmpeg 5, no GPU."""
    for name in (*TELEMETRY, *HUB):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(sound, "find_library", lambda _: "libavutil.so.57")
    monkeypatch.setattr(engines, "_n_cuda_devices", lambda: 0)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Pretend that these packages have these versions, "" for one that is not installed."""
    real = packages.installed

    def pretend(**versions: str) -> None:
        stated = {name.replace("_", "."): number for name, number in versions.items()}
        for module in (packages, sound, engines):
            monkeypatch.setattr(
                module, "installed", lambda name: stated.get(name, CPU.get(name) or real(name))
            )

    pretend()
    return pretend


def check(name: str, settings: Settings | None = None) -> Check | None:
    found = [c for c in examine(settings or Settings()) if c.name == name]
    assert len(found) <= 1
    return found[0] if found else None


def told(name: str, settings: Settings | None = None) -> tuple[str | None, str]:
    """Return the state and the remedy, which exists in both languages or in none."""
    found = check(name, settings)
    if found is None:
        return None, ""
    if found.remedy is None:
        return found.state, ""
    assert found.remedy.zh
    return found.state, found.remedy.en


@pytest.mark.parametrize(
    ("package", "number", "state", "remedy"),
    [
        ("sqlalchemy", "2.0.58", "ok", ""),
        ("sqlalchemy", "2.1.0", "warn", "no night starts; pip install 'sqlalchemy<2.1"),
        ("sqlalchemy", "2.0.1", "warn", "pip install 'sqlalchemy<2.1"),
        ("fastapi", "0.150.9", "ok", ""),
        ("fastapi", "0.151.0", "warn", "first flow run; pip install 'fastapi<0.151'"),
        ("prefect", "3.9.0", "warn", "pip install 'prefect==3.8.8'"),
        ("prefect", "", "fail", "pip install 'prefect==3.8.8'"),
    ],
)
def test_packages(fake: Fake, package: str, number: str, state: str, remedy: str) -> None:
    fake(**{package: number})
    assert told(package)[0] == state
    assert remedy in told(package)[1]
    assert bool(told(package)[1]) == (state != "ok")


def test_without_metadata_the_traps_are_still_looked_for(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(packages, "requires", missing)
    fake(sqlalchemy="2.1.9")
    assert told("qa-pipeline")[0] == "warn"
    assert told("sqlalchemy")[0] == "warn"
    assert told("fastapi")[0] == "ok"


@pytest.mark.parametrize(
    ("torch", "torchaudio", "torchcodec", "warned"),
    [
        pytest.param("2.13.0+cpu", "2.11.0", "0.13.0", {"torchaudio"}, id="cuda-torchaudio"),
        pytest.param("2.13.0+cpu", "2.11.0+cpu", "0.14.0", {"torchcodec"}, id="cuda-torchcodec"),
        pytest.param("2.13.0+cpu", "2.11.0+cpu", "0.13.0", set(), id="all-for-the-cpu"),
        pytest.param("2.13.0+cu130", "2.11.0", "0.17.0", set(), id="a-gpu-machine"),
        pytest.param("2.13.0+cpu", "", "", set(), id="neither"),
    ],
)
def test_wheels_linked_to_cuda(
    fake: Fake, torch: str, torchaudio: str, torchcodec: str, warned: set[str]
) -> None:
    fake(torch=torch, torchaudio=torchaudio, torchcodec=torchcodec)
    states = {name: told(name)[0] for name in ("torchaudio", "torchcodec")}
    assert {name for name, state in states.items() if state == "warn"} == warned
    assert {name for name, state in states.items() if state is None} == {*states} - warned


@pytest.mark.parametrize(
    ("library", "torchcodec", "remedy"),
    [
        pytest.param(None, "0.13.0", "apt-get install ffmpeg", id="no-ffmpeg"),
        pytest.param("libavutil.so.61", "0.13.0", "FFmpeg 4 to 8", id="an-ffmpeg-too-new"),
        pytest.param("libavutil.so.56", "0.13.0", "", id="ffmpeg-4"),
        pytest.param("libavutil.so.60", "0.13.0", "", id="ffmpeg-8"),
        pytest.param(None, "", "", id="nobody-needs-it"),
        pytest.param("/usr/lib/libavutil.dylib", "0.13.0", "", id="a-name-without-a-number"),
    ],
)
def test_ffmpeg_for_torchcodec(
    fake: Fake,
    monkeypatch: pytest.MonkeyPatch,
    library: str | None,
    torchcodec: str,
    remedy: str,
) -> None:
    fake(torchcodec=torchcodec)
    monkeypatch.setattr(sound, "find_library", lambda _: library)
    state, said = told("ffmpeg libraries")
    assert state == ("warn" if remedy else None)
    assert remedy in said


def test_without_the_extra_nothing_of_it_is_told(fake: Fake) -> None:
    fake(torch="2.13.0+cpu", torchaudio="2.11.0", torchcodec="0.17.0", pyannote_audio="")
    wanted = Settings.model_validate({"diarisation": {"pipeline": "/somewhere"}})
    assert told("diarisation", wanted)[0] == "fail"
    assert told("diarisation")[0] == "ok"
    assert (told("torchaudio")[0], told("torchcodec")[0]) == (None, None)


@pytest.mark.usefixtures("fake")
def test_the_pipeline_of_the_settings(tmp_path: Path) -> None:
    folder = made.pipeline(tmp_path / "who")
    settings = Settings.model_validate({"diarisation": {"pipeline": str(folder)}})
    assert told("diarisation.pipeline", settings) == ("ok", "")
    (folder / "plda" / "plda.npz").unlink()
    state, _ = told("diarisation.pipeline", settings)
    assert state == "fail"
    found = check("diarisation.pipeline", settings)
    assert found is not None
    assert "plda.npz" in found.got
    assert check("diarisation.pipeline") is None


@pytest.mark.parametrize(
    ("n_devices", "device", "torch", "state", "remedy"),
    [
        pytest.param(0, "cpu", "2.13.0+cpu", "ok", "none seen", id="no-gpu"),
        pytest.param(0, "cuda", "2.13.0+cpu", "fail", "nvidia-smi", id="asked-for-and-not-there"),
        pytest.param(1, "cpu", "2.13.0+cpu", "warn", "not used", id="there-and-not-asked-for"),
        pytest.param(1, "cuda", "2.13.0+cpu", "warn", "without CUDA", id="torch-for-the-cpu"),
        pytest.param(2, "cuda", "2.13.0+cu130", "ok", "", id="as-it-should-be"),
        pytest.param(2, "auto", "", "ok", "", id="without-torch"),
    ],
)
def test_gpu(
    fake: Fake,
    monkeypatch: pytest.MonkeyPatch,
    n_devices: int,
    device: str,
    torch: str,
    state: str,
    remedy: str,
) -> None:
    fake(torch=torch)
    monkeypatch.setattr(engines, "_n_cuda_devices", lambda: n_devices)
    settings = Settings.model_validate({"recognition": {"device": device}})
    assert told("gpu", settings)[0] == state
    assert remedy in told("gpu", settings)[1]


@pytest.mark.parametrize(
    ("number", "state"),
    [("3.40.1", "warn"), ("3.51.2", "warn"), ("3.51.3", "ok"), ("3.6.0", "ok")],
)
def test_the_wal_bug(monkeypatch: pytest.MonkeyPatch, number: str, state: str) -> None:
    info = tuple(int(part) for part in number.split("."))
    stand_in = SimpleNamespace(sqlite_version=number, sqlite_version_info=info)
    monkeypatch.setattr(machine, "sqlite3", stand_in)
    assert told("sqlite")[0] == state


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("HF_HUB_OFFLINE", "0", "warn"),
        ("HF_HUB_OFFLINE", "1", "ok"),
        ("TRANSFORMERS_OFFLINE", "false", "warn"),
        ("PYANNOTE_METRICS_ENABLED", "true", "warn"),
        ("PYANNOTE_METRICS_ENABLED", "0", "ok"),
        ("DO_NOT_TRACK", "0", "warn"),
        ("DO_NOT_TRACK", "1", "ok"),
        ("OTEL_SDK_DISABLED", "false", "warn"),
        ("HF_HUB_DISABLE_TELEMETRY", "0", "warn"),
        ("PREFECT_SERVER_ANALYTICS_ENABLED", "true", "warn"),
        ("PREFECT_SERVER_ANALYTICS_ENABLED", "false", "ok"),
        ("NOTHING_OF_OURS", "1", "ok"),
    ],
)
def test_variables_that_talk_to_the_outside(name: str, value: str, state: str) -> None:
    os.environ[name] = value
    found = check("telemetry")
    assert found is not None
    assert found.state == state
    assert (f"{name}={value}" in found.got) == (state == "warn")
    assert (found.remedy is not None) == (state == "warn")


@pytest.mark.parametrize(
    ("lister", "listed", "state"),
    [
        pytest.param(None, "", "warn", id="fonts-cannot-be-listed"),
        pytest.param("/usr/bin/fc-list", "", "warn", id="no-chinese-font"),
        pytest.param("/usr/bin/fc-list", "Noto Sans CJK SC,x\n", "ok", id="a-chinese-font"),
    ],
)
def test_fonts(
    monkeypatch: pytest.MonkeyPatch, lister: str | None, listed: str, state: str
) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda _: lister)
    run = SimpleNamespace(run=lambda *_, **__: SimpleNamespace(stdout=listed))
    monkeypatch.setattr(machine, "subprocess", run)
    assert told("chinese fonts")[0] == state


@pytest.mark.parametrize(
    ("free", "state"), [(10 << 30, "ok"), (3 << 30, "warn"), (1 << 20, "fail")]
)
def test_disk(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert told("free disk")[0] == state


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10, 9), "fail"), ((3, 11, 0), "ok"), ((3, 13, 0), "fail")]
)
def test_python(monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], state: str) -> None:
    monkeypatch.setattr(machine.sys, "version_info", version)
    assert machine.python().state == state
