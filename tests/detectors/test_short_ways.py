"""The short ways of the timing detectors find what the plain ways find."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors import slow_answer
from qa_pipeline.detectors.levels import spoken_turns
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.records import Call, Speech, Track, Turn
from qa_pipeline.spans import Span, union
from qa_pipeline.turns import TURN_GAP_S, joined
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


def _holds(spans: Iterable[Span], at_s: float) -> bool:
    return any(span.start_s <= at_s < span.end_s for span in spans)
