"""The real loading code of the diariser. Weights are random: only the plumbing is tested."""

import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from qa_pipeline.engines import pyannote as module
from qa_pipeline.engines.pyannote import Pyannote, is_installed
from qa_pipeline.errors import EngineMissing
from qa_pipeline.settings import MODELS_DIR
from qa_pipeline.spans import Span, union

ONE_MINUTE = np.random.default_rng(0).standard_normal(16_000 * 15).astype(np.float32) * 0.1


def test_a_directory_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing) as refused:
        Pyannote(tmp_path)
    assert "config.yaml" in str(refused.value)


def test_only_a_manifest_that_says_so_makes_a_demo(tmp_path: Path) -> None:
    if not is_installed():
        pytest.skip("the diarisation extra is not installed")
    (tmp_path / "config.yaml").write_text("version: 4.0.0")
    assert not Pyannote(tmp_path).is_demo
    shipped = (MODELS_DIR / "demo-diariser" / "manifest.yaml").read_text("utf-8")
    (tmp_path / "manifest.yaml").write_text(shipped.replace("demo: true", "demo: false"))
    assert not Pyannote(tmp_path).is_demo
    (tmp_path / "manifest.yaml").write_text(shipped)
    assert Pyannote(tmp_path).is_demo


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    (tmp_path / "config.yaml").write_text("version: 4.0.0")
    monkeypatch.setattr(module, "version", missing)
    with pytest.raises(EngineMissing) as refused:
        Pyannote(tmp_path)
    assert "qa-pipeline[diarisation]" in refused.value.fix.en
    assert not is_installed()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_local_pipeline_loads_and_answers(tiny_pipeline: Path) -> None:
    engine = Pyannote(tiny_pipeline)
    speakers = engine.speakers(ONE_MINUTE)
    assert len(speakers) <= 2
    for spans in speakers.values():
        assert spans == union(spans)
        assert all(Span(0, 15.1).overlap_s(span) == span.duration_s for span in spans)
    assert engine.speakers(ONE_MINUTE) == speakers
    assert "pyannote.audio 4" in engine.identity


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_fingerprint_follows_the_files(tiny_pipeline: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_pipeline, copy)
    assert Pyannote(copy).fingerprint == Pyannote(tiny_pipeline).fingerprint
    (copy / "config.yaml").write_text((copy / "config.yaml").read_text() + "# other\n")
    assert Pyannote(copy).fingerprint != Pyannote(tiny_pipeline).fingerprint


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_pipeline_without_its_plda_is_refused_not_fetched(
    tiny_pipeline: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_pipeline, copy)
    shutil.rmtree(copy / "plda")
    with pytest.raises(EngineMissing) as refused:
        Pyannote(copy).speakers(ONE_MINUTE)
    assert "plda" in refused.value.fix.en
