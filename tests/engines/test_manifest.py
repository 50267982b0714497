"""A model's manifest: read strictly, told in words, written as it is read."""

from pathlib import Path

import pytest

from qa_pipeline.engines.models import ModelManifest, models_in, read_manifest, undescribed
from qa_pipeline.errors import DocumentRefused
from qa_pipeline.settings import MODELS_DIR
from tests.engines import made_models as made

GOOD = {
    "name": "tiny",
    "task": "asr",
    "source": "owner/tiny",
    "licence": "MIT",
    "purpose": "{zh: 测试, en: tests}",
}


def refusal(tmp_path: Path, **changed: str | None) -> DocumentRefused:
    lines = [f"{key}: {value}" for key, value in (GOOD | changed).items() if value is not None]
    (tmp_path / "manifest.yaml").write_text("\n".join(lines))
    with pytest.raises(DocumentRefused) as refused:
        read_manifest(tmp_path)
    return refused.value


def test_no_manifest_is_none_and_a_small_one_is_enough(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / "manifest.yaml").write_text("\n".join(f"{k}: {v}" for k, v in GOOD.items()))
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert (manifest.label, manifest.demo, manifest.languages, manifest.files) == (
        "tiny",
        False,
        (),
        {},
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"licence": None}, "the key licence is missing", id="a-key-is-missing"),
        pytest.param({"task": "tts"}, "asr", id="a-task-nobody-knows"),
        pytest.param({"licens": "MIT"}, "did you mean licence", id="a-key-misspelt"),
        pytest.param({"purpose": "tests"}, "a mapping is needed", id="purpose-in-one-language"),
        pytest.param({"purpose": "{en: tests}"}, "the key zh is missing", id="purpose-without-zh"),
        pytest.param({"name": "../etc"}, "spelling", id="a-name-that-climbs"),
        pytest.param({"revision": "2"}, "in quotes", id="a-revision-that-is-a-number"),
        pytest.param({"files": "{a.bin: abc}", "sizes": "{a.bin: 1}"}, "spelling", id="no-sha256"),
        pytest.param(
            {"files": f"{{a.bin: {'0' * 63}f}}"}, "the same files", id="a-file-without-its-size"
        ),
        pytest.param(
            {"files": f"{{../a: {'0' * 63}f}}", "sizes": "{../a: 1}"},
            "outside the model's directory",
            id="a-file-outside",
        ),
        pytest.param(
            {"files": f"{{/etc/passwd: {'0' * 63}f}}", "sizes": "{/etc/passwd: 1}"},
            "outside the model's directory",
            id="an-absolute-file",
        ),
    ],
)
def test_a_fault_is_told_where_it_stands(
    tmp_path: Path, changed: dict[str, str | None], said: str
) -> None:
    error = refusal(tmp_path, **changed)
    assert said in error.say("en")
    assert error.errors[0].where.startswith(str(tmp_path / "manifest.yaml:"))
    assert "修复：" in error.say("zh")


@pytest.mark.parametrize("text", ["- a list", "name: [", "name: x\nname: y"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.yaml").write_text(text)
    with pytest.raises(DocumentRefused):
        read_manifest(tmp_path)


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    written = made.described(made.whisper(tmp_path / "tiny"), languages=("zh", "en"))
    assert read_manifest(tmp_path / "tiny") == written


@pytest.mark.parametrize(
    ("source", "demo", "hub_id"),
    [
        ("owner/name.v1", False, "owner/name.v1"),
        ("owner/name", True, None),
        ("made by the scripts beside this file", False, None),
        ("https://example.org/a/b", False, None),
        ("a/b/c", False, None),
    ],
)
def test_only_a_repository_can_be_fetched(source: str, demo: bool, hub_id: str | None) -> None:
    manifest = undescribed("x", "asr").model_copy(update={"source": source, "demo": demo})
    assert manifest.hub_id == hub_id


@pytest.mark.parametrize("name", ["large v3", "..", "模型", ".hidden", "a/b"])
def test_any_directory_can_be_named(name: str) -> None:
    manifest = undescribed(name, "asr")
    assert ModelManifest.model_validate(manifest.model_dump()) == manifest


def test_the_shipped_manifests_are_whole_and_say_what_they_must() -> None:
    shipped = {model.manifest.name: model for model in models_in(MODELS_DIR)}
    assert {"large-v3-turbo", "large-v3", "medium", "small", "community-1"} <= shipped.keys()
    for name, model in shipped.items():
        about = model.manifest
        assert model.path.name == name
        assert about.revision
        assert about.files
        assert about.demo or about.hub_id, f"{name}: neither made here nor on a hub"
        assert about.demo or len(about.revision) == 40, f"{name}: not pinned to a commit"


def test_the_recognisers_come_from_where_faster_whisper_looks() -> None:
    from faster_whisper.utils import _MODELS

    for model in models_in(MODELS_DIR):
        about = model.manifest
        if about.task == "asr" and not about.demo:
            assert about.source == _MODELS[about.name]
