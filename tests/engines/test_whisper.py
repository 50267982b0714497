"""The real recogniser: windows, times, confidence, determinism. The model is the demo's."""

from pathlib import Path

import numpy as np
import pytest

from qa_pipeline.audio.decode import decode, resampled
from qa_pipeline.audio.probe import probe
from qa_pipeline.engines.models import find_whisper
from qa_pipeline.engines.whisper import Whisper
from qa_pipeline.errors import EngineMissing
from qa_pipeline.settings import RecognitionSettings
from qa_pipeline.spans import Span
from tests.audio.sounds import noise, silence
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
RECORDINGS = ROOT / "qa_pipeline" / "demo" / "recordings"


@pytest.fixture(scope="module")
def whisper(demo_model: Path) -> Whisper:
    return Whisper(find_whisper(str(demo_model)), RecognitionSettings(beam_size=1), n_threads=1)


@pytest.fixture(scope="module")
def agent_side() -> np.ndarray:
    """The first channel of a demo call at 16 kHz."""
    recordings = sorted(RECORDINGS.glob("zh-0*.opus"))
    if not recordings:
        pytest.skip("the demo's recordings are not in the package")
    waveform = decode(probe(recordings[0]))
    return resampled(waveform.samples[0], waveform.sample_rate_hz)


def test_words_lie_in_their_windows_in_order_with_confidence(
    whisper: Whisper, agent_side: np.ndarray
) -> None:
    windows = (Span(0, 8.0), Span(10.0, 25.0))
    heard = whisper.transcribe(agent_side, windows, "zh")
    assert len(heard.words) > 5
    for word in heard.words:
        assert any(w.start_s <= word.start_s < word.end_s <= w.end_s for w in windows)
        assert word.confidence is not None
        assert 0 <= word.confidence <= 1
    assert [w.start_s for w in heard.words] == sorted(w.start_s for w in heard.words)


def test_the_same_twice_and_window_by_window(whisper: Whisper, agent_side: np.ndarray) -> None:
    windows = (Span(0, 8.0), Span(10.0, 20.0))
    together = whisper.transcribe(agent_side, windows, "zh").words
    assert whisper.transcribe(agent_side, windows, "zh").words == together
    alone = [w for window in windows for w in whisper.transcribe(agent_side, [window], "zh").words]
    assert tuple(alone) == together


def test_a_shift_in_time_shifts_the_words(whisper: Whisper, agent_side: np.ndarray) -> None:
    late = np.concatenate((silence(5, 16_000), agent_side))
    first = whisper.transcribe(agent_side, [Span(0, 8)], "zh").words
    second = whisper.transcribe(late, [Span(5, 13)], "zh").words
    assert [w.text for w in first] == [w.text for w in second]
    assert [w.start_s + 5 for w in first] == pytest.approx([w.start_s for w in second], abs=0.011)


def test_the_language_is_found(whisper: Whisper, agent_side: np.ndarray) -> None:
    shares = whisper.language_shares(agent_side, [Span(0, 10)])
    assert shares["zh"] > 0.5 > shares["en"]


def test_no_window_no_word(whisper: Whisper, agent_side: np.ndarray) -> None:
    assert whisper.transcribe(agent_side, [], "zh").words == ()
    assert whisper.language_shares(agent_side, []) == {"zh": 0.0, "en": 0.0}


def test_a_window_of_noise_ends(whisper: Whisper) -> None:
    """Whatever is invented there lies in the window and does not run on for ever."""
    heard = whisper.transcribe(noise(2, 16_000), [Span(0, 2)], "en")
    assert len(heard.words) + heard.n_looped <= 70
    assert all(word.end_s <= 2 for word in heard.words)


def test_a_model_whose_bands_nobody_states_is_refused_not_misheard(
    demo_model: Path, tmp_path: Path
) -> None:
    """As with large-v3 without its preprocessor_config.json: here the file states other bands."""
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (tmp_path / name).symlink_to(demo_model / name)
    (tmp_path / "preprocessor_config.json").write_text('{"feature_size": 128}')
    broken = Whisper(find_whisper(str(tmp_path)), RecognitionSettings(), n_threads=1)
    with pytest.raises(EngineMissing) as refused:
        broken.transcribe(silence(1, 16_000), [Span(0, 1)], "zh")
    assert "preprocessor_config.json" in str(refused.value)
