"""The maker of homophones, and what `sound` is worth on the demo's dialogues once misheard."""

from random import Random

import pytest

from benchmarks.homophones import clean, phrase_lists, recall, recorded_calls
from benchmarks.mishearing import misheard, near_syllables
from qa_pipeline.language.readings import keys_of

TURNS = [text for call in recorded_calls() for text in call]
TEXT = "".join(TURNS)


def test_as_many_characters_change_as_asked_and_nothing_else() -> None:
    written = misheard(TEXT, 0.1, Random(1))
    changed = [(a, b) for a, b in zip(TEXT, written, strict=True) if a != b]
    assert 0.07 < len(changed) / len(TEXT) < 0.11
    assert all("\u4e00" <= a <= "\u9fff" and "\u4e00" <= b <= "\u9fff" for a, b in changed)


def test_the_same_seed_gives_the_same_text() -> None:
    assert misheard(TEXT, 0.1, Random(1)) == misheard(TEXT, 0.1, Random(1))
    assert misheard(TEXT, 0.1, Random(1)) != misheard(TEXT, 0.1, Random(2))
    assert misheard(TEXT, 0.0, Random(1)) == TEXT


def test_near_homophones_are_among_what_is_written() -> None:
    homophones = misheard(TEXT, 1.0, Random(1), near_share=0.0)
    accents = misheard(TEXT, 1.0, Random(1), near_share=1.0)
    assert sum(a != b for a, b in zip(homophones, accents, strict=True)) > len(TEXT) / 4


@pytest.mark.parametrize("near_share", [0.0, 1.0])
def test_whatever_is_written_sounds_alike_to_the_matcher(near_share: float) -> None:
    written = misheard(TEXT, 1.0, Random(1), near_share)
    said = keys_of(TEXT)
    unlike = [
        (TEXT[i], written[i])
        for i in range(len(TEXT))
        if TEXT[i] != written[i] and not set(said[i]) & set(keys_of(written[i])[0])
    ]
    assert unlike == []


@pytest.mark.parametrize(
    ("syllable", "near"),
    [
        ("zhang", {"zang", "zhan", "zan"}),
        ("nin", {"ning", "lin", "ling"}),
        ("eng", {"en"}),
        ("ying", {"yin"}),
        ("yang", set()),
        ("wan", set()),
        ("de", set()),
    ],
)
def test_near_syllables(syllable: str, near: set[str]) -> None:
    assert set(near_syllables(syllable)) == near


def test_sound_finds_what_mishearing_hides_from_text() -> None:
    """On 15 dialogues; `benchmarks/RESULTS.md` has the figures of 1,121 calls."""
    found = recall(TURNS, phrase_lists(), 0.1)
    long = {
        name: sum(getattr(found, name)[n] for n in ("3", "4+"))
        for name in ("said", "by_text", "by_sound")
    }
    assert long["said"] > 60
    assert long["by_text"] < 0.85 * long["said"]
    assert long["by_sound"] >= 0.99 * long["said"]
    assert found.by_sound["2"] > found.by_text["2"]
    assert found.false.total() <= 1


def test_where_nothing_was_misheard_sound_finds_nothing_more() -> None:
    found = clean(TURNS, phrase_lists())
    assert found.by_text.total() > 150
    assert found.by_sound.total() == 0
