"""Sayings are read where numerals stand at all, word by word, and are those of reading it all."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language.back_channels import is_passing
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Role, Turn
from qa_pipeline.redaction.reading import (
    has_numerals,
    passing,
    passing_words,
    repeats,
    values,
    where_numerals,
)
from qa_pipeline.redaction.sayings import _runs
from qa_pipeline.redaction.streams import legible, party_of, stream_with, streams_of
from qa_pipeline.words import Word

_OTHERS = """a o x T Y 百 十 千 万 零 个 - , . : / _ ' é ½ ٣ ı İ ß \ufffc 订单 ， 。 TY order
tracking 12 2026-11-27 thirteen twenty hundred thousand and that's th 12.50 Five ABC1"""
PIECES = st.sampled_from([*values(), *repeats(), *passing_words(), *_OTHERS.split(), "\n"])
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "-"])), max_size=14).map(
    lambda pieces: "".join(piece + joint for piece, joint in pieces)
)
_ROLES: tuple[Role | None, ...] = ("agent", "customer", None)


def _one_of(words: list[str]) -> str:
    whole = (
        rf"(?<![a-zı]){re.escape(w)}(?![a-zı])" if w.isascii() else re.escape(w)
        for w in sorted(words, key=lambda word: (-len(word), word))
    )
    return f"(?:{'|'.join(whole)})"


def _plainly() -> re.Pattern[str]:
    """Return what a part is, to be looked for at every letter."""
    zh, en = lexicon("zh"), lexicon("en")
    digit = f"(?:{_one_of(list(values()))}|[0-9])"
    han = f"[{''.join(d for d, value in zh.digits.items() if value)}]"
    tens = f"(?:零?{han}?十)?(?:零?{han})?"
    below = f"(?:{han}千(?:零?{han}百)?{tens}|{han}百{tens}|{han}?十{han}?)"
    unit = _one_of([word for word, value in en.digits.items() if value])
    ten = _one_of([word for word, value in en.cardinals.items() if value >= 20])
    teen = _one_of([word for word, value in en.cardinals.items() if value < 20])
    joint = r"[\s-]+"
    two = f"(?:{ten}(?:{joint}{unit})?|{teen})"
    rest = rf"(?:{joint}(?:and\s+)?(?:{two}|{unit}))?"
    three = rf"(?:{two}|{unit}){joint}hundred(?![a-zı]){rest}"
    more = rf"(?:{joint}(?:and\s+)?(?:{three}|{two}|{unit}))?"
    spoken = f"[{''.join(d for d in zh.digits)}]"
    return re.compile(
        rf"(?:{below}|{han})万(?:零?{below}|零?{han})?|{below}"
        rf"|(?:{three}|{two}|{unit}){joint}thousand(?![a-zı]){more}|{three}|{two}"
        rf"|{_one_of(list(repeats()))}\s*{digit}|{digit}"
        rf"|(?<![a-zı'])[a-zı]{{1,6}}(?=-?[0-9]|\s*{spoken})"
        r"|(?<![a-zı'])[a-zı](?:[\s.-]+[a-zı]){1,5}(?![a-zı'])"
        rf"|(?<![a-zı'])[b-hj-np-z](?=[\s.-]+{digit})",
        re.IGNORECASE,
    )


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_stepping_over_words_misses_no_part(written: str) -> None:
    text = normalise(written).text
    parts = [(part.start, part.end) for run in _runs(text) for part in run]
    assert parts == [match.span() for match in _plainly().finditer(text)]


def test_ordinary_words_are_no_parts() -> None:
    assert list(_runs(normalise("请问您需要订购什么产品，Thank you for calling").text)) == []
    (said,) = _runs("my order is ty-2026 thanks")
    assert "".join(part.code for part in said) == "TY2026"


@settings(max_examples=500, deadline=None)
@given(
    st.lists(PIECES | st.sampled_from(passing_words()), max_size=6), st.sampled_from(["", " ", "-"])
)
def test_words_made_of_others_pass_in_pieces(said: list[str], joint: str) -> None:
    text = joint.join(said).casefold()
    each_alone = re.compile(rf"(?:[^\w\ufffc]|_|{_one_of(list(passing_words()))})*")
    in_pieces = re.compile(rf"(?:[^\w\ufffc]|_|{passing()})*")
    assert bool(in_pieces.fullmatch(text)) == bool(each_alone.fullmatch(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.sampled_from([2, 3]))
def test_where_numerals_stand_is_where_a_look_at_every_text_finds_them(
    written: list[str], at_least: int
) -> None:
    texts = [normalise(text).text for text in written]
    found = where_numerals(texts, at_least)
    assert all(has_numerals(texts[i], at_least) for i, surely in found.items() if surely)
    for first in range(len(texts)):
        for last in range(first, len(texts)):
            if has_numerals("\n".join(texts[first : last + 1]), at_least):
                assert any(at in found for at in range(first, last + 1))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_ROLES),
            st.sampled_from([None, 0, 1]),
            st.sampled_from(["嗯", "一三", "我说", "", "，"]),
        ),
        max_size=10,
    )
)
def test_a_turn_s_stream_is_found_around_it(
    said: list[tuple[Role | None, int | None, str]],
) -> None:
    turns = [
        Turn(role, channel, i, i + 1, (Word(text, i, i + 1),) if text else ())
        for i, (role, channel, text) in enumerate(said)
    ]
    texts = [legible(turn) for turn in turns]
    parties = [party_of(turn) for turn in turns]
    for stream in streams_of(turns, "zh"):
        for at in stream.turns:
            found = stream_with(at, parties, texts, lambda i: is_passing(texts[i], "zh"))
            assert found == stream
