"""What heard a call is stored with it: engine, model, revision and bytes of both models."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa_pipeline.engines.fakes import LoudnessActivity
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.engines.models import find_pipeline, find_whisper
from qa_pipeline.engines.protocols import Engines, Heard, Samples
from qa_pipeline.engines.pyannote import Pyannote
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.pipeline.measure import Measured, measure
from qa_pipeline.settings import RecognitionSettings, Settings
from qa_pipeline.spans import Span
from qa_pipeline.store import Result, Store
from qa_pipeline.texts import Language
from tests.engines import made_models as made
from tests.pipeline.heard import KEY, channel, row, words, write
from tests.store.calls import put

pytestmark = pytest.mark.skipif(
    find_spec("pyannote") is None, reason="the diarisation extra is not installed"
)


class _SaysTwoWords(Whisper):
    """The real recogniser's account of itself; the weights are none."""

    def language_shares(
        self,
        samples: Samples,  # noqa: ARG002
        windows: Sequence[Span],  # noqa: ARG002
    ) -> Mapping[Language, float]:
        return {"zh": 1.0, "en": 0.0}

    def transcribe(
        self,
        samples: Samples,  # noqa: ARG002
        windows: Sequence[Span],  # noqa: ARG002
        language: Language,  # noqa: ARG002
    ) -> Heard:
        return Heard(words((1, 4, "您好，"), (5, 8, "我想订一个锅。")))


class _TellsTwoApart(Pyannote):
    """The real diariser's account of itself; the weights are none."""

    def speakers(self, samples: Samples) -> Mapping[str, tuple[Span, ...]]:  # noqa: ARG002
        return {"A": (Span(1, 4),), "B": (Span(5, 8),)}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A recogniser of revision 7 and a diariser pinned to a commit."""
    folder = tmp_path / "models"
    made.described(made.whisper(folder / "hears"), revision="7")
    made.described(made.pipeline(folder / "parts"), "diarisation", revision="0123456789abcdef" * 2)
    return folder


def engines(models: Path) -> Engines:
    recogniser = find_whisper(str(models / "hears"))
    return Engines(
        LoudnessActivity(),
        _SaysTwoWords(recogniser, RecognitionSettings()),
        _TellsTwoApart(find_pipeline(str(models / "parts")).path),
    )


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    return write(tmp_path / "call.wav", channel(10, [(1, 4), (5, 8)], hz=150, seed=3))


def listen(mono: Path, models: Path) -> Measured:
    return measure(mono, row(), engines(models), Settings(), KEY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        yield opened


def test_both_models_their_revisions_and_their_bytes_are_stored_with_the_call(
    mono: Path, models: Path, store: Store
) -> None:
    measured = listen(mono, models)
    recording = measured.recording
    assert recording is not None
    put(store, Result(measured.call, measured.provenance, recording.recording_sha256, ()))
    (kept,) = [stored.provenance for stored in store.calls((measured.call.call_id,))]
    assert kept == measured.provenance
    assert kept.transcriber is not None
    assert kept.diariser is not None
    heard_by, parted_by = find_whisper(str(models / "hears")), find_pipeline(str(models / "parts"))
    assert kept.transcriber.startswith("faster-whisper ")
    assert kept.transcriber.endswith(f" / hears 7 {heard_by.content_sha256()[:12]}")
    assert kept.diariser.startswith("pyannote.audio ")
    assert kept.diariser.endswith(f" / parts 0123456789ab {parted_by.content_sha256()[:12]}")


@pytest.mark.parametrize("file", ["hears/model.bin", "parts/segmentation/pytorch_model.bin"])
def test_other_bytes_of_either_model_are_another_fingerprint(
    mono: Path, models: Path, file: str
) -> None:
    before = listen(mono, models).provenance
    assert listen(mono, models).provenance == before
    (models / file).write_text("other weights")
    after = listen(mono, models).provenance
    assert after.fingerprint != before.fingerprint
    changed = {
        name
        for name in ("transcriber", "diariser")
        if getattr(after, name) != getattr(before, name)
    }
    assert changed == {"transcriber" if file.startswith("hears") else "diariser"}


def test_the_night_knows_its_engines_by_the_same_models(models: Path) -> None:
    chosen = {
        "recognition": {"model": str(models / "hears")},
        "diarisation": {"pipeline": str(models / "parts")},
    }
    night = LocalEngines(Settings.model_validate(chosen))
    before = night.fingerprint()
    (models / "parts" / "README.md").write_text("a page")
    assert night.fingerprint() == before
    (models / "parts" / "plda" / "plda.npz").write_text("other")
    assert night.fingerprint() != before
