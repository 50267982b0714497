"""Fetching from a hub on this machine, with the real client: pinned, resumed, refused."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_pipeline.engines.fetching import Fetched, fetch
from qa_pipeline.engines.models import models_in, read_manifest
from qa_pipeline.errors import EngineMissing, QaError, WrongUse
from tests.engines import made_hub
from tests.engines import made_models as made

COMMIT = made_hub.COMMIT


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[made_hub.Hub]:
    """A hub with one recogniser; its README is not worth fetching."""
    source = made.whisper(tmp_path / "source")
    (source / "model.bin").write_bytes(bytes(range(256)) * 400)
    (source / "README.md").write_text("a page")
    monkeypatch.setattr(time, "sleep", lambda _: None)  # the client's pause before it tries again
    with made_hub.serving(made_hub.of_directory(source)) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.endpoint)
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        yield served


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with the manifest of `big`, whose files are on the hub."""
    folder = tmp_path / "models" / "big"
    folder.mkdir(parents=True)
    for name in made.WHISPER:
        (folder / name).write_bytes((tmp_path / "source" / name).read_bytes())
    made.described(folder, revision=COMMIT)
    for name in made.WHISPER:
        (folder / name).unlink()
    return folder.parent


def bring(name: str, models: Path, revision: str | None = None) -> Fetched:
    return fetch(name, models, revision, lambda *_: None)


def refused(name: str, models: Path, revision: str | None = None) -> str:
    with pytest.raises(QaError) as error:
        bring(name, models, revision)
    assert "修复：" in error.value.say("zh")
    return error.value.say("en")


def test_a_pinned_model_comes_whole_and_the_switch_goes_back(
    hub: made_hub.Hub, models: Path
) -> None:
    told: list[tuple[str, int, int, int]] = []
    got = fetch("big", models, None, lambda *fact: told.append(fact))
    assert not got.is_first_use
    assert [model.state for model in models_in(models)] == ["installed"]
    assert {path for path, _ in hub.asked} == {*made.WHISPER}
    assert {file for file, _, _, _ in told} == {*made.WHISPER}
    total = sum(len(hub.files[name]) for name in made.WHISPER)
    assert {n_total for *_, n_total in told} == {total}
    assert [n for file, n, size, _ in told if file == "model.bin"][-1] == 256 * 400
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert not (models / "big" / ".partial").exists()


def test_what_is_here_is_not_fetched_again(hub: made_hub.Hub, models: Path) -> None:
    bring("big", models)
    hub.asked.clear()
    bring("big", models)
    assert hub.asked == []
    (models / "big" / "config.json").write_text("{}")
    bring("big", models)
    assert hub.asked == [("config.json", None)]


def test_a_fetch_that_was_cut_off_goes_on_where_it_was(
    hub: made_hub.Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 256)
    hub.breaks_at = 1_024
    assert "what was fetched so far is kept" in refused("big", models)
    part = models / "big" / ".partial" / COMMIT / "model.bin"
    assert part.stat().st_size == 1_024
    assert not (models / "big" / "model.bin").exists()
    hub.breaks_at = None
    hub.asked.clear()
    bring("big", models)
    assert ("model.bin", "bytes=1024-") in hub.asked
    assert (models / "big" / "model.bin").read_bytes() == hub.files["model.bin"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda b: b[:-1] + b"!", id="one-byte-differs"),
        pytest.param(lambda b: b + b"!", id="a-byte-more"),
        pytest.param(lambda b: b[:-1], id="a-byte-less"),
    ],
)
def test_other_bytes_than_the_pinned_are_not_kept(
    hub: made_hub.Hub, models: Path, other: object
) -> None:
    hub.files["config.json"] = other(hub.files["config.json"])  # type: ignore[operator]
    refused("big", models)
    assert not (models / "big" / "config.json").exists()
    manifest = read_manifest(models / "big")
    assert manifest is not None
    assert manifest.files.keys() == {*made.WHISPER}


def test_an_unpinned_model_is_pinned_to_what_came(hub: made_hub.Hub, models: Path) -> None:
    got = bring("owner/model", models)
    assert got.is_first_use
    assert got.directory == models / "owner--model"
    manifest = read_manifest(got.directory)
    assert manifest == got.manifest
    assert manifest is not None
    assert (manifest.revision, manifest.source, manifest.task) == (COMMIT, "owner/model", "asr")
    assert manifest.files.keys() == {*made.WHISPER}
    hub.files["config.json"] += b" "
    (got.directory / "config.json").unlink()
    refused("owner/model", models)  # what was written down at the first fetch binds the second


@pytest.mark.usefixtures("hub")
def test_a_described_model_without_hashes_is_pinned_by_its_first_fetch(models: Path) -> None:
    made.described(models / "big", files={}, sizes={}, revision="")
    got = bring("big", models)
    assert got.is_first_use
    assert got.manifest.revision == COMMIT
    assert not bring("big", models).is_first_use


def test_a_pipeline_comes_with_its_folders(tmp_path: Path, hub: made_hub.Hub) -> None:
    hub.files = made_hub.of_directory(made.pipeline(tmp_path / "who")).files
    hub.files["README.md"] = b"a page"
    got = bring("owner/model", tmp_path / "models", COMMIT)
    assert got.manifest.task == "diarisation"
    assert got.manifest.files.keys() == {*made.PIPELINE_FILES}
    assert "README.md" not in {path for path, _ in hub.asked}


def test_a_repository_of_another_form_is_refused(tmp_path: Path, hub: made_hub.Hub) -> None:
    hub.files = {"model.safetensors": b"x", "config.json": b"{}"}
    assert "neither a CTranslate2 Whisper" in refused("owner/model", tmp_path)


def test_a_recogniser_without_its_tokeniser_is_refused(tmp_path: Path, hub: made_hub.Hub) -> None:
    del hub.files["tokenizer.json"]
    assert "tokenizer.json" in refused("owner/model", tmp_path)
    assert not (tmp_path / "owner--model" / "manifest.yaml").exists()


@pytest.mark.parametrize(
    ("status", "said"), [(401, "HF_TOKEN"), (404, "no longer has"), (503, "cannot be reached")]
)
def test_a_hub_that_refuses(hub: made_hub.Hub, models: Path, status: int, said: str) -> None:
    hub.status = status
    assert said in refused("big", models)


@pytest.mark.usefixtures("hub")
def test_without_a_network_it_says_what_to_do(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nothing listens there
    for name in ("big", "owner/model"):
        told = refused(name, models)
        assert "carry the model's directory here" in told
    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("name", "revision", "said"),
    [
        pytest.param("enormous", None, "large-v3", id="a-name-nobody-knows"),
        pytest.param("../big", None, "repository", id="a-name-that-climbs"),
        pytest.param("big", "f" * 40, "owner/model --revision", id="pinned-to-another"),
        pytest.param("owner/model", "main", "40 hexadecimal", id="a-branch-is-no-pin"),
    ],
)
def test_wrong_use(
    hub: made_hub.Hub, models: Path, name: str, revision: str | None, said: str
) -> None:
    before = sorted(models.rglob("*"))
    assert said in refused(name, models, revision)
    assert hub.asked == []
    assert sorted(models.rglob("*")) == before


@pytest.mark.usefixtures("hub")
def test_a_model_that_was_made_here_comes_from_no_hub(models: Path) -> None:
    made.described(models / "big", demo=True)
    with pytest.raises(WrongUse):
        bring("big", models)
    made.described(models / "big", source="carried over by hand", files={}, sizes={})
    with pytest.raises(WrongUse):
        bring("big", models)


def test_what_does_not_fit_is_refused_before_the_first_byte(
    hub: made_hub.Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from qa_pipeline.engines import fetching

    total = sum(len(hub.files[name]) for name in made.WHISPER)
    for free, is_enough in ((total - 1, False), (total, True)):
        stand_in = SimpleNamespace(free=free)
        monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _, s=stand_in: s)
        if is_enough:
            bring("big", models)
        else:
            assert "does not fit" in refused("big", models)
            assert hub.asked == []
    bring("big", models)  # what is here needs no more space


def test_a_folder_that_cannot_be_written(hub: made_hub.Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in refused("owner/model", tmp_path / "file")
    assert hub.asked == []


@pytest.mark.usefixtures("hub")
def test_a_full_disk_says_so(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from huggingface_hub import file_download

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(file_download, "http_get", full)
    with pytest.raises(EngineMissing) as error:
        bring("big", models)
    assert "disk is full" in str(error.value)
