"""Finding models by name or directory, and the fingerprint that follows their bytes."""

from pathlib import Path

import pytest

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.engines.models import (
    ModelDirectory,
    find_pipeline,
    find_whisper,
    lookup,
    models_in,
    undescribed,
)
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.errors import DocumentRefused, EngineMissing
from qa_pipeline.settings import RecognitionSettings
from tests.engines import made_models as made


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return made.whisper(tmp_path / "models" / "tiny")


@pytest.fixture
def models(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the models that have a name."""
    monkeypatch.setattr(lookup, "MODELS_DIR", directory.parent)
    return directory.parent


@pytest.mark.parametrize("missing", sorted({*made.WHISPER} - {"preprocessor_config.json"}))
def test_a_directory_that_lacks_a_file_is_refused_and_says_which(
    directory: Path, missing: str
) -> None:
    (directory / missing).unlink()
    with pytest.raises(EngineMissing) as refused:
        find_whisper(str(directory))
    assert missing in str(refused.value)


def test_a_name_is_found_before_a_directory_of_the_same_name(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.whisper(tmp_path / "elsewhere" / "tiny")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_whisper("tiny").path == models / "tiny"
    assert find_whisper("./tiny").path == tmp_path / "elsewhere" / "tiny"


def test_a_name_whose_files_are_not_here_says_how_to_bring_them(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task, name in (("asr", "big"), ("diarisation", "who")):
        (models / name).mkdir()
        made.described(models / name, task)  # type: ignore[arg-type]
    for find, name in ((find_whisper, "big"), (find_pipeline, "who")):
        with pytest.raises(EngineMissing) as refused:
            find(name)
        assert f"qa models fetch {name}" in str(refused.value)
        assert "described here" in str(refused.value)
    made.whisper(tmp_path / "elsewhere" / "big")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_whisper("big").path == tmp_path / "elsewhere" / "big"


def test_a_diariser_is_found_by_name_and_by_directory(models: Path) -> None:
    made.described(made.pipeline(models / "who"), "diarisation", revision="7")
    assert find_pipeline("who").label == "who 7"
    assert find_pipeline(str(models / "who")).path == models / "who"
    with pytest.raises(EngineMissing) as refused:
        find_pipeline("nobody")
    assert "qa models fetch nobody" in str(refused.value)


def test_a_name_that_is_not_here_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("large-v2", "no-such-model", "owner/model"):
        with pytest.raises(EngineMissing) as refused:
            find_whisper(name)
        assert "qa models fetch" in str(refused.value)


def test_the_manifest_tells_the_demo_model(directory: Path) -> None:
    assert not find_whisper(str(directory)).manifest.demo
    made.described(directory, demo=True)
    found = find_whisper(str(directory))
    assert found.manifest.demo
    assert found.label == "tiny 1"
    assert Whisper(found, RecognitionSettings()).is_demo


def test_a_hubs_copy_carries_its_commit(tmp_path: Path) -> None:
    commit = "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf"
    copy = made.whisper(tmp_path / "snapshots" / commit)
    assert find_whisper(str(copy)).manifest.revision == commit


def test_a_manifest_that_nobody_understands_is_refused(directory: Path) -> None:
    (directory / "manifest.yaml").write_text("name: tiny")
    with pytest.raises(DocumentRefused):
        find_whisper(str(directory))


def test_the_models_of_a_folder_and_their_states(models: Path) -> None:
    made.described(models / "tiny")
    made.described(made.pipeline(models / "who"), "diarisation")
    (models / "who" / "plda" / "plda.npz").unlink()
    (models / "big").mkdir()
    made.described(models / "big")
    (models / "no-manifest").mkdir()
    states = {model.manifest.name: model.state for model in models_in(models)}
    assert states == {"tiny": "installed", "who": "incomplete", "big": "absent"}
    assert models_in(models / "nowhere") == ()


def test_the_fingerprint_follows_bytes_and_settings(directory: Path) -> None:
    def fingerprint(**settings: object) -> str:
        model = find_whisper(str(directory))
        return Whisper(model, RecognitionSettings.model_validate(settings)).fingerprint

    before = fingerprint()
    assert fingerprint() == before
    assert fingerprint(beam_size=1) != before
    assert fingerprint(max_window_s=12.0) != before
    assert fingerprint(compute_type="float32") != before
    made.described(directory)
    (directory / "README.md").write_text("does not matter")
    assert fingerprint() == before
    (directory / "tokenizer.json").write_text("other")
    assert fingerprint() != before


@pytest.mark.parametrize("with_manifest", [False, True])
def test_a_pipelines_content_is_its_weights_and_not_its_papers(
    tmp_path: Path, with_manifest: bool
) -> None:
    folder = made.pipeline(tmp_path / "who")
    manifest = undescribed("who", "diarisation")
    if with_manifest:
        manifest = made.described(folder, "diarisation")
    model = ModelDirectory(folder, manifest)
    before = model.content_sha256()
    (folder / "README.md").write_text("does not matter")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "x.json").write_text("does not matter")
    assert model.content_sha256() == before
    for file in made.PIPELINE_FILES:
        kept = (folder / file).read_text()
        (folder / file).write_text(kept + " ")
        assert model.content_sha256() != before, file
        (folder / file).write_text(kept)


def test_weights_that_are_none_say_so(directory: Path) -> None:
    import numpy as np

    from qa_pipeline.spans import Span

    whisper = Whisper(find_whisper(str(directory)), RecognitionSettings())
    with pytest.raises(EngineMissing) as refused:
        whisper.transcribe(np.zeros(16_000, dtype=np.float32), [Span(0, 1)], "zh")
    assert "qa models verify" in str(refused.value)


LIMITS = [
    pytest.param({}, {}, (1.0, 30.0), id="a-whisper"),
    pytest.param({"join_gap_s": 0.4, "max_window_s": 12.0}, {}, (0.4, 12.0), id="made-for-turns"),
    pytest.param({"max_window_s": 12.0}, {"max_window_s": 20.0}, (1.0, 20.0), id="settings-decide"),
    pytest.param({}, {"join_gap_s": 0.0}, (0.0, 30.0), id="nothing-joined"),
]


@pytest.mark.parametrize(("made_for", "chosen", "wanted"), LIMITS)
def test_what_is_heard_together(
    directory: Path,
    made_for: dict[str, float],
    chosen: dict[str, float],
    wanted: tuple[float, float],
) -> None:
    made.described(directory, windows=made_for)
    model = find_whisper(str(directory))
    settings = RecognitionSettings.model_validate(chosen)
    assert Whisper(model, settings).window_limits == WindowLimits(*wanted)
