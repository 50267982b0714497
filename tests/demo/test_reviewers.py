"""What was planted is what the machine judges, and what made-up reviewers say, slips apart."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from qa_pipeline.demo.centre import centre
from qa_pipeline.demo.history import PastCall, past_calls
from qa_pipeline.demo.reviewers import COMMENT, Hearing, Line, Sheet, review, truth_of
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Evaluation
from qa_pipeline.scorecard.load import load_directory
from qa_pipeline.scoring import bind, judge
from qa_pipeline.settings import SCORECARDS_DIR
from qa_pipeline.texts import Language

HEARING = Hearing("demo-reviewer-1", True, datetime(2026, 11, 1, 1, tzinfo=UTC))
#: Every twelfth call: enough of each fault, and quick.
EVERY = 12
#: Measured over all 1,533 calls: the machine and the truth differ on 40 of 16,550 criteria judged,
#: 35 of them in calls with words that no list knows (made so on purpose).
LEAST_AGREEMENT = 0.985


@cache
def judged() -> tuple[tuple[PastCall, Evaluation], ...]:
    cards = load_directory(SCORECARDS_DIR)
    bound = {card.scorecard.applies_to["queue"][0]: bind(card) for card in cards}
    pairs = []
    for call in past_calls()[::EVERY]:
        language: Language = "zh" if call.manifest["language"] == "zh" else "en"
        read = parse_dialogue(
            call.conversation.as_text(), call.call_id, language, call.call_id, tier="imported"
        )
        pairs.append((call, judge(read, bound[call.manifest["queue"]])))
    return tuple(pairs)


def sheet_of(evaluation: Evaluation) -> Sheet:
    lines = tuple(Line(v.criterion, v.outcome, v.points, v.fatal) for v in evaluation.verdicts)
    marks = {c.scorecard.scorecard: c.scorecard.pass_mark for c in load_directory(SCORECARDS_DIR)}
    mark = marks[evaluation.scorecard_id]
    return Sheet(evaluation.scorecard_id, evaluation.scorecard_version, mark, lines)


def test_every_planted_criterion_is_a_criterion() -> None:
    cards = {card.scorecard.scorecard: card.scorecard for card in load_directory(SCORECARDS_DIR)}
    for scorecard_id, criteria in centre().criteria.items():
        known = {c.id for section in cards[scorecard_id].sections for c in section.criteria}
        assert set(criteria) <= known
        assert {fault for faults in criteria.values() for fault in faults} <= set(centre().rates)


@pytest.mark.slow  # the machine judges two months of calls
def test_the_machine_judges_what_was_planted() -> None:
    outcomes: Counter[bool] = Counter()
    for call, evaluation in judged():
        truth = truth_of(call, evaluation.scorecard_id)
        for verdict in evaluation.verdicts:
            if verdict.criterion in truth and verdict.outcome in ("pass", "fail"):
                outcomes[(verdict.outcome == "pass") == truth[verdict.criterion]] += 1
    assert outcomes.total() > 1_000
    assert outcomes[True] / outcomes.total() >= LEAST_AGREEMENT


def test_nothing_planted_is_missed_but_what_no_list_knows() -> None:
    caught: Counter[tuple[str, str]] = Counter()
    for call, evaluation in judged():
        outcome = {v.criterion: v.outcome for v in evaluation.verdicts}
        for criterion, meets in truth_of(call, evaluation.scorecard_id).items():
            if meets or (criterion == "no_brush_off" and "forbidden" in call.conversation.beyond):
                continue
            assert outcome[criterion] != "not_applicable", (call.call_id, criterion)
            caught[criterion, outcome[criterion]] += 1
    missed = sum(n for (_, outcome), n in caught.items() if outcome != "fail")
    assert missed <= 1
    assert len(caught) >= 10


def test_calls_end_differently() -> None:
    passed = Counter(evaluation.passed for _, evaluation in judged())
    assert passed[None] == 0
    assert 0.6 < passed[True] / passed.total() < 0.95


@pytest.mark.parametrize("machine", ["pass", "fail", "pending", "not_measured"])
def test_a_reviewer_says_what_happened_whatever_the_machine_said(machine: str) -> None:
    line = Line("greeting", machine, 10, False)  # type: ignore[arg-type]
    sheet = Sheet("order-line", 1, 80, (line,))
    said = [
        review(call, sheet, HEARING).verdicts["greeting"]
        == ("pass" if truth_of(call, "order-line")["greeting"] else "fail")
        for call in past_calls()
        if call.manifest["language"] == "zh"
    ]
    assert 0.97 < sum(said) / len(said) < 1


@pytest.mark.slow  # the machine judges two months of calls
def test_a_review_is_made_up_blind_and_always_the_same() -> None:
    for call, evaluation in judged()[:20]:
        sheet = sheet_of(evaluation)
        one = review(call, sheet, HEARING)
        assert one == review(call, sheet, HEARING)
        assert one.blind
        assert one.comment == COMMENT
        assert one.reviewer == "demo-reviewer-1"
        assert review(call, sheet, replace(HEARING, blind=False)).blind is False
        assert set(one.verdicts) == {line.criterion for line in sheet.lines}


def test_a_failed_fatal_line_fails_the_review_whatever_the_score() -> None:
    call = next(c for c in past_calls() if "insult" in c.conversation.planted)
    lines = (Line("no_insult", "fail", 1, True), Line("greeting", "pass", 99, False))
    scorecard = "order-line" if call.manifest["language"] == "zh" else "support-line"
    one = review(call, Sheet(scorecard, 1, 80, lines), HEARING)
    assert one.verdicts["no_insult"] == "fail"
    assert one.passed is False


@pytest.mark.slow  # the machine judges two months of calls
def test_reviewers_mostly_agree_with_the_machine() -> None:
    same = Counter(
        review(call, sheet_of(evaluation), HEARING).passed == evaluation.passed
        for call, evaluation in judged()
    )
    assert 0.8 < same[True] / same.total() < 1
