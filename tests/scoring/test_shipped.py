"""The shipped scorecards: examples hold, titles have both languages, nothing is doubted."""

from pathlib import Path

import pytest

from qa_pipeline.scorecard.load import (
    LoadedScorecard,
    load_directory,
    load_scorecard,
    scorecard_files,
)
from qa_pipeline.scoring import check
from qa_pipeline.settings import SCORECARDS_DIR

CARDS = scorecard_files(SCORECARDS_DIR)


@pytest.fixture(params=CARDS, ids=lambda path: path.stem)
def loaded(request: pytest.FixtureRequest) -> LoadedScorecard:
    path: Path = request.param
    return load_scorecard(path)


def test_both_are_there() -> None:
    cards = load_directory(SCORECARDS_DIR)
    assert {(c.scorecard.scorecard, c.scorecard.language) for c in cards} == {
        ("order-line", "zh"),
        ("support-line", "en"),
    }


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
