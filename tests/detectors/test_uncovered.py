"""Held sounds without words: which are hesitations, and what is never counted."""

from dataclasses import replace

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Call, Role, Speech, Sustained, Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, Word
from tests.detectors.looking import drawn, findings, outcome, spans

AGENT = Turn("agent", 0, 1.0, 6.0, (Word("我给您查", 1.0, 2.0), Word("一下下看", 4.0, 5.0)))
CUSTOMER = Turn("customer", 1, 10.0, 15.0, (Word("快点", 10.0, 11.0), Word("好吗", 14.0, 15.0)))
HUM = Turn("agent", 0, 20.0, 22.0, (Word("嗯，", 20.0, 20.5), Word("好的。", 21.0, 22.0)))
SPEECH = (
    Speech("agent", 0, (Span(1.0, 6.0), Span(20.0, 22.0), Span(30.0, 31.0))),
    Speech("customer", 1, (Span(10.0, 15.0), Span(25.0, 27.0))),
)
ONLY = {"lexicon": [], "ambiguous": [], "uncovered": True}


def call(*held: tuple[float, float], channel: int = 0, language: Language = "zh") -> Call:
    """Return a call with sounds held on a channel."""
    return replace(
        drawn("agent 0-2: 好", language),
        turns=(AGENT, CUSTOMER, HUM),
        speech=SPEECH,
        sustained=(
            Sustained(channel, tuple(Span(*span) for span in held)),
            Sustained(1 - channel, ()),
        ),
    )


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param([(2.5, 3.0)], [(2.5, 3.0)], id="between words"),
        pytest.param([(5.3, 5.9)], [(5.3, 5.9)], id="after the last word"),
        pytest.param([(2.5, 2.65)], [(2.5, 2.65)], id="0.15 s"),
        pytest.param([(2.3, 3.8)], [(2.3, 3.8)], id="1.5 s"),
        pytest.param([(1.9, 2.5)], [(2.05, 2.5)], id="what a word leaves of it"),
        pytest.param([(3.0, 4.3)], [(3.0, 3.95)], id="up to a word"),
        pytest.param([(2.4, 2.6), (2.69, 2.9)], [(2.4, 2.9)], id="the two sounds of um"),
        pytest.param([(2.3, 2.6), (3.0, 3.3)], [(2.3, 2.6), (3.0, 3.3)], id="two"),
    ],
)
def test_hits(held: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    found = findings(call(*held), "filler", role="agent", **ONLY)
    assert spans(found) == expected
    assert {(f.kind, f.quote, f.match, f.turn, f.role) for f in found} == {
        ("uncovered", None, None, 0, "agent")
    }


@pytest.mark.parametrize(
    "held",
    [
        pytest.param((1.2, 1.6), id="a word covers it"),
        pytest.param((2.5, 2.64), id="too short"),
        pytest.param((2.2, 3.71), id="too long"),
        pytest.param((1.9, 2.19), id="too little is left of it"),
        pytest.param((1.95, 2.05), id="at a word's border"),
        pytest.param((6.2, 6.8), id="outside speech"),
        pytest.param((20.6, 20.9), id="in a turn of back-channels alone"),
        pytest.param((30.2, 30.8), id="in no turn with words"),
    ],
)
def test_near_misses(held: tuple[float, float]) -> None:
    assert findings(call(held), "filler", role="agent", **ONLY) == ()


@pytest.mark.parametrize(
    ("text", "times", "held", "expected"),
    [
        pytest.param("我", (2.0, 4.0), (3.0, 3.5), [(3.0, 3.5)], id="late in a stretched word"),
        pytest.param("我", (2.0, 4.0), (2.3, 2.8), [(2.3, 2.8)], id="early in it: said at its end"),
        pytest.param("我", (2.0, 2.7), (2.3, 2.7), [(2.5, 2.7)], id="a character takes 0.45 s"),
        pytest.param("我", (2.0, 2.45), (2.1, 2.45), [], id="as long as it may"),
        pytest.param("我们", (2.0, 2.65), (2.3, 2.65), [], id="two characters take longer"),
        pytest.param("15", (2.0, 2.9), (2.5, 2.9), [], id="digits are words"),
        pytest.param("so", (2.0, 2.4), (2.1, 2.4), [], id="a short English word"),
        pytest.param("so", (2.0, 3.0), (2.6, 3.0), [(2.6, 3.0)], id="a stretched one"),
        pytest.param(" understanding,", (2.0, 2.9), (2.5, 2.9), [], id="a long English word"),
    ],
)
def test_a_word_covers_what_it_takes_to_say(
    text: str,
    times: tuple[float, float],
    held: tuple[float, float],
    expected: list[tuple[float, float]],
) -> None:
    turn = Turn("agent", 0, 1.0, 6.0, (Word("您好", 1.0, 1.5), Word(text, *times)))
    one = replace(call(held), turns=(turn,))
    assert spans(findings(one, "filler", role="agent", **ONLY)) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_a_word_covers_what_a_later_one_ends_before(order: int) -> None:
    words = (Word("您好", 2.0, 2.6), Word("我", 2.1, 2.2), Word("查", 5.0, 5.4))[::order]
    one = replace(call((2.3, 2.55)), turns=(Turn("agent", 0, 1.0, 6.0, words),))
    assert findings(one, "filler", role="agent", **ONLY) == ()


def test_a_masked_number_takes_its_digits_time() -> None:
    masked = Word("[card]", 2.0, 6.0, None, Masked("card", 16, "a", "b"))
    turn = Turn("agent", 0, 1.0, 6.0, (Word("您好", 1.0, 1.5), masked))
    one = replace(call((4.0, 4.5)), turns=(turn,))
    assert findings(one, "filler", role="agent", **ONLY) == ()


def test_what_sounds_while_the_other_speaks_is_no_hesitation() -> None:
    at_once = replace(
        call((2.5, 3.0)), speech=(SPEECH[0], Speech("customer", 1, (Span(2.4, 3.1),)))
    )
    assert findings(at_once, "filler", role="agent", **ONLY) == ()
    assert len(findings(call((2.5, 3.0)), "filler", role="agent", **ONLY)) == 1


@pytest.mark.parametrize(
    ("role", "channel", "n"),
    [("agent", 0, 1), ("agent", 1, 0), ("customer", 0, 0), ("any", 0, 1), ("any", 1, 0)],
)
def test_each_party_on_its_own_channel(role: str, channel: int, n: int) -> None:
    assert len(findings(call((2.5, 3.0), channel=channel), "filler", role=role, **ONLY)) == n


def test_two_parties_on_one_channel() -> None:
    mono = replace(
        call((2.5, 3.0), (12.0, 12.5)),
        tier="mono_diarised",
        turns=tuple(turn._replace(channel=0) for turn in (AGENT, CUSTOMER)),
        speech=tuple(replace(speech, channel=0) for speech in SPEECH),
    )
    assert spans(findings(mono, "filler", role="agent", **ONLY)) == [(2.5, 3.0)]
    assert spans(findings(mono, "filler", role="customer", **ONLY)) == [(12.0, 12.5)]
    assert len(findings(mono, "filler", **ONLY)) == 2


def test_nobody_told_the_speakers_apart() -> None:
    together = replace(
        call((2.5, 3.0)),
        turns=(AGENT._replace(role=None),),
        speech=(Speech(None, 0, SPEECH[0].spans),),
    )
    assert isinstance(outcome(together, "filler", role="agent", **ONLY), NotMeasured)
    assert spans(findings(together, "filler", **ONLY)) == [(2.5, 3.0)]


def test_words_of_a_transcript_have_no_channel() -> None:
    imported = replace(call((2.5, 3.0)), turns=(AGENT._replace(channel=None),))
    assert spans(findings(imported, "filler", role="agent", **ONLY)) == [(2.5, 3.0)]


def test_they_stand_beside_the_words_and_alone() -> None:
    um = AGENT._replace(words=(Word("嗯，", 1.0, 1.3), *AGENT.words[1:]))
    hesitant = replace(call((2.5, 3.0)), turns=(um,))
    both = findings(hesitant, "filler", role="agent", uncovered=True)
    assert [f.kind for f in both] == ["lexicon", "uncovered"]
    assert [f.kind for f in findings(hesitant, "filler", role="agent")] == ["lexicon"]
    assert [f.kind for f in findings(hesitant, "filler", role="agent", **ONLY)] == ["uncovered"]


def test_windows_apply() -> None:
    held = call((2.5, 3.0), (5.3, 5.9))
    assert spans(findings(held, "filler", role="agent", first_s=3, **ONLY)) == [(2.5, 3.0)]
    assert findings(held, "filler", role="agent", last_turns=1, **ONLY) == ()


@pytest.mark.parametrize(
    ("missing", "why"),
    [
        pytest.param({"sustained": None}, "no audio, or an earlier version", id="no audio"),
        pytest.param({"speech": None}, "who speaks when", id="no speech"),
        pytest.param({"turns": None}, "words", id="no words"),
    ],
)
def test_what_was_not_measured_is_not_none(missing: dict[str, None], why: str) -> None:
    lacking = replace(call((2.5, 3.0)), **missing)
    said = outcome(lacking, "filler", role="agent", **ONLY)
    assert isinstance(said, NotMeasured)
    assert why in said.reason.en
    if "turns" not in missing:
        assert isinstance(outcome(lacking, "filler", role="agent"), Detected)


def test_measured_and_nothing_held() -> None:
    silent = replace(call(), sustained=(Sustained(0, ()), Sustained(1, ())))
    assert findings(silent, "filler", role="agent", **ONLY) == ()


def test_a_shift_in_time_shifts_the_findings() -> None:
    def later(one: Call, by_s: float) -> Call:
        def moved(span: Span) -> Span:
            return Span(span.start_s + by_s, span.end_s + by_s)

        return replace(
            one,
            turns=tuple(
                turn._replace(
                    start_s=turn.start_s + by_s,
                    end_s=turn.end_s + by_s,
                    words=tuple(
                        w._replace(start_s=w.start_s + by_s, end_s=w.end_s + by_s)
                        for w in turn.words
                    ),
                )
                for turn in one.turns or ()
            ),
            speech=tuple(replace(s, spans=tuple(map(moved, s.spans))) for s in one.speech or ()),
            sustained=tuple(
                replace(s, spans=tuple(map(moved, s.spans))) for s in one.sustained or ()
            ),
        )

    held = call((1.9, 2.5), (5.3, 5.9))
    before = spans(findings(held, "filler", role="agent", **ONLY))
    after = spans(findings(later(held, 7.25), "filler", role="agent", **ONLY))
    assert after == [(round(a + 7.25, 3), round(b + 7.25, 3)) for a, b in before]
    assert len(before) == 2


def test_swapped_roles_swap_the_findings() -> None:
    other: dict[Role | None, Role] = {"agent": "customer", "customer": "agent"}
    held = call((2.5, 3.0))
    swapped = replace(
        held,
        turns=tuple(turn._replace(role=other[turn.role]) for turn in held.turns or ()),
        speech=tuple(replace(speech, role=other[speech.role]) for speech in held.speech or ()),
    )
    assert findings(swapped, "filler", role="agent", **ONLY) == ()
    assert spans(findings(swapped, "filler", role="customer", **ONLY)) == [(2.5, 3.0)]
