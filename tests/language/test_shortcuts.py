"""The short ways through ordinary text give what the long ways give."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language import normalise as module
from qa_pipeline.language.normalise import normalise, normalise_all
from qa_pipeline.language.units import is_han, n_spoken, symbols_of, units_of
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


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT | st.sampled_from(["您好，", "妳爲ａ", "a\nb", ""]), max_size=5))
def test_texts_normalised_in_one_go_are_those_normalised_one_by_one(texts: list[str]) -> None:
    assert list(normalise_all(texts)) == [normalise(text) for text in texts]
