"""Two channels: the same twice, one leaking into the other, or two people."""

import numpy as np
import pytest

from qa_pipeline.acoustics.pairs import is_copy, leak, without_leak
from qa_pipeline.spans import Span, total_s
from tests.audio.sounds import noise, silence, tone, voice

RATE_HZ = 8000


def delayed(samples: np.ndarray, seconds: float) -> np.ndarray:
    n = round(seconds * RATE_HZ)
    return np.concatenate((np.zeros(n, dtype=np.float32), samples[: samples.size - n]))


def mu_law(samples: np.ndarray) -> np.ndarray:
    """Companding of 8 bits: what a channel coded on its own loses."""
    squeezed = np.sign(samples) * np.log1p(255 * np.abs(samples)) / np.log(256)
    rounded = np.round(squeezed * 127) / 127
    return (np.sign(rounded) * (256 ** np.abs(rounded) - 1) / 255).astype(np.float32)


CALL = np.concatenate(
    (voice(10, RATE_HZ, seed=1), silence(2, RATE_HZ), voice(8, RATE_HZ, hz=220, seed=2))
)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(CALL, id="same-bytes"),
        pytest.param(CALL * 0.6, id="4-db-quieter"),
        pytest.param(CALL * 1.5, id="louder"),
        pytest.param(-CALL, id="inverted"),
        pytest.param(delayed(CALL, 0.02), id="20-ms-late"),
        pytest.param(delayed(CALL, 0.2) * 0.8, id="200-ms-late-and-quieter"),
        pytest.param(mu_law(CALL), id="coded-on-its-own"),
        pytest.param(CALL + noise(20, RATE_HZ, dbfs=-50), id="noise-of-its-own"),
    ],
)
def test_copies(other: np.ndarray) -> None:
    assert is_copy(CALL, other.astype(np.float32), RATE_HZ)


def two_people(leak_db: float | None = None, echo_s: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return agent 0-10 s, customer 10-20 s, both 20-25 s; the agent leaking into the customer."""
    quiet = lambda seconds, seed: noise(seconds, RATE_HZ, dbfs=-65, seed=seed)  # noqa: E731
    both = voice(5, RATE_HZ, hz=120, seed=4)
    agent = np.concatenate((voice(10, RATE_HZ, hz=120, seed=3), quiet(10, 5), both))
    theirs = voice(15, RATE_HZ, hz=230, seed=6)
    customer = np.concatenate((quiet(10, 7), theirs))
    if leak_db is not None:
        customer = customer + delayed(agent, echo_s) * np.float32(10 ** (leak_db / 20))
    return agent, customer.astype(np.float32)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(*two_people(), id="two-people"),
        pytest.param(*two_people(-6), id="two-people-and-a-loud-leak"),
        pytest.param(CALL, CALL * 0.1, id="one-party-leaking-at-minus-20"),
        pytest.param(CALL, silence(20, RATE_HZ), id="one-channel-silent"),
        pytest.param(silence(20, RATE_HZ), CALL, id="the-other-silent"),
        pytest.param(tone(20, RATE_HZ, hz=300), tone(20, RATE_HZ, hz=310), id="two-tones"),
        pytest.param(noise(20, RATE_HZ), noise(20, RATE_HZ, seed=9), id="two-noises"),
    ],
)
def test_are_no_copies(a: np.ndarray, b: np.ndarray) -> None:
    assert not is_copy(a, b, RATE_HZ)


def test_two_silent_channels_are_equal() -> None:
    assert is_copy(silence(2, RATE_HZ), silence(2, RATE_HZ), RATE_HZ)


AGENT_TALKS = (Span(0, 10), Span(20, 25))


@pytest.mark.parametrize("leak_db", [-10, -20, -30])
@pytest.mark.parametrize("echo_s", [0.0, 0.05, 0.22])
def test_a_leak_is_found_with_its_gain(leak_db: float, echo_s: float) -> None:
    agent, customer = two_people(leak_db, echo_s)
    found = leak(agent, customer, RATE_HZ, AGENT_TALKS)
    assert found is not None
    assert found.gain_db == pytest.approx(leak_db, abs=1.5)
    alone = [s for s in found.spans if s.end_s <= 11]
    assert total_s(alone) > 7.5
    assert total_s(s for s in found.spans if 10.5 < s.start_s < 20) == 0


def test_leaked_speech_is_taken_off_the_quieter_channel() -> None:
    agent, customer = two_people(-15, 0.05)
    found = leak(agent, customer, RATE_HZ, AGENT_TALKS)
    assert found is not None
    clean = without_leak((Span(0, 10), Span(10.3, 25)), found.spans, least_s=0.25)
    assert total_s(s for s in clean if s.end_s <= 10) < 1.5
    assert total_s(Span(max(s.start_s, 10.3), s.end_s) for s in clean if s.end_s > 10.3) > 13


def test_two_people_do_not_leak() -> None:
    agent, customer = two_people()
    assert leak(agent, customer, RATE_HZ, AGENT_TALKS) is None
    assert leak(customer, agent, RATE_HZ, (Span(10, 25),)) is None


def test_a_leak_that_nobody_hears_is_none() -> None:
    assert leak(*two_people(-50), RATE_HZ, AGENT_TALKS) is None


def test_no_speech_no_leak() -> None:
    assert leak(*two_people(-10), RATE_HZ, ()) is None


def test_scraps_go_and_short_words_that_were_whole_stay() -> None:
    speech = (Span(0, 1), Span(2, 2.15))
    assert without_leak(speech, [Span(0.1, 1)], least_s=0.25) == (Span(2, 2.15),)
