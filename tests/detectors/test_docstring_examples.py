"""Every detector's docstring says what it does not count, and shows what it finds."""

import inspect
import re

import pytest

from qa_pipeline.detectors.examples import Example, examples_of, results_of
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.render.call_words import KINDS

EXAMPLES = [
    pytest.param(one, id=f"{name}-{i}")
    for name, detector in DETECTORS.items()
    for i, one in enumerate(examples_of(detector), 1)
]


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_shows_an_example_and_says_what_it_does_not_count(name: str) -> None:
    assert examples_of(DETECTORS[name])
    assert "not count" in " ".join((inspect.getdoc(DETECTORS[name].find) or "").split())


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_comes_out_as_its_docstring_says(example: Example) -> None:
    assert example.results
    assert results_of(example) == example.results


def test_a_wrong_example_is_told_from_a_right_one() -> None:
    signals = "silence: {detector: dead_air, min_s: 8}"
    found = Example(signals, "agent 0-4: 您好\ncustomer 14.5-15: 你好", ())
    assert results_of(found) == ("finds: 4-14.5 [silence]",)
    nothing = Example(signals, "agent 0-4: hello\ncustomer 5-6: hello", ())
    assert (nothing.language, results_of(nothing)) == ("en", ("finds: nothing",))
    assert results_of(Example(signals, "agent: 您好", ())) == ("finds: not measured",)


def test_every_kind_of_finding_in_the_examples_has_a_name_on_the_screen() -> None:
    shown = (line for param in EXAMPLES for line in param.values[0].results)
    kinds = {kind for line in shown for kind in re.findall(r"\[([a-z]+)(?::\w+)?\]", line)}
    assert kinds >= {"silence", "wait", "thanked", "missing"}
    assert kinds <= set(KINDS)
