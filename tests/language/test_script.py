"""A call read as one text says of every turn what the turn says by itself, and a plain reading."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.dialogue import spread_words
from qa_pipeline.language.asked import Asked, Passages
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.language.units import STOPS, is_han, units_of
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, Word

ALPHABET: dict[Language, str] = {
    "zh": "您好吗妳a5ＡA，。、 …·.,'%￥\nßﬁ①Mr",
    "en": "ab ab  a' .,15-ok…\n%$&;!?好MrU’",
}
MASK = Masked("phone", 5, "digits", "tail")


@st.composite
def calls(draw: st.DrawFn) -> tuple[Language, tuple[Turn, ...]]:
    """Return a language and turns in it: masked words, empty words, pauses."""
    language: Language = draw(st.sampled_from(["zh", "en"]))
    turns = []
    for texts in draw(st.lists(st.lists(st.text(ALPHABET[language], max_size=4), max_size=6))):
        words: list[Word] = []
        at = 0.0
        for text in texts:
            at += draw(st.sampled_from([0.0, 0.0, 0.49, 0.5]))
            masked = MASK if draw(st.integers(0, 9)) == 0 else None
            words.append(Word(text, at, at + 0.25, masked=masked))
            at += 0.25
        turns.append(Turn("agent", 0, 0.0, at + 1.0, tuple(words)))
    return language, tuple(turns)


@settings(max_examples=300, deadline=None)
@given(calls())
def test_turns_of_a_call_are_those_read_alone(made: tuple[Language, tuple[Turn, ...]]) -> None:
    language, turns = made
    passages = Passages(turns, language, Asked(language))
    for index, turn in enumerate(turns):
        one, alone = passages(index), passage_of(turn, language)
        assert (one.text, one.plain, one.word_starts) == (
            alone.text,
            alone.plain,
            alone.word_starts,
        )
        assert (one.units, one.tail, one.partings) == (alone.units, alone.tail, alone.partings)
        assert list(one.symbols) == [unit.symbol for unit in one.units]
        assert one.partings == tuple(
            filter(lambda unit: is_parted(one, unit), range(1, one.n_units))
        )
        for number, unit in enumerate(one.units):
            assert one.chars(number, number + 1) == (unit.start, unit.end)
            assert (one.marks(number), one.stopped(number)) == (unit.marks, unit.stopped)
            starts_s, ends_s = one.char_span_s(unit.start), one.char_span_s(unit.end - 1)
            assert one.span_s(unit.start, unit.end) == (starts_s[0], ends_s[1])
            assert starts_s == alone.char_span_s(unit.start)


@settings(deadline=None)
@given(calls())
def test_a_turn_tells_what_its_words_tell(made: tuple[Language, tuple[Turn, ...]]) -> None:
    language, turns = made
    passages = Passages(turns, language, Asked(language))
    for index, turn in enumerate(turns):
        one = passages(index)
        masks = [word.masked for word in turn.words if word.masked]
        assert one.n_masked == len(masks)
        assert one.n_masked_digits == sum(mask.n_digits for mask in masks)
        assert one.has_glued == any(unit.glued for unit in one.units)
        if turn.words:
            starts_s = [word.start_s for word in turn.words]
            assert one.script.extents_s[one.turn] == (
                min(starts_s),
                max(word.end_s for word in turn.words),
            )
        for start in range(len(one.text)):
            for end in range(start + 1, len(one.text) + 1):
                span_s = one.char_span_s(start)[0], one.char_span_s(end - 1)[1]
                assert one.span_s(start, end) == span_s
                placed = zip(turn.words, one.word_starts, strict=True)
                assert list(filter(None, one.words_in(start, end))) == [
                    word.text
                    for word, begin in placed
                    if word.text and begin < end and start < begin + len(word.text)
                ]


def is_parted(passage: Passage, unit: int) -> bool:
    """Return what SCORECARD.md says: a sentence mark parts, and in Chinese half a second."""
    paused = passage.language == "zh" and passage.pause_s(unit) >= 0.5 - 1e-6
    return passage.units[unit].stopped or paused


def read(plain: str, language: Language) -> list[tuple[str, int, str, bool]]:
    """Return (symbol, offset, marks before, glued) of the units, character by character."""
    signs = "%‰@&+#$£€¥"
    found: list[tuple[str, int, str, bool]] = []
    marks, goes_on = "", False
    for i, character in enumerate(plain):
        before, after = plain[i - 1] if i else " ", plain[i + 1 : i + 2]
        in_number = character in ".," and before.isdecimal() and after.isdecimal()
        letters = [c.isalnum() and not is_han(c) for c in (before, after)]
        if language == "zh":
            letters = [
                a and not c.isdecimal() for a, c in zip(letters, (before, after), strict=True)
            ]
        if goes_on and (in_number or (character == "'" and all(letters))):
            if language == "en":
                found[-1] = (found[-1][0] + character, *found[-1][1:])
        elif is_han(character) or character in signs:
            found.append((character, i, marks, False))
            marks, goes_on = "", False
        elif character.isalnum():
            parts = language == "zh" and goes_on and before.isalnum()
            glued = goes_on and not (parts and before.isdecimal() != character.isdecimal())
            if language == "en" and glued:
                found[-1] = (found[-1][0] + character, *found[-1][1:])
            else:
                for symbol in character.casefold() if language == "zh" else character:
                    found.append((symbol, i, marks, glued))
                    marks, glued = "", True
            goes_on = True
        else:
            marks += character if unicodedata.category(character)[0] in "PS" else ""
            goes_on = False
    return found


@settings(max_examples=500, deadline=None)
@given(st.text(ALPHABET["zh"] + ALPHABET["en"], max_size=12), st.sampled_from(["zh", "en"]))
def test_units_are_those_of_a_plain_reading(text: str, language: Language) -> None:
    plain = normalise(text)
    units = units_of(text, language).units
    expected = read(plain.text, language)
    assert [(u.start, u.marks, u.glued) for u in units] == [
        (plain.starts[at], marks, glued) for _, at, marks, glued in expected
    ]
    if language == "zh":
        assert [u.symbol for u in units] == [symbol for symbol, *_ in expected]
    assert all(u.stopped for u in units if set(u.marks) & STOPS)
    assert not any(u.stopped for u in units if not re.search(rf"[.{''.join(STOPS)}]", u.marks))


@pytest.mark.parametrize(
    ("language", "before", "text", "stopped"),
    [
        pytest.param(
            "en", "ask mr", ". smith", True, id="what another turn says is no abbreviation"
        ),
        pytest.param("en", "it is u", ".s. made", True, id="nor an initial"),
        pytest.param("zh", "给u", ".好", True, id="nor a written word"),
    ],
)
def test_a_turn_is_judged_by_its_own_marks(
    language: Language, before: str, text: str, stopped: bool
) -> None:
    turns = tuple(
        Turn("agent", 0, 0.0, 9.0, spread_words(said, Span(0.0, 9.0), language))
        for said in (before, text)
    )
    passages = Passages(turns, language, Asked(language))
    assert passages(1).units[0].stopped is stopped
    assert passages(1).units == passage_of(turns[1], language).units


def test_a_call_without_turns_says_nothing() -> None:
    assert list(Passages((), "zh", Asked("zh")).turns_saying(("您好",))) == []


def test_a_pause_after_a_sign_parts_too() -> None:
    words = (Word("%", 0.0, 0.2), Word("好", 0.7, 0.9), Word("的", 0.9, 1.0))
    assert passage_of(Turn("agent", 0, 0.0, 1.0, words), "zh").partings == (1,)
