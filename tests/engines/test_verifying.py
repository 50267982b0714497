"""`verify` on real and on spoilt models: hashes first, loading only what is right."""

import shutil
from pathlib import Path

import pytest

from qa_pipeline.engines import verifying
from qa_pipeline.engines.models import ModelDirectory, read_manifest, undescribed
from qa_pipeline.engines.verifying import Verified, verify
from qa_pipeline.settings import RecognitionSettings
from tests.engines import made_models as made


def verified(directory: Path, *, load: bool = True) -> Verified:
    manifest = read_manifest(directory) or undescribed(directory.name, "asr")
    return verify(ModelDirectory(directory, manifest), RecognitionSettings(beam_size=1), load=load)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    directory = made.whisper(tmp_path / "tiny")
    made.described(directory)
    return directory


def test_what_is_as_stated_is_well(tiny: Path) -> None:
    found = verified(tiny, load=False)
    assert (found.is_well, found.was_loaded, found.differences) == (True, False, ())


def test_each_difference_is_named_and_nothing_of_it_is_loaded(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "try_out", lambda *_: pytest.fail("loaded what differs"))
    (tiny / "model.bin").write_text("WEIGHTS")
    (tiny / "config.json").write_text("{}")
    (tiny / "tokenizer.json").unlink()
    found = verified(tiny)
    assert {(d.file, d.fault) for d in found.differences} == {
        ("model.bin", "sha256"),
        ("config.json", "size"),
        ("tokenizer.json", "missing"),
    }
    assert found.faults == ()  # told once, as a difference
    assert not found.is_well


def test_a_lack_that_the_manifest_does_not_state_is_told(tmp_path: Path) -> None:
    directory = made.whisper(tmp_path / "tiny")
    (directory / "tokenizer.json").unlink()
    made.described(directory)
    (fault,) = verified(directory).faults
    assert fault.where == str(directory / "tokenizer.json")


def test_bytes_are_counted_as_they_are_hashed(tiny: Path) -> None:
    counted: list[int] = []
    manifest = read_manifest(tiny)
    assert manifest is not None
    model = ModelDirectory(tiny, manifest)
    verify(model, RecognitionSettings(), load=False, on_bytes=counted.append)
    assert sum(counted) == sum(manifest.sizes.values())


def test_weights_that_are_none_do_not_load(tiny: Path) -> None:
    found = verified(tiny)
    assert (found.was_loaded, len(found.faults)) == (False, 1)
    assert "cannot be loaded" in str(found.faults[0])


def test_a_recogniser_loads_and_answers(demo_model: Path) -> None:
    found = verified(demo_model)
    assert found.is_well, [str(fault) for fault in found.faults]
    assert found.was_loaded


def test_a_truncated_recogniser_is_found_even_without_hashes(
    demo_model: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo_model, copy, ignore=shutil.ignore_patterns("*.py", "*.yaml", "corpus"))
    whole = (copy / "model.bin").read_bytes()
    (copy / "model.bin").write_bytes(whole[: len(whole) // 2])
    found = verified(copy)
    assert not found.is_well
    assert not found.was_loaded


def test_without_the_extra_a_pipeline_is_looked_at_and_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = made.pipeline(tmp_path / "who")
    made.described(directory, "diarisation")
    monkeypatch.setattr(verifying, "can_load", lambda _: False)
    found = verified(directory)
    assert (found.is_well, found.was_loaded) == (True, False)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # pyannote's, torch's and lightning's own
def test_a_diariser_loads_and_answers(tiny_pipeline: Path, tmp_path: Path) -> None:
    copy = tmp_path / "who"
    shutil.copytree(tiny_pipeline, copy)
    made.described(copy, "diarisation")
    found = verified(copy)
    assert found.is_well, [str(fault) for fault in found.faults]
    assert found.was_loaded
    (copy / "segmentation" / "pytorch_model.bin").write_bytes(b"not a checkpoint")
    made.described(copy, "diarisation")
    (fault,) = verified(copy).faults
    assert "cannot be loaded" in str(fault)
