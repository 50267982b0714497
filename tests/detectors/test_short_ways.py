"""The short ways of the timing detectors find what the plain ways find."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors import slow_answer
from qa_pipeline.detectors.levels import spoken_turns
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.language.passage import passage_of
from qa_pipeline.language.wordings import n_said
from qa_pipeline.records import Call, Speech, Sustained, Track, Turn
from qa_pipeline.spans import Span, difference, intersection, total_s, union
from qa_pipeline.turns import TURN_GAP_S, joined
from qa_pipeline.words import Masked, Word
from tests.detectors.looking import drawn, findings, outcome

_TEXTS = ("嗯", "好的。", "喂", "还在吗", "嗯，查一下", "稍等", "久等了", "……", "我想退货")
_LINES = st.lists(
    st.tuples(
        st.sampled_from(["agent", "customer"]),
        st.integers(0, 300),
        st.integers(1, 60),
        st.sampled_from(_TEXTS),
    ),
    min_size=1,
    max_size=14,
)
_SPANS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 60)).map(
        lambda s: Span(s[0] / 20, (s[0] + s[1]) / 20)
    ),
    max_size=8,
)

_CLOSE = st.lists(
    st.tuples(st.integers(0, 80), st.integers(1, 40)).map(
        lambda s: Span(s[0] / 20, (s[0] + s[1]) / 20)
    ),
    max_size=5,
)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Calls of turns close together, short and long, often of both parties at once."""
    lines = sorted(draw(_LINES), key=lambda line: line[1])
    return drawn("\n".join(f"{r} {a / 10}-{(a + n) / 10}: {text}" for r, a, n, text in lines))


@settings(deadline=None, max_examples=60)
@given(calls(), st.sampled_from(["agent", "customer"]), st.sampled_from([0.5, 2.0, 4.0]))
def test_short_speech_that_is_left_out_makes_no_difference_to_waits(
    call: Call, role: str, min_s: float
) -> None:
    shortly = outcome(call, "slow_answer", role=role, min_s=min_s)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slow_answer, "_telling", lambda talk, *_: talk)
        assert outcome(call, "slow_answer", role=role, min_s=min_s) == shortly


@settings(deadline=None, max_examples=60)
@given(calls(), st.sampled_from([0.1, 1.0, 3.0]))
def test_what_cuts_in_is_what_is_left_without_back_channels(call: Call, min_other_s: float) -> None:
    heard, other = call.speech_of("agent") or (), call.speech_of("customer") or ()
    turns = [turn for _, turn in call.turns_of("agent") or ()]
    assume(all(turn.words for turn in turns))
    own = [span for span in heard if span.duration_s >= 1.5 or not _listens(turns, span)]
    parts = {stretch.start_s for stretch in union(own, join_gap_s=TURN_GAP_S)}
    cuts = [
        (span.start_s, min(span.end_s, said.end_s))
        for span in own
        for said in other
        if span.start_s in parts and said.start_s <= span.start_s < said.end_s
        for whole in joined(other, heard)
        if whole.start_s <= span.start_s < whole.end_s
        if span.start_s - whole.start_s >= min_other_s - 1e-6
        if min(span.end_s, said.end_s) - span.start_s >= 0.2 - 1e-6
    ]
    found = findings(call, "interruption", role="agent", min_other_s=min_other_s, min_overlap_s=0.2)
    assert [(f.start_s, f.end_s) for f in found] == cuts


def _listens(turns: list[Turn], span: Span) -> bool:
    words = [word for turn in turns for word in turn.words]
    said = [w for w in words if span.start_s <= (w.start_s + w.end_s) / 2 <= span.end_s]
    text = "".join(word.text for word in said)
    return is_back_channel(text, "zh") if text.strip() else True


@settings(deadline=None, max_examples=40)
@given(_SPANS, _SPANS, st.booleans(), st.randoms(use_true_random=False))
def test_the_power_of_turns_is_that_of_their_frames(
    own: list[Span], others: list[Span], shared: bool, rng: Random
) -> None:
    levels = [None if rng.random() < 0.1 else -60 * rng.random() for _ in range(240)]
    parties = (
        Speech("agent", 0, union(own)), Speech("customer", 0 if shared else 1, union(others)),
    )  # fmt: skip
    track = Track("level_dbfs", 0, "agent", 0.1, levels)
    call = replace(drawn("agent 0-1: 好"), speech=parties, tracks=(track,))
    for turn in spoken_turns(call, parties[0], track):
        counted = [
            10 ** (level / 10)
            for at, level in enumerate(levels)
            if level is not None
            and _holds((turn.span,), middle_s := (at + 0.5) * 0.1)
            and _holds(parties[0].spans, middle_s)
            and not (shared and _holds(parties[1].spans, middle_s))
        ]
        assert turn.n_active == len(counted) >= 5
        assert turn.power == pytest.approx(sum(counted))


@st.composite
def spoken_words(draw: st.DrawFn) -> Call:
    """Calls whose words overlap, lie outside of their turns, or stand in no order at all."""
    word = st.builds(
        lambda text, start, n, masked: Word(
            text,
            start / 20,
            (start + n) / 20,
            masked=Masked("phone", 4, "a", "b") if masked else None,
        ),
        st.sampled_from(["我", "您好", "嗯，", "so", "K8s", "15", "。"]),
        st.integers(0, 80),
        st.integers(0, 30),
        st.sampled_from([True, False, False, False]),
    )
    turn = st.builds(
        lambda role, start, n, words: Turn(role, None, start / 20, (start + n) / 20, tuple(words)),
        st.sampled_from(["agent", "customer"]),
        st.integers(0, 80),
        st.integers(1, 60),
        st.lists(word, max_size=6),
    )
    late = Turn("agent", None, 40.0, 41.0, (Word("我", 40.0, 40.5),))  # so that there are words
    turns = sorted([*draw(st.lists(turn, max_size=6)), late], key=lambda one: one.start_s)
    speech = (
        Speech("agent", 0, union(draw(_CLOSE))), Speech("customer", 1, union(draw(_CLOSE))),
    )  # fmt: skip
    held = (Sustained(0, union(draw(_CLOSE))), Sustained(1, ()))
    return replace(drawn("agent 0-1: 好"), turns=tuple(turns), speech=speech, sustained=held)


@settings(deadline=None, max_examples=100)
@given(spoken_words())
def test_no_word_covers_what_is_uncovered(call: Call) -> None:
    assert call.turns
    assert call.speech
    assert call.sustained
    own, other = call.speech
    sounds = union(intersection(call.sustained[0].spans, own.spans), join_gap_s=0.1)
    alone = difference([s for s in sounds if s.duration_s <= 1.5 + 1e-6], other.spans)
    agents = [(i, turn) for i, turn in enumerate(call.turns) if turn.role == "agent"]
    words = [word for _, turn in agents for word in turn.words]
    stretched = [w for w in words if w.end_s - w.start_s > _longest_s(w)]
    ordinary = [Span(w.start_s - 0.05, w.end_s + 0.05) for w in words if w not in stretched]
    expected = [
        (
            span,
            next(
                (
                    i
                    for i, turn in agents
                    if turn.start_s - 1e-6 <= span.start_s < turn.end_s
                    and turn.words
                    and not _only_listens(turn)
                ),
                None,
            ),
        )
        for left in difference(alone, ordinary)
        for span in difference((left,), [_said(w, left) for w in stretched if _touches(w, left)])
        if span.duration_s >= 0.15 - 1e-6
    ]
    found = findings(call, "filler", role="agent", lexicon=[], ambiguous=[], uncovered=True)
    assert [(f.start_s, f.end_s, f.turn) for f in found] == [
        (span.start_s, span.end_s, turn) for span, turn in expected if turn is not None
    ]


_LONGEST_S = {"我": 0.45, "您好": 0.65, "嗯，": 0.45, "so": 0.4, "K8s": 0.7, "15": 0.9, "。": 0.3}


def _longest_s(word: Word) -> float:
    return _LONGEST_S[word.text] if word.masked is None else 0.3 + 0.3 * word.masked.n_digits


def _touches(word: Word, left: Span) -> bool:
    return word.start_s - 0.05 < left.end_s and left.start_s < word.end_s + 0.05


def _said(word: Word, left: Span) -> Span:
    lasts_s = _longest_s(word) + 0.05
    if left.start_s + left.end_s > word.start_s + word.end_s:
        return Span(word.start_s - 0.05, word.start_s + lasts_s)
    return Span(word.end_s - lasts_s, word.end_s + 0.05)


def _only_listens(turn: Turn) -> bool:
    said = "".join(" " * len(word.text) if word.masked else word.text for word in turn.words)
    return is_back_channel(said, "zh")


@settings(deadline=None, max_examples=60)
@given(spoken_words())
def test_the_rate_is_that_of_what_each_turn_says_in_its_speech(call: Call) -> None:
    agents = [turn for turn in call.turns or () if turn.role == "agent"]
    speech = call.speech_of("agent") or ()
    n_all, all_s = 0, 0.0
    for turn in agents:
        passage = passage_of(turn, "zh")
        n = n_said(passage) + passage.n_masked_digits
        spoken_s = total_s(intersection((Span(turn.start_s, turn.end_s),), speech))
        if n and spoken_s > 0:
            n_all, all_s = n_all + n, all_s + spoken_s
    detected = outcome(call, "speech_rate", role="agent", max=1e6)
    assert isinstance(detected, Detected)
    assert detected.value == (pytest.approx(60 * n_all / all_s) if all_s else None)


@settings(deadline=None, max_examples=60)
@given(spoken_words())
def test_the_drawn_out_words_are_those_that_last(call: Call) -> None:
    silent = replace(call, speech=None, sustained=None)
    lasting = [
        (turn, word.start_s, word.end_s)
        for turn, one in enumerate(call.turns or ())
        for word in one.words
        if one.role == "agent" and word.text in "我嗯，" and word.masked is None
        if word.end_s - word.start_s >= 0.8 - 1e-6
    ]
    found = findings(silent, "drawn_out", role="agent", min_s=0.8)
    one_syllable = [f for f in found if f.quote in ("我", "嗯")]
    assert sorted((f.turn, f.start_s, f.end_s) for f in one_syllable) == sorted(lasting)


def _holds(spans: Iterable[Span], at_s: float) -> bool:
    return any(span.start_s <= at_s < span.end_s for span in spans)
