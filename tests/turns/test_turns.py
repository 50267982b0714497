import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.records import Role, Speech, Turn
from qa_pipeline.spans import Span, union
from qa_pipeline.turns import assemble, joined
from qa_pipeline.words import Word

Said = tuple[Role | None, int | None, Word]


def said(role: Role | None, start_s: float, end_s: float, text: str = "好") -> Said:
    channel = {"agent": 0, "customer": 1, None: 0}[role]
    return role, channel, Word(text, start_s, end_s)


def speech(role: Role | None, *spans: tuple[float, float]) -> Speech:
    return Speech(role, {"agent": 0, "customer": 1, None: 0}[role], tuple(Span(*s) for s in spans))


def drawn(turns: tuple[Turn, ...]) -> list[tuple[Role | None, float, float, str]]:
    return [(t.role, t.start_s, t.end_s, t.text) for t in turns]


@pytest.mark.parametrize(
    ("other", "gap_s", "n"),
    [
        pytest.param((), 0.99, 1, id="a short gap joins"),
        pytest.param((), 1.0, 2, id="a second parts"),
        pytest.param(((2.2, 2.3),), 0.5, 2, id="the other speaks in the gap"),
        pytest.param(((1.0, 2.0),), 0.5, 1, id="the other speaks before it"),
        pytest.param(((2.5, 3.0),), 0.5, 1, id="the other begins as the gap ends"),
        pytest.param(((0.0, 9.0),), 0.5, 2, id="the other speaks all the time"),
    ],
)
def test_speech_is_joined_over_short_gaps_of_its_own(
    other: tuple[tuple[float, float], ...], gap_s: float, n: int
) -> None:
    words = [said("agent", 0.1, 1.9), said("agent", 2.1 + gap_s, 3.9)]
    heard = (speech("agent", (0.0, 2.0), (2.0 + gap_s, 4.0)), speech("customer", *other))
    turns = assemble(words, heard)
    assert len(turns) == n
    assert (turns[0].start_s, turns[-1].end_s) == (0.0, 4.0)


def test_words_go_where_they_overlap_most_and_turns_without_words_are_left_out() -> None:
    words = [said("agent", 1.8, 3.2, "跨"), said("agent", 0.0, 1.0, "先")]
    heard = (speech("agent", (0.0, 2.0), (3.1, 4.0), (8.0, 9.0)), speech("customer"))
    assert drawn(assemble(words, heard)) == [("agent", 0.0, 3.2, "先跨")]


def test_a_word_outside_all_speech_is_its_own_stretch() -> None:
    words = [said("agent", 0.0, 1.0, "内"), said("agent", 5.0, 5.5, "外")]
    assert drawn(assemble(words, (speech("agent", (0.0, 1.0)),))) == [
        ("agent", 0.0, 1.0, "内"),
        ("agent", 5.0, 5.5, "外"),
    ]


def test_without_speech_the_words_stand_for_it() -> None:
    words = [
        said("agent", 0.0, 1.0, "您"),
        said("agent", 1.5, 2.0, "好"),
        said("customer", 2.1, 2.5, "喂"),
        said("agent", 2.6, 3.0, "请"),
    ]
    assert drawn(assemble(words, None)) == [
        ("agent", 0.0, 2.0, "您好"),
        ("customer", 2.1, 2.5, "喂"),
        ("agent", 2.6, 3.0, "请"),
    ]


def test_words_of_nobody_known_form_turns_by_pauses() -> None:
    words = [said(None, 0.0, 1.0, "您"), said(None, 1.9, 2.0, "好"), said(None, 3.0, 4.0, "喂")]
    assert drawn(assemble(words, (speech(None, (0.0, 1.0), (1.9, 2.0), (3.0, 4.0)),))) == [
        (None, 0.0, 2.0, "您好"),
        (None, 3.0, 4.0, "喂"),
    ]


def test_speech_and_words_of_a_role_belong_together_whatever_the_channel() -> None:
    words: list[Said] = [
        ("agent", None, Word("您", 0.0, 0.9)),
        ("agent", None, Word("好", 1.2, 2.0)),
    ]
    heard = (speech("agent", (0.0, 1.0), (1.2, 2.0)),)
    assert drawn(assemble(words, heard)) == [("agent", 0.0, 2.0, "您好")]


def test_both_at_once_are_two_turns_the_agent_first() -> None:
    words = [said("customer", 0.0, 1.0), said("agent", 0.0, 1.0)]
    assert [turn.role for turn in assemble(words, None)] == ["agent", "customer"]


def test_nothing_said_no_turn() -> None:
    assert assemble([], None) == ()
    assert assemble([], (speech("agent", (0.0, 9.0)),)) == ()


_WORDS = st.lists(
    st.tuples(
        st.sampled_from(["agent", "customer", None]),
        st.integers(0, 200),
        st.integers(0, 20),
    ).map(lambda w: said(w[0], w[1] / 10, (w[1] + w[2]) / 10)),
    max_size=30,
)
_SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 30)).map(lambda s: (s[0] / 10, sum(s) / 10)),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(_WORDS, _SPANS, _SPANS)
def test_every_word_is_in_exactly_one_turn_of_its_role_in_order(
    words: list[Said], agent: list[tuple[float, float]], customer: list[tuple[float, float]]
) -> None:
    turns = assemble(words, (speech("agent", *agent), speech("customer", *customer)))
    kept = [(turn.role, word) for turn in turns for word in turn.words]
    key = lambda item: (str(item[0]), item[1].start_s, item[1].end_s)  # noqa: E731
    assert sorted(kept, key=key) == sorted(((role, w) for role, _, w in words), key=key)
    assert list(turns) == sorted(turns, key=lambda turn: turn.start_s)
    for turn in turns:
        assert turn.words
        assert turn.start_s <= min(word.start_s for word in turn.words)
        assert turn.end_s >= max(word.end_s for word in turn.words)
    assert turns == assemble(
        list(reversed(words)), (speech("customer", *customer), speech("agent", *agent))
    )


@settings(deadline=None, max_examples=60)
@given(_SPANS, _SPANS)
def test_turns_end_at_long_gaps_and_where_the_other_speaks(
    own: list[tuple[float, float]], others: list[tuple[float, float]]
) -> None:
    stretches, other = union(Span(*s) for s in own), union(Span(*s) for s in others)
    expected: list[Span] = []
    for stretch in stretches:
        before = expected[-1] if expected else None
        if before is None or not (
            stretch.start_s - before.end_s < 1.0
            and not any(s.start_s < stretch.start_s and before.end_s < s.end_s for s in other)
        ):
            expected.append(stretch)
        else:
            expected[-1] = Span(before.start_s, stretch.end_s)
    assert joined(stretches, other) == tuple(expected)
