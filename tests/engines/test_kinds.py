"""What a directory of weights is: right forms pass, every lack and other form is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa_pipeline.engines.models import recognise
from qa_pipeline.errors import DocumentRefused, QaError
from tests.engines import made_models as made


def said(directory: Path) -> str:
    with pytest.raises(QaError) as refused:
        recognise(directory)
    assert "修复：" in refused.value.say("zh")
    return refused.value.say("en")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda d: made.whisper(d), id="80-bands"),
        pytest.param(
            lambda d: (made.whisper(d) / "preprocessor_config.json").unlink(),
            id="80-bands-come-without-a-preprocessor",
        ),
        pytest.param(lambda d: made.whisper(d, n_tokens=51_866, bands=128), id="128-bands"),
        pytest.param(
            lambda d: (made.whisper(d) / "vocabulary.json").rename(d / "vocabulary.txt"),
            id="the-older-vocabulary",
        ),
    ],
)
def test_a_recogniser_is_one(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "m")
    assert recognise(tmp_path / "m") == "asr"


def rewrite(directory: Path, file: str, text: str) -> None:
    (directory / file).write_text(text)


@pytest.mark.parametrize(
    ("spoil", "where", "what"),
    [
        pytest.param(
            lambda d: (d / "model.bin").unlink(), "model.bin", "the weights", id="weights"
        ),
        pytest.param(
            lambda d: (d / "tokenizer.json").unlink(), "tokenizer.json", "a hub", id="tokeniser"
        ),
        pytest.param(
            lambda d: (d / "vocabulary.json").unlink(), "vocabulary.json", "vocabulary", id="words"
        ),
        pytest.param(
            lambda d: rewrite(d, "config.json", "{}"), "config.json", "alignment_heads", id="heads"
        ),
        pytest.param(
            lambda d: rewrite(d, "config.json", '{"alignment_heads": []}'),
            "config.json",
            "alignment_heads",
            id="no-head",
        ),
        pytest.param(
            lambda d: rewrite(d, "config.json", "<html>"), "config.json", "JSON", id="not-json"
        ),
        pytest.param(
            lambda d: rewrite(d, "model.bin", "version https://git-lfs.github.com/spec/v1\n"),
            "model.bin",
            "git lfs pull",
            id="a-pointer",
        ),
        pytest.param(
            lambda d: rewrite(d, "vocabulary.json", json.dumps(["t"] * 51_866)),
            "preprocessor_config.json",
            "feature_size: 80",
            id="128-bands-said-to-be-80",
        ),
    ],
)
def test_what_a_recogniser_lacks(
    tmp_path: Path, spoil: Callable[[Path], object], where: str, what: str
) -> None:
    spoil(made.whisper(tmp_path))
    told = said(tmp_path)
    assert told.startswith(str(tmp_path / where))
    assert what in told


def test_every_lack_is_told_at_once(tmp_path: Path) -> None:
    made.whisper(tmp_path)
    for name in ("tokenizer.json", "vocabulary.json", "config.json"):
        (tmp_path / name).unlink()
    with pytest.raises(DocumentRefused) as refused:
        recognise(tmp_path)
    assert len(refused.value.errors) == 3


def test_a_diariser_is_one(tmp_path: Path) -> None:
    assert recognise(made.pipeline(tmp_path)) == "diarisation"


def test_another_pipeline_needs_only_what_it_names(tmp_path: Path) -> None:
    text = "pipeline:\n  name: ours.Clustering\n  params:\n    segmentation: $model/segmentation\n"
    made.pipeline(tmp_path, text)
    (tmp_path / "plda" / "plda.npz").unlink()
    assert recognise(tmp_path) == "diarisation"
    (tmp_path / "segmentation" / "pytorch_model.bin").unlink()
    assert "segmentation" in said(tmp_path)


@pytest.mark.parametrize(
    ("config", "what"),
    [
        pytest.param("task: x\nmodel: y\n", "not a pipeline", id="one-model-of-pyannote"),
        pytest.param("version: 4.0.0\n", "pipeline: {name", id="no-pipeline"),
        pytest.param("pipeline: [", "pipeline: {name", id="not-yaml"),
        pytest.param(
            made.PIPELINE.replace("    plda: $model/plda\n", ""), "plda is not named", id="no-plda"
        ),
        pytest.param(
            made.PIPELINE.replace("$model/segmentation", "pyannote/segmentation-3.0"),
            "repository of a hub (got pyannote/segmentation-3.0)",
            id="a-pipeline-of-version-3",
        ),
        pytest.param(
            made.PIPELINE.replace("$model/embedding", "/nowhere/embedding"),
            "embedding is not here",
            id="a-path-of-another-machine",
        ),
    ],
)
def test_what_a_config_says_wrong(tmp_path: Path, config: str, what: str) -> None:
    assert what in said(made.pipeline(tmp_path, config))


@pytest.mark.parametrize("file", made.PIPELINE_FILES[1:])
def test_what_a_diariser_lacks(tmp_path: Path, file: str) -> None:
    (made.pipeline(tmp_path) / file).unlink()
    assert said(tmp_path).startswith(str(tmp_path / file))


@pytest.mark.parametrize(
    ("files", "what"),
    [
        pytest.param(("model.safetensors", "config.json"), "ct2-transformers-converter", id="hf"),
        pytest.param(
            ("pytorch_model.bin", "config.json"), "ct2-transformers-converter", id="torch"
        ),
        pytest.param(("ggml-large-v3.bin",), "whisper.cpp", id="ggml"),
        pytest.param(("large-v3.pt",), "whisper.cpp", id="openai"),
        pytest.param(("snapshots/abc/model.bin", "blobs/x"), "below snapshots/", id="a-hubs-cache"),
        pytest.param(("README.md",), "neither a CTranslate2 Whisper", id="something-else"),
        pytest.param((), "neither a CTranslate2 Whisper", id="nothing"),
    ],
)
def test_other_forms_are_told_what_to_do(tmp_path: Path, files: tuple[str, ...], what: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert what in said(tmp_path)


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    assert "no such directory" in said(tmp_path / "nowhere")
