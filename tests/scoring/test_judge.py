"""Whole calls judged: order, purity, what silence means, and what nobody told apart."""

from dataclasses import replace

import pytest

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call, Evaluation, Outcome
from qa_pipeline.scoring import bind, judge
from tests.scoring.made import card

CARD = """severity: A, points: 10, pass_if: not b}
      - {id: required, severity: B, points: 10, pass_if: a}
      - {id: quiet, severity: B, points: 5, pass_if: silence.count <= 1}
      - {id: people, severity: B, points: 5, judged_by: human"""
BOUND = bind(card(CARD))


def call(text: str) -> Call:
    return parse_dialogue(text, "made", "zh")


def outcomes(evaluation: Evaluation) -> dict[str, Outcome]:
    return {verdict.criterion: verdict.outcome for verdict in evaluation.verdicts}


def test_every_criterion_has_one_verdict_in_report_order() -> None:
    evaluation = judge(call("agent 0-4: 您好\ncustomer 5-9: 我要投诉"), BOUND)
    assert [v.criterion for v in evaluation.verdicts] == [
        "other", "it", "required", "quiet", "people",
    ]  # fmt: skip
    assert [v.outcome for v in evaluation.verdicts] == ["pass", "pass", "pass", "pass", "pending"]
    assert (evaluation.score, evaluation.coverage, evaluation.passed) == (100.0, 1.0, True)
    assert evaluation.scorecard_sha256 == BOUND.loaded.sha256


def test_counted_signals_come_with_their_findings() -> None:
    evaluation = judge(call("agent 0-4: 您好\ncustomer 5-9: 我要投诉"), BOUND)
    assert [(f.signal, f.quote) for f in evaluation.counted] == [("a", "您好"), ("c", "投诉")]


def test_judging_is_pure() -> None:
    made = call("agent 0-4: 喂\ncustomer 20-25: 我要投诉")
    assert judge(made, BOUND) == judge(made, bind(card(CARD)))


def test_a_later_start_of_the_recording_changes_no_verdict() -> None:
    early = judge(call("agent 0-4: 您好\ncustomer 14-18: 我要投诉\nagent 30-34: 喂"), BOUND)
    late = judge(call("agent 100-104: 您好\ncustomer 114-118: 我要投诉\nagent 130-134: 喂"), BOUND)
    assert outcomes(early) == outcomes(late)
    assert (early.score, early.passed) == (late.score, late.passed)


def test_unrelated_turns_change_no_verdict() -> None:
    plain = judge(call("agent 0-4: 您好\ncustomer 5-9: 我要投诉"), BOUND)
    more = judge(call("agent 0-4: 您好\ncustomer 5-9: 我要投诉\ncustomer 10-12: 红色的"), BOUND)
    assert outcomes(plain) == outcomes(more)


def test_no_speech_at_all_fails_what_is_required_and_passes_what_is_forbidden() -> None:
    said = outcomes(judge(call("# duration_s: 60"), BOUND))
    assert said == {
        "other": "fail", "it": "pass", "required": "fail", "quiet": "pass", "people": "pending",
    }  # fmt: skip


def test_speech_without_words_on_the_agents_side_is_not_measured() -> None:
    silent = call("agent 0-4: 您好\ncustomer 5-9: 我要投诉")
    assert silent.turns is not None
    wordless = tuple(
        turn._replace(words=()) if turn.role == "agent" else turn for turn in silent.turns
    )
    evaluation = judge(replace(silent, turns=wordless), BOUND)
    said = outcomes(evaluation)
    assert said["it"] == said["required"] == "not_measured"
    assert said["quiet"] == "pass"
    assert evaluation.passed is None


def test_a_call_whose_speakers_nobody_told_apart() -> None:
    stereo = call("agent 0-4: 您好\ncustomer 5-9: 我要投诉")
    assert stereo.turns is not None
    assert stereo.speech is not None
    mono = replace(
        stereo,
        tier="mono_undiarised",
        turns=tuple(turn._replace(role=None, channel=0) for turn in stereo.turns),
        speech=tuple(replace(speech, role=None, channel=0) for speech in stereo.speech[:1]),
    )
    evaluation = judge(mono, BOUND)
    said = outcomes(evaluation)
    assert said["it"] == said["required"] == said["other"] == "not_measured"
    assert said["quiet"] == "pass"
    assert evaluation.passed is None
    assert evaluation.coverage == pytest.approx(5 / 26)


def test_words_that_were_not_measured_pass_nothing() -> None:
    deaf = replace(call("agent 0-4: 您好"), turns=None)
    said = outcomes(judge(deaf, BOUND))
    assert said["it"] == said["required"] == "not_measured"


def test_a_dialogue_without_times_leaves_timing_open() -> None:
    evaluation = judge(call("agent: 您好\ncustomer: 我要投诉"), BOUND)
    said = outcomes(evaluation)
    assert (said["it"], said["required"], said["quiet"]) == ("pass", "pass", "not_measured")
    assert all(f.start_s is None for v in evaluation.verdicts for f in v.findings)
