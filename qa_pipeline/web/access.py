"""Who may use a route, and whose call it is about: declared at the route, checked before it runs.

Whatever a person may not see is "not found" for them: nothing tells which calls there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, assert_never

from starlette.datastructures import QueryParams

from qa_pipeline.store.review.accounts import Role, User
from qa_pipeline.store.review.calibrations import Calibration
from qa_pipeline.store.review.decisions import Appeal, Note
from qa_pipeline.store.review.queue import Assignment
from qa_pipeline.store.review.submitting import Review
from qa_pipeline.web.office import Case, Office

T = TypeVar("T")

#: What a route is about; its group must be one of the user's.
Subject = Literal[
    "nothing", "call", "assignment", "review", "appeal", "note", "calibration", "report"
]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route. `role` None: anybody, logged in or not.

    `subject` names what the route is about. `before_change`: also with a one-time password.
    """

    role: Role | None
    subject: Subject = "nothing"
    before_change: bool = False


class NotFound(Exception):
    """There is no such thing, or not for this user."""


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about, found and allowed."""

    call_id: str = ""
    case: Case | None = None
    assignment: Assignment | None = None
    review: Review | None = None
    appeal: Appeal | None = None
    note: Note | None = None
    calibration: Calibration | None = None


def find(
    office: Office, user: User, rule: Rule, path: Mapping[str, Any], query: QueryParams
) -> About:
    """Return what the request is about. Raises NotFound where it is not the user's to see."""
    number = int(path.get("number", 0))
    match rule.subject:
        case "nothing":
            return About()
        case "report":
            return _report(user)
        case "call":
            return _call(office, user, query.get("call", ""))
        case "assignment":
            return _assignment(office, user, number)
        case "review":
            review = _there(office.reviews.review(number))
            return _with_call(office, user, review.call_id, review=review)
        case "appeal":
            appeal = _there(office.decisions.appeal(number))
            review = _there(office.reviews.review(appeal.review_id))
            return _with_call(office, user, review.call_id, review=review, appeal=appeal)
        case "note":
            note = _there(office.decisions.note(number))
            if note.call_id is None:
                if not user.sees(None):
                    raise NotFound
                return About(note=note)
            return _with_call(office, user, note.call_id, note=note)
        case "calibration":
            session = _there(office.calibrations.session(number))
            return _with_call(office, user, session.call_id, calibration=session)
        case _:
            assert_never(rule.subject)


def _report(user: User) -> About:
    """A report counts every group: it is for those who may see every group."""
    if not user.sees(None):
        raise NotFound
    return About()


def _there(thing: T | None) -> T:
    if thing is None:
        raise NotFound
    return thing


def _with_call(office: Office, user: User, call_id: str, **parts: Any) -> About:
    case = office.case(call_id)
    if case is None or not user.sees(case.group):
        raise NotFound
    return About(call_id=call_id, case=case, **parts)


def _call(office: Office, user: User, call_id: str) -> About:
    """A lead sees the calls of their groups, a reviewer those of them that are theirs to hear."""
    about = _with_call(office, user, call_id)
    if not user.is_at_least("lead") and not office.queue.is_given(user.user, call_id):
        raise NotFound
    return about


def _assignment(office: Office, user: User, number: int) -> About:
    assignment = _there(office.queue.assignment(number))
    about = _with_call(office, user, assignment.call_id, assignment=assignment)
    if not office.queue.may_open(user.user, assignment, office.today):
        raise NotFound
    return about
