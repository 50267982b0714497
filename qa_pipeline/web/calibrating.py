"""Calibration sessions: open one on a call, then see every sheet side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import isfinite

import numpy as np
from starlette.responses import Response

from qa_pipeline.records import Outcome
from qa_pipeline.statistics.agreement import call_sums, gwet_ac1
from qa_pipeline.store.assignments import AssignmentRow
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.calibrations import Calibration
from qa_pipeline.store.review.submitting import Review
from qa_pipeline.store.rows import period_of
from qa_pipeline.web.access import NotFound
from qa_pipeline.web.after import outcome_words
from qa_pipeline.web.differing import TELLING
from qa_pipeline.web.office import Case
from qa_pipeline.web.pages import back, page
from qa_pipeline.web.visit import Visit

_DAYS = 3


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One criterion: the machine's word and each member's, who agree or not."""

    scorecard_id: str
    criterion: str
    title: str
    machine: Outcome
    said: tuple[Outcome | None, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class PairShare:
    """How many of the pairs of verdicts agree."""

    n_agreeing: int
    n_pairs: int

    @property
    def share(self) -> float | None:
        """0-1, None without pairs."""
        return self.n_agreeing / self.n_pairs if self.n_pairs else None


@dataclass(frozen=True, slots=True)
class Among:
    """How far the members agree, criteria taken for items: raw share of pairs, and Gwet's AC1."""

    pairs: PairShare
    ac1: float | None


def list_calibrations(visit: Visit) -> Response:
    """Show the sessions of the lead's groups, and a form for another."""
    office = visit.office
    sessions = office.calibrations.sessions()
    labels = office.labels({s.call_id for s in sessions})
    seen = [s for s in sessions if visit.who.sees(labels.get(s.call_id, (None, None))[0])]
    people = [u for u in office.accounts.users() if u.active]
    call = visit.request.query_params.get("call", "")
    return page(visit, "calibrations.html.j2", sessions=seen, people=people, call_id=call)


def open_calibration(visit: Visit) -> Response:
    """Open a session on the call that the address names."""
    case = visit.about.case
    if case is None or case.call.started_at is None:
        raise NotFound
    now, zone = datetime.now(UTC), visit.office.settings.zone
    pattern = AssignmentRow(
        period=period_of(case.call.started_at, zone),
        batch="",
        call_id=case.call.call_id,
        purpose="targeted",
        reason="calibration",
        reviewer="",
        blind=True,
        assigned_at=now,
        due_on=visit.office.today + timedelta(days=_DAYS),
        group=case.group,
        agent_id=case.agent_id,
        language=case.call.language,
        expected_min=2 * case.call.duration_s / 60,
    )
    known = {u.user for u in visit.office.accounts.users() if u.active and u.sees(case.group)}
    members = [m for m in visit.chosen("member") if m in known]
    title = visit.said("title").strip() or case.call.call_id
    number = visit.office.calibrations.open(visit.who.user, title, pattern, members)
    return back(f"/calibrations/{number}")


def show_calibration(visit: Visit) -> Response:
    """Show the sheets side by side once every member has submitted or the session is closed."""
    office, session, case = visit.office, visit.about.calibration, visit.about.case
    if session is None or case is None:
        raise NotFound
    members, reviews = _reviews(visit, session)
    subject = f"call {session.call_id}"
    audit.record(office.database, visit.who.user, "viewed", subject, calibration=session.id)
    is_over = session.closed_at is not None or session.n_done >= session.n_members
    rows = _side_by_side(visit, case, members, reviews) if is_over else []
    return page(
        visit,
        "calibration.html.j2",
        session=session,
        case=case,
        members=members,
        rows=rows,
        among=among([row.said for row in rows]),
        with_machine=[
            pair_share([(row.machine, row.said[i]) for row in rows]) for i in range(len(members))
        ],
        outcomes=outcome_words(visit.language),
        comments=office.reviews.comments([r.id for r in reviews]),
        reviews=reviews,
        is_over=is_over,
    )


def close_calibration(visit: Visit) -> Response:
    """Close a session; what is not submitted is not waited for."""
    session = visit.about.calibration
    if session is None:
        raise NotFound
    visit.office.calibrations.close(visit.who.user, session.id)
    return back(f"/calibrations/{session.id}")


def pair_share(rows: Sequence[Sequence[Outcome | None]]) -> PairShare:
    """Return how many pairs within the rows agree; who could not tell is in no pair."""
    pairs = [a == b for row in rows for a, b in combinations([o for o in row if o in TELLING], 2)]
    return PairShare(sum(pairs), len(pairs))


def among(rows: Sequence[Sequence[Outcome | None]]) -> Among:
    """Return the agreement of people whose verdicts stand in rows, a criterion each."""
    pairs = pair_share(rows)
    if not pairs.n_pairs:
        return Among(pairs, None)
    counts = np.array([[row.count(outcome) for outcome in TELLING] for row in rows], dtype=float)
    found = float(gwet_ac1(call_sums(counts).sum(axis=0)))
    return Among(pairs, found if isfinite(found) else None)


def _reviews(visit: Visit, session: Calibration) -> tuple[list[str], list[Review]]:
    ids = visit.office.calibrations.assignment_ids(session.id)
    reviews = [
        r
        for r in visit.office.reviews.of_call(session.call_id)
        if r.assignment_id in ids and r.author is None
    ]
    newest = {(r.reviewer, r.scorecard_id): r for r in reviews}
    return sorted({r.reviewer for r in reviews}), list(newest.values())


def _side_by_side(
    visit: Visit, case: Case, members: Sequence[str], reviews: Sequence[Review]
) -> list[SideBySide]:
    by_key = {(r.reviewer, r.scorecard_id): r for r in reviews}
    rows = []
    for evaluation in case.evaluations:
        for verdict in evaluation.verdicts:
            said = tuple(
                by_key[m, evaluation.scorecard_id].verdicts.get(verdict.criterion)
                if (m, evaluation.scorecard_id) in by_key
                else None
                for m in members
            )
            told = {o for o in said if o in TELLING}
            title = visit.office.titles.criterion(
                evaluation.scorecard_id, verdict.criterion, visit.language
            )
            rows.append(
                SideBySide(
                    evaluation.scorecard_id,
                    verdict.criterion,
                    title,
                    verdict.outcome,
                    said,
                    len(told) > 1,
                )
            )
    return rows
