"""`qa models`: what is listed, verified, fetched and chosen, for people and as JSON."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from qa_pipeline.cli import models_choice
from qa_pipeline.errors import QaError
from qa_pipeline.settings import load_settings
from tests.engines import made_hub
from tests.engines import made_models as made

RUN = CliRunner()


def qa(*arguments: str) -> SimpleNamespace:
    from qa_pipeline.cli import main

    result = RUN.invoke(main.app, ["models", *arguments])
    return SimpleNamespace(
        code=result.exit_code, out=result.stdout, err=result.stderr, error=result.exception
    )


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a recogniser that is here, a diariser that is here and one that is not."""
    folder = tmp_path / "models"
    made.described(made.whisper(folder / "tiny"), demo=True, languages=("zh", "en"))
    made.described(made.pipeline(folder / "who"), "diarisation")
    (folder / "big").mkdir()
    made.described(folder / "big", licence="Apache-2.0")
    monkeypatch.setattr(models_choice, "MODELS_DIR", folder)
    return folder


def test_the_list_says_what_there_is(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = json.loads(qa("list", "--models", str(models), "--json").out)
    assert [(m["name"], m["state"], m["task"], m["demo"]) for m in listed] == [
        ("big", "absent", "asr", False),
        ("tiny", "installed", "asr", True),
        ("who", "installed", "diarisation", False),
    ]
    told = qa("list", "--models", str(models)).out
    assert "not here" in told
    assert "demo only: tests" in told
    monkeypatch.setenv("QA_LANGUAGE", "zh")
    told = qa("list", "--models", str(models)).out
    assert "未下载" in told
    assert "仅供演示：测试" in told
    assert "说话人分离" in told


def test_verify_looks_at_what_is_here_and_names_the_rest(models: Path) -> None:
    done = qa("verify", "--no-load", "--models", str(models))
    assert done.code == 0
    assert "tiny: 5 files as stated, not loaded" in done.out
    assert "big" in done.err
    assert "big" not in done.out


def test_verify_says_what_is_wrong(models: Path) -> None:
    (models / "tiny" / "config.json").write_text("other")
    (models / "tiny" / "model.bin").unlink()
    done = qa("verify", "tiny", "--models", str(models), "--json")
    assert done.code == 1
    told = json.loads(done.out)["tiny"]
    assert (told["ok"], told["loaded"], told["state"]) == (False, False, "incomplete")
    assert {(d["file"], d["fault"]) for d in told["differences"]} == {
        ("config.json", "size"),
        ("model.bin", "missing"),
    }
    done = qa("verify", "tiny", "--models", str(models))
    assert done.code == 1
    assert "tiny/model.bin: missing" in done.out
    assert "tiny/config.json: 5 bytes instead of" in done.out


def test_verify_of_one_that_is_not_here_fails(models: Path) -> None:
    assert qa("verify", "big", "--models", str(models)).code == 1
    done = qa("verify", "none", "--models", str(models))
    assert isinstance(done.error, QaError)
    assert "qa models list" in str(done.error)


def test_use_prints_the_lines_to_add(models: Path) -> None:
    done = qa("use", str(models / "who"), "--no-load")
    assert done.code == 0
    assert done.out == f"diarisation:\n  pipeline: {models / 'who'}\n"
    assert "--settings" in done.err
    assert "was not loaded" in done.err


def test_use_writes_the_settings_and_keeps_their_comments(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    before = (
        "# ours\ntime_zone: Asia/Shanghai  # head office\nrecognition:\n  beam_size: 3 # fast\n"
    )
    path.write_text(before)
    done = qa("use", "tiny", "--no-load", "--settings", str(path))
    assert done.code == 0, done.error
    assert "demo model" in done.err
    assert done.out == ""
    assert path.read_text() == before + "  model: tiny\n"
    told = qa("use", str(models / "who"), "--no-load", "--settings", str(path), "--json")
    assert json.loads(told.out)["setting"] == "diarisation.pipeline"
    settings = load_settings(path)
    assert settings.recognition.model == "tiny"
    assert settings.diarisation.pipeline == str(models / "who")
    assert path.read_text().startswith(before)


def test_use_says_where_no_manifest_vouches_for_the_bytes(models: Path) -> None:
    (models / "tiny" / "manifest.yaml").unlink()
    assert "no manifest states its hashes" in qa("use", str(models / "tiny"), "--no-load").err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda d: (d / "tokenizer.json").unlink(), "missing", id="lacks"),
        pytest.param(lambda d: (d / "model.bin").write_text("WEIGHTS"), "sha256", id="differs"),
        pytest.param(lambda _: None, "cannot be loaded", id="does-not-load"),
    ],
)
def test_use_refuses_and_leaves_the_settings_alone(
    models: Path, tmp_path: Path, spoil: object, said: str
) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("call_language: en\n")
    spoil(models / "tiny")  # type: ignore[operator]
    done = qa("use", "tiny", "--settings", str(path))
    assert isinstance(done.error, QaError)
    assert said in str(done.error)
    assert path.read_text() == "call_language: en\n"


def test_use_of_one_that_is_not_here_says_how_to_bring_it(models: Path) -> None:
    assert models.is_dir()
    assert "qa models fetch big" in str(qa("use", "big").error)


def test_fetch_says_how_far_the_hashes_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = made_hub.of_directory(made.whisper(tmp_path / "source"))
    models = tmp_path / "models"
    with made_hub.serving(hub):
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        first = qa("fetch", "owner/model", "--models", str(models), "--json")
        again = qa("fetch", "owner/model", "--models", str(models))
    assert json.loads(first.out)["is_first_use"] is True
    assert "compare the sha256" in first.err
    assert (again.code, again.out) == (0, "")
    assert "as pinned" in again.err
    assert made_hub.COMMIT in again.err


def test_the_bar_promises_nothing_for_what_was_here_before(monkeypatch: pytest.MonkeyPatch) -> None:
    from qa_pipeline.cli import models_screen as screen

    bars = screen._bars()
    monkeypatch.setattr(screen, "_bars", lambda: bars)
    with screen.fetching() as show:
        (task,) = bars.tasks
        show("config.json", 10, 10, 1_010)  # whole before we came
        show("model.bin", 400, 1_000, 1_010)  # cut off earlier
        assert (task.completed, task.total) == (0, 600)
        show("model.bin", 700, 1_000, 1_010)
        assert (task.completed, task.total) == (300, 600)
        show("model.bin", 1_000, 1_000, 1_010)
        assert (task.completed, task.total) == (600, 600)
