import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language.normalise import Variants, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("甚麼", "什么", id="variant after conversion"),
        pytest.param("爲", "为", id="one of two traditional forms"),
        pytest.param("為", "为", id="the other traditional form"),
        pytest.param("裡", "里", id="inside, one form"),
        pytest.param("裏", "里", id="inside, the other form"),
        pytest.param("妳", "你", id="you, female"),
        pytest.param("您", "您", id="courtesy is not folded"),
        pytest.param("打坏了，門也拉坏了", "打坏了,门也拉坏了", id="broken, not 坯"),
        pytest.param("乾隆", "乾隆", id="conversion looks at the word"),
        pytest.param("餅乾", "饼干", id="the same character in another word"),
        pytest.param("ＡＢｃ１２", "ABc12", id="full width"),
        pytest.param("您好，对吗？", "您好,对吗?", id="full-width marks"),
        pytest.param("等等……", "等等……", id="an ellipsis is a mark of its own"),
        pytest.param("等⋯⋯‥", "等………", id="however it is written"),
        pytest.param("①⋯", "1…", id="beside what is composed"),
        pytest.param("don’t", "don't", id="typographic apostrophe"),
        pytest.param("OK", "OK", id="case is kept"),
    ],
)
def test_normal_form(written: str, meant: str) -> None:
    assert normalise(written).text == meant


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        pytest.param("㎏重", ["㎏", "㎏", "重"], id="one to many"),
        pytest.param("ﾊﾞス", ["ﾊﾞ", "ス"], id="many to one"),
        pytest.param("e\u0301a", ["e\u0301", "a"], id="combining accent"),
        pytest.param("a\u0323\u0302x", ["a\u0323\u0302", "x"], id="two accents that reorder"),
    ],
)
def test_every_character_knows_its_original(written: str, origins: list[str]) -> None:
    plain = normalise(written)
    assert [written[a:b] for a, b in zip(plain.starts, plain.ends, strict=True)] == origins


@settings(deadline=None)
@given(st.text())
def test_composes_like_unicode_whatever_the_text(text: str) -> None:
    plain = normalise(text)
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
    assert list(plain.starts) == sorted(plain.starts)
    assert all(a < b <= len(text) for a, b in zip(plain.starts, plain.ends, strict=True))


@settings(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x2FF) | st.sampled_from("\u0323\u0301ｱﾞ각㎏ﬁ")))
def test_latin_and_marks_equal_nfkc(text: str) -> None:
    text = text.translate(dict.fromkeys(map(ord, "’‘ʼ`´"), "'"))
    assert normalise(text).text == unicodedata.normalize("NFKC", text)


def test_normalising_twice_changes_nothing_in_what_users_write() -> None:
    for text in ("甚麼時候發貨？", "妳好，餅乾裡面……", "ＡＢ１２㎏", "I don’t"):
        once = normalise(text).text
        assert normalise(once).text == once


def test_a_variant_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="as long as"):
        Variants(zh={"订单号": "单号"}, en={})
