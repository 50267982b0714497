"""Sentences as text: what is found in them is what is found in the units."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.language.script import Script
from qa_pipeline.language.search import search
from qa_pipeline.language.units import EDGE, n_spoken, units_of
from qa_pipeline.language.wordings import (
    GLUE,
    Wordings,
    bare,
    finder,
    leader,
    n_said,
    says_only,
    wordings,
    wordings_of,
)
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Masked, Word

_PIECES: dict[Language, list[str]] = {
    "zh": [
        *"您好吗什么请问是的嗯，。！？…、 -_.'５5aＡßﬁ%一\u0301\ufffc",
        "什么",
        "请问",
        "不好意思",
        "iPhone15",
        "1,000",
        "3.5",
        "U.S.",
    ],
    "en": [
        *" ,.!?;…'\"-%1aéÉ中\ufffc",
        " what",
        " is",
        " could you",
        " tell me",
        " Mr",
        " okay",
        " it's",
        " 1,000",
        " p.m.",
        " so",
        ".",
        "? ",
    ],
}
_PHRASES: dict[Language, tuple[str, ...]] = {
    "zh": ("什么", "么", "请问", "请", "是，的", "您好吗", "不好意思", "不好意思，您", "a", "5",
           "15", "phone", "%", "嗯", "ss", "…"),
    "en": ("what", "what is", "could you", "you", "could you tell", "ok", "it's", "mr", "a",
           "1,000", "1", "中", "so", "%", "p.m."),
}  # fmt: skip
_GAPS_S = st.sampled_from([0.0, 0.0, 0.0, 0.3, 0.6])


class Sentence(NamedTuple):
    """Units `first` to `last` (excluded) of a passage; `asks`: a question mark ends it."""

    first: int
    last: int
    asks: bool


def sentences(passage: Passage) -> Iterator[Sentence]:
    """Yield the sentences of a passage in order, found by its units one by one."""
    n = len(passage.units)
    for first, last in pairwise((0, *passage.partings, n) if n else ()):
        marks = passage.tail if last == n else passage.units[last].marks
        yield Sentence(first, last, "?" in marks)


def written(passage: Passage, sentence: Sentence) -> str:
    """Return what a sentence says as text, unit by unit."""
    units = passage.units[sentence.first : sentence.last]
    if passage.language == "en":
        return EDGE.join(("", *[unit.symbol for unit in units], ""))
    told = [GLUE * unit.glued + unit.symbol for unit in units[:1]]
    told += [unit.marks + GLUE * unit.glued + unit.symbol for unit in units[1:]]
    goes_on = sentence.last < passage.n_units and passage.units[sentence.last].glued
    return "".join(told) + GLUE * goes_on


@st.composite
def passages(draw: st.DrawFn, language: Language) -> Passage:
    """Draw a turn: words of a few pieces each, with pauses, some of them masked."""
    return passage_of(draw(turns(language)), language)


@st.composite
def turns(draw: st.DrawFn, language: Language) -> Turn:
    """Draw a turn, perhaps one without words."""
    words, at_s = [], 0.0
    pieces = st.lists(st.sampled_from(_PIECES[language]), max_size=3).map("".join)
    for text in draw(st.lists(pieces, max_size=8)):
        at_s += draw(_GAPS_S)
        masked = draw(st.sampled_from([None] * 7 + [Masked("phone", 11, "t", "s")]))
        words.append(Word(text, at_s, at_s + 0.25, masked=masked))
        at_s += 0.25
    return Turn("agent", 0, 0.0, at_s + 1.0, tuple(words))


def _drawn(data: st.DataObject) -> tuple[Passage, Language, tuple[str, ...]]:
    language: Language = data.draw(st.sampled_from(["zh", "en"]))
    phrases = data.draw(st.lists(st.sampled_from(_PHRASES[language]), unique=True).map(tuple))
    return data.draw(passages(language)), language, phrases


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_sentences_as_text_are_those_of_the_units(data: st.DataObject) -> None:
    passage, language, _ = _drawn(data)
    told = wordings_of(passage.script)
    assert told.of(0) == wordings(passage) == told.texts
    for number, (said, sentence) in enumerate(zip(told.texts, sentences(passage), strict=True)):
        units = (told.firsts[number], told.lasts[number])
        assert (*units, number in told.asking) == sentence
        symbols = [unit.symbol for unit in passage.units[slice(*units)]]
        text = bare(said, language)
        assert (list(text) if language == "zh" else text.split(EDGE)[1:-1]) == symbols


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_sentences_of_all_turns_are_those_of_each(data: st.DataObject) -> None:
    language: Language = data.draw(st.sampled_from(["zh", "en"]))
    script = Script(data.draw(st.lists(turns(language), max_size=4)), language)
    told = wordings_of(script)
    for turn, first_unit in enumerate(script.first_units[:-1]):
        passage = Passage(script, turn, lambda _: {})
        each = [*sentences(passage)]
        assert told.of(turn) == [written(passage, one) for one in each]
        assert [
            (
                told.firsts[number] - first_unit,
                told.lasts[number] - first_unit,
                number in told.asking,
            )
            for number in told.numbers(turn)
        ] == each
    assert len(told.texts) == told.begins[-1]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_sentence_holds_the_phrases_that_its_units_hold(data: st.DataObject) -> None:
    passage, language, phrases = _drawn(data)
    found = finder(phrases, language)
    places = search(passage, phrases, "text")
    for said, sentence in zip(wordings(passage), sentences(passage), strict=True):
        chars = passage.chars(sentence.first, sentence.last)
        inside = [place for place in places if place.overlaps(*chars)]
        assert len(list(found.finditer(said))) == len(inside)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_without_phrases_the_units_are_left_that_no_phrase_holds(data: st.DataObject) -> None:
    passage, language, phrases = _drawn(data)
    places = search(passage, phrases, "text")
    for said, sentence in zip(wordings(passage), sentences(passage), strict=True):
        units = passage.units[sentence.first : sentence.last]
        kept = [u.symbol for u in units if not any(p.overlaps(u.start, u.end) for p in places)]
        left = bare(finder(phrases, language).sub("", said), language)
        assert (list(left) if language == "zh" else left.split(EDGE)[1:-1]) == kept
        opening = [u for u in units if any(p.overlaps(u.start, u.end) for p in places)]
        matched = leader(phrases, language).match(said)
        assert matched is not None
        assert bool(opening and opening[0] is units[0]) == (bare(matched.group(), language) != "")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_sentence_says_only_what_its_units_say_only(data: st.DataObject) -> None:
    passage, language, phrases = _drawn(data)
    for said, sentence in zip(wordings(passage), sentences(passage), strict=True):
        units = passage.units[sentence.first : sentence.last]
        symbols = [unit.symbol for unit in units]
        told = [[unit.symbol for unit in units_of(one, language).units] for one in phrases]
        assert says_only(bare(said, language), phrases, language) == _is_row(symbols, told)


def _is_row(symbols: list[str], told: list[list[str]]) -> bool:
    """Whether `symbols` are some of what is `told`, one after the other."""
    ends = {0}
    for end in range(1, len(symbols) + 1):
        begins = {end - len(one) for one in told if one and symbols[:end][-len(one) :] == one}
        if begins & ends:
            ends.add(end)
    return bool(symbols) and len(symbols) in ends


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_as_much_is_said_as_is_counted_in_the_text(data: st.DataObject) -> None:
    passage, language, _ = _drawn(data)
    assert n_said(passage) == n_spoken(passage.plain.text, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_shipped_lists_can_be_found(language: Language) -> None:
    shipped = lexicon(language)
    for phrases in (shipped.question_words, shipped.ignored_words, shipped.stock_questions):
        for phrase in phrases:
            (said,) = wordings(passage_of(Turn(None, None, 0, 1, (Word(phrase, 0, 1),)), language))
            assert finder(phrases, language).search(said)


def test_marks_stay_inside_and_edges_outside() -> None:
    turn = Turn("agent", 0, 0.0, 1.0, (Word("您好，App吗？行。", 0.0, 1.0),))
    assert wordings_of(passage_of(turn, "zh").script) == Wordings(
        ["您好,a\x1dp\x1dp吗", "行"], {0}, [0, 6], [6, 7], [0, 2]
    )
    turn = Turn("agent", 0, 0.0, 1.0, (Word("Okay, what's that? Fine.", 0.0, 1.0),))
    assert wordings_of(passage_of(turn, "en").script) == Wordings(
        ["\x1fok\x1fwhat's\x1fthat\x1f", "\x1ffine\x1f"], {0}, [0, 3], [3, 4], [0, 2]
    )


def test_a_number_that_a_pause_cuts_stays_one() -> None:
    turn = Turn("agent", 0, 0.0, 3.0, (Word("是5", 0.0, 0.5), Word("5", 1.5, 2.0)))
    told = wordings(passage_of(turn, "zh"))
    assert told == ["是5\x1d", "\x1d5"]
    assert not any(finder(("5",), "zh").search(said) for said in told)


def test_what_was_said_is_gone_with_the_call() -> None:
    passage = passage_of(Turn(None, None, 0, 1, (Word("您好吗？", 0, 1),)), "zh")
    script = ref(passage.script)
    assert wordings(passage) == ["您好吗"]
    del passage
    assert script() is None
