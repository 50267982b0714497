"""How well the shipped demo model hears the demo's calls, through the journey's own steps.

The thresholds are what the product promises of its demo; the model's card has the figures.
"""

import json
import re
from functools import cache

import jiwer
import numpy as np
import pytest

from qa_pipeline.bench.asr import AsrBench, run_asr
from qa_pipeline.bench.grouped import grouped
from qa_pipeline.bench.scores import starts_told
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.pipeline.parties import hear
from qa_pipeline.pipeline.sounds import take_apart
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word
from tests.conftest import ROOT

HELDOUT = ROOT / "models" / "demo-asr" / "heldout"
RECORDINGS = ROOT / "qa_pipeline" / "demo" / "recordings"
pytestmark = pytest.mark.slow


def units(text: str, language: Language) -> list[str]:
    """Return characters in Chinese, lower-case words in English, without punctuation."""
    plain = re.sub(r"[^\w' ]", " ", text.lower())
    return list(re.sub(r"\s", "", plain)) if language == "zh" else plain.split()


@cache
def engines_and_settings():  # type: ignore[no-untyped-def]
    settings = Settings()
    return LocalEngines(settings).build(2), settings


def heard_and_said(language: Language) -> tuple[list[str], list[str]]:
    """Return one string per stereo channel of what was heard and of what was said."""
    engines, settings = engines_and_settings()
    heard: list[str] = []
    said: list[str] = []
    for path in sorted(RECORDINGS.glob(f"{language}-*.*")):
        sounds = take_apart(path, engines.activity, settings)
        if len(sounds.channels) != 2:
            continue
        truth = (RECORDINGS / "truth" / f"{path.stem}.jsonl").read_text("utf-8")
        turns = [json.loads(line) for line in truth.splitlines()]
        for side in hear(sounds, language, engines, settings).parties:
            words: tuple[Word, ...] = side.words
            own = [turn["text"] for turn in turns if turn["channel"] == side.channel]
            heard.append(" ".join(units("".join(w.text for w in words), language)))
            said.append(" ".join(units(" ".join(own), language)))
    return heard, said


@pytest.mark.parametrize(("language", "limit"), [("zh", 0.05), ("en", 0.07)])
def test_the_demos_stereo_calls_are_understood(language: Language, limit: float) -> None:
    heard, said = heard_and_said(language)
    assert len(said) >= 10
    assert jiwer.wer(said, heard) <= limit


def test_nothing_is_heard_where_nobody_speaks() -> None:
    engines, _ = engines_and_settings()
    hiss = np.random.default_rng(1).normal(0, 0.01, 16_000 * 20).astype(np.float32)
    windows = (Span(0, 8), Span(8, 20))
    for language in ("zh", "en"):
        assert engines.transcriber.transcribe(hiss, windows, language).words == ()
        silence = np.zeros_like(hiss)
        assert engines.transcriber.transcribe(silence, windows, language).words == ()


def test_the_held_out_recordings_are_heard_as_the_card_says() -> None:
    report = run_asr(AsrBench(HELDOUT, HELDOUT / "manifest.jsonl", Settings(), by=("kind",)))
    assert report.failures == ()
    rates = {}
    for group in grouped(report.scored, ("kind",)):
        assert group.figures.invented.n == 0
        told = group.figures
        rates[group.language, group.value if group.by == "kind" else group.by] = (
            told.errors.rate or 0.0
        )
        if group.by == "all":  # the card's 0.99 and 0.95: other processors round otherwise
            starts = starts_told(told.starts)
            assert starts is not None
            assert starts.within_share >= 0.95
            assert told.fillers.n_found >= 0.9 * told.fillers.n_truth
    for language in ("zh", "en"):
        assert 0 < rates[language, "pattern"] < 0.03
        assert 0 < rates[language, "stranger"] < 0.06
        assert 0 < rates[language, "phrases"] < 0.05
        assert 0 < rates[language, "all"] < 0.05
