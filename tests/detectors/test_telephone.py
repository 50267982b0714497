"""`hang_up` and `ring`: what the telephone system says, and nobody can hear."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Call, Value
from tests.detectors.looking import drawn, findings, outcome

TALK = "agent 0-4: 您好\ncustomer 5-9: 再见\n"


def facts(text: str = TALK, **metadata: Value) -> Call:
    return replace(drawn(text), metadata=MappingProxyType(metadata))


def test_the_agent_hung_up() -> None:
    call = facts("# duration_s: 12.5\n" + TALK, hangup_by="agent")
    (found,) = findings(call, "hang_up")
    assert (found.role, found.start_s, found.end_s) == ("agent", 12.5, 12.5)
    assert findings(call, "hang_up", role="agent") == (found,)


@pytest.mark.parametrize("who", ["customer", "system"])
def test_somebody_else_hung_up(who: str) -> None:
    assert findings(facts(hangup_by=who), "hang_up") == ()


@pytest.mark.parametrize("who", [None, "", "Agent", "客服", "transfer", 1, True])
def test_who_hung_up_is_not_known(who: Value) -> None:
    assert isinstance(outcome(facts(hangup_by=who), "hang_up"), NotMeasured)
    assert isinstance(outcome(facts(), "hang_up"), NotMeasured)


def test_windows_and_anchors_place_the_hang_up_at_the_end() -> None:
    call = facts("# duration_s: 12\n" + TALK, hangup_by="agent")
    assert len(findings(call, "hang_up", last_s=4)) == 1
    assert findings(call, "hang_up", first_s=11) == ()
    assert len(findings(call, "hang_up", first_s=12)) == 1


def rung(ring_s: Value, **keys: Any) -> Detected | NotMeasured:
    return outcome(facts(ring_s=ring_s), "ring", max_s=10, **keys)


@pytest.mark.parametrize("ring_s", [10.001, 11, 86_399.0])
def test_answered_too_late(ring_s: float) -> None:
    detected = rung(ring_s)
    assert isinstance(detected, Detected)
    (found,) = detected.findings
    assert (found.role, found.start_s, found.end_s, found.value) == ("agent", 0.0, 0.0, ring_s)
    assert detected.value == ring_s


@pytest.mark.parametrize("ring_s", [0, 3, 10, 10.0])
def test_answered_in_time(ring_s: float) -> None:
    detected = rung(ring_s)
    assert isinstance(detected, Detected)
    assert (detected.findings, detected.value) == ((), ring_s)


@pytest.mark.parametrize(
    "ring_s", [None, "", "12", "late", True, -1, float("nan"), float("inf")], ids=repr
)
def test_how_long_it_rang_is_not_known(ring_s: Value) -> None:
    assert isinstance(rung(ring_s), NotMeasured)


def test_no_ring_s_at_all_is_not_measured() -> None:
    assert isinstance(outcome(facts(), "ring", max_s=10), NotMeasured)


def test_neither_needs_words_speech_roles_or_times() -> None:
    bare = replace(facts(hangup_by="agent", ring_s=12), turns=None, speech=None)
    untimed = drawn("# hangup_by: agent\n# ring_s: 12\nagent: 您好")
    for call in (bare, untimed):
        assert len(findings(call, "hang_up")) == 1
        assert len(findings(call, "ring", max_s=10)) == 1
    assert [f.start_s for f in findings(untimed, "hang_up")] == [None]
