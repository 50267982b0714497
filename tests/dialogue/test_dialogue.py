from itertools import pairwise

import pytest

from qa_pipeline.dialogue import parse_dialogue, spread_words
from qa_pipeline.errors import DocumentRefused
from qa_pipeline.spans import Span


def test_roles_times_and_marks_as_people_write_them() -> None:
    call = parse_dialogue(
        "# a remark\n\n客服 0:05-1:00.5：您好\r\ncustomer 0.5-2: 喂\n客户 70-71：好\n"
        "  AGENT  72 - 73 : 再见  ",
        "talk.txt",
        "zh",
    )
    assert call.turns is not None
    assert [(t.role, t.start_s, t.end_s, t.text) for t in call.turns] == [
        ("customer", 0.5, 2.0, "喂"),
        ("agent", 5.0, 60.5, "您好"),
        ("customer", 70.0, 71.0, "好"),
        ("agent", 72.0, 73.0, "再见"),
    ]
    assert call.speech_of("agent") == (Span(5.0, 60.5), Span(72.0, 73.0))
    assert call.speech_of("customer") == (Span(0.5, 2.0), Span(70.0, 71.0))
    assert call.duration_s == 73.0
    assert (call.timed, call.tier, call.role_source) == (True, "dual_channel", "transcript")
    assert not call.roles_inferred


def test_metadata_and_comments() -> None:
    call = parse_dialogue(
        "# hangup_by: agent\n#ring_s: 12\n# duration_s: 90.5\n# agent_id: 0042\n"
        "# Note: no key\n# queue：orders\n# empty_one:\n## another remark\nagent 0-1: hi",
        "talk",
        "en",
    )
    assert dict(call.metadata) == {
        "hangup_by": "agent",
        "ring_s": 12,
        "duration_s": 90.5,
        "agent_id": "0042",
        "queue": "orders",
    }
    assert call.duration_s == 90.5


def test_without_times_nothing_is_timed() -> None:
    call = parse_dialogue("agent: 12:30-13:00 可以吗？\n客户：3-5天", "talk", "zh")
    assert call.turns is not None
    assert not call.timed
    assert call.speech is None
    assert [(t.start_s, t.end_s, t.text) for t in call.turns] == [
        (0.0, 1.0, "12:30-13:00 可以吗？"),
        (1.0, 2.0, "3-5天"),
    ]


def test_roles_may_overlap_each_other() -> None:
    call = parse_dialogue("agent 0-4: 您好\ncustomer 2-3: 喂", "talk", "zh")
    assert call.speech_of(None) == (Span(0.0, 4.0),)


def test_a_silent_call_needs_a_length() -> None:
    call = parse_dialogue("# duration_s: 30", "talk", "zh")
    assert (call.turns, call.duration_s, call.speech_of("agent")) == ((), 30.0, ())


def test_speech_without_words_can_be_drawn() -> None:
    call = parse_dialogue("agent 0-4: ……", "talk", "zh")
    assert call.turns is not None
    assert call.turns[0].words == ()
    assert call.speech_of("agent") == (Span(0.0, 4.0),)


def test_a_transcript_of_the_manifest_is_weaker_evidence() -> None:
    call = parse_dialogue("agent 0-1: hi", "t.txt", "en", "call-7", tier="imported")
    assert (call.call_id, call.tier) == ("call-7", "imported")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("agent 3-3: 您好", 1, id="end equals start"),
        pytest.param("agent 3-2: 您好", 1, id="end before start"),
        pytest.param("agent 0-1: 您好\n您好", 2, id="no role"),
        pytest.param("agent 0-1 您好", 1, id="no colon"),
        pytest.param("agents 0-1: 您好", 1, id="unknown role"),
        pytest.param("agent 1: 您好", 1, id="half a time"),
        pytest.param("agent 0-1s: 您好", 1, id="a unit"),
        pytest.param("agent -1-2: 您好", 1, id="a negative time"),
        pytest.param("agent 0-0:75: 您好", 1, id="seconds beyond the minute"),
        pytest.param("agent 0-" + "9" * 400 + ": 您好", 1, id="a time without end"),
        pytest.param("agent 0-nan: 您好", 1, id="not a number"),
        pytest.param("agent 0-1:", 1, id="nothing said"),
        pytest.param("agent 0-1: 您好\nagent: 再见", 2, id="times in some lines only"),
        pytest.param("agent: 您好\nagent 0-1: 再见", 2, id="times in later lines only"),
        pytest.param("# ring_s: 1\n# ring_s: 2\nagent 0-1: 您好", 2, id="metadata twice"),
    ],
)
def test_refused_with_line_and_fix(text: str, line: int) -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse_dialogue(text, "talk.txt", "zh")
    (error,) = refused.value.errors
    assert error.where == f"talk.txt:{line}"
    assert error.fix.en != error.fix.zh
    assert "您好" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("# a remark", id="remarks alone"),
    ],
)
def test_refused_as_a_whole(text: str) -> None:
    with pytest.raises(DocumentRefused, match=r"^talk\.txt"):
        parse_dialogue(text, "talk.txt", "zh")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#\n# duration_s: 3\nagent 0-4: 您好", id="shorter than its turns"),
        pytest.param("agent 0-4: 您好\n# duration_s: long", id="no number"),
        pytest.param("\n# duration_s: -1", id="negative"),
    ],
)
def test_a_wrong_length_is_told_at_its_line(text: str) -> None:
    with pytest.raises(DocumentRefused, match=r"^talk\.txt:2"):
        parse_dialogue(text, "talk.txt", "zh")


def test_every_bad_line_is_told_in_order() -> None:
    with pytest.raises(DocumentRefused) as refused:
        parse_dialogue("x\nagent 0-1: 好\ny", "t", "zh")
    assert [error.where for error in refused.value.errors] == ["t:1", "t:3"]


def test_chinese_words_are_characters_and_marks_take_no_time() -> None:
    words = spread_words("“我”，要App！", Span(10.0, 15.0), "zh")
    assert [(w.text, w.start_s, w.end_s) for w in words] == [
        ("“我”，", 10.0, 11.0),
        ("要", 11.0, 12.0),
        ("App！", 12.0, 15.0),
    ]


def test_english_words_are_words_and_marks_take_no_time() -> None:
    words = spread_words("Well - hello, don't go...", Span(0.0, 4.0), "en")
    assert [(w.text, w.start_s, w.end_s) for w in words] == [
        ("Well -", 0.0, 1.0),
        (" hello,", 1.0, 2.0),
        (" don't", 2.0, 3.0),
        (" go...", 3.0, 4.0),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", ["您好， 请问3.5元 ok?", "…", "a  b", "  x ", "don't—stop"])
def test_words_together_are_the_text(text: str, language: str) -> None:
    words = spread_words(text, Span(0.0, 1.0), "zh" if language == "zh" else "en")
    assert "".join(word.text for word in words) == (text if words else "")
    assert all(a.end_s == b.start_s for a, b in pairwise(words))


def test_a_huge_dialogue_is_read_quickly() -> None:
    text = "\n".join(f"agent {i}-{i + 1}: {'好' * 50}" for i in range(500))
    call = parse_dialogue(text, "big", "zh")
    assert call.turns is not None
    assert len(call.turns) == 500
