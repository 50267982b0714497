import math
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Call, ChannelHealth, Finding, Role, Speech, Track
from qa_pipeline.spans import Span
from tests.detectors.looking import drawn, findings, outcome, shifted, spans

TALK = "agent 0-4: 您好，请问有什么可以帮您？\ncustomer 5-8: 我想退货\nagent 9-12: 好的\n"
SURE = {"max_clipped_share": 1}


def track(*levels: tuple[float, float], channel: int = 0, role: Role | None = "agent") -> Track:
    """Return a level track of (seconds, dBFS) pieces."""
    values = chain.from_iterable(repeat(level, round(length_s * 10)) for length_s, level in levels)
    return Track("level_dbfs", channel, role, 0.1, tuple(values))


def health(channel: int, clipped_share: float = 0.0) -> ChannelHealth:
    return ChannelHealth(channel, -26.0, -60.0, clipped_share, is_empty=False)


def heard(
    agent: Track, customer: Track | None = None, *, clipped: tuple[float, float] = (0.0, 0.0)
) -> Call:
    """Return TALK as heard on two channels: the agent's on 0."""
    call = drawn(TALK)
    other = customer or track((12, -26), channel=1, role="customer")
    return replace(
        call,
        turns=tuple(t._replace(channel=int(t.role == "customer")) for t in call.turns or ()),
        speech=tuple(replace(s, channel=int(s.role == "customer")) for s in call.speech or ()),
        tracks=(replace(agent, kind="pitch_hz"), agent, other),
        channels=(health(0, clipped[0]), health(1, clipped[1])),
    )


def levels(call: Call, **keys: Any) -> list[tuple[float, float, str | None, float]]:
    found = findings(call, "loudness", **keys)
    return [
        (*span, f.kind, round(f.value or 0, 2)) for span, f in zip(spans(found), found, strict=True)
    ]


def test_turns_outside_the_limits() -> None:
    call = heard(track((4, -45.1), (5, -26), (3, -9.9)))
    expected = [(0.0, 4.0, "quiet", -45.1), (9.0, 12.0, "loud", -9.9)]
    assert levels(call, role="agent", min_dbfs=-45, max_dbfs=-10) == expected
    found = findings(call, "loudness", role="agent", min_dbfs=-45, max_dbfs=-10)
    assert [(f.role, f.turn, f.quote) for f in found] == [
        ("agent", 0, "您好，请问有什么可以帮您？"),
        ("agent", 2, "好的"),
    ]


@pytest.mark.parametrize(
    "agent",
    [
        pytest.param(track((4, -45), (5, -26), (3, -10)), id="exactly at the limits"),
        pytest.param(track((4, -26), (1, -80), (3, -2), (4, -26)), id="between the turns"),
    ],
)
def test_near_misses(agent: Track) -> None:
    assert findings(heard(agent), "loudness", role="agent", min_dbfs=-45, max_dbfs=-10) == ()


def test_the_level_is_the_mean_power_and_not_the_mean_of_levels() -> None:
    call = heard(track((2, -20), (2, -60), (8, -26)))
    loudest = 10 * math.log10((10**-2 + 10**-6) / 2)
    ((_, _, kind, level),) = levels(call, role="agent", max_dbfs=-24)
    assert (kind, level) == ("loud", round(loudest, 2))


def test_pauses_within_a_turn_are_left_out() -> None:
    call = heard(track((1, -26), (0.9, -80), (2.1, -26), (8, -26)))
    parts = Span(0.0, 1.0), Span(1.9, 4.0), Span(9.0, 12.0)
    speech = Speech("agent", 0, parts), Speech("customer", 1, (Span(5.0, 8.0),))
    assert levels(replace(call, speech=speech), role="agent", min_dbfs=-26) == []
    assert levels(call, role="agent", min_dbfs=-26) == [(0.0, 4.0, "quiet", -27.11)]


def test_each_party_has_the_level_of_its_own_channel() -> None:
    call = heard(track((12, -26)), track((12, -50), channel=1, role="customer"))
    assert levels(call, role="agent", min_dbfs=-40) == []
    assert levels(call, role="customer", min_dbfs=-40) == [(5.0, 8.0, "quiet", -50.0)]
    assert [f.role for f in findings(call, "loudness", min_dbfs=-40)] == ["customer"]


def shared(*parties: Speech, level: Track, clipped_share: float = 0.0) -> Call:
    return replace(
        drawn(TALK), speech=parties, tracks=(level,), channels=(health(0, clipped_share),)
    )


BOTH = (Speech("agent", 0, (Span(0.0, 4.0),)), Speech("customer", 0, (Span(2.0, 8.0),)))


def test_on_a_shared_channel_what_sounds_while_both_speak_is_nobodys() -> None:
    call = shared(*BOTH, level=track((2, -50), (2, -5), (8, -26), role=None))
    assert levels(call, role="agent", min_dbfs=-40, max_dbfs=-10) == [(0.0, 4.0, "quiet", -50.0)]


def test_turns_of_nobody_have_a_level() -> None:
    call = shared(Speech(None, 0, (Span(0.0, 4.0),)), level=track((12, -50), role=None))
    assert levels(call, min_dbfs=-40) == [(0.0, 4.0, "quiet", -50.0)]


@pytest.mark.parametrize(("length_s", "n"), [(0.4, 0), (0.5, 1)])
def test_less_than_half_a_second_has_no_level(length_s: float, n: int) -> None:
    speech = Speech("agent", 0, (Span(1.0, 1.0 + length_s),))
    call = shared(speech, level=track((12, -60)))
    assert len(findings(call, "loudness", min_dbfs=-40)) == n


def test_levels_need_no_words() -> None:
    call = replace(heard(track((12, -60))), turns=None)
    (first, second) = findings(call, "loudness", role="agent", min_dbfs=-40)
    assert [(f.quote, f.turn) for f in (first, second)] == [(None, None)] * 2


def test_a_window_leaves_turns_out() -> None:
    call = heard(track((12, -60)))
    keys = {"role": "agent", "min_dbfs": -40}
    assert [span[:2] for span in levels(call, **keys, last_s=4)] == [(9.0, 12.0)]
    assert [span[:2] for span in levels(call, **keys, first_turns=1)] == [(0.0, 4.0)]


def test_a_turn_counts_though_its_speech_begins_before_its_words() -> None:
    call = heard(track((12, -60)))
    agent, customer = call.speech or ()
    early = replace(agent, spans=(Span(0.0, 4.2), Span(8.8, 12.0)))
    call = replace(call, speech=(early, customer))
    keys = {"role": "agent", "min_dbfs": -40}
    assert [span[:2] for span in levels(call, **keys, first_turns=1)] == [(0.0, 4.2)]
    assert [span[:2] for span in levels(call, **keys, last_turns=1)] == [(8.8, 12.0)]


def test_the_value_is_the_level_over_all_turns() -> None:
    detected = outcome(heard(track((4, -20), (5, -90), (3, -60))), "loudness", role="agent")
    assert isinstance(detected, Detected)
    mean = 10 * math.log10((40 * 10**-2 + 30 * 10**-6) / 70)
    assert (detected.findings, detected.value) == ((), pytest.approx(mean))
    silent = outcome(shared(Speech("agent", 0, ()), level=track((12, -60))), "loudness")
    assert isinstance(silent, Detected)
    assert silent.value is None


def test_a_clipped_channel_is_a_kind_of_its_own() -> None:
    call = heard(track((12, -26)), clipped=(0.0, 0.002))
    (found,) = findings(call, "loudness")
    expected = Finding("it", "loudness", "customer", 5.0, 8.0, value=0.002, kind="clipped")
    assert found == expected
    assert findings(call, "loudness", role="agent") == ()
    assert findings(call, "loudness", max_clipped_share=0.002) == ()
    assert findings(call, "loudness", **SURE) == ()


@pytest.mark.parametrize("n_frames", [1, 73, 36_000])
def test_a_shift_by_whole_frames_shifts_the_findings(n_frames: int) -> None:
    call = heard(track((4, -45.1), (5, -26), (3, -9.9)), clipped=(0.01, 0.0))
    offset_s = n_frames * 0.1
    later = replace(
        call,
        speech=tuple(replace(s, spans=shifted(s.spans, offset_s)) for s in call.speech or ()),
        tracks=tuple(replace(t, values=(-90.0,) * n_frames + t.values) for t in call.tracks or ()),
    )
    keys = {"min_dbfs": -45, "max_dbfs": -10}
    before, after = (findings(one, "loudness", **keys) for one in (call, later))
    assert len(before) == 3
    assert [(f.role, f.kind) for f in after] == [(f.role, f.kind) for f in before]
    for a, b in zip(before, after, strict=True):
        assert b.start_s == pytest.approx((a.start_s or 0.0) + offset_s)
        assert b.end_s == pytest.approx((a.end_s or 0.0) + offset_s)
        assert b.value == pytest.approx(a.value)


def test_swapped_roles_swap_the_findings() -> None:
    other: dict[Role | None, Role] = {"agent": "customer", "customer": "agent"}
    call = heard(track((4, -45.1), (5, -26), (3, -9.9)), clipped=(0.01, 0.0))
    swapped = replace(call, speech=tuple(replace(s, role=other[s.role]) for s in call.speech or ()))
    keys = {"min_dbfs": -45, "max_dbfs": -10}
    before = levels(call, role="agent", **keys)
    assert len(before) == 3
    assert levels(swapped, role="customer", **keys) == before


def test_whose_clipping_it_is_must_be_known() -> None:
    call = shared(*BOTH, level=track((12, -26), role=None), clipped_share=0.01)
    assert isinstance(outcome(call, "loudness", role="agent"), NotMeasured)
    (found,) = findings(call, "loudness")
    assert (found.role, found.start_s, found.end_s) == (None, 0.0, 8.0)
    assert findings(call, "loudness", role="agent", **SURE) == ()
    clean = shared(*BOTH, level=track((12, -26), role=None))
    assert findings(clean, "loudness", role="agent") == ()


def test_what_it_needs_and_a_call_may_lack() -> None:
    call = heard(track((12, -26)))
    for lacking, keys in (
        (drawn(TALK), {}),
        (drawn("agent: 您好"), {}),
        (replace(call, tracks=None), {}),
        (replace(call, tracks=()), {}),
        (replace(call, channels=()), {}),
        (shared(Speech(None, 0, (Span(0, 4),)), level=track((4, -26))), {"role": "agent"}),
    ):
        assert isinstance(outcome(lacking, "loudness", **keys), NotMeasured)
    assert findings(replace(call, channels=()), "loudness", **SURE) == ()


@pytest.mark.parametrize(
    "agent",
    [
        pytest.param(track(), id="an empty track"),
        pytest.param(track((0.3, -90)), id="one that ends before half a second of speech"),
        pytest.param(replace(track((12, -90)), values=(None,) * 120), id="no level anywhere"),
    ],
)
def test_a_track_that_says_nothing_finds_nothing(agent: Track) -> None:
    detected = outcome(heard(agent), "loudness", role="agent", min_dbfs=-40)
    assert isinstance(detected, Detected)
    assert (detected.findings, detected.value) == ((), None)


def test_frames_without_a_level_are_left_out() -> None:
    holey = replace(track((4, -45.1)), values=(None, -45.1, -45.1, None) * 10 + (-26.0,) * 80)
    assert levels(heard(holey), role="agent", min_dbfs=-45) == [(0.0, 4.0, "quiet", -45.1)]


def test_a_track_that_ends_before_the_speech_is_heard_to_its_end() -> None:
    assert levels(heard(track((3, -50))), min_dbfs=-45, role="agent", **SURE) == [
        (0.0, 4.0, "quiet", -50.0)
    ]
    assert levels(heard(track()), min_dbfs=-45, role="agent", **SURE) == []


def test_clipping_belongs_to_the_turn_that_its_speech_begins_with() -> None:
    call = heard(track((12, -26)), clipped=(0.002, 0.0))
    agent, customer = call.speech or ()
    call = replace(call, speech=(replace(agent, spans=(Span(0.0, 4.2), Span(9, 12))), customer))
    turns = tuple(t._replace(start_s=0.3) if t.start_s == 0 else t for t in call.turns or ())
    call = replace(call, turns=turns)
    assert spans(findings(call, "loudness", role="agent", first_turns=1)) == [(0.0, 12.0)]
    assert findings(call, "loudness", role="agent", last_turns=1) == ()
