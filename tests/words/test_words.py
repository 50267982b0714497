"""Words kept as columns say what the words themselves would."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.words import Masked, Word, Words

MASK = Masked("phone", 11, "a" * 32, "b" * 32)
word = st.builds(
    Word,
    st.text(max_size=3),
    st.just(0.0),
    st.just(1.0),
    st.none() | st.just(0.5),
    st.none() | st.just(MASK),
)


@given(st.lists(word, max_size=6), st.integers(0, 6), st.integers(0, 6))
def test_a_part_of_some_columns(words: list[Word], one: int, other: int) -> None:
    first, last = sorted((min(one, len(words)), min(other, len(words))))
    columns = Words.of(words)._columns
    part, plain = Words(columns, first, last), words[first:last]
    assert part == tuple(plain)
    assert len(part) == len(plain)
    assert part.text == "".join(word.text for word in plain)
    assert list(part.texts) == [word.text for word in plain]
    assert list(part.masked()) == [(i, w.masked) for i, w in enumerate(plain) if w.masked]
    assert list(part.masked_at) == [i for i, w in enumerate(plain) if w.masked]
    assert part.n_masked == sum(w.masked is not None for w in plain)
    assert part.legible("_") == "".join("_" * len(w.text) if w.masked else w.text for w in plain)
    assert part.has_confidence == all(w.masked or w.confidence is not None for w in plain)


@given(st.lists(word, max_size=6), st.data())
def test_words_joined_are_those_of_every_part(words: list[Word], data: st.DataObject) -> None:
    borders = sorted(data.draw(st.lists(st.integers(0, len(words)), max_size=4)))
    whole = Words.of(words)
    cut = [Words(whole._columns, a, b) for a, b in pairwise((0, *borders, len(words)))]
    some = [part for part in cut if data.draw(st.booleans())]
    mixed = [tuple(part) if data.draw(st.booleans()) else part for part in cut]
    assert Words.joined(cut) == tuple(words)
    assert Words.joined(mixed) == tuple(words)
    assert Words.joined(some) == tuple(word for part in some for word in part)
    assert list(Words.joined(cut).confidences) == [word.confidence for word in words]
    assert list(Words.joined(cut).masked()) == list(whole.masked())


def test_no_words_at_all_are_joined() -> None:
    assert Words.joined([]) == ()
