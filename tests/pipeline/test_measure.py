"""From a recording to a call: channels, roles, what is dropped, and what stays unmeasured."""

from pathlib import Path

import numpy as np
import pytest

from qa_pipeline.errors import RecordingFailed
from qa_pipeline.pipeline.measure import Measured, measure
from qa_pipeline.records import Turn
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span, total_s
from tests.acoustics.voices import vowel
from tests.pipeline.heard import KEY, channel, heard, row, words, write

FIRST = channel(20, [(1, 4), (9, 12)], hz=120, seed=1)
SECOND = channel(20, [(5, 8), (14, 18)], hz=220, seed=9)
AGENT = words((1, 2, "您好，"), (2, 3, "很高兴"), (3, 4, "为您服务。"), (9, 12, "好的。"))
CUSTOMER = words((5, 8, "我想订一个锅。"), (14, 18, "好。"))


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    return write(tmp_path / "call.wav", FIRST, SECOND)


def turns(measured: Measured) -> list[tuple[str | None, str]]:
    assert measured.call.turns is not None
    return [(turn.role, turn.text) for turn in measured.call.turns]


def bounds(turn: Turn) -> tuple[float, float]:
    return round(turn.start_s, 1), round(turn.end_s, 1)


TALK = [
    ("agent", "您好,很高兴为您服务。"),
    ("customer", "我想订一个锅。"),
    ("agent", "好的。"),
    ("customer", "好。"),
]


def test_two_channels_are_two_parties(stereo: Path) -> None:
    measured = heard(stereo, AGENT, CUSTOMER, agent_channel=0)
    call = measured.call
    assert [(role, text.replace("，", ",")) for role, text in turns(measured)] == TALK
    assert (call.tier, call.role_source, call.duration_s) == ("dual_channel", "manifest", 20)
    assert call.notes == ()
    assert call.speech is not None
    assert [(s.role, s.channel) for s in call.speech] == [("agent", 0), ("customer", 1)]
    assert total_s(call.speech[0].spans) == pytest.approx(6, abs=0.5)
    assert measured.provenance.recording_sha256 == measured.recording.recording_sha256  # type: ignore[union-attr]
    assert measured.provenance.transcriber == "fake transcriber"


def test_the_agent_may_be_on_the_right(tmp_path: Path) -> None:
    swapped = write(tmp_path / "call.wav", SECOND, FIRST)
    measured = heard(swapped, CUSTOMER, AGENT, agent_channel=1)
    assert measured.call.speech is not None
    assert [(s.role, s.channel) for s in measured.call.speech] == [("customer", 0), ("agent", 1)]
    assert [role for role, _ in turns(measured)] == [role for role, _ in TALK]


def test_settings_say_where_the_manifest_does_not(stereo: Path) -> None:
    settings = Settings.model_validate({"source": {"agent_channel": 1}})
    assert heard(stereo, CUSTOMER, AGENT, settings=settings).call.role_source == "settings"
    both = heard(stereo, AGENT, CUSTOMER, settings=settings, agent_channel=0).call
    assert both.role_source == "manifest"


@pytest.mark.parametrize("agent_first", [True, False])
def test_evidence_decides_where_nobody_said(tmp_path: Path, agent_first: bool) -> None:
    channels, scripts = (FIRST, SECOND), (AGENT, CUSTOMER)
    if not agent_first:
        channels, scripts = channels[::-1], scripts[::-1]
    call = heard(write(tmp_path / "call.wav", *channels), *scripts).call
    assert call.role_source == "evidence"
    assert "roles_by_evidence" in call.notes
    assert call.speech is not None
    assert (call.speech[0].role == "agent") is agent_first


def test_undecided_roles_are_unknown_not_guessed(stereo: Path) -> None:
    call = heard(stereo, words((1, 4, "嗯。")), words((5, 8, "好的。"))).call
    assert call.role_source == "unknown"
    assert "roles_unknown" in call.notes
    assert call.turns_of("agent") is None
    assert call.speech_of("agent") is None
    assert call.turns_of(None) is not None
    assert call.speech_of(None) is not None


def test_words_on_silence_are_dropped_and_counted(stereo: Path) -> None:
    invented = words((12.5, 13.5, "谢谢。"), (19, 19.5, "再见。"))
    call = heard(stereo, AGENT + invented, CUSTOMER, agent_channel=0).call
    assert call.n_dropped_words == 2
    assert all("谢谢" not in turn.text for turn in call.turns or ())


def test_the_recogniser_hears_speech_only(stereo: Path) -> None:
    from qa_pipeline.engines.fakes import LoudnessActivity, ScriptedTranscriber
    from qa_pipeline.engines.protocols import Engines

    transcriber = ScriptedTranscriber((AGENT, CUSTOMER), [])
    engines = Engines(LoudnessActivity(), transcriber)
    measure(stereo, row(agent_channel=0), engines, Settings(), KEY)
    (first, language), (second, _) = transcriber.asked
    assert language == "zh"
    assert [(round(w.start_s), round(w.end_s)) for w in first] == [(1, 4), (9, 12)]
    assert [(round(w.start_s), round(w.end_s)) for w in second] == [(5, 8), (14, 18)]


def test_two_equal_channels_are_one(tmp_path: Path) -> None:
    both = FIRST + SECOND
    path = write(tmp_path / "call.wav", both, both * 0.8)
    call = heard(path, AGENT + CUSTOMER).call
    assert call.is_dual_mono
    assert call.tier == "mono_undiarised"
    assert {"dual_mono", "not_diarised"} <= set(call.notes)
    assert len(call.channels) == 2
    assert call.turns_of("agent") is None


def test_mono_without_a_diariser_says_so(tmp_path: Path) -> None:
    call = heard(write(tmp_path / "call.wav", FIRST + SECOND), AGENT + CUSTOMER).call
    assert (call.tier, call.role_source) == ("mono_undiarised", "unknown")
    assert "not_diarised" in call.notes
    assert call.speech is not None
    assert [(s.role, s.channel) for s in call.speech] == [(None, 0)]


def test_mono_with_a_diariser_gets_roles_by_evidence(tmp_path: Path) -> None:
    speakers = {"A": (Span(5, 8), Span(14, 18)), "B": (Span(1, 3.8), Span(9, 12))}
    said = tuple(sorted(AGENT + CUSTOMER, key=lambda w: w.start_s))
    path = write(tmp_path / "call.wav", FIRST + SECOND)
    measured = heard(path, said, diarised=speakers)
    call = measured.call
    assert (call.tier, call.role_source, call.roles_inferred) == ("mono_diarised", "evidence", True)
    assert [(role, text.replace("，", ",")) for role, text in turns(measured)] == TALK
    assert measured.provenance.diariser == "fake diariser"
    speech = call.speech_of(None)
    assert speech is not None
    assert total_s(speech) == pytest.approx(13, abs=1)


def test_speech_that_the_diariser_missed_does_not_become_silence(tmp_path: Path) -> None:
    speakers = {"A": (Span(5, 8),), "B": (Span(1, 4),)}
    path = write(tmp_path / "call.wav", FIRST + SECOND)
    call = heard(path, AGENT + CUSTOMER, diarised=speakers).call
    assert call.speech is not None
    assert total_s(s for party in call.speech for s in party.spans) == pytest.approx(13, abs=1)


def test_one_speaker_is_not_two(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", FIRST)
    call = heard(path, AGENT, diarised={"A": (Span(0, 20),)}).call
    assert call.tier == "mono_undiarised"
    assert "one_speaker" in call.notes


@pytest.mark.parametrize("empty", [0, 1])
def test_beside_an_empty_channel_both_parties_may_be_on_the_other(
    tmp_path: Path, empty: int
) -> None:
    nothing = np.zeros_like(FIRST)
    channels = [nothing, FIRST] if empty == 0 else [FIRST, nothing]
    call = heard(write(tmp_path / "call.wav", *channels), AGENT, agent_channel=1 - empty).call
    assert "empty_channel" in call.notes
    assert call.tier == "mono_undiarised"
    assert [health.is_empty for health in call.channels] == [empty == 0, empty == 1]


def test_silence_on_both_channels_is_a_call_without_speech(tmp_path: Path) -> None:
    nothing = np.zeros_like(FIRST)
    call = heard(write(tmp_path / "call.wav", nothing, nothing), (), (), agent_channel=0).call
    assert call.turns == ()
    assert call.speech_of("agent") == ()
    assert "no_speech" in call.notes
    assert call.tier == "dual_channel"


def test_a_leaked_copy_is_not_the_other_party_speaking(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", FIRST, SECOND + FIRST * 0.15)
    call = heard(path, AGENT, CUSTOMER, agent_channel=0).call
    assert "bleed" in call.notes
    assert call.channels[1].bleed_db == pytest.approx(-16.5, abs=1.5)
    assert call.channels[0].bleed_db is None
    customer = call.speech_of("customer")
    assert customer is not None
    assert total_s(s for s in customer if s.end_s < 4.5) < 0.8
    assert total_s(customer) == pytest.approx(7, abs=1.2)


# -- confidence ---------------------------------------------------------------------------------


def test_a_side_of_which_only_loops_were_heard_is_not_a_silent_side(stereo: Path) -> None:
    call = heard(stereo, (), CUSTOMER, n_looped=40, agent_channel=0).call
    assert {"repetition_dropped", "low_confidence", "unclear_agent"} <= set(call.notes)
    assert call.turns_of("agent") is None
    assert call.turns_of("customer") is not None
    nothing = heard(stereo, (), (), n_looped=40, agent_channel=0).call
    assert nothing.turns is None


def test_a_side_heard_too_uncertainly_is_not_measured_and_the_other_is(stereo: Path) -> None:
    mumbled = words((5, 8, "我想订一个锅。"), confidence=0.3)
    call = heard(stereo, AGENT, mumbled, agent_channel=0).call
    assert {"low_confidence", "unclear_customer"} <= set(call.notes)
    assert call.turns_of("customer") is None
    assert call.turns_of(None) is None
    agent = call.turns_of("agent")
    assert agent is not None
    assert [bounds(turn) for _, turn in agent] == [(0.9, 4.0), (8.9, 12.1)]
    assert call.speech_of("customer") is not None


def test_both_sides_uncertain_leaves_no_words(stereo: Path) -> None:
    low = [
        words(*((w.start_s, w.end_s, w.text) for w in side), confidence=0.3)
        for side in (AGENT, CUSTOMER)
    ]
    call = heard(stereo, *low, agent_channel=0).call
    assert call.turns is None
    assert call.speech is not None


def test_uncertain_words_are_no_evidence_for_roles(stereo: Path) -> None:
    low = words((1, 4, "您好，很高兴为您服务。"), confidence=0.3)
    call = heard(stereo, low, words((5, 8, "嗯。"))).call
    assert call.role_source == "unknown"
    assert call.turns is None


def test_the_threshold_is_a_setting_and_inclusive(stereo: Path) -> None:
    def measured(least: float) -> bool:
        settings = Settings.model_validate({"recognition": {"min_call_confidence": least}})
        return (
            heard(stereo, AGENT, CUSTOMER, agent_channel=0, settings=settings).call.turns
            is not None
        )

    assert measured(0.9)
    assert not measured(0.91)


def test_mono_uncertain_leaves_no_words(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", FIRST)
    assert heard(path, words((1, 4, "您好"), confidence=0.2)).call.turns is None


# -- what leaves --------------------------------------------------------------------------------


def test_the_demo_model_is_named_on_other_recordings(stereo: Path) -> None:
    from types import MappingProxyType

    def notes(demo: object) -> tuple[str, ...]:
        metadata = MappingProxyType({"demo": demo})
        return heard(
            stereo, AGENT, CUSTOMER, agent_channel=0, is_demo=True, metadata=metadata
        ).call.notes

    assert "demo_model" in notes(None)
    assert "demo_model" in notes("no")
    assert "demo_model" not in notes(True)
    assert "demo_model" not in notes("true")


@pytest.mark.parametrize(
    ("is_demo", "demo", "n_speakers", "noted"),
    [
        pytest.param(True, None, 2, True, id="the-demos-on-a-real-call"),
        pytest.param(True, "no", 2, True, id="said-to-be-real"),
        pytest.param(True, "true", 2, False, id="the-demos-on-a-demo-call"),
        pytest.param(False, None, 2, False, id="a-real-diariser"),
        pytest.param(True, None, 1, False, id="its-answer-was-not-used"),
    ],
)
def test_the_demo_diariser_is_named_on_other_recordings(
    tmp_path: Path, *, is_demo: bool, demo: str | None, n_speakers: int, noted: bool
) -> None:
    from types import MappingProxyType

    speakers = {"A": (Span(5, 8), Span(14, 18)), "B": (Span(1, 3.8), Span(9, 12))}
    call = heard(
        write(tmp_path / "call.wav", FIRST + SECOND),
        AGENT + CUSTOMER,
        diarised=dict(list(speakers.items())[:n_speakers]),
        is_demo_diariser=is_demo,
        metadata=MappingProxyType({"demo": demo}),
    ).call
    assert ("demo_diariser" in call.notes) == noted


def test_words_are_normalised_once(stereo: Path) -> None:
    said = words((5, 8, "請問這個多少錢？"))
    call = heard(stereo, AGENT, said, agent_channel=0).call
    assert (call.turns or ())[1].text == "请问这个多少钱?"


def test_numbers_are_masked_before_anything_leaves(stereo: Path) -> None:
    said = words((14, 18, "卡号是4111111111111111。"))
    measured = heard(stereo, AGENT, said, agent_channel=0)
    assert "4111" not in repr(measured)
    assert len(measured.masked) == 1
    assert 14 <= measured.masked[0].start_s < measured.masked[0].end_s <= 18


def test_tracks_belong_to_roles_and_no_samples_are_left(stereo: Path) -> None:
    measured = heard(stereo, AGENT, CUSTOMER, agent_channel=1)
    tracks = measured.call.tracks
    assert tracks is not None
    assert [(t.kind, t.channel, t.role) for t in tracks] == [
        ("level_dbfs", 0, "customer"),
        ("pitch_hz", 0, "customer"),
        ("level_dbfs", 1, "agent"),
        ("pitch_hz", 1, "agent"),
    ]
    assert {len(track.values) for track in tracks} == {200}
    voiced = [v for v in tracks[1].values if v is not None]
    assert np.median(voiced) == pytest.approx(120, rel=0.05)


def test_held_sounds_are_found_on_their_channel(tmp_path: Path) -> None:
    drawn = vowel(0.5)[::2]  # made at 16 kHz with little above 4
    first, second = FIRST.copy(), SECOND.copy()
    first[4 * 8000 : 4 * 8000 + drawn.size] += drawn.astype(np.float32)
    path = write(tmp_path / "call.wav", first, second)
    sustained = heard(path, AGENT, CUSTOMER, agent_channel=0).call.sustained
    assert sustained is not None
    assert [s.channel for s in sustained] == [0, 1]
    held = [s for s in sustained[0].spans if s.overlap_s(Span(4, 4.5)) > 0]
    assert total_s(held) == pytest.approx(0.5, abs=0.1)
    assert not [s for s in sustained[1].spans if s.overlap_s(Span(4, 4.5)) > 0]


def test_held_sounds_of_equal_channels_are_found_once(tmp_path: Path) -> None:
    drawn = vowel(0.5)[::2]
    first = FIRST.copy()
    first[4 * 8000 : 4 * 8000 + drawn.size] += drawn.astype(np.float32)
    call = heard(write(tmp_path / "call.wav", first, first), AGENT).call
    assert call.is_dual_mono
    assert [s.channel for s in call.sustained or ()] == [0]


def test_the_id_is_the_recordings_hash_where_the_manifest_gives_none(stereo: Path) -> None:
    measured = heard(stereo, AGENT, CUSTOMER, call_id=None)
    assert measured.call.call_id == measured.provenance.recording_sha256[:16]  # type: ignore[index]


def test_the_same_recording_twice_is_the_same_call(stereo: Path) -> None:
    assert heard(stereo, AGENT, CUSTOMER) == heard(stereo, AGENT, CUSTOMER)


def test_a_detected_language_is_used_where_the_manifest_names_none(stereo: Path) -> None:
    assert heard(stereo, AGENT, CUSTOMER, language=None).call.language == "zh"


def test_a_broken_recording_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(b"")
    with pytest.raises(RecordingFailed) as failed:
        heard(path, AGENT)
    assert failed.value.code == "empty"


def test_nothing_to_hear() -> None:
    with pytest.raises(RecordingFailed):
        measure(None, row(), None, Settings(), KEY)
