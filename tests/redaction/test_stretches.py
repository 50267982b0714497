"""Sayings are read only where numerals stand, and are those that reading everything gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language.normalise import normalise
from qa_pipeline.redaction.reading import passing_words, repeats, values
from qa_pipeline.redaction.sayings import _runs, _stretches

_OTHERS = """a o x T Y 百 十 万 零 - , . : / _ ' é ½ ٣ ı \ufffc 订单 ， 。 TY order tracking 12
2026-11-27 hundred thousand twenty and that's th 12.50"""
PIECES = st.sampled_from([*values(), *repeats(), *passing_words(), *_OTHERS.split(), "\n"])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=14))
def test_nothing_that_is_said_lies_outside(pieces: list[tuple[str, str]]) -> None:
    text = normalise("".join(piece + joint for piece, joint in pieces)).text
    assert list(_runs(text, _stretches(text))) == list(_runs(text))


def test_ordinary_words_are_not_read() -> None:
    assert list(_stretches(normalise("请问您需要订购什么产品，Thank you for calling").text)) == []
    said = normalise("my order is TY-2026 thanks").text
    assert [said[start:end].strip() for start, end in _stretches(said)] == ["TY-2026"]
