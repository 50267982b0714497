"""The lead's desk: the month of each group, reviewers' load and agreement, levels in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from starlette.responses import Response

from qa_pipeline.records import Outcome
from qa_pipeline.store.review.accounts import User
from qa_pipeline.store.review.queue import Load
from qa_pipeline.web.calibrating import PairShare, pair_share
from qa_pipeline.web.differing import own_reviews
from qa_pipeline.web.office import Office
from qa_pipeline.web.pages import page
from qa_pipeline.web.periods import asked_period, known_periods
from qa_pipeline.web.visit import Visit


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's month: raw counts of the machine's verdicts, and reviews."""

    group: str
    n_calls: int
    n_passed: int
    n_failed: int
    n_undecided: int
    n_reviewed: int


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """A reviewer: their load, and how often they agree with other people and the machine."""

    user: User
    load: Load
    with_people: PairShare
    with_machine: PairShare


def show_desk(visit: Visit) -> Response:
    """Show groups, reviewers and levels of a month."""
    office, period = visit.office, asked_period(visit)
    levels = office.store.ledger.levels_in_force(office.today)
    return page(
        visit,
        "desk.html.j2",
        period=period,
        periods=known_periods(visit),
        groups=_groups(visit, period),
        reviewers=list(_reviewers(office, period)),
        levels=sorted(
            (kind, name, level)
            for (kind, name), level in levels.items()
            if visit.who.sees(None) or (kind == "group" and visit.who.sees(name))
        ),
    )


def _groups(visit: Visit, period: str) -> list[GroupRow]:
    office = visit.office
    columns = ("call_id", "group", "passed")
    evaluations = office.store.read("evaluations", period, columns=columns)
    reviewed = {review.call_id for review in office.store.ledger.reviews(period)}
    rows = (
        evaluations.group_by("group")
        .agg(
            n_calls=pl.col("call_id").n_unique(),
            n_passed=pl.col("passed").eq(True).sum(),
            n_failed=pl.col("passed").eq(False).sum(),
            n_undecided=pl.col("passed").is_null().sum(),
            n_reviewed=pl.col("call_id").is_in(sorted(reviewed)).sum(),
        )
        .sort("group", nulls_last=True)
    )
    return [
        GroupRow(**row)
        for row in rows.iter_rows(named=True)
        if row["group"] is not None and visit.who.sees(row["group"])
    ]


def _reviewers(office: Office, period: str) -> Iterator[ReviewerRow]:
    loads = office.queue.loads(office.today, office.midnight - timedelta(days=6))
    people, machine = _agreement(office, period)
    for user in office.accounts.users():
        if user.active and (user.role == "reviewer" or user.user in loads):
            yield ReviewerRow(
                user,
                loads.get(user.user, Load(0, 0, 0)),
                pair_share(people.get(user.user, [])),
                pair_share(machine.get(user.user, [])),
            )


Pairs = dict[str, list[tuple[Outcome, Outcome]]]


def _agreement(office: Office, period: str) -> tuple[Pairs, Pairs]:
    """Return the pairs of verdicts of each reviewer with other people's, and with the machine's.

    Only blind reviews are compared with the machine: others may have followed it.
    """
    columns = ("call_id", "scorecard_id", "criterion", "outcome")
    verdicts = office.store.read("verdicts", period, columns=columns)
    sheets = own_reviews(office, period)
    heard = {call_id for call_id, _ in sheets}
    said_by_machine = {
        row[:3]: row[3]
        for row in verdicts.filter(pl.col("call_id").is_in(sorted(heard))).iter_rows()
    }
    people: Pairs = {}
    machine: Pairs = {}
    for (call_id, scorecard_id), by_reviewer in sheets.items():
        for reviewer, review in by_reviewer.items():
            for criterion, said in review.verdicts.items():
                judged = said_by_machine.get((call_id, scorecard_id, criterion))
                if review.blind and judged is not None:
                    machine.setdefault(reviewer, []).append((said, judged))
                for other, theirs in by_reviewer.items():
                    if other != reviewer and criterion in theirs.verdicts:
                        pair = (said, theirs.verdicts[criterion])
                        people.setdefault(reviewer, []).append(pair)
    return people, machine
