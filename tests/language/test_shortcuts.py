"""The short ways through ordinary text give what the long ways give."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language import normalise as module
from qa_pipeline.language import units as units_module
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise, normalise_lines
from qa_pipeline.language.units import columns_of, is_han, n_spoken, symbols_of, units_of
from qa_pipeline.texts import Language

#: What calls are written in, and some of what they hardly ever are.
TEXT = st.text(
    st.sampled_from(
        "您好吗裏妳爲，。！？…“”’《》【】～　·—aAbßÉéﬁ①ａ１12٣.,'%￥$ \t\n\u0301\ufffc가ｶﾞ𠀀"
    )
    | st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
    max_size=15,
)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_text_written_one_for_one_is_composed_as_any_other(text: str) -> None:
    shortly = normalise.__wrapped__(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ONE_FOR_ONE", re.compile("(?!)"))
        assert normalise.__wrapped__(text) == shortly


@settings(max_examples=300, deadline=None)
@given(TEXT, st.sampled_from(["zh", "en"]))
def test_symbols_and_their_number_are_those_of_the_units(text: str, language: Language) -> None:
    units, plain = units_of(text, language).units, normalise(text).text
    assert list(symbols_of(plain, language)) == [unit.symbol for unit in units]
    counted = [
        u
        for u in units
        if language == "en" or not u.glued or u.symbol.isdecimal() or is_han(u.symbol)
    ]
    assert n_spoken(plain, language) == len(counted)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("abCM15 .,'%$\n\t_-;?`\x1f…“\ufffc"), max_size=15))
def test_english_in_ascii_has_the_units_of_any_other(text: str) -> None:
    shortly = columns_of(text, "en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units_module, "_ascii_places", units_module._places)
        patch.setattr(units_module, "_MARKS", "")
        assert columns_of(text, "en") == shortly


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_chinese_characters_are_the_same_units_beside_pieces(text: str) -> None:
    shortly, before = columns_of(text, "zh"), columns_of("ab\n" + text, "zh")
    assert list(before.symbols[3:]) == list(shortly.symbols)
    assert [at - 3 for at in before.starts[3:]] == list(shortly.starts)
    assert [at - 3 for at in before.ends[3:]] == list(shortly.ends)
    assert {unit - 3: marks for unit, marks in before.marks.items()} == shortly.marks
    assert {unit - 3 for unit in before.glued if unit > 2} == shortly.glued


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT | st.sampled_from(["您好，", "妳爲ａ", "a\nb", ""]), max_size=5))
def test_texts_normalised_in_one_go_are_those_normalised_one_by_one(texts: list[str]) -> None:
    assert list(normalise_lines(texts).each()) == [normalise(text) for text in texts]


@settings(max_examples=300, deadline=None)
@given(TEXT, st.sampled_from(["zh", "en"]))
def test_no_symbol_goes_over_white_space(text: str, language: Language) -> None:
    plain = normalise(text).text
    pieces = [symbol for piece in plain.split() for symbol in symbols_of(piece, language)]
    assert pieces == list(symbols_of(plain, language))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(TEXT | st.sampled_from(["嗯", "好的，", " 知道了", "对", "１２", "Uh-huh. ", "ok"])),
    st.sampled_from(["zh", "en"]),
)
def test_back_channels_of_a_text_are_those_of_its_units(
    texts: list[str], language: Language
) -> None:
    text = "".join(texts)
    told = [
        [u.symbol for u in units_of(w, language).units] for w in lexicon(language).back_channels
    ]
    said = [unit.symbol for unit in units_of(text, language).units]
    ends = {0}  # what of `said` is nothing but back-channels
    for end in range(1, len(said) + 1):
        if any(end - len(word) in ends and said[end - len(word) : end] == word for word in told):
            ends.add(end)
    assert is_back_channel(text, language) == (bool(said) and len(said) in ends)
