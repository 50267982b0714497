"""The shipped scorecards: examples hold, titles have both languages, nothing is doubted."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.scorecard.load import (
    LoadedScorecard,
    load_directory,
    load_scorecard,
    scorecard_files,
)
from qa_pipeline.scorecard.model import Criterion
from qa_pipeline.scorecard.signal_keys import Signal
from qa_pipeline.scoring import check
from qa_pipeline.settings import SCORECARDS_DIR

CARDS = scorecard_files(SCORECARDS_DIR)


@pytest.fixture(params=CARDS, ids=lambda path: path.stem)
def loaded(request: pytest.FixtureRequest) -> LoadedScorecard:
    path: Path = request.param
    return load_scorecard(path)


def criteria(loaded: LoadedScorecard) -> Iterator[Criterion]:
    return chain.from_iterable(section.criteria for section in loaded.scorecard.sections)


def test_all_are_there_each_for_calls_of_its_own() -> None:
    cards = [loaded.scorecard for loaded in load_directory(SCORECARDS_DIR)]
    assert {(c.scorecard, c.language, c.applies_to["queue"]) for c in cards} == {
        ("order-line", "zh", ("orders",)),
        ("service-line", "zh", ("service",)),
        ("support-line", "en", ("support",)),
        ("collections", "en", ("collections",)),
    }


def test_together_they_use_every_detector_and_every_key_of_a_signal() -> None:
    signals = [s for path in CARDS for s in load_scorecard(path).scorecard.signals.values()]
    assert {signal.detector for signal in signals} == set(DETECTORS)
    written = {key for signal in signals for key in signal.model_fields_set}
    assert set(Signal.model_fields) <= written
    phrases = [signal.model_dump() for signal in signals if signal.detector == "phrase"]
    for key, values in {
        "match": {"text", "sound", "regex"},
        "except_within": {"hit", "sentence", "turn"},
        "inflect": {True, False},
    }.items():
        assert {phrase[key] for phrase in phrases} == values


def test_the_points_of_a_card_are_a_hundred(loaded: LoadedScorecard) -> None:
    assert sum(criterion.points for criterion in criteria(loaded)) == 100


def test_every_example_holds(loaded: LoadedScorecard) -> None:
    report = check(loaded)
    assert [error.say("en") for error in report.broken] == []
    assert report.warnings == ()


def test_every_machine_criterion_has_examples_for_and_against(loaded: LoadedScorecard) -> None:
    for section in loaded.scorecard.sections:
        for criterion in section.criteria:
            if criterion.judged_by == "machine":
                assert criterion.examples.pass_, criterion.id
                assert criterion.examples.fail, criterion.id
                shown = bool(criterion.examples.not_applicable)
                assert shown == (criterion.when is not None), criterion.id


def test_what_needs_a_recording_is_only_hinted_at(loaded: LoadedScorecard) -> None:
    """No dialogue has a level: a criterion on one could show neither a pass nor a fail."""
    card = loaded.scorecard
    loud = {name for name, signal in card.signals.items() if signal.detector == "loudness"}
    hinted = {name for criterion in criteria(loaded) for name in criterion.hints}
    assert loud
    assert loud <= hinted


def test_the_seven_categories_with_titles_in_both_languages(loaded: LoadedScorecard) -> None:
    card = loaded.scorecard
    assert len(card.sections) == 7
    holders = [card, *card.severities.values(), *card.sections]
    for holder in [*holders, *(c for s in card.sections for c in s.criteria)]:
        assert holder.title is not None
        assert set(holder.title) == {"zh", "en"}


def test_people_and_machine_share_the_work(loaded: LoadedScorecard) -> None:
    judges = {c.judged_by for s in loaded.scorecard.sections for c in s.criteria}
    assert judges == {"machine", "human"}
    for section in loaded.scorecard.sections:
        for criterion in section.criteria:
            assert criterion.judged_by == "machine" or criterion.guidance is not None
