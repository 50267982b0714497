"""Sayings are read word by word, all of a party's at once, and are those of the plain ways."""

import re
from collections.abc import Iterable
from itertools import accumulate, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.language.back_channels import passing as passes
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Role, Turn
from qa_pipeline.redaction.reading import (
    passing,
    passing_words,
    repeats,
    values,
)
from qa_pipeline.redaction.sayings import Part, _runs, end_in, parts_in, sayings, start_in
from qa_pipeline.redaction.streams import (
    Stream,
    _stream,
    legible,
    party_of,
    side_by_side,
    streams_of,
)
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
    parts = [(start, end) for run in _runs(text) for _, start, end in _places(run, text)]
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
@given(TEXTS)
def test_a_stretch_of_digits_is_found_where_it_is_said(written: str) -> None:
    for saying in sayings(written):
        places = _places(saying.parts, saying.plain.text)
        borders = list(accumulate([len(code) for code, _, _ in places], initial=0))
        for first, last in combinations(range(len(borders)), 2):
            code = saying.code[borders[first] : borders[last]]
            start, end = places[first][1], places[last - 1][2]
            found = saying.find(code)
            assert found is not None
            assert found <= (saying.plain.starts[start], saying.plain.ends[end - 1])


def _places(parts: Iterable[Part], text: str) -> list[tuple[str, int, int]]:
    """Return the parts, those that are said digit by digit taken apart: code, start, end."""
    found = []
    for part in parts:
        numbers = range(len(part.code) + 1)
        starts = [n for n in numbers[:-1] if start_in(part, n, text) is not None]
        ends = [n for n in numbers[1:] if end_in(part, n, text) is not None]
        assert starts == [0, *ends[:-1]]
        for n, m in zip(starts, ends, strict=True):
            start, end = start_in(part, n, text), end_in(part, m, text)
            assert start is not None
            assert end is not None
            found.append((part.code[n:m], start, end))
    return found


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(_ROLES[:2]), st.sampled_from(["嗯", "", "yeah"]) | TEXTS))
)
def test_streams_read_side_by_side_are_those_read_one_by_one(
    said: list[tuple[Role | None, str]],
) -> None:
    turns = [
        Turn(role, None, i, i + 1, (Word(text, i, i + 1),)) for i, (role, text) in enumerate(said)
    ]
    texts = [normalise(legible(turn)).text for turn in turns]
    parties = [party_of(turn) for turn in turns]
    passing_turns = [*map(passes("zh").is_all_of, texts)]
    for party in _ROLES[:2]:
        whole = side_by_side(party, parties, texts, passing_turns)
        apart = [
            [(part.code, part.opens, one.pieces(part.start, part.end)) for part in run]
            for one in _in_order(turns, texts, party)
            for run in parts_in(one.text)
        ]
        assert apart == [
            [(part.code, part.opens, whole.pieces(part.start, part.end)) for part in run]
            for run in parts_in(whole.text)
        ]


def _in_order(turns: list[Turn], texts: list[str], party: Role | None) -> list[Stream]:
    members = sorted(stream.turns for stream in streams_of(turns, "zh"))
    return [_stream(own, texts) for own in members if party_of(turns[own[0]]) == party]
