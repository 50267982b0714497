"""Hesitations that a recogniser drops, on four frozen recordings with known truth.

Spoken by synthetic voices over a telephone line (`models/demo-asr/hesitations.py --frozen`); the
words come with their true times and without any hesitation. `models/demo-asr/README.md` has the
figures of the whole set, and of words with the recogniser's own times.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.engines.silero import Silero
from qa_pipeline.pipeline.sounds import take_apart
from qa_pipeline.records import Call, Speech
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span
from qa_pipeline.turns import assemble
from qa_pipeline.words import Word
from tests.conftest import ROOT
from tests.detectors.looking import signal

RECORDINGS = sorted((ROOT / "tests" / "acoustics" / "hesitations").glob("*.opus"))


def _call(path: Path, truth: dict[str, Any]) -> Call:
    sounds = take_apart(path, Silero(), Settings())
    speech = (Speech("agent", 0, sounds.speech[0]),)
    words = [Word(text, start, end) for turn in truth["turns"] for text, start, end in turn]
    return Call(
        call_id=path.stem,
        language=truth["language"],
        tier="imported",
        duration_s=sounds.duration_s,
        turns=assemble([("agent", 0, word) for word in words], speech),
        speech=speech,
        sustained=sounds.sustained,
    )


@pytest.mark.slow
def test_dropped_hesitations_are_found_and_little_else() -> None:
    look = signal("filler", role="agent", lexicon=[], ambiguous=[], uncovered=True)
    n_true, n_recalled, n_found, n_right = 0, 0, 0, 0
    for path in RECORDINGS:
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        detected = detect_all(_call(path, truth), {"it": look})["it"]
        assert isinstance(detected, Detected)
        found = [Span(f.start_s or 0.0, f.end_s or 0.0) for f in detected.findings]
        true = [Span(*span) for span in truth["hesitations"]]
        n_true, n_found = n_true + len(true), n_found + len(found)
        n_recalled += sum(any(f.overlap_s(t) >= f.duration_s / 2 for f in found) for t in true)
        n_right += sum(any(f.overlap_s(t) >= f.duration_s / 2 for t in true) for f in found)
    assert n_true >= 20
    assert n_recalled >= 0.9 * n_true
    assert n_right >= 0.95 * n_found
