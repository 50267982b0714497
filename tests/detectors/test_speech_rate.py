from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Speech, Turn
from qa_pipeline.redaction import redact
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, Word
from tests.detectors.looking import drawn, findings, outcome


@pytest.mark.parametrize(
    ("text", "language", "rate"),
    [
        pytest.param("agent 0-3: 一二三四五六七八九，十", "zh", 200.0, id="characters, no marks"),
        pytest.param("agent 0-3: 订单1234567号", "zh", 200.0, id="a digit is one character"),
        pytest.param("agent 0-3: 下载Apple的APP吧吧吧吧吧", "zh", 200.0, id="a Latin word is one"),
        pytest.param("agent 0-6: I don't know, a few or twenty-one?", "en", 80.0, id="words"),
        pytest.param("agent 0-6: I don't know, 1,000 or 2.5?", "en", 100.0, id="digits in English"),
        pytest.param("agent 0-3: your 4G is off", "en", 100.0, id="letters beside a digit are one"),
    ],
)
def test_rates(text: str, language: Language, rate: float) -> None:
    detected = outcome(drawn(text, language), "speech_rate", max=1000)
    assert isinstance(detected, Detected)
    assert detected.value == pytest.approx(rate)
    assert detected.findings == ()


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        pytest.param({"max": 200}, None, id="max is allowed"),
        pytest.param({"max": 199}, "fast", id="over max"),
        pytest.param({"min": 200}, None, id="min is allowed"),
        pytest.param({"min": 201}, "slow", id="under min"),
        pytest.param({"min": 150, "max": 250}, None, id="between"),
    ],
)
def test_bounds(bounds: dict[str, float], kind: str | None) -> None:
    found = findings(drawn("agent 1-4: 一二三四五六七八九十"), "speech_rate", **bounds)
    assert [(f.kind, f.start_s, f.end_s, f.value) for f in found] == (
        [(kind, 1.0, 4.0, pytest.approx(200.0))] if kind else []
    )


def test_short_turns_are_no_findings_but_in_the_value() -> None:
    call = drawn("agent 0-2.99: 一二三四五六七八九十\nagent 5-8: 一二三四五")
    detected = outcome(call, "speech_rate", max=150)
    assert isinstance(detected, Detected)
    assert detected.findings == ()
    assert detected.value == pytest.approx(60 * 15 / 5.99)


def test_pauses_inside_a_turn_are_no_speech() -> None:
    call = drawn("agent 0-4: 一二三四五六七八九十")
    speech = (Speech("agent", 0, (Span(0.0, 1.0), Span(1.9, 3.0))), Speech("customer", 1, ()))
    detected = outcome(replace(call, speech=speech), "speech_rate", max=1000)
    assert isinstance(detected, Detected)
    assert detected.value == pytest.approx(60 * 10 / 2.1)


def test_where_speech_was_not_measured_the_turn_stands_for_it() -> None:
    call = replace(drawn("agent 0-3: 一二三四五六七八九十"), speech=None)
    detected = outcome(call, "speech_rate", max=1000)
    assert isinstance(detected, Detected)
    assert detected.value == pytest.approx(200.0)


def test_masked_digits_count() -> None:
    mask = Word("［卡号 16 位］", 0.0, 3.0, None, Masked("card", 16, "t", "u"))
    call = replace(drawn("agent 0-3: 好"), turns=(Turn("agent", 0, 0.0, 3.0, (mask,)),))
    detected = outcome(call, "speech_rate", max=1000)
    assert isinstance(detected, Detected)
    assert detected.value == pytest.approx(60 * 16 / 3)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("My number is 4155552671", "en", id="one word of digits"),
        pytest.param("It's 415.555.2671, or 1 415-555-2671.", "en", id="in groups"),
        pytest.param("My card is 4111 1111 1111 1111, okay?", "en", id="a card"),
        pytest.param("It is four one five five five five two six seven one", "en", id="numerals"),
        pytest.param("My ID is 11010519491231002X.", "en", id="an English word with a letter"),
        pytest.param("我的身份证是11010519491231002X", "zh", id="the same in Chinese"),
        pytest.param("号码是13800138000", "zh", id="Chinese"),
    ],
)
def test_a_rate_is_the_same_when_numbers_are_masked(said: str, language: Language) -> None:
    call = drawn(f"agent 0-3: {said}", language)
    masked = replace(call, turns=redact(call.turns or (), b"k" * 16, language).turns)
    assert masked.turns != call.turns
    before, after = (outcome(one, "speech_rate", max=1000) for one in (call, masked))
    assert before == after


def test_roles_apart_and_no_times_no_rate() -> None:
    call = drawn("agent 0-3: 一二三四五六七八九十\ncustomer 4-7: 一二三")
    assert len(findings(call, "speech_rate", role="customer", max=100)) == 0
    assert len(findings(call, "speech_rate", role="agent", max=100)) == 1
    assert isinstance(outcome(drawn("agent: 一二三"), "speech_rate", max=100), NotMeasured)


def test_nobody_speaks_no_value() -> None:
    detected = outcome(drawn("# duration_s: 9"), "speech_rate", max=100)
    assert isinstance(detected, Detected)
    assert (detected.value, detected.findings) == (None, ())
