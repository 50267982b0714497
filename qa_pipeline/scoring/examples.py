"""Runs a scorecard's examples: each is a unit test of its criterion."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.documents import Path
from qa_pipeline.errors import DocumentRefused, Doubt, QaError, WrongUse
from qa_pipeline.records import Call, Outcome
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scoring.bound import Bound, BoundCriterion, bind
from qa_pipeline.scoring.evidence import Evidence
from qa_pipeline.scoring.judge import verdict
from qa_pipeline.texts import Text

_OUTCOMES: dict[Outcome, Text] = {
    "pass": Text(en="pass", zh="通过"),
    "fail": Text(en="fail", zh="不通过"),
    "not_applicable": Text(en="not apply", zh="不适用"),
    "not_measured": Text(en="not be measured", zh="无法判定"),
    "pending": Text(en="wait for people", zh="待人工"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A dialogue of a criterion, what it must come to, and where it stands in the file."""

    bound: BoundCriterion
    expected: Outcome
    dialogue: str
    path: Path


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checking a scorecard came to: broken examples in order of place, and warnings."""

    loaded: LoadedScorecard
    n_criteria: int
    n_examples: int
    broken: tuple[QaError, ...]
    warnings: tuple[Doubt, ...]


def check(loaded: LoadedScorecard) -> CheckReport:
    """Run every example of a scorecard.

    Raises
    ------
    DocumentRefused
        An example is no dialogue; with every line that is not.
    """
    bound = bind(loaded)
    examples = tuple(_examples(bound))
    calls: list[tuple[Example, Call]] = []
    unreadable: list[QaError] = []
    for example in examples:
        try:
            calls.append((example, _call(bound, example)))
        except DocumentRefused as refused:
            unreadable.extend(_located(loaded, example, error) for error in refused.errors)
    if unreadable:
        raise DocumentRefused(tuple(unreadable))
    broken = tuple(e for example, call in calls if (e := _broken(bound, example, call)))
    return CheckReport(loaded, len(bound.criteria), len(examples), broken, loaded.warnings)


def _examples(bound: Bound) -> Iterator[Example]:
    criteria = iter(bound.criteria)
    for i, section in enumerate(bound.card.sections):
        for j, criterion in enumerate(section.criteria):
            owner = next(criteria)
            path: Path = ("sections", i, "criteria", j, "examples")
            yield from _of_outcome(owner, "pass", criterion.examples.pass_, path)
            yield from _of_outcome(owner, "fail", criterion.examples.fail, path)
            yield from _of_outcome(owner, "not_applicable", criterion.examples.not_applicable, path)


def _of_outcome(
    bound: BoundCriterion, expected: Outcome, dialogues: tuple[str, ...], path: Path
) -> Iterator[Example]:
    for n, dialogue in enumerate(dialogues):
        yield Example(bound, expected, dialogue, (*path, expected, n))


def _call(bound: Bound, example: Example) -> Call:
    return parse_dialogue(example.dialogue, "example", bound.card.language)


def _where(loaded: LoadedScorecard, example: Example, line: int = 1) -> str:
    """Return where a line of an example stands in the scorecard's file."""
    path = example.path
    if isinstance(loaded.document.find(path[:-1]).value, str):
        path = path[:-1]  # one example, written without a list
    before = "\n".join(example.dialogue.split("\n")[: line - 1])
    place = loaded.document.place(path, character=len(before) + 1 if line > 1 else None)
    return f"{loaded.where}:{place.line}:{place.column}"


def _located(loaded: LoadedScorecard, example: Example, error: QaError) -> QaError:
    """Return a dialogue's error where its line stands in the scorecard."""
    _, _, number = error.where.rpartition(":")
    line = int(number) if number.isdigit() else 1
    return WrongUse(_where(loaded, example, line), error.what, error.fix, got=error.got)


def _broken(bound: Bound, example: Example, call: Call) -> QaError | None:
    card = bound.card
    signals = {n: s for n, s in card.signals.items() if n in example.bound.signals}
    said = verdict(example.bound, Evidence(card, call, detect_all(call, signals)))
    if said.outcome == example.expected:
        return None
    name = example.bound.criterion.id
    wanted = _OUTCOMES[example.expected]
    return WrongUse(
        _where(bound.loaded, example),
        Text(
            en=f"this example of {name} should {wanted.en}: {said.reason}",
            zh=f"{name} 的此示例应为“{wanted.zh}”：{said.reason}",
        ),
        Text(
            en="change the example, the signals, when or pass_if",
            zh="请修改示例、信号、when 或 pass_if",
        ),
        got=said.outcome,
    )
