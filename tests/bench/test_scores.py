"""Words in, figures out: against worked examples and against jiwer."""

import random

import jiwer
import pytest

from qa_pipeline.bench.alignment import align
from qa_pipeline.bench.phrases import paired
from qa_pipeline.bench.scores import (
    Errors,
    Figures,
    Finds,
    confidences,
    errors_of,
    folded_errors,
    invented,
    start_errors,
    starts_told,
    total,
)
from qa_pipeline.bench.spoken import Spoken, spoken, symbols, text_of
from qa_pipeline.records import Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word


def turn(*words: tuple[str, float, float], confidence: float | None = None) -> Turn:
    told = tuple(Word(text, a, b, confidence) for text, a, b in words)
    return Turn(None, 0, told[0].start_s, told[-1].end_s, told)


def units(text: str, language: Language) -> tuple[Spoken, ...]:
    return spoken((turn((text, 0.0, 1.0)),), language) if text else ()


def errors(said: str, heard: str, language: Language = "zh") -> Errors:
    pair = (symbols(units(text, language)) for text in (said, heard))
    return errors_of(align(*pair))


@pytest.mark.parametrize(
    ("said", "heard", "language", "counts"),
    [
        pytest.param("您好，天云商城。", "您好天云商城", "zh", (6, 0, 0, 0), id="punctuation"),
        pytest.param("請問您貴姓", "请问您贵姓", "zh", (5, 0, 0, 0), id="traditional"),
        pytest.param("ＡＢ１２", "ab12", "zh", (4, 0, 0, 0), id="full width and case"),
        pytest.param("工号一零", "工号10", "zh", (4, 2, 0, 0), id="numerals as written"),
        pytest.param("您好吗", "你好", "zh", (3, 1, 1, 0), id="您 is not 你"),
        pytest.param("好的", "好的好的", "zh", (2, 0, 0, 2), id="twice"),
        pytest.param("好的", "", "zh", (2, 0, 2, 0), id="nothing heard"),
        pytest.param("", "谢谢", "zh", (0, 0, 0, 2), id="nothing said"),
        pytest.param("I don’t know.", "i don't KNOW", "en", (3, 0, 0, 0), id="apostrophe"),
        pytest.param("may I help you", "may help the you", "en", (4, 2, 0, 0), id="words"),
    ],
)  # fmt: skip
def test_errors_worked_by_hand(
    said: str, heard: str, language: Language, counts: tuple[int, int, int, int]
) -> None:
    assert errors(said, heard, language) == Errors(*counts)


def test_error_counts_are_jiwers_on_random_words() -> None:
    draw = random.Random(7)
    for _ in range(200):
        said = [draw.choice("abcd") for _ in range(draw.randint(1, 30))]
        heard = [draw.choice("abcd") for _ in range(draw.randint(1, 30))]
        theirs = jiwer.process_words(" ".join(said), " ".join(heard))
        ours = errors_of(align(said, heard))
        assert ours.rate == pytest.approx(theirs.wer)
        n_ours = ours.n_substituted + ours.n_deleted + ours.n_inserted
        assert n_ours == theirs.substitutions + theirs.deletions + theirs.insertions
        assert ours.n_truth == len(said)


@pytest.mark.parametrize(
    ("said", "heard", "language", "n_wrong"),
    [
        pytest.param("幺三八零", "1380", "zh", 0, id="digit by digit"),
        pytest.param("four four seven one", "4471", "en", 0, id="a run is its digits"),
        pytest.param("二十", "20", "zh", 1, id="no number words: 十 is no 0"),
        pytest.param("twenty", "20", "en", 2, id="nor in English"),
    ],
)
def test_folding_reads_digits_one_by_one(
    said: str, heard: str, language: Language, n_wrong: int
) -> None:
    told = folded_errors(units(said, language), units(heard, language), language)
    assert told.n_substituted + told.n_deleted + told.n_inserted == n_wrong


def test_a_rate_without_anything_said_is_none() -> None:
    assert errors("", "谢谢").rate is None
    assert Finds().recall is None
    assert starts_told(()) is None
    assert Figures().real_time_factor is None


def test_recall_has_wilsons_interval() -> None:
    recall = Finds(n_truth=10, n_found=8).recall
    assert recall is not None
    assert (recall.value, recall.low, recall.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)


def test_only_right_units_that_begin_a_true_word_have_a_start_error() -> None:
    said = spoken((turn(("您好", 1.0, 1.4), ("云", 2.0, 2.2)),), "zh")
    heard = spoken((turn(("您", 1.1, 1.2), ("好", 1.2, 1.4), ("运", 2.5, 2.6)),), "zh")
    starts = start_errors(said, heard, align(symbols(said), symbols(heard)))
    assert starts == pytest.approx((0.1,))


def test_start_errors_are_told_by_size_not_sign() -> None:
    told = starts_told((-0.1, 0.2, 0.3, 0.0))
    assert told is not None
    assert told.within_share == 0.75
    assert told.median_s == pytest.approx(0.15)


def test_words_far_from_speech_are_invented_others_only_inserted() -> None:
    said = spoken((turn(("好", 2.0, 2.5)),), "zh")
    heard = spoken(
        (turn(("好", 2.0, 2.5), ("的", 2.5, 2.7)), turn(("谢", 6.0, 6.2), ("谢", 6.2, 6.4))), "zh"
    )
    steps = align(symbols(said), symbols(heard))
    told = invented(heard, steps, [Span(2.0, 2.6)], duration_s=10.0)
    assert told.n == 2
    assert told.quiet_s == pytest.approx(10 - 1.0)
    assert told.per_minute == pytest.approx(60 * 2 / 9)
    assert invented(heard, steps, None, 10.0).per_minute is None


def test_confidence_of_right_and_wrong_units() -> None:
    said = spoken((turn(("您好", 0.0, 1.0)),), "zh")
    heard = spoken(
        (Turn(None, 0, 0.0, 1.0, (Word("您", 0, 0.5, 0.9), Word("号", 0.5, 1.0, 0.3))),), "zh"
    )
    right, wrong = confidences(heard, align(symbols(said), symbols(heard)))
    assert (right.value, wrong.value) == (0.9, 0.3)


def test_english_turns_do_not_run_into_each_other() -> None:
    two = (turn(("hello", 0.0, 1.0)), turn(("there", 2.0, 3.0)))
    assert symbols(spoken(two, "en")) == ["hello", "there"]
    assert text_of(spoken(two, "en")) == "hello\nthere"


def test_figures_add_up_field_by_field() -> None:
    one = Figures(n_recordings=1, duration_s=60, errors=Errors(10, 1, 2, 3), starts=(0.1,))
    two = Figures(n_recordings=1, duration_s=30, errors=Errors(20, 0, 0, 1), starts=(0.2,))
    both = total((one, two))
    assert both.errors == Errors(30, 1, 2, 4)
    assert both.errors.rate == pytest.approx(7 / 30)
    assert both.starts == (0.1, 0.2)
    assert both.duration_s == 90


@pytest.mark.parametrize(
    ("said", "heard", "finds"),
    [
        pytest.param([range(2)], [range(2)], Finds(1, 1, 0), id="in its place"),
        pytest.param([range(2)], [range(3, 5)], Finds(1, 0, 1), id="elsewhere"),
        pytest.param([range(1), range(4, 5)], [range(4, 5)], Finds(2, 1, 0), id="one of two"),
        pytest.param([range(2)], [range(1), range(1, 2)], Finds(1, 1, 1), id="only once"),
        pytest.param([], [range(1)], Finds(0, 0, 1), id="never said"),
    ],
)
def test_finds_pair_along_the_alignment(
    said: list[range], heard: list[range], finds: Finds
) -> None:
    assert paired(said, heard, align("abcde", "abcde")) == finds
