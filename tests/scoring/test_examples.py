"""A scorecard's examples are its tests: what holds, what breaks, what is no dialogue."""

import pytest

from qa_pipeline.errors import DocumentRefused
from qa_pipeline.scoring import check
from tests.scorecard.cards import edited, load, marked

PLACE = "pass_if: greeting"


def with_examples(examples: str) -> str:
    return edited((PLACE + "}", f"{PLACE}, examples: {{{examples}}}}}"))


def test_examples_that_hold() -> None:
    report = check(load(with_examples('pass: ["agent 0-2: 您好"], fail: "agent 0-2: 喂"')))
    assert (report.n_criteria, report.n_examples, report.broken) == (3, 2, ())


def test_an_example_that_breaks_is_told_at_its_place() -> None:
    text, where = marked(with_examples('pass: ["agent 0-2: 您好", ‸"agent 0-2: 喂"]'))
    [error] = check(load(text)).broken
    assert error.where == f"card.yaml:{where}"
    assert error.got == "fail"
    assert "should pass" in error.what.en
    assert "应为“通过”" in error.what.zh


def test_outcomes_that_are_neither() -> None:
    when = (
        "when: complaint, pass_if: apology}",
        "when: complaint, pass_if: apology, examples: {E}}",
    )
    text = edited(when).replace(
        "{E}", '{not_applicable: ["agent 0-2: 您好"], pass: ["agent 0-2: 您好"]}'
    )
    [error] = check(load(text)).broken
    assert error.got == "not_applicable"


def test_an_example_that_is_no_dialogue_is_refused_at_its_line() -> None:
    text, where = marked(
        edited(
            (
                f"      - {{id: greeting, severity: B, points: 10, {PLACE}}}",
                "      - id: greeting\n        severity: B\n        points: 10\n"
                f"        {PLACE}\n        examples:\n          pass:\n            - |\n"
                "              agent 0-2: 您好\n"
                "              ‸nobody 3-4: 你好\n",
            )
        )
    )
    with pytest.raises(DocumentRefused) as caught:
        check(load(text))
    assert [error.where for error in caught.value.errors] == [f"card.yaml:{where}"]


def test_a_single_example_needs_no_list() -> None:
    text, where = marked(with_examples('pass: ‸"agent 0-2: 喂"'))
    [error] = check(load(text)).broken
    assert error.where == f"card.yaml:{where}"
