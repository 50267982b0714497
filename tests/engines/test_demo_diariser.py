"""The shipped demo diariser: its files are as its manifest says, its errors as its card says."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from faster_whisper import decode_audio

from qa_pipeline.engines.models import differences, find_pipeline, read_manifest
from qa_pipeline.engines.pyannote import Pyannote, is_installed
from qa_pipeline.settings import MODELS_DIR

DEMO = MODELS_DIR / "demo-diariser"
LARGEST_BYTES = 10_000_000
CALLS = ("cast-zh-01", "cast-en-03", "other-zh-01", "other-en-02")
#: Measured on each of the four: 0.147, 0.038, 0.018, 0.017. The card has all twenty.
HIGHEST_ERROR = 0.20


def test_every_file_is_as_the_manifest_says() -> None:
    manifest = read_manifest(DEMO)
    assert manifest is not None
    assert manifest.demo
    assert len(manifest.files) == 5
    assert list(differences(DEMO, manifest)) == []
    assert sum((DEMO / name).stat().st_size for name in manifest.files) <= LARGEST_BYTES


def test_it_is_found_by_its_name() -> None:
    assert find_pipeline("demo-diariser").path == DEMO


def calls() -> Iterator[dict[str, Any]]:
    for line in (DEMO / "heldout" / "calls.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["call_id"] in CALLS:
            yield row


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_held_out_calls_are_told_apart() -> None:
    if not is_installed():
        pytest.skip("the diarisation extra is not installed")
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    engine, metric = Pyannote(DEMO), DiarizationErrorRate()
    for row in calls():
        samples = np.asarray(decode_audio(str(DEMO / "heldout" / f"{row['call_id']}.opus")))
        truth, found = Annotation(), Annotation()
        for i, span in enumerate(row["spans"]):
            truth[Segment(span["start_s"], span["end_s"]), i] = span["speaker"]
        for label, spans in engine.speakers(samples).items():
            for i, span in enumerate(spans):
                found[Segment(span.start_s, span.end_s), f"{label} {i}"] = label
        metric(truth, found, uem=Timeline([Segment(0, row["duration_s"])]))
    assert len(CALLS) == sum(1 for _ in calls())
    assert abs(metric) <= HIGHEST_ERROR
    assert engine.is_demo
