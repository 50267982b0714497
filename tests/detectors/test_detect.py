from dataclasses import replace
from typing import Any

import pytest

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.records import Call, Speech, Turn
from qa_pipeline.scorecard.signals import SIGNALS
from qa_pipeline.words import Masked, Word
from tests.detectors.looking import drawn, findings, outcome, quotes, signal, spans

#: Every turn says the same, so that only windows and anchors choose.
SAME = "\n".join(
    f"{'agent' if i % 2 == 0 else 'customer'} {10 + i * 10}-{12 + i * 10}: 好" for i in range(6)
)
AGENT = [(10.0, 12.0), (30.0, 32.0), (50.0, 52.0)]


def test_every_declared_detector_is_there() -> None:
    assert set(DETECTORS) == set(SIGNALS)
    assert all(name == one.name and one.version >= 1 for name, one in DETECTORS.items())


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param({}, AGENT, id="no window"),
        pytest.param({"first_s": 20}, AGENT[:2], id="from the first speech, end included"),
        pytest.param({"first_s": 19.9}, AGENT[:1], id="the hit's start counts"),
        pytest.param({"first_s": 0.5}, AGENT[:1], id="not its end"),
        pytest.param({"last_s": 32}, AGENT[1:], id="to anyone's last speech, start included"),
        pytest.param({"last_s": 31.9}, AGENT[2:], id="a little less"),
        pytest.param({"first_s": 25, "last_s": 35}, AGENT[1:2], id="both"),
        pytest.param({"first_s": 5, "last_s": 5}, [], id="both, nothing left"),
        pytest.param({"first_turns": 1}, AGENT[:1], id="his first turn"),
        pytest.param({"last_turns": 2}, AGENT[1:], id="his last two turns"),
        pytest.param({"first_turns": 9}, AGENT, id="more turns than there are"),
        pytest.param({"first_turns": 2, "last_turns": 2}, AGENT[1:2], id="second of three"),
    ],
)
def test_windows(keys: dict[str, Any], expected: list[tuple[float, float]]) -> None:
    assert spans(findings(drawn(SAME), "phrase", role="agent", any_of=["好"], **keys)) == expected


def test_turns_of_anyone_count_where_no_role_is_named() -> None:
    found = findings(drawn(SAME), "phrase", any_of=["好"], first_turns=2)
    assert [f.role for f in found] == ["agent", "customer"]


def test_a_window_begins_with_the_first_speech_even_without_words() -> None:
    call = drawn("customer 0-4: ……\nagent 10-11: 好\ncustomer 12-13: 好")
    assert findings(call, "phrase", role="agent", any_of=["好"], first_s=9.9) == ()
    assert len(findings(call, "phrase", role="agent", any_of=["好"], first_s=10)) == 1


ANCHORED = """agent 0-1: 抱歉
customer 2-4: 投诉
agent 6-8: 抱歉
customer 20-22: 太差
agent 30-32: 抱歉
"""


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param({"after": "complaint"}, [6.0, 30.0], id="after"),
        pytest.param({"after": "complaint", "within_s": 2}, [6.0], id="within, inclusive"),
        pytest.param({"after": "complaint", "within_s": 1.99}, [], id="just not"),
        pytest.param({"after": ["complaint", "scolding"], "within_s": 8}, [6.0, 30.0], id="any"),
        pytest.param({"before": "complaint"}, [0.0], id="before"),
        pytest.param({"before": "scolding", "within_s": 14}, [6.0], id="before, within"),
        pytest.param({"after": "complaint", "before": "scolding"}, [6.0], id="between"),
        pytest.param({"after": "nothing"}, [], id="no anchor found, no hit"),
        pytest.param({"before": "nothing"}, [], id="nor before it"),
    ],
)
def test_anchors(keys: dict[str, Any], expected: list[float]) -> None:
    signals = {
        "it": signal("phrase", role="agent", any_of=["抱歉"], **keys),
        "complaint": signal("phrase", any_of=["投诉"]),
        "scolding": signal("phrase", any_of=["太差"]),
        "nothing": signal("phrase", any_of=["神经病"]),
    }
    detected = detect_all(drawn(ANCHORED), signals)["it"]
    assert isinstance(detected, Detected)
    assert [f.start_s for f in detected.findings] == expected


def test_the_anchor_that_ended_last_counts_though_it_began_first() -> None:
    call = drawn("customer 0-10: 投诉投诉\ncustomer 2-3: 太差\nagent 10.5-11: 抱歉")
    signals = {
        "it": signal("phrase", any_of=["抱歉"], after=["long", "short"], within_s=1),
        "long": signal("phrase", any_of=["投诉投诉"]),
        "short": signal("phrase", any_of=["太差"]),
    }
    detected = detect_all(call, signals)["it"]
    assert isinstance(detected, Detected)
    assert [f.start_s for f in detected.findings] == [10.5]


def test_a_hit_may_follow_its_anchor_in_the_same_turn_but_not_overlap_it() -> None:
    call = drawn("agent 0-4: 抱歉，抱歉了")
    signals = {
        "first": signal("phrase", any_of=["抱歉，抱"]),
        "it": signal("phrase", any_of=["抱歉", "歉了"], after="first"),
        "next": signal("phrase", any_of=["了"], after="it", within_s=0),
    }
    found = detect_all(call, signals)
    assert [len(d.findings) for d in found.values() if isinstance(d, Detected)] == [1, 0, 0]


def test_anchors_form_chains_whatever_their_order() -> None:
    signals = {
        "c": signal("phrase", any_of=["抱歉"], after="b"),
        "b": signal("phrase", any_of=["太差"], after="a"),
        "a": signal("phrase", any_of=["投诉"]),
    }
    detected = detect_all(drawn(ANCHORED), signals)
    assert list(detected) == ["c", "b", "a"]
    assert isinstance(detected["c"], Detected)
    assert [f.start_s for f in detected["c"].findings] == [30.0]


def test_anchors_in_a_circle_are_a_fault_of_the_caller() -> None:
    signals = {
        "a": signal("phrase", any_of=["好"], after="b"),
        "b": signal("phrase", any_of=["好"], after="a"),
    }
    with pytest.raises(ValueError, match="cycle"):
        detect_all(drawn(SAME), signals)


def test_an_anchor_not_measured_passes_on() -> None:
    call = replace(drawn(ANCHORED), speech=None)
    signals = {
        "gap": signal("dead_air", min_s=3),
        "it": signal("phrase", any_of=["抱歉"], after="gap"),
        "then": signal("phrase", any_of=["抱歉"], after=["it", "other"]),
        "other": signal("phrase", any_of=["投诉"]),
    }
    detected = detect_all(call, signals)
    assert isinstance(detected["other"], Detected)
    for name, anchor in (("it", "gap"), ("then", "it")):
        unmeasured = detected[name]
        assert isinstance(unmeasured, NotMeasured)
        assert anchor in unmeasured.reason.en
        assert anchor in unmeasured.reason.zh


UNTIMED = "agent: 抱歉\ncustomer: 投诉\nagent: 抱歉抱歉"


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"first_s": 10}, id="first_s"),
        pytest.param({"last_s": 10}, id="last_s"),
        pytest.param({"after": "complaint", "within_s": 10}, id="within_s"),
    ],
)
def test_seconds_are_not_measured_without_times(keys: dict[str, Any]) -> None:
    signals = {
        "it": signal("phrase", any_of=["抱歉"], **keys),
        "complaint": signal("phrase", any_of=["投诉"]),
    }
    assert isinstance(detect_all(drawn(UNTIMED), signals)["it"], NotMeasured)


def test_order_and_turns_work_without_times_and_no_time_is_told() -> None:
    signals = {
        "it": signal("phrase", role="agent", any_of=["抱歉"], after="complaint"),
        "complaint": signal("phrase", any_of=["投诉"], first_turns=2),
    }
    detected = detect_all(drawn(UNTIMED), signals)["it"]
    assert isinstance(detected, Detected)
    assert [(f.turn, f.start_s, f.end_s) for f in detected.findings] == [(2, None, None)] * 2
    assert (detected.speech_s, detected.talk_s) == (None, None)


@pytest.mark.parametrize(
    ("keys", "speech_s"),
    [
        pytest.param({"role": "agent"}, 6.0, id="the role's"),
        pytest.param({}, 12.0, id="anyone's"),
        pytest.param({"role": "agent", "first_s": 21}, 3.0, id="inside the window"),
        pytest.param({"role": "agent", "last_turns": 1}, 2.0, id="inside the turns"),
        pytest.param({"role": "agent", "first_s": 5, "last_s": 5}, 0.0, id="an empty window"),
    ],
)
def test_measures_of_speech(keys: dict[str, Any], speech_s: float) -> None:
    detected = outcome(drawn(SAME), "phrase", any_of=["好"], **keys)
    assert isinstance(detected, Detected)
    assert detected.speech_s == pytest.approx(speech_s)
    assert detected.talk_s == pytest.approx(52.0)


# -- what could not be looked at ----------------------------------------------------------------


def _without_roles(call: Call) -> Call:
    assert call.turns is not None
    assert call.speech is not None
    return replace(
        call,
        turns=tuple(turn._replace(role=None) for turn in call.turns),
        speech=(Speech(None, 0, call.speech_of(None) or ()),),
    )


CALLS = {
    "whole": drawn(SAME),
    "untimed": drawn(UNTIMED),
    "no words": replace(drawn(SAME), turns=None),
    "no speech spans": replace(drawn(SAME), speech=None),
    "no roles": _without_roles(drawn(SAME)),
    "unclear agent": replace(drawn(SAME), notes=("unclear_agent",)),
}
SIGNAL_KEYS: dict[str, dict[str, Any]] = {
    "phrase": {"any_of": ["好"]},
    "filler": {},
    "dead_air": {"min_s": 3},
    "interruption": {},
    "speech_rate": {"max": 100},
}


@pytest.mark.parametrize(
    ("call", "role", "measured"),
    [
        pytest.param("whole", "agent", set(SIGNAL_KEYS), id="everything"),
        pytest.param("untimed", "agent", {"phrase", "filler"}, id="no times"),
        pytest.param("no words", "agent", {"dead_air", "interruption"}, id="no words"),
        pytest.param(
            "no speech spans", "agent", {"phrase", "filler", "speech_rate"}, id="no spans"
        ),
        pytest.param("no roles", "agent", {"dead_air"}, id="no roles, the agent's"),
        pytest.param(
            "no roles", "any", {"phrase", "filler", "dead_air", "speech_rate"}, id="no roles, any"
        ),
        pytest.param("unclear agent", "agent", {"dead_air", "interruption"}, id="unclear"),
        pytest.param("unclear agent", "any", {"dead_air", "interruption"}, id="one unclear, any"),
        pytest.param("unclear agent", "customer", set(SIGNAL_KEYS), id="the other is clear"),
    ],
)
def test_what_each_detector_needs(call: str, role: str, measured: set[str]) -> None:
    outcomes = {
        name: outcome(CALLS[call], name, role=role, **keys) for name, keys in SIGNAL_KEYS.items()
    }
    assert {name for name, one in outcomes.items() if isinstance(one, Detected)} == measured
    reasons = [one.reason for one in outcomes.values() if isinstance(one, NotMeasured)]
    assert all(reason.en and reason.zh and reason.en != reason.zh for reason in reasons)


@pytest.mark.parametrize(
    ("text", "role", "measured"),
    [
        pytest.param("agent 0-1: ……\ncustomer 2-4: 投诉", "agent", False, id="a second of his"),
        pytest.param("agent 0-0.9: ……\ncustomer 2-4: 投诉", "agent", True, id="a cough"),
        pytest.param("agent 0-1: ……\ncustomer 2-4: 投诉", "any", False, id="needed by any"),
        pytest.param(
            "agent 0-1: ……\ncustomer 2-4: 投诉", "customer", True, id="the customer is heard"
        ),
        pytest.param("agent 0-1: 好\ncustomer 2-4: ……", "agent", True, id="the agent is heard"),
        pytest.param(
            "agent 0-1: 好\ncustomer 2-4: ……", "customer", False, id="the customer is not"
        ),
        pytest.param("agent 0-9: ……\nagent 10-11: 好", "agent", True, id="some words"),
        pytest.param("# duration_s: 60", "agent", True, id="no speech at all: nothing found"),
        pytest.param("customer 2-4: 投诉", "agent", True, id="he never speaks"),
        pytest.param("agent: ……\ncustomer: 投诉", "agent", False, id="untimed speech"),
        pytest.param("agent: ……\nagent: 好", "agent", True, id="untimed, some words"),
        pytest.param("customer: 投诉", "agent", True, id="untimed, he never speaks"),
    ],
)
def test_speech_without_words(text: str, role: str, measured: bool) -> None:
    detected = outcome(drawn(text), "phrase", role=role, any_of=["您好"])
    assert isinstance(detected, Detected) is measured


def _sure(*confidences: float | None) -> Call:
    words = tuple(
        Word(text, float(i), i + 1.0, confidence)
        for i, (text, confidence) in enumerate(zip("您好吗", confidences, strict=True))
    )
    return replace(drawn("agent 0-3: 好"), turns=(Turn("agent", 0, 0.0, 3.0, words),))


@pytest.mark.parametrize(
    ("confidences", "n"),
    [
        pytest.param((0.6, 0.9, 0.1), 1, id="at the bound; words outside do not matter"),
        pytest.param((0.59, 0.9, 0.9), 0, id="one word below"),
    ],
)
def test_min_confidence(confidences: tuple[float, ...], n: int) -> None:
    found = findings(_sure(*confidences), "phrase", any_of=["您好"], min_confidence=0.6)
    assert len(found) == n


def test_words_without_confidence_are_not_measured_where_it_is_asked() -> None:
    call = _sure(0.9, None, 0.9)
    assert isinstance(outcome(call, "phrase", any_of=["您好"], min_confidence=0), NotMeasured)
    assert len(findings(call, "phrase", any_of=["您好"])) == 1


def test_no_quote_and_no_match_shows_what_was_masked() -> None:
    mask = Word("［卡号 16 位］，", 1.0, 2.0, None, Masked("card", 16, "t", "u"))
    words = (Word("卡", 0.0, 1.0), mask, Word("好", 2.0, 3.0))
    call = replace(drawn("agent 0-3: 好"), turns=(Turn("agent", 0, 0.0, 3.0, words),))
    assert findings(call, "phrase", any_of=["卡号", "16", "卡好", "位"]) == ()
    assert quotes(findings(call, "phrase", any_of=["卡", "好"])) == ["卡", "好"]
    assert findings(call, "phrase", any_of=["[0-9]|卡号"], match="regex") == ()
