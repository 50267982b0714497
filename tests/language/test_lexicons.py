import pytest

from qa_pipeline.language.back_channels import is_back_channel, is_passing
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.phrases import phrase_problem
from qa_pipeline.texts import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_word_can_be_found(language: Language) -> None:
    words = lexicon(language)
    listed = (
        *(*words.fillers, *words.ambiguous, *words.back_channels, *words.reported),
        *(*words.line_checks, *words.hold_announcements, *words.hold_thanks, *words.wait_replies),
    )
    listed += words.no_holds + words.helps + words.reported_over + words.not_reported
    listed += words.question_words + words.question_openers + words.ignored_words
    listed += words.not_heard + words.asked_back + words.no_answers + words.answers_coming
    listed += words.around_coming
    listed += words.read_back_by + words.stock_questions + words.corrected_by + words.suggestions
    listed += words.wish_openers + words.wish_closers + words.no_suggestions + words.uninflected
    listed += words.around_correction + words.denied_by + words.no_correction
    listed += words.amount_units + words.no_amount_units + words.currencies
    listed += (
        words.wish_heads
        + words.own_wishes
        + words.general_wishes
        + words.in_correction
        + words.number_names
    )
    listed += words.set_right + words.closing_units + words.before_numbers + words.before_amounts
    assert [w for w in listed if phrase_problem(w, language)] == []
    assert len(set(words.back_channels)) == len(words.back_channels)
    assert set(words.final_particles) <= set(words.ambiguous)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("嗯", "zh", True, id="one"),
        pytest.param("嗯嗯，好的好的。", "zh", True, id="several, with marks"),
        pytest.param("對對對", "zh", True, id="traditional"),
        pytest.param("OK，好的", "zh", True, id="letters in Chinese"),
        pytest.param("OKR", "zh", False, id="other letters that begin like them"),
        pytest.param("OK，地址呢", "zh", False, id="letters, then something"),
        pytest.param("好的，我要投诉", "zh", False, id="and then something"),
        pytest.param("好看", "zh", False, id="begins like one"),
        pytest.param("……", "zh", False, id="no words"),
        pytest.param("Uh-huh. Yeah!", "en", True, id="English"),
        pytest.param("yeah but no", "en", False, id="English, something else"),
        pytest.param("rightly", "en", False, id="part of a word"),
    ],
)
def test_back_channels(text: str, language: Language, expected: bool) -> None:
    assert is_back_channel(text, language) is expected


def test_own_back_channels_take_the_place_of_the_shipped() -> None:
    assert is_back_channel("对头", "zh", ("对头",))
    assert not is_back_channel("嗯", "zh", ("对头",))
    assert not is_back_channel("嗯", "zh", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("嗯，零零一三", True), ("138", True), ("三个八", True), ("138对吗", False), ("", False)],
)
def test_echoed_digits_only_pass(text: str, expected: bool) -> None:
    assert is_passing(text, "zh") is expected


def test_many_overlapping_back_channels_are_judged_quickly() -> None:
    assert not is_back_channel("嗯" * 5_000 + "投诉", "zh", ("嗯", "嗯嗯", "嗯嗯嗯"))
