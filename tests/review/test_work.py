"""Queue, leases, marks, reviews and what follows them: nothing lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import ReviewRow, Store
from qa_pipeline.store import tables as t
from qa_pipeline.store.columns import gold_columns
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.decisions import Decisions, Resolution
from qa_pipeline.store.review.marks import Draft, Marks, NewMark
from qa_pipeline.store.review.queue import NOBODY, Assignment, Queue, Wanted
from qa_pipeline.store.review.submitting import Reviews, Sheet
from tests.review.office import TODAY, assign

LINE = ("order-line", "warmth")
SHEET = Sheet("order-line", 3, {"greeting": "pass", "warmth": "fail"}, passed=False, score=50.0)


def verdict(key: str, outcome: str = "fail") -> NewMark:
    return NewMark(key, "verdict", *LINE, outcome)  # type: ignore[arg-type]


def submitted(store: Store, given: Assignment, *, key: str = "k") -> int:
    reviews = Reviews(store.ledger.database)
    assert reviews.submit("li", given, [SHEET], n_marks=0, key=key)
    return reviews.of_call("call-1")[-1].id


def shown(store: Store, user: str, wanted: Wanted | None = None, groups: str = "*") -> list[str]:
    page = Queue(store.ledger.database).page(user, {groups}, wanted or Wanted(), TODAY)
    assert page.following is None
    return [row.call_id for row in page.rows]


def test_the_queue_goes_by_due_date_then_reason(store: Store) -> None:
    for call_id, reason, due_on in (
        ("late", "random", TODAY - timedelta(days=2)),
        ("never", "back_check", None),
        ("r", "random", TODAY),
        ("f", "flagged", TODAY),
        ("d", "double", TODAY),
        ("b", "back_check", TODAY),
    ):
        assign(store, call_id, "li", reason=reason, due_on=due_on)
    assign(store, "hers", "wang")
    assert shown(store, "li") == ["late", "b", "f", "d", "r", "never"]
    assert shown(store, "li", Wanted(reason="double")) == ["d"]
    assert shown(store, "li", Wanted(due="late")) == ["late"]
    assert shown(store, "li", groups="华南") == []


def test_pages_follow_one_another_without_gap_or_double(store: Store) -> None:
    for i in range(23):
        assign(store, f"c{i:02d}", "li", reason=("random", "flagged")[i % 2], due_on=None)
    queue, found, after = Queue(store.ledger.database), [], None
    while True:
        page = queue.page("li", {"*"}, Wanted(after=after, per_page=5), TODAY)
        found += [row.call_id for row in page.rows]
        after = page.following
        if after is None:
            break
    assert found == [f"c{i:02d}" for i in (*range(1, 23, 2), *range(0, 23, 2))]


def test_what_is_overdue_or_nobodys_waits_for_anybody(store: Store) -> None:
    assign(store, "left", "wang", due_on=TODAY - timedelta(days=1))
    assign(store, "hers", "wang")
    assign(store, "free", NOBODY)
    assign(store, "both", NOBODY)
    assign(store, "both", "li", batch="002")
    assert shown(store, "li", Wanted("pool")) == ["left", "free"]


def test_a_lease_keeps_others_away_and_returns(store: Store, given: Assignment) -> None:
    assign(store, "free", NOBODY)
    queue = Queue(store.ledger.database)
    free = queue.assignment(2)
    assert free is not None
    queue.take("wang", free, TODAY)
    with pytest.raises(WrongUse, match="somebody else"):
        queue.take("li", free, TODAY)
    assert shown(store, "li", Wanted("pool")) == []
    assert shown(store, "wang", Wanted("borrowed")) == ["free"]
    with store.ledger.database.writing() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(sa.update(t.assignments).values(leased_until=past))
    assert shown(store, "li", Wanted("pool")) == ["free"]
    assert shown(store, "wang", Wanted("borrowed")) == []
    queue.take("li", free, TODAY)
    assert shown(store, "li", Wanted("borrowed")) == ["free"]
    assert queue.next_of("li", {"*"}, TODAY) == free.id
    assert queue.next_of("li", {"*"}, TODAY, after=free.id) == given.id


def test_a_lease_is_given_back(store: Store) -> None:
    assign(store, "free", NOBODY)
    queue = Queue(store.ledger.database)
    free = queue.assignment(1)
    assert free is not None
    queue.take("wang", free, TODAY)
    queue.give_back("li", free)
    assert shown(store, "li", Wanted("pool")) == []
    queue.give_back("wang", free)
    assert shown(store, "li", Wanted("pool")) == ["free"]


def test_nobody_hears_both_hearings_of_a_call(store: Store, given: Assignment) -> None:
    assign(store, given.call_id, NOBODY, batch="002")
    second = Queue(store.ledger.database).assignment(2)
    assert second is not None
    with pytest.raises(WrongUse, match="second hearing"):
        Queue(store.ledger.database).take("li", second, TODAY)


def test_of_many_who_take_a_call_one_gets_it(store: Store) -> None:
    assign(store, "free", NOBODY)
    queue = Queue(store.ledger.database)
    free = queue.assignment(1)
    assert free is not None

    def taken(i: int) -> bool:
        try:
            queue.take(f"user-{i}", free, TODAY)
        except WrongUse:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(taken, range(8))) == 1


def test_marks_add_up_and_a_click_sent_again_is_one(store: Store, given: Assignment) -> None:
    marks = Marks(store.ledger.database)
    first = marks.add("li", given, verdict("a"))
    assert first.verdicts == {LINE: "fail"}
    assert marks.add("li", given, verdict("a")) == first
    assert marks.add("li", given, verdict("b", "pass")).verdicts == {LINE: "pass"}
    assert len(marks.marks(given.id)) == 2
    assert marks.draft(given.id).n_marks == 2


def test_undo_is_a_mark_of_its_own_and_goes_back_step_by_step(
    store: Store, given: Assignment
) -> None:
    marks = Marks(store.ledger.database)
    marks.add("li", given, verdict("a"))
    marks.add("li", given, verdict("b", "pass"))
    said = marks.add("li", given, NewMark("c", "comment", *LINE, text="太冷淡", at_s=3.5))
    assert said.comments[0].text == "太冷淡"
    assert marks.add("li", given, NewMark("d", "undo")).comments == ()
    assert marks.add("li", given, NewMark("d", "undo")).verdicts == {LINE: "pass"}
    assert marks.add("li", given, NewMark("e", "undo")).verdicts == {LINE: "fail"}
    last = marks.add("li", given, NewMark("f", "undo"))
    assert last == Draft({}, (), 6, can_undo=False)
    with pytest.raises(WrongUse, match="nothing to undo"):
        marks.add("li", given, NewMark("g", "undo"))
    assert len(marks.marks(given.id)) == 6


def test_one_comment_can_be_undone_by_itself(store: Store, given: Assignment) -> None:
    marks = Marks(store.ledger.database)
    marks.add("li", given, NewMark("a", "comment", text="one"))
    marks.add("li", given, verdict("b"))
    left = marks.add("li", given, NewMark("c", "undo", undoes=1))
    assert (left.comments, left.verdicts) == ((), {LINE: "fail"})
    with pytest.raises(WrongUse, match="nothing to undo"):
        marks.add("li", given, NewMark("d", "undo", undoes=1))


@pytest.mark.parametrize("user", ["wang", ""])
def test_nobody_else_marks(store: Store, given: Assignment, user: str) -> None:
    with pytest.raises(WrongUse, match="somebody else"):
        Marks(store.ledger.database).add(user, given, verdict("a"))


def test_clicks_from_many_threads_are_all_there_once(store: Store, given: Assignment) -> None:
    marks = Marks(store.ledger.database)
    keys = [f"k{i % 30}" for i in range(60)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda key: marks.add("li", given, verdict(key)), keys))
    kept = marks.marks(given.id)
    assert sorted(m.idempotency_key for m in kept) == sorted(set(keys))
    assert [m.seq for m in kept] == list(range(1, 31))


def test_a_review_from_elsewhere_ends_the_assignment(store: Store, given: Assignment) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    row = ReviewRow("call-1", "order-line", 3, "li", 1, True, True, {"greeting": "pass"}, "", at)
    store.ledger.save_review(row)
    assert shown(store, "li") == []
    done = Queue(store.ledger.database).assignment(given.id)
    assert done is not None
    assert (done.done_by, done.done_at) == ("li", at)


def test_a_review_is_submitted_once(store: Store, given: Assignment) -> None:
    reviews = Reviews(store.ledger.database)
    assert reviews.submit("li", given, [SHEET], n_marks=0, key="k")
    assert not reviews.submit("li", given, [SHEET], n_marks=0, key="k")
    with pytest.raises(WrongUse, match="done"):
        reviews.submit("li", given, [SHEET], n_marks=0, key="another")
    (review,) = reviews.of_call("call-1")
    assert (review.reviewer, review.revision, review.passed, review.score) == ("li", 1, False, 50)
    assert store.ledger.reviews("2026-11")[0].verdicts == SHEET.verdicts
    assert shown(store, "li") == []
    assert shown(store, "li", Wanted("done")) == ["call-1"]


def test_a_mark_that_came_in_since_is_not_overlooked(store: Store, given: Assignment) -> None:
    Marks(store.ledger.database).add("li", given, verdict("a"))
    with pytest.raises(WrongUse, match="came in"):
        Reviews(store.ledger.database).submit("li", given, [SHEET], n_marks=0, key="k")


def test_reopening_leads_to_a_second_revision(store: Store, given: Assignment) -> None:
    submitted(store, given)
    reviews = Reviews(store.ledger.database)
    reviews.reopen("li", given)
    better = replace(SHEET, verdicts={"greeting": "pass", "warmth": "pass"}, passed=True)
    assert reviews.submit("li", given, [better], n_marks=0, key="k2")
    assert [(x.revision, x.passed) for x in reviews.of_call("call-1")] == [(1, False), (2, True)]


def test_a_published_review_is_not_reopened(store: Store, given: Assignment) -> None:
    review = submitted(store, given)
    reviews = Reviews(store.ledger.database)
    reviews.publish("zhao", review)
    reviews.publish("zhao", review)
    with pytest.raises(WrongUse, match="is published"):
        reviews.reopen("li", given)


def test_a_correction_is_added_and_overwrites_nothing(store: Store, given: Assignment) -> None:
    review = submitted(store, given)
    reviews = Reviews(store.ledger.database)
    better = replace(SHEET, verdicts={"greeting": "pass", "warmth": "pass"}, passed=True)
    new = reviews.correct("zhao", review, better, "听错了", key="c1")
    assert reviews.correct("zhao", review, better, "听错了", key="c1") == new
    first, second = reviews.of_call("call-1")
    assert (first.passed, second.passed, second.author) == (False, True, "zhao")
    assert second.correction == "听错了"
    assert second.published_by == "zhao"
    assert [r.passed for r in store.ledger.reviews()] == [True]
    assert [r.passed for r in store.ledger.reviews(corrected=False)] == [False]
    with pytest.raises(WrongUse, match="newer revision"):
        reviews.correct("zhao", review, better, "again", key="c2")
    with pytest.raises(WrongUse, match="needs its reason"):
        reviews.correct("zhao", new, better, " ", key="c3")


def test_an_appeal_is_decided_once_with_a_reason(store: Store, given: Assignment) -> None:
    review = submitted(store, given)
    decisions, reviews = Decisions(store.ledger.database), Reviews(store.ledger.database)
    with pytest.raises(WrongUse, match="once it is published"):
        decisions.raise_appeal("zhao", review, "warmth", "客户已满意")
    reviews.publish("zhao", review)
    appeal = decisions.raise_appeal("zhao", review, "warmth", "客户已满意")
    with pytest.raises(WrongUse, match="needs its reason"):
        decisions.decide("zhao", appeal, "upheld", " ", None)
    better = replace(SHEET, verdicts={"greeting": "pass", "warmth": "pass"}, passed=True)
    decisions.decide("zhao", appeal, "upheld", "同意", better)
    with pytest.raises(WrongUse, match="decided already"):
        decisions.decide("zhao", appeal, "rejected", "不", None)
    first, second = reviews.of_call("call-1")
    assert (second.verdicts["warmth"], second.correction) == ("pass", "同意")
    (decided,) = decisions.appeals(is_open=False)
    assert (decided.decision, decided.decided_by, decided.decision_note) == (
        "upheld",
        "zhao",
        "同意",
    )
    assert decisions.appeals_of([first.id]) == (decided,)


def test_answers_and_coaching_are_kept_with_their_reasons(store: Store) -> None:
    decisions = Decisions(store.ledger.database)
    answer = Resolution(
        "call-1",
        "order-line",
        "warmth",
        "pass",
        "语气正常",
        "zhao",
        datetime(2026, 11, 5, tzinfo=UTC),
    )
    decisions.resolve(answer)
    assert decisions.resolutions(["call-1"]) == (answer,)
    with pytest.raises(WrongUse, match="reason"):
        decisions.resolve(replace(answer, reason=""))
    decisions.resolve(replace(answer, outcome="fail", reason="再听一遍"))
    gold = gold_columns(store.ledger, "2026-11")
    assert gold.rows() == [("call-1", "order-line", "warmth", "fail")]
    assert gold_columns(store.ledger, "2026-10").is_empty()
    decisions.coach("zhao", "A7", "练习开头语", call_id="call-1", criterion="greeting")
    (note,) = decisions.notes()
    decisions.check("zhao", note.id, "已改善")
    with pytest.raises(WrongUse, match="decided already"):
        decisions.check("zhao", note.id, "再说")
    assert decisions.notes()[0].outcome == "已改善"


def test_every_decision_stands_in_the_audit(store: Store, given: Assignment) -> None:
    queue, reviews = Queue(store.ledger.database), Reviews(store.ledger.database)
    queue.take("li", given, TODAY)
    review = submitted(store, given)
    reviews.publish("zhao", review)
    actions = [row.action for row in audit.latest(store.ledger.database)]
    assert actions == ["published", "submitted", "taken"]
    assert audit.verify(store.ledger.database).whole


def test_the_day_counts_what_was_done_and_what_is_due(
    store: Store, given: Assignment, today: date
) -> None:
    assign(store, "c2", "li")
    assign(store, "c3", "li", due_on=today + timedelta(days=1))
    submitted(store, given)
    midnight = datetime.now(UTC) - timedelta(hours=1)
    day = Queue(store.ledger.database).day("li", today, midnight)
    assert (day.n_done, day.n_due, day.n_open) == (1, 1, 2)
