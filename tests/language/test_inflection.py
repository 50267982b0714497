"""The forms of English words, and what asks for them."""

import pytest

from qa_pipeline.language.inflection import MAX_FORMS, inflected, n_forms
from tests.detectors.looking import drawn, findings, quotes


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        pytest.param("refund", {"refund", "refunds", "refunded", "refunding"}, id="regular"),
        pytest.param("refunds", {"refund", "refunds", "refunded", "refunding"}, id="bent"),
        pytest.param("buy", {"buy", "buys", "bought", "buying"}, id="irregular"),
        pytest.param("child", {"child", "children"}, id="irregular plural"),
        pytest.param("be", {"be", "am", "are", "is", "was", "were", "been", "being"}, id="be"),
        pytest.param("box", {"box", "boxes", "boxed", "boxing"}, id="es"),
        pytest.param(
            "cancel", {"cancel", "cancels", "canceled", "canceling"}, id="spelled one way"
        ),
        pytest.param(
            "chargeback",
            {"chargeback", "chargebacks", "chargebacked", "chargebacking"},
            id="in no dictionary",
        ),
        pytest.param("sorry", {"sorry"}, id="bends not"),
        pytest.param("good", {"good", "goods"}, id="no better"),
        pytest.param("your", {"your"}, id="a small word"),
        pytest.param("don't", {"don't"}, id="an apostrophe"),
        pytest.param("24", {"24"}, id="a number"),
    ],
)
def test_forms(word: str, forms: set[str]) -> None:
    assert set(inflected((word,))) == forms


def test_every_word_of_a_phrase_bends() -> None:
    forms = inflected(("cancel my order",))
    assert forms[0] == "cancel my order"
    assert {"canceled my order", "canceling my orders", "cancels my order"} <= set(forms)
    assert len(forms) == n_forms("cancel my order") == 16


def test_a_phrase_with_too_many_forms_stays_as_it_is() -> None:
    phrase = "cancel order refund pay go buy"
    assert n_forms(phrase) > MAX_FORMS
    assert inflected((phrase,)) == (phrase,)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            "I was refunded twice, and two refunds are missing.", ["refunded", "refunds"], id="both"
        ),
        pytest.param("The refunding bank said so.", ["refunding"], id="-ing"),
        pytest.param("It is refundable.", [], id="another word of the family"),
        pytest.param("No refunds are left.", [], id="excused, bent as well"),
    ],
)
def test_hits_and_near_misses(said: str, expected: list[str]) -> None:
    keys = {"any_of": ["refund"], "except": ["no refund"], "inflect": True}
    assert quotes(findings(drawn(f"agent 0-9: {said}", "en"), "phrase", **keys)) == expected


def test_groups_bend_too_and_nothing_does_unasked() -> None:
    call = drawn("agent 0-9: We have shipped your orders.", "en")
    groups = {"all_of": [["ship"], ["order"]]}
    assert quotes(findings(call, "phrase", **groups, inflect=True)) == ["shipped … orders"]
    assert findings(call, "phrase", **groups) == ()
    assert findings(call, "phrase", any_of=["order"]) == ()
    assert quotes(findings(call, "phrase", any_of=["order"], inflect=True)) == ["orders"]


def test_british_spelling_is_found_by_the_american_phrase_and_the_other_way_round() -> None:
    for phrase, said in (("cancel", "It was cancelled."), ("apologise", "She apologized.")):
        call = drawn(f"agent 0-9: {said}", "en")
        assert len(findings(call, "phrase", any_of=[phrase], inflect=True)) == 1
