"""The keys of the detectors of wording: what is accepted, and what is refused with which advice."""

import pytest

from qa_pipeline.scorecard.signals import (
    PhraseSignal,
    ReadBackSignal,
    RepeatedQuestionSignal,
    SensitiveDataSignal,
    StepsSignal,
    SuggestionSignal,
)
from tests.scorecard.cards import edited, load, marked, told
from tests.scorecard.test_schema import accepts

SILENCE = "{detector: dead_air, min_s: 8}"


def written(signal: str, *, language: str = "zh") -> str:
    card = edited((SILENCE, f"{{detector: {signal}}}"))
    return card.replace("language: zh", f"language: {language}", 1)


VALID = {
    "repeated-question": "repeated_question",
    "repeated-question-keys": "repeated_question, role: any, min_similarity: 0.9, "
    "question_words: 吗, ignored_words: [], not_heard: [啥], read_back_by: [核对], except: [稍等]",
    "steps": "steps, steps: [{id: name, any_of: 贵姓}, {id: gift, any_of: [赠品], optional: true}]",
    "read-back": "read_back",
    "read-back-keys": "read_back, role: customer, of: [地址], tail: 4, corrected_by: [不对]",
    "read-back-any-turns": "read_back, role: any, last_turns: 3",
    "sensitive-data": "sensitive_data",
    "sensitive-data-kinds": "sensitive_data, kinds: [card, id, phone, email]",
    "sensitive-data-kind": "sensitive_data, kinds: card",
    "suggestion": "suggestion",
    "suggestion-keys": "suggestion, role: any, phrases: [建议], except: [什么建议]",
}
#: The caret stands where the fault is told; the schema cannot say those of the second half.
REFUSED: dict[str, tuple[str, str, str]] = {
    "similarity": (
        "repeated_question, min_similarity: ‸1.5", "must be <= 1", "write a number <= 1",
    ),
    "no-similarity": ("repeated_question, min_similarity: ‸0", "must be > 0", "write a number > 0"),
    "no-steps": ("steps, steps: ‸[]", "empty, or too short", "write at least one"),
    "step-without-phrases": (
        "steps, steps: [{‸id: name}]", "the key any_of is missing", "add any_of: ...",
    ),
    "step-with-none": (
        "steps, steps: [{id: name, any_of: ‸[]}]", "empty, or too short", "write at least one",
    ),
    "step-id": (
        "steps, steps: [{id: ‸Name, any_of: x}]",
        "the spelling is not allowed",
        "match ^[a-z][a-z0-9_]*$",
    ),
    "step-key": (
        "steps, steps: [{id: name, any_of: x, ‸option: true}]",
        "unknown key",
        "did you mean optional?",
    ),
    "tail": ("read_back, tail: ‸6", "must be <= 4", "write a number <= 4"),
    "tail-of-3": ("read_back, tail: ‸3", "must be >= 4", "write a number >= 4"),
    "kind": (
        "sensitive_data, kinds: [‸cards]", "not one of the valid values", "did you mean card?",
    ),
    "no-kinds": ("sensitive_data, kinds: ‸[]", "empty, or too short", "write at least one"),
    "key-of-another": ("suggestion, ‸any_of: [x]", "unknown key", "use one of: "),
}  # fmt: skip
REFUSED_BY_CHECK: dict[str, tuple[str, str, str]] = {
    "step-twice": (
        "steps, steps: [{id: name, any_of: x}, {id: ‸name, any_of: y}]",
        "this step stands here for the second time",
        "choose another id",
    ),
    "step-of-marks": (
        'steps, steps: [{id: name, any_of: [x, ‸"？"]}]',
        "a phrase without letters or digits",
        "write the words to look for, or delete it",
    ),
    "phrase-over-sentences": (
        'steps, steps: [{id: name, any_of: "您好。‸再见"}]',
        "no match crosses the end of a sentence",
        "write two phrases, in two groups of all_of",
    ),
    "list-of-marks": (
        'read_back, of: [‸"…"]',
        "a phrase without letters or digits",
        "write the words to look for, or delete it",
    ),
    "turns-of-the-other": (
        "read_back, last_turns: ‸2",
        "turns of the one who repeats, where it is the other who gives",
        "write first_s, last_s, after or before",
    ),
    "inflect-zh": (
        "phrase, any_of: [退款], inflect: ‸true",
        "inflect is for English alone",
        "delete inflect",
    ),
    "inflect-regex": (
        "phrase, any_of: [a], match: regex, inflect: ‸true",
        "inflect together with match: regex",
        "write match: text, or delete inflect",
    ),
}


@pytest.mark.parametrize("signal", VALID.values(), ids=VALID.keys())
def test_accepted_by_the_loader_and_the_schema(signal: str) -> None:
    text = written(signal)
    assert load(text).warnings == ()
    assert accepts(text)


@pytest.mark.parametrize(
    ("signal", "what", "fix"),
    [*REFUSED.values(), *REFUSED_BY_CHECK.values()],
    ids=[*REFUSED, *REFUSED_BY_CHECK],
)
def test_refused_where_it_stands_and_with_the_fix(signal: str, what: str, fix: str) -> None:
    text, place = marked(written(signal))
    faults = told(text)
    assert (place, what) in [(where, said) for where, said, _, _ in faults]
    assert any(advice.startswith(fix) for _, _, _, advice in faults)


@pytest.mark.parametrize("signal", [case[0] for case in REFUSED.values()], ids=REFUSED)
def test_refused_by_the_schema_too(signal: str) -> None:
    assert not accepts(written(signal.replace("‸", "")))


def test_steps_need_steps() -> None:
    [(_, what, _, fix)] = told(written("steps"))
    assert (what, fix) == ("the key steps is missing", "add steps: ...")
    assert not accepts(written("steps"))


def test_inflection_is_accepted_for_english_and_not_without_end() -> None:
    card = written("phrase, any_of: [refund], except: [no refund], inflect: true", language="en")
    assert isinstance(load(card).scorecard.signals["silence"], PhraseSignal)
    assert accepts(card)
    text, place = marked(
        written("phrase, any_of: [‸cancel order refund pay go buy], inflect: true", language="en")
    )
    [(where, what, _, fix)] = told(text)
    assert (where, what) == (place, "more than 1000 forms of one phrase")
    assert fix.startswith("write fewer words")


def test_a_fault_that_passes_is_warned_of_and_facts_are_not() -> None:
    def warned(signal: str) -> list[str]:
        card = edited((SILENCE, f"{{detector: {signal}}}"), ("silence.count <= 1", "silence"))
        return [warning.what.en for warning in load(card).warnings]

    assert warned("read_back") == ["passes when a fault was found"]
    assert warned("repeated_question") == ["passes when a fault was found"]
    assert warned("steps, steps: [{id: a, any_of: b}]") == ["passes when a fault was found"]
    assert warned("sensitive_data") == warned("suggestion") == []


def test_whose_speech_goes_without_saying() -> None:
    assert RepeatedQuestionSignal(detector="repeated_question").role == "agent"
    assert ReadBackSignal(detector="read_back").role == "agent"
    assert SuggestionSignal(detector="suggestion").role == "customer"
    assert SensitiveDataSignal(detector="sensitive_data").role == "any"
    steps = StepsSignal.model_validate({"detector": "steps", "steps": [{"id": "a", "any_of": "b"}]})
    assert (steps.role, steps.steps[0].any_of) == ("any", ("b",))
