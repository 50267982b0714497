"""From samples to findings: levels and held sounds of a channel whose making is known."""

from dataclasses import replace

import numpy as np
import pytest

from qa_pipeline.acoustics.health import channel_health
from qa_pipeline.acoustics.sustained import sustained_spans
from qa_pipeline.acoustics.tracks import Samples, level_track, pitch_track
from qa_pipeline.records import Call, Speech, Sustained, Turn
from qa_pipeline.spans import Span
from qa_pipeline.words import Word
from tests.acoustics.voices import AH, RATE_HZ, UH, line, syllables, vowel
from tests.detectors.looking import drawn, findings, spans


def recorded(samples: Samples, *words: tuple[str, float, float]) -> Call:
    """Return the call of one agent, on channel 0, who speaks from the first word to the last."""
    told = tuple(Word(text, start_s, end_s) for text, start_s, end_s in words)
    whole = Span(told[0].start_s, told[-1].end_s)
    return replace(
        drawn(f"# duration_s: {samples.size / RATE_HZ}"),
        turns=(Turn("agent", 0, whole.start_s, whole.end_s, told),),
        speech=(Speech("agent", 0, (whole,)), Speech("customer", 1, ())),
        tracks=(
            level_track(samples, RATE_HZ, 0, "agent"),
            pitch_track(samples, RATE_HZ, (whole,), 0, "agent"),
        ),
        sustained=(Sustained(0, sustained_spans(samples, RATE_HZ, (whole,))),),
        channels=(channel_health(samples, RATE_HZ, 0, (whole,)),),
    )


TALK = (("天", 0.0, 0.2), ("云", 0.2, 0.4), ("商", 0.4, 0.6))


def test_a_held_vowel_is_drawn_out() -> None:
    samples = line(4, [(0.0, syllables(0.6)), (0.6, vowel(1.0)), (1.6, syllables(0.4, seed=2))])
    call = recorded(samples, *TALK, ("城", 0.6, 1.6), ("好", 1.6, 1.8), ("的", 1.8, 2.0))
    (found,) = findings(call, "drawn_out", min_s=0.8)
    assert (found.kind, found.quote) == ("held", "城")
    assert found.start_s == pytest.approx(0.6, abs=0.1)
    assert found.end_s == pytest.approx(1.6, abs=0.1)


def test_a_vowel_that_glides_while_it_is_held_is_drawn_out_by_its_word() -> None:
    glide = vowel(1.0, hz=(240.0, 90.0), formants=(UH, AH))
    samples = line(4, [(0.0, syllables(0.6)), (0.6, glide), (1.6, syllables(0.4, seed=2))])
    call = recorded(samples, *TALK, ("要", 0.6, 1.6), ("好", 1.6, 1.8), ("的", 1.8, 2.0))
    found = findings(call, "drawn_out", min_s=0.8)
    assert (spans(found), [f.kind for f in found]) == ([(0.6, 1.6)], ["stretched"])


def test_a_word_that_was_stretched_over_a_pause_is_not() -> None:
    samples = line(4, [(0.0, syllables(0.6)), (0.6, vowel(0.2)), (1.6, syllables(0.4, seed=2))])
    call = recorded(samples, *TALK, ("城", 0.6, 1.6), ("好", 1.6, 1.8), ("的", 1.8, 2.0))
    assert findings(call, "drawn_out", min_s=0.6) == ()


@pytest.mark.parametrize(("dbfs", "kind"), [(-50.0, "quiet"), (-6.0, "loud")])
def test_the_level_of_a_turn_is_that_of_its_sound(dbfs: float, kind: str) -> None:
    samples = line(4, [(0.0, vowel(2.0, dbfs=dbfs))])
    call = recorded(samples, ("啊", 0.0, 2.0))
    keys = {"min_dbfs": -40, "max_dbfs": -15, "max_clipped_share": 1}
    (found,) = findings(call, "loudness", **keys)
    assert (found.kind, found.value) == (kind, pytest.approx(dbfs, abs=0.5))


def test_an_overdriven_channel_is_clipped() -> None:
    clean = line(4, [(0.0, vowel(2.0, dbfs=-20.0))])
    words = ("啊", 0.0, 2.0)
    assert findings(recorded(clean, words), "loudness") == ()
    overdriven = np.clip(clean * 30, -1, 1).astype(np.float32)
    (found,) = findings(recorded(overdriven, words), "loudness")
    assert (found.kind, found.role) == ("clipped", "agent")
    assert found.value == pytest.approx(np.mean(np.abs(overdriven) >= 0.999), abs=1e-3)
