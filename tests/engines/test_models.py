"""Model directories: whole or refused, demo or real, and the fingerprint that follows the bytes."""

from pathlib import Path

import pytest

from qa_pipeline.engines.models import (
    content_sha256,
    differing_files,
    find_whisper,
    models_in,
    sha256_of,
)
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.errors import EngineMissing
from qa_pipeline.settings import RecognitionSettings

FILES = (
    "model.bin",
    "config.json",
    "tokenizer.json",
    "preprocessor_config.json",
    "vocabulary.json",
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(name)
    return folder


def manifest(directory: Path, more: str = "") -> None:
    hashes = "".join(f"  {name}: {sha256_of(directory / name)}\n" for name in FILES)
    text = f"name: tiny\nrevision: '1'\nlicence: MIT\n{more}files:\n{hashes}"
    (directory / "manifest.yaml").write_text(text)


def test_models_of_80_bands_come_without_a_preprocessor(directory: Path) -> None:
    (directory / "preprocessor_config.json").unlink()
    assert find_whisper(str(directory)).path == directory


@pytest.mark.parametrize("missing", sorted({*FILES} - {"preprocessor_config.json"}))
def test_a_directory_that_lacks_a_file_is_refused_and_says_which(
    directory: Path, missing: str
) -> None:
    (directory / missing).unlink()
    with pytest.raises(EngineMissing) as refused:
        find_whisper(str(directory))
    assert missing in str(refused.value)


def test_the_older_vocabulary_serves_as_well(directory: Path) -> None:
    (directory / "vocabulary.json").rename(directory / "vocabulary.txt")
    assert find_whisper(str(directory)).path == directory


def test_a_name_that_is_not_here_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("large-v3-turbo", "no-such-model", "owner/model"):
        with pytest.raises(EngineMissing) as refused:
            find_whisper(name)
        assert "qa models fetch" in str(refused.value)


def test_the_manifest_tells_the_demo_model(directory: Path) -> None:
    assert not find_whisper(str(directory)).manifest.demo
    manifest(directory, "demo: true\ncer_pct: 12.3\n")
    found = find_whisper(str(directory))
    assert found.manifest.demo
    assert found.label == "tiny 1"
    assert Whisper(found, RecognitionSettings()).is_demo


@pytest.mark.parametrize("text", ["- a list", "revision: 1", "name: [", "name: x\nfiles: 3"])
def test_a_manifest_that_nobody_understands_is_refused(directory: Path, text: str) -> None:
    (directory / "manifest.yaml").write_text(text)
    with pytest.raises(EngineMissing):
        find_whisper(str(directory))


def test_verify_names_what_differs(directory: Path) -> None:
    manifest(directory)
    assert differing_files(directory) == ()
    (directory / "config.json").write_text("other")
    (directory / "model.bin").unlink()
    assert differing_files(directory) == (("config.json", "differs"), ("model.bin", "missing"))
    assert [model.path for model in models_in(directory.parent)] == [directory]


def test_the_fingerprint_follows_bytes_and_settings(directory: Path) -> None:
    def fingerprint(**settings: object) -> str:
        model = find_whisper(str(directory))
        return Whisper(model, RecognitionSettings.model_validate(settings)).fingerprint

    before, content = fingerprint(), content_sha256(directory)
    assert fingerprint() == before
    assert fingerprint(beam_size=1) != before
    assert fingerprint(compute_type="float32") != before
    (directory / "README").write_text("does not matter")
    assert (fingerprint(), content_sha256(directory)) == (before, content)
    (directory / "tokenizer.json").write_text("other")
    assert fingerprint() != before


def test_weights_that_are_none_say_so(directory: Path) -> None:
    import numpy as np

    from qa_pipeline.spans import Span

    whisper = Whisper(find_whisper(str(directory)), RecognitionSettings())
    with pytest.raises(EngineMissing) as refused:
        whisper.transcribe(np.zeros(16_000, dtype=np.float32), [Span(0, 1)], "zh")
    assert "qa models verify" in str(refused.value)
