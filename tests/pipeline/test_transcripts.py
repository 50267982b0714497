"""Calls from finished transcripts, alone and beside their audio."""

import json
from pathlib import Path

import pytest

from qa_pipeline.engines.fakes import LoudnessActivity, ScriptedTranscriber
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.pipeline.measure import Measured, measure
from qa_pipeline.settings import Settings
from qa_pipeline.spans import total_s
from tests.pipeline.heard import KEY, channel, row, write

ENGINES = Engines(LoudnessActivity(), ScriptedTranscriber((), []))
DIALOGUE = "客服 1-4: 您好，很高興為您服務\n客户 5-8: 我想订锅"


def imported(
    transcript: str | dict[str, object], path: Path | None = None, **facts: object
) -> Measured:
    text = transcript if isinstance(transcript, str) else json.dumps(transcript)
    return measure(path, row(**facts), ENGINES, Settings(), KEY, transcript=text.encode())


def said(**who: object) -> dict[str, object]:
    """Two words on two channels (or of two roles)."""
    first, second = who["first"], who["second"]
    return {
        "words": [
            {"text": "hello", "start_s": 1, "end_s": 4, **first},  # type: ignore[dict-item]
            {"text": "hi", "start_s": 5, "end_s": 8, **second},  # type: ignore[dict-item]
        ]
    }


ROLES = said(first={"role": "agent"}, second={"role": "customer"})
CHANNELS = said(first={"channel": 0}, second={"channel": 1})


def test_a_dialogue_alone() -> None:
    measured = imported(DIALOGUE)
    call = measured.call
    assert (call.tier, call.role_source, call.call_id) == ("imported", "transcript", "c-1")
    assert call.turns is not None
    assert [(t.role, t.start_s, t.end_s) for t in call.turns] == [
        ("agent", 1, 4),
        ("customer", 5, 8),
    ]
    assert "很高兴为您服务" in call.turns[0].text
    assert call.speech_of("agent") is not None
    assert (measured.recording, measured.provenance.transcriber) == (None, None)
    assert measured.provenance.transcript_sha256 is not None


def test_no_engine_is_needed_for_it() -> None:
    assert measure(None, row(), None, Settings(), KEY, transcript=DIALOGUE.encode()).call.turns


def test_json_without_spans_measures_no_timing() -> None:
    call = imported(ROLES, language="en").call
    assert call.speech is None
    assert call.sustained is None
    assert [t.role for t in call.turns or ()] == ["agent", "customer"]


@pytest.mark.parametrize(
    ("agent_channel", "roles"),
    [(0, ["agent", "customer"]), (1, ["customer", "agent"]), (None, [None, None])],
)
def test_words_of_channels_get_roles_from_the_manifest(
    agent_channel: int | None, roles: list[str | None]
) -> None:
    call = imported(CHANNELS, agent_channel=agent_channel).call
    assert [t.role for t in call.turns or ()] == roles
    assert call.role_source == ("unknown" if agent_channel is None else "manifest")


def test_the_row_wins_over_the_dialogues_own_facts() -> None:
    from types import MappingProxyType

    call = imported(
        "# queue: old\n# ring_s: 4\n" + DIALOGUE, metadata=MappingProxyType({"queue": "new"})
    ).call
    assert dict(call.metadata) == {"queue": "new", "ring_s": 4}


@pytest.mark.parametrize(
    ("text", "language"), [(DIALOGUE, "zh"), ("agent 0-1: hello\ncustomer 1-2: hi", "en")]
)
def test_the_language_is_that_of_the_script(text: str, language: str) -> None:
    assert imported(text, language=None).call.language == language


def test_numbers_in_transcripts_are_masked_too() -> None:
    measured = imported("客服 1-4: 请讲\n客户 5-9: 卡号是4111111111111111")
    assert "4111" not in repr(measured)
    assert measured.masked


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    agent = channel(12, [(1.5, 4.5)], hz=120, seed=1)
    customer = channel(12, [(5.5, 8.5)], hz=220, seed=2)
    return write(tmp_path / "call.wav", customer, agent)


@pytest.mark.parametrize("agent_channel", [1, None], ids=["told", "found-by-the-words-times"])
def test_with_audio_words_come_from_the_text_and_timing_from_the_sound(
    stereo: Path, agent_channel: int | None
) -> None:
    measured = imported(DIALOGUE, stereo, agent_channel=agent_channel)
    call = measured.call
    assert call.tier == "imported"
    assert [t.start_s for t in call.turns or ()] == [1, 5]
    assert call.speech is not None
    assert [(s.role, s.channel) for s in call.speech] == [("customer", 0), ("agent", 1)]
    agent = call.speech_of("agent")
    assert agent is not None
    assert agent[0].start_s == pytest.approx(1.5, abs=0.15)
    assert agent[-1].end_s == pytest.approx(4.5, abs=0.15)
    assert call.tracks is not None
    assert {track.role for track in call.tracks} == {"agent", "customer"}
    assert [one.channel for one in call.sustained or ()] == [0, 1]
    assert measured.provenance.recording_sha256 is not None
    assert measured.provenance.activity == "fake activity"
    assert call.duration_s == 12


def test_a_dialogue_without_times_gets_none_from_the_sound(stereo: Path) -> None:
    call = imported("客服: 您好\n客户: 你好", stereo, agent_channel=1).call
    assert (call.timed, call.speech) == (False, None)
    assert "transcript_untimed" in call.notes


def test_mono_audio_times_the_call_but_no_role(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", channel(12, [(1, 8)], hz=120, seed=1))
    call = imported(DIALOGUE, path).call
    assert call.speech_of("agent") is None
    speech = call.speech_of(None)
    assert speech is not None
    assert total_s(speech) == pytest.approx(7, abs=0.5)
    assert call.turns_of("agent") is not None


THANKS = {"text": "祝您生活愉快", "start_s": 50, "end_s": 52, "role": "agent"}
GREETING = {"text": "您好", "start_s": 0.5, "end_s": 1, "role": "agent"}


@pytest.mark.parametrize(
    ("agent", "texts"),
    [
        pytest.param([[0, 10], [49, 53]], ["您好", "祝您生活愉快"], id="both were spoken"),
        pytest.param([[0, 10]], ["您好"], id="thanks invented on silence"),
        pytest.param([[0, 10], [52, 53]], ["您好"], id="beside speech, not in it"),
        pytest.param([], [], id="the agent never spoke"),
    ],
)
def test_words_outside_all_speech_of_their_party_are_dropped(
    agent: list[list[float]], texts: list[str]
) -> None:
    speech = {"agent": agent, "customer": [[40, 60]]}
    call = imported({"words": [GREETING, THANKS], "speech": speech}).call
    assert [turn.text for turn in call.turns or ()] == texts
    assert call.n_dropped_words == 2 - len(texts)


def test_words_outside_all_speech_of_the_recording_are_dropped(stereo: Path) -> None:
    words = [{**GREETING, "start_s": 2, "end_s": 3}, {**THANKS, "start_s": 10, "end_s": 11}]
    call = imported({"words": words}, stereo, agent_channel=1).call
    assert [turn.text for turn in call.turns or ()] == ["您好"]
    assert call.n_dropped_words == 1


def test_words_of_a_party_whose_speech_is_not_told_are_refused() -> None:
    with pytest.raises(RecordingFailed, match=r'add "agent": \[\[start_s'):
        imported({"words": [GREETING], "speech": {"customer": [[0, 10]]}})
