"""The worked examples in the detectors' docstrings: what documents show, and tests run.

A find function's docstring ends with a numpydoc section `Examples`; every block of it that is
indented by four is one example: signals as a scorecard would have them (YAML), a dialogue, and what
the last of the signals finds in it, one line a finding, in order:

    silence: {detector: dead_air, min_s: 8}
    agent 0-4: 您好，请问有什么可以帮您？
    customer 14-15: 你好
    finds: 4-14 [silence]

A finding is written `start-end [kind] quote` in seconds, each part where it has one. `finds:
nothing` says that there is none, `finds: not measured` that the detector could not look, and a
line `value: 0.6` what the signal's value is. A dialogue with a Chinese character is Chinese.
"""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detector, NotMeasured
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.documents import read_document
from qa_pipeline.language.units import is_han
from qa_pipeline.records import Finding
from qa_pipeline.scorecard.signals import SIGNALS, Signal
from qa_pipeline.texts import Language

_INDENT = "    "
_RESULT = re.compile(r"(?:finds|value): ")
_SAID = re.compile(r"(?:agent|customer|客服|客户)[ :：]|#")


@dataclass(frozen=True, slots=True)
class Example:
    """One example: `results` are its lines `finds: ...` and `value: ...` as they are written."""

    signals: str
    dialogue: str
    results: tuple[str, ...]

    @property
    def language(self) -> Language:
        """The language of the dialogue."""
        return "zh" if any(map(is_han, self.dialogue)) else "en"


def examples_of(detector: Detector) -> tuple[Example, ...]:
    """Return the examples in the docstring of the detector's find function."""
    return tuple(_example(block) for block in _blocks(inspect.getdoc(detector.find) or ""))


def results_of(example: Example) -> tuple[str, ...]:
    """Run an example and return what comes out of it, written as an example's results are."""
    call = parse_dialogue(example.dialogue, "example", example.language)
    declared = read_document(example.signals.encode(), "example").data
    signals: dict[str, Signal] = {
        name: SIGNALS[keys["detector"]].model_validate(keys) for name, keys in declared.items()
    }
    outcome = detect_all(call, signals)[list(signals)[-1]]
    if isinstance(outcome, NotMeasured):
        return ("finds: not measured",)
    found = tuple(f"finds: {_told(finding)}" for finding in outcome.findings)
    value = () if outcome.value is None else (f"value: {_figure(outcome.value)}",)
    return (found or ("finds: nothing",)) + value


def _blocks(doc: str) -> Iterator[list[str]]:
    """Yield the indented blocks of the section Examples, each with its lines."""
    _, _, section = doc.partition("\nExamples\n--------\n")
    block: list[str] = []
    for line in (*section.splitlines(), ""):
        if line.startswith(_INDENT):
            block.append(line.removeprefix(_INDENT))
        elif block:
            yield block
            block = []


def _example(block: list[str]) -> Example:
    results = tuple(line for line in block if _RESULT.match(line))
    inputs = [line for line in block if not _RESULT.match(line)]
    n_declared = next((i for i, line in enumerate(inputs) if _SAID.match(line)), len(inputs))
    return Example("\n".join(inputs[:n_declared]), "\n".join(inputs[n_declared:]), results)


def _told(finding: Finding) -> str:
    parts = []
    if finding.start_s is not None and finding.end_s is not None:
        parts.append(f"{_figure(finding.start_s)}-{_figure(finding.end_s)}")
    if finding.kind is not None:
        parts.append(f"[{finding.kind}]")
    if finding.quote is not None:
        parts.append(finding.quote)
    return " ".join(parts)


def _figure(number: float) -> str:
    return f"{round(number, 2):g}"
