from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Call, Role, Speech, Sustained, Track, Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, Word
from tests.detectors.looking import drawn, findings, outcome, quotes, spans


def said(*words: tuple[str, float, float], role: Role = "agent", language: Language = "zh") -> Call:
    """Return a call of one turn on channel 0, as recognised; no audio was looked at."""
    told = tuple(Word(text, start_s, end_s) for text, start_s, end_s in words)
    turn = Turn(role, 0, told[0].start_s, told[-1].end_s, told)
    other: Role = "customer" if role == "agent" else "agent"
    speech = Speech(role, 0, (turn.span,)), Speech(other, 1, ())
    return replace(drawn("# duration_s: 60", language), turns=(turn,), speech=speech)


def voiced(call: Call, *stretches: tuple[float, float], channel: int = 0) -> Call:
    """Return the call as if voice went on there in its audio, both ends included."""
    spans = [Span(start_s - 0.01, end_s + 0.01) for start_s, end_s in stretches]
    values = (
        120.0 if any(s.start_s <= i * 0.1 < s.end_s for s in spans) else None for i in range(100)
    )
    return replace(call, tracks=(Track("pitch_hz", channel, None, 0.1, tuple(values)),))


def held(call: Call, *stretches: tuple[float, float], channel: int = 0) -> Call:
    """Return the call as if its audio held a sound there, in words too short of voice to tell."""
    sustained = (Sustained(channel, tuple(Span(*s) for s in stretches)),)
    return replace(voiced(call), sustained=sustained)


WORDS = (("您", 0.0, 0.2), ("好", 0.2, 1.5), ("天", 1.6, 1.8))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([("好", 0.0, 0.6)], [(0.0, 0.6, 0.6)], id="exactly min_s"),
        pytest.param(
            [("好", 0.0, 0.2), ("的", 0.2, 1.0)], [(0.2, 1.0, 0.8)], id="the second of two words"
        ),
        pytest.param(
            [("好的", 0.0, 1.0)], [(0.0, 1.0, 1.0 - 1 / 5.18)], id="one of a word's two syllables"
        ),
        pytest.param([("400", 0.0, 1.4)], [(0.0, 1.4, 1.4 - 2 / 5.18)], id="a digit is a syllable"),
        pytest.param(
            [("您", 0.0, 0.7), ("好", 0.7, 1.4)], [(0, 0.7, 0.7), (0.7, 1.4, 0.7)], id="each of two"
        ),
    ],
)
def test_hits_by_the_words_times(
    words: list[tuple[str, float, float]], expected: list[tuple[float, float, float]]
) -> None:
    found = findings(said(*words), "drawn_out", min_s=0.6)
    assert spans(found) == [(start_s, end_s) for start_s, end_s, _ in expected]
    assert [f.value for f in found] == [pytest.approx(value_s) for *_, value_s in expected]
    assert {(f.kind, f.role, f.turn) for f in found} == {("stretched", "agent", 0)}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([("好", 0.0, 0.59)], id="just too short"),
        pytest.param([("好的", 0.0, 0.79)], id="a long word is no long syllable"),
        pytest.param([("天云商城", 0.0, 1.1)], id="nor is a longer one"),
        pytest.param([("400", 0.0, 0.9)], id="nor a number"),
        pytest.param([("……", 0.0, 3.0)], id="no syllable"),
    ],
)
def test_near_misses_by_the_words_times(words: list[tuple[str, float, float]]) -> None:
    assert findings(said(*words), "drawn_out", min_s=0.6) == ()


def test_english_words_have_their_syllables() -> None:
    call = said((" unfortunately,", 0.0, 1.3), (" no", 1.4, 2.1), language="en")
    found = findings(call, "drawn_out", min_s=0.6)
    assert (quotes(found), spans(found)) == (["no"], [(1.4, 2.1)])
    assert quotes(findings(call, "drawn_out", min_s=0.4)) == ["unfortunately", "no"]


def test_a_pause_inside_a_words_times_is_not_held() -> None:
    call = said(("好", 0.0, 2.0))
    spoken = Speech("agent", 0, (Span(0.0, 0.4), Span(1.7, 2.0))), Speech("customer", 1, ())
    assert findings(replace(call, speech=spoken), "drawn_out", min_s=0.6) == ()
    spoken = Speech("agent", 0, (Span(0.0, 0.7), Span(1.7, 2.0))), Speech("customer", 1, ())
    assert spans(findings(replace(call, speech=spoken), "drawn_out", min_s=0.6)) == [(0.0, 0.7)]


@pytest.mark.parametrize(
    ("stretches", "n"),
    [
        pytest.param([(0.2, 1.4)], 1, id="voice goes on in it"),
        pytest.param([(0.5, 0.9)], 1, id="for min_s less a step of the track"),
        pytest.param([(0.5, 0.8)], 0, id="for less"),
        pytest.param([(0.2, 0.5), (0.7, 1.0), (1.2, 1.4)], 0, id="with breaks"),
        pytest.param([(1.6, 2.4)], 0, id="only after it"),
        pytest.param([], 0, id="no voice: the word was stretched over a pause"),
    ],
)
def test_voice_confirms_the_words_times(stretches: list[tuple[float, float]], n: int) -> None:
    call = voiced(said(*WORDS), *stretches)
    found = findings(call, "drawn_out", min_s=0.6)
    assert [(f.start_s, f.end_s, f.kind) for f in found] == [(0.2, 1.5, "stretched")] * n
    anothers = voiced(said(*WORDS), *stretches, channel=1)
    assert len(findings(anothers, "drawn_out", min_s=0.6)) == 1, "no track: times are all there is"


def test_a_sound_that_is_held_in_a_stretched_word_counts_once() -> None:
    call = replace(
        voiced(said(*WORDS), (0.2, 1.4)), sustained=held(said(*WORDS), (0.3, 1.4)).sustained
    )
    assert [f.kind for f in findings(call, "drawn_out", min_s=0.6)] == ["held"]


def test_words_are_enough_where_speech_was_not_measured() -> None:
    call = replace(said(("好", 0.0, 0.8)), speech=None)
    assert spans(findings(call, "drawn_out", min_s=0.6)) == [(0.0, 0.8)]


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        pytest.param([(0.3, 0.9)], [(0.3, 0.9)], id="exactly min_s"),
        pytest.param([(0.3, 0.6), (0.65, 1.0)], [(0.3, 1.0)], id="a waver of under 0.1 s"),
        pytest.param([(0.9, 2.0)], [(0.9, 1.8)], id="as far as speech goes"),
        pytest.param([(0.1, 1.4)], [(0.1, 1.4)], id="words' borders are rough"),
    ],
)
def test_hits_by_held_sounds(
    stretches: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    found = findings(held(said(*WORDS), *stretches), "drawn_out", min_s=0.6)
    assert spans(found) == expected
    assert [(f.kind, f.quote, f.turn) for f in found] == [("held", "好", 0)]
    assert [f.value for f in found] == [pytest.approx(b - a) for a, b in expected]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(held(said(*WORDS)), id="a long word in which nothing is held"),
        pytest.param(held(said(*WORDS), (0.3, 0.89)), id="just too short"),
        pytest.param(held(said(*WORDS), (0.3, 0.7), (0.8, 1.2)), id="two short ones"),
        pytest.param(held(said(*WORDS), (0.3, 1.4), channel=1), id="on the other's channel"),
        pytest.param(
            held(said(("您", 0.0, 0.2), ("好", 2.0, 2.2)), (0.6, 1.4)), id="in no word: hesitation"
        ),
        pytest.param(
            replace(
                held(said(*WORDS), (0.3, 1.4)),
                speech=(
                    Speech("agent", 0, (Span(0.0, 1.8),)),
                    Speech("customer", 1, (Span(0.8, 2.0),)),
                ),
            ),
            id="while the other speaks",
        ),
    ],
)
def test_near_misses_by_held_sounds(call: Call) -> None:
    assert findings(call, "drawn_out", min_s=0.6) == ()


def test_only_the_role_that_is_asked_for() -> None:
    call = held(said(*WORDS, role="customer"), (0.3, 1.4))
    assert findings(call, "drawn_out", role="agent", min_s=0.6) == ()
    assert [f.role for f in findings(call, "drawn_out", role="customer", min_s=0.6)] == ["customer"]
    assert len(findings(call, "drawn_out", min_s=0.6)) == 1


def test_roles_of_a_transcript_over_one_channel_of_audio() -> None:
    call = held(said(*WORDS), (0.3, 1.4))
    agent = tuple(turn._replace(channel=None) for turn in call.turns or ())
    customer = Turn("customer", None, 3.0, 4.0, (Word("行", 3.0, 3.3),))
    spoken = Speech(None, 0, (Span(0.0, 1.8), Span(3.0, 4.0)))
    mono = replace(call, turns=(*agent, customer), speech=(spoken,))
    assert len(findings(mono, "drawn_out", role="agent", min_s=0.6)) == 1
    assert findings(mono, "drawn_out", role="customer", min_s=0.6) == ()


def test_masked_and_unsure_words_are_left_out() -> None:
    call = said(("好", 0.0, 0.8))
    (turn,) = call.turns or ()

    def with_word(**changes: object) -> Call:
        word = turn.words[0]._replace(**changes)  # type: ignore[arg-type]
        return replace(call, turns=(turn._replace(words=(word,)),))

    masked = with_word(masked=Masked("phone", 11, "t", "t"))
    assert findings(masked, "drawn_out", min_s=0.6) == ()
    assert findings(with_word(confidence=0.4), "drawn_out", min_s=0.6, min_confidence=0.5) == ()
    assert len(findings(with_word(confidence=0.5), "drawn_out", min_s=0.6, min_confidence=0.5)) == 1


def test_what_it_needs_and_a_call_may_lack() -> None:
    call = said(*WORDS)
    for one in (replace(call, turns=None), drawn("agent: 好"), drawn("agent 0-9: ……")):
        assert isinstance(outcome(one, "drawn_out", min_s=0.6), NotMeasured)
