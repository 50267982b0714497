"""Finished transcripts, as text and as JSON."""

import json

import pytest

from qa_pipeline.engines.imported import Transcript, read_transcript, script_of
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.records import Speech
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language


def word(text: str, start_s: float, end_s: float, **more: object) -> dict[str, object]:
    return {"text": text, "start_s": start_s, "end_s": end_s, **more}


def read(document: object, language: Language = "en") -> Transcript:
    raw = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return read_transcript(raw.encode(), "c-1", language)


def test_dialogue_text_brings_turns_times_and_metadata() -> None:
    found = read("# ring_s: 4\n客服 0-2: 您好\n客户 2.5-4: 你好", "zh")
    assert found.turns is not None
    assert [(t.role, t.text) for t in found.turns] == [("agent", "您好"), ("customer", "你好")]
    assert found.speech == (
        Speech("agent", None, (Span(0, 2),)),
        Speech("customer", None, (Span(2.5, 4),)),
    )
    assert (found.duration_s, found.timed, found.metadata["ring_s"]) == (4.0, True, 4)


def test_dialogue_without_times_is_not_timed() -> None:
    found = read("agent: hello\ncustomer: hi")
    assert (found.timed, found.speech) == (False, None)


def test_json_words_with_roles_speech_and_duration() -> None:
    found = read(
        {
            "words": [
                word("hi", 2, 2.5, role="customer"),
                word("hello", 0, 1, role="agent", confidence=0.9),
            ],
            "speech": {"agent": [[0, 1], [0.9, 1.4]], "customer": [[2, 2.5]]},
            "duration_s": 9,
        }
    )
    assert [(role, w.text, w.confidence) for role, _, w in found.words] == [
        ("agent", " hello", 0.9),
        ("customer", " hi", None),
    ]
    assert found.speech is not None
    assert found.speech[0].spans == (Span(0, 1.4),)
    assert (found.duration_s, found.timed) == (9, True)


def test_without_speech_spans_timing_is_not_known() -> None:
    found = read({"words": [word("hello", 0, 1, role="agent")]})
    assert (found.speech, found.duration_s) == (None, 1)


def test_a_party_without_spans_was_measured_and_silent() -> None:
    found = read({"words": [word("hello", 0, 1, role="agent")], "speech": {"agent": [[0, 1]]}})
    assert found.speech is not None
    assert found.speech[1] == Speech("customer", None, ())


def test_english_words_that_bring_their_own_spaces_keep_them() -> None:
    found = read({"words": [word("Hello,", 0, 1, channel=0), word(" you", 1, 2, channel=0)]})
    assert "".join(w.text for _, _, w in found.words) == "Hello, you"


def test_chinese_words_get_no_spaces() -> None:
    found = read({"words": [word("您", 0, 1, role="agent"), word("好", 1, 2, role="agent")]}, "zh")
    assert "".join(w.text for _, _, w in found.words) == "您好"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{", id="broken-json"),
        pytest.param({"speech": {}}, id="no-words"),
        pytest.param({"words": [{"text": "secret"}]}, id="no-times"),
        pytest.param({"words": [word("secret", 2, 1)]}, id="backwards"),
        pytest.param({"words": [word("secret", -1, 1)]}, id="before-the-start"),
        pytest.param({"words": [word("", 0, 1)]}, id="empty-word"),
        pytest.param({"words": [word("secret", 0, 1, role="boss")]}, id="unknown-role"),
        pytest.param({"words": [word("secret", 0, 1, confidence=2)]}, id="confidence-above-1"),
        pytest.param({"words": [], "speech": {"agent": [[2, 1]]}}, id="span-backwards"),
        pytest.param({"words": [word("secret", 0, float("nan"))]}, id="nan"),
        pytest.param("hello, my secret is this", id="no-dialogue"),
        pytest.param("", id="empty"),
        pytest.param("agent 2-1: secret", id="turn-backwards"),
    ],
)
def test_what_is_no_transcript_fails_without_quoting_it(document: object) -> None:
    with pytest.raises(RecordingFailed) as failed:
        read(document)
    assert failed.value.code == "transcript_unreadable"
    assert "c-1" in str(failed.value)
    assert "secret" not in failed.value.say("en") + failed.value.say("zh")


def test_gb18030_is_read() -> None:
    found = read_transcript("客服 0-2: 您好".encode("gb18030"), "c", "zh")
    assert found.turns is not None
    assert found.turns[0].text == "您好"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("客服 0-2: 您好", "zh"),
        ("agent 0-2: hello", "en"),
        ("agent 0-2: 您好，我的 iPhone 坏了，想问一下怎么修", "zh"),
        ("agent: my name is Li, 李, from the north branch of the company", "en"),
        ("", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert script_of(text) == language
