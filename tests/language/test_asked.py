"""Lists searched all at once find what each finds by itself, and what a search by hand finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors.detect import Detection, detect_all
from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.asked import Asked, Passages
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.language.search import Place, search, search_all
from qa_pipeline.language.units import units_of
from qa_pipeline.records import Match, Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word, Words
from tests.detectors.looking import drawn, signal

#: Few characters, so that phrases are said, overlap, and stand inside each other.
ALPHABET: dict[Language, str] = {
    "zh": "您好您好吗妳爲1a5ＡA，。、 …·",
    "en": "ab ab  a' .,15-Okok…",
}
Lists = list[tuple[str, ...]]


@st.composite
def said(draw: st.DrawFn) -> tuple[Language, tuple[Turn, ...], Lists]:
    """Return a language, turns in it (with pauses between some words), lists of phrases."""
    language: Language = draw(st.sampled_from(["zh", "en"]))
    text = st.text(ALPHABET[language], max_size=12)
    turns = []
    for written in draw(st.lists(text, max_size=5)):
        words = spread_words(written, Span(0.0, 3.0), language)
        later = draw(st.integers(0, len(words)))
        words = tuple(
            Word(w.text, w.start_s + (i >= later), w.end_s + (i >= later))
            for i, w in enumerate(words)
        )
        turns.append(Turn("agent", 0, 0.0, 4.0, words))
    phrases = st.lists(st.text(ALPHABET[language], min_size=1, max_size=5), max_size=6)
    return language, tuple(turns), [tuple(p) for p in draw(st.lists(phrases, max_size=4))]


def by_hand(passage: Passage, phrases: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where phrases stand, each looked for at every unit, by the words of SCORECARD.md."""
    units, found = passage.units, set()
    for phrase in phrases:
        wanted = units_of(phrase, passage.language).units
        for first in range(len(units) - len(wanted) + 1 if wanted else 0):
            last = first + len(wanted)
            here = units[first:last]
            if [u.symbol for u in here] != [u.symbol for u in wanted]:
                continue
            if here[0].glued or (last < len(units) and units[last].glued):
                continue
            inside = range(first + 1, last)
            if any(passage.parted(unit) for unit in inside):
                continue
            marks = zip(here[1:], wanted[1:], strict=True)
            is_short = passage.language == "zh" and len(wanted) < 4
            if is_short and any(set(a.marks) - set(b.marks) for a, b in marks):
                continue
            found.add((here[0].start, here[-1].end))
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


@settings(max_examples=300, deadline=None)
@given(said())
def test_all_at_once_is_one_by_one_is_by_hand(
    made: tuple[Language, tuple[Turn, ...], Lists],
) -> None:
    language, turns, lists = made
    asked = Asked(language)
    for phrases in lists:
        asked.number(phrases)
    passages = Passages(turns, language, asked)
    for phrases in lists:
        found: list[int] = []
        for index, turn in enumerate(turns):
            alone = passage_of(turn, language)
            expected = search(alone, phrases, "text")
            assert search(passages(index), phrases, "text") == expected
            assert search_all(passages(index), phrases, "text") == search_all(
                alone, phrases, "text"
            )
            assert [(p.start, p.end) for p in expected] == by_hand(alone, phrases)
            found += [index] if expected else []
        assert set(found) <= set(passages.turns_saying(phrases))


@pytest.mark.parametrize("match", ["text", "sound", "regex"])
def test_what_was_learned_changes_nothing(match: Match) -> None:
    call = drawn(
        "agent 0-4: 您好，天云商城\ncustomer 5-9: 我要投诉，太差了\nagent 10-12: 抱歉，不好意思"
    )
    signals = {
        "greeting": signal("phrase", role="agent", any_of=["您好", "天云"], match=match, first_s=5),
        "sorry": signal("phrase", any_of=["抱歉", "不好意思"], match=match, after="angry"),
        "angry": signal("phrase", role="customer", any_of=["投诉", "太差"], match=match),
        "never": signal("phrase", any_of=["抱歉"], match=match, after="unheard"),
        "unheard": signal("phrase", any_of=["再见"], match=match),
    }
    detection = Detection(signals)
    first, second = detection.of(call), detection.of(call)
    assert first == second == detect_all(call, signals)
    assert {name: len(first[name].findings) for name in signals} == {  # type: ignore[union-attr]
        "greeting": 2, "sorry": 2, "angry": 2, "never": 0, "unheard": 0,
    }  # fmt: skip


def test_a_list_made_anew_for_every_call_is_known_by_its_phrases() -> None:
    asked = Asked("zh")
    assert [asked.number(tuple(["您好"])) for _ in range(3)] == [0, 0, 0]  # noqa: C409
    assert asked.number(("再见",)) == 1


def test_lists_without_end_are_searched_all_the_same() -> None:
    turns = (Turn("agent", 0, 0.0, 3.0, spread_words("您好一二三", Span(0.0, 3.0), "zh")),)
    asked = Asked("zh")
    numbers = [asked.number((f"{n}元", "您好")) for n in range(1100)]
    assert numbers[1023] == 1023
    assert set(numbers[1024:]) == {None}
    late = ("您好", "再见")
    passages = Passages(turns, "zh", asked)
    assert search(passages(0), late, "text") == [Place(0, 2, "text")]
    assert list(passages.turns_saying(late)) == [0]


def test_words_in_columns_are_the_words() -> None:
    words = spread_words("您好，请问", Span(0.0, 2.0), "zh")
    columns = Words.of(words)
    assert columns == words
    assert (columns[1], columns[1:], len(columns), hash(columns)) == (
        words[1], words[1:], 4, hash(words),
    )  # fmt: skip
    assert Turn("agent", 0, 0.0, 2.0, columns) == Turn("agent", 0, 0.0, 2.0, words)
    assert columns != words[1:]
