"""A reviewer's work: the queue, the call, a mark a click, submit and on to the next."""

from dataclasses import replace
from typing import Any, get_args

from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Evaluation, Outcome
from qa_pipeline.render.call_words import NOTES, OUTCOMES, ROLES, TIERS
from qa_pipeline.store.assignments import REASONS
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.accounts import EVERY_GROUP
from qa_pipeline.store.review.marks import Draft, NewMark
from qa_pipeline.store.review.queue import Assignment, Place, View, Wanted
from qa_pipeline.texts import Text, same
from qa_pipeline.web.access import NotFound
from qa_pipeline.web.office import Case
from qa_pipeline.web.pages import back, page, score
from qa_pipeline.web.scoresheet import SAID, Standing, filled, sheet_card, standing
from qa_pipeline.web.visit import Visit

_MAX_TEXT = 4000


def show_queue(visit: Visit) -> Response:
    """Show my calls by due date and reason; the filters are the address."""
    user, queue, query = visit.who, visit.office.queue, visit.request.query_params
    view = query.get("view", "mine")
    wanted = Wanted(
        view=_view(view, is_lead=user.is_at_least("lead")),
        reason=query.get("reason") or None,
        group=query.get("group") or None,
        agent_id=query.get("agent") or None,
        language=query.get("language") or None,
        due="late" if query.get("due") == "late" else "today" if query.get("due") else None,
        after=_place(query.get("after", "")),
    )
    today = visit.office.today
    found = queue.page(user.user, user.groups, wanted, today)
    is_start = wanted.view == "mine" and wanted.after is None
    own = replace(wanted, view="borrowed")
    borrowed = queue.page(user.user, user.groups, own, today).rows if is_start else ()
    seen = EVERY_GROUP in user.groups
    return page(
        visit,
        "queue.html.j2",
        rows=(*borrowed, *found.rows),
        following=found.following,
        wanted=wanted,
        groups=visit.office.groups() if seen else sorted(user.groups),
        reasons=REASONS,
        day=queue.day(user.user, today, visit.office.midnight),
        today=today,
        query={name: value for name, value in query.items() if name != "after" and value},
    )


def to_next(visit: Visit) -> Response:
    """Go to the first call of my queue, or back to it where it is empty."""
    user = visit.who
    found = visit.office.queue.next_of(user.user, user.groups, visit.office.today)
    return back("/" if found is None else f"/work/{found}")


def show_work(visit: Visit) -> Response:
    """Show a call to be heard, or one that was submitted with what became of it."""
    office, user = visit.office, visit.who
    assignment, case = _given(visit)
    if assignment.done_at is None:
        office.queue.take(user.user, assignment, office.today)
    is_done = assignment.done_at is not None
    blind = assignment.blind and not is_done
    draft = office.marks.draft(assignment.id)
    audit.record(office.database, user.user, "viewed", f"call {case.call.call_id}", blind=blind)
    reviews = office.reviews.of_assignment(assignment.id) if is_done else ()
    shown = show_call(
        visit,
        case,
        blind=blind,
        draft=draft,
        assignment=assignment,
        reviews=reviews,
        day=office.queue.day(user.user, office.today, office.midnight),
    )
    shown.background = BackgroundTask(_lay_out_next, visit, assignment)
    return shown


def _lay_out_next(visit: Visit, assignment: Assignment) -> None:
    """Read the call that comes next while this one is heard."""
    office, user = visit.office, visit.who
    number = office.queue.next_of(user.user, user.groups, office.today, after=assignment.id)
    following = None if number is None else office.queue.assignment(number)
    if following is not None:
        office.case(following.call_id)


def show_call(
    visit: Visit, case: Case, *, blind: bool, draft: Draft | None, **context: Any
) -> Response:
    """Show the page of a call; without a draft it is only looked at."""
    language, call = visit.language, case.call
    cards = [
        sheet_card(call, e, visit.office.card(e), language, blind=blind) for e in case.evaluations
    ]
    findings = sorted(
        (
            found
            for card in cards
            for section in card.sections
            for line in section.lines
            for found in line.evidence
            if found.start_s is not None
        ),
        key=lambda found: (found.start_s or 0.0, found.rank),
    )
    state = None if draft is None else state_of(visit, case, draft, blind=blind)
    return page(
        visit,
        "call.html.j2",
        case=case,
        call=call,
        cards=cards,
        findings=findings,
        blind=blind,
        state=state,
        said=SAID,
        outcome_words={o: OUTCOMES[o].say(language) for o in get_args(Outcome)},
        roles={role: word.say(language) for role, word in ROLES.items()},
        lanes=_lanes(case),
        tier=TIERS[call.tier].say(language),
        notes=[NOTES.get(code, same(code)).say(language) for code in call.notes],
        started=call.started_at.astimezone(visit.office.settings.zone) if call.started_at else None,
        **{"assignment": None, "reviews": (), "day": None} | context,
    )


def add_mark(visit: Visit) -> Response:
    """Keep a click and answer what the sheet now comes to."""
    assignment, case = _given(visit)
    new = _new_mark(visit, case)
    draft = visit.office.marks.add(visit.who.user, assignment, new)
    return JSONResponse(state_of(visit, case, draft, blind=assignment.blind))


def submit(visit: Visit) -> Response:
    """Submit the review and answer where the next call is.

    Raises WrongUse where criteria are still to be judged.
    """
    office, user = visit.office, visit.who
    assignment, case = _given(visit)
    draft = office.marks.draft(assignment.id)
    if assignment.done_at is None:
        stands = [(e, _standing(visit, e, draft, assignment)) for e in case.evaluations]
        left = [key for _, stand in stands for key in stand.left]
        if left or not stands:
            raise _unfinished(len(left))
        sheets = [filled(e, stand, draft.comments) for e, stand in stands]
        office.reviews.submit(user.user, assignment, sheets, n_marks=draft.n_marks, key=_key(visit))
    following = office.queue.next_of(user.user, user.groups, office.today, after=assignment.id)
    return JSONResponse({"next": "/" if following is None else f"/work/{following}"})


def reopen(visit: Visit) -> Response:
    """Take my submitted review up again: what follows is a new revision."""
    assignment, _ = _given(visit)
    visit.office.reviews.reopen(visit.who.user, assignment)
    return back(f"/work/{assignment.id}")


def give_back(visit: Visit) -> Response:
    """End my lease and go back to the queue."""
    assignment, _ = _given(visit)
    visit.office.queue.give_back(visit.who.user, assignment)
    return back("/")


def state_of(visit: Visit, case: Case, draft: Draft, *, blind: bool) -> dict[str, Any]:
    """Return what the page shows of a draft: marks, comments, score; nothing of the machine."""
    cards = []
    for evaluation in case.evaluations:
        card = visit.office.card(evaluation)
        stand = standing(evaluation, card, draft.verdicts, blind=blind)
        cards.append(
            {
                "id": evaluation.scorecard_id,
                "score": score(stand.totals.score),
                "passed": stand.totals.passed,
                "left": list(stand.left),
            }
        )
    return {
        "n": draft.n_marks,
        "canUndo": draft.can_undo,
        "verdicts": {f"{card}/{name}": said for (card, name), said in draft.verdicts.items()},
        "comments": [
            {
                "seq": c.seq,
                "text": c.text,
                "at": c.at_s,
                "key": f"{c.scorecard_id}/{c.criterion}" if c.criterion else None,
            }
            for c in draft.comments
        ],
        "cards": cards,
    }


def _given(visit: Visit) -> tuple[Assignment, Case]:
    assignment, case = visit.about.assignment, visit.about.case
    if assignment is None or case is None:
        raise NotFound
    return assignment, case


def _standing(
    visit: Visit, evaluation: Evaluation, draft: Draft, assignment: Assignment
) -> Standing:
    card = visit.office.card(evaluation)
    return standing(evaluation, card, draft.verdicts, blind=assignment.blind)


def _new_mark(visit: Visit, case: Case) -> NewMark:
    """Read a click. Raises WrongUse for what is no click on this call's sheet."""
    kind, key = visit.said("kind"), _key(visit)
    card, _, criterion = visit.said("criterion").rpartition("/")
    known = {(e.scorecard_id, v.criterion) for e in case.evaluations for v in e.verdicts}
    at_s, undoes = visit.form.get("at"), visit.form.get("undoes")
    is_known = (card, criterion) in known
    on, of = (card, criterion) if is_known else (None, None)
    if kind == "verdict" and is_known:
        for outcome in SAID:
            if outcome == visit.said("outcome"):
                return NewMark(key, "verdict", on, of, outcome)
    text = visit.said("text").strip()
    is_time = at_s is None or (isinstance(at_s, int | float) and 0 <= at_s <= 86_400)
    if kind == "comment" and 0 < len(text) <= _MAX_TEXT and is_time:
        at = None if at_s is None else float(at_s)
        return NewMark(key, "comment", on, of, text=text, at_s=at)
    if kind == "undo" and (undoes is None or isinstance(undoes, int)):
        return NewMark(key, "undo", undoes=undoes)
    raise WrongUse(
        "mark",
        Text(en="this is no mark on this score sheet", zh="不是该评分表上的有效操作"),
        Text(en="load the page again", zh="请重新载入页面"),
    )


def _key(visit: Visit) -> str:
    key = visit.request.headers.get("idempotency-key", "")
    if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        raise WrongUse(
            "Idempotency-Key",
            Text(en="a click needs a key of its own", zh="每次操作都需要自己的键"),
            Text(en="load the page again", zh="请重新载入页面"),
        )
    return key


def _unfinished(n: int) -> WrongUse:
    return WrongUse(
        "review",
        Text(en=f"{n} criteria are still to be judged", zh=f"还有 {n} 项未评"),
        Text(en="judge them, or say that you cannot tell (?)", zh="请逐项评判，无法判断时选择“？”"),
    )


def _lanes(case: Case) -> list[str]:
    """Return the role of each lane of the copy, "" where one holds both parties."""
    call = case.call
    numbers = sorted({track.channel for track in call.tracks or ()})
    roles: dict[int, set[str]] = {}
    for speech in call.speech or ():
        if speech.channel is not None and speech.role is not None:
            roles.setdefault(speech.channel, set()).add(speech.role)
    return [next(iter(roles[n])) if len(roles.get(n, ())) == 1 else "" for n in numbers or [0]]


def _view(view: str, *, is_lead: bool) -> View:
    if view == "all" and is_lead:
        return "all"
    match view:
        case "done":
            return "done"
        case "pool":
            return "pool"
        case _:
            return "mine"


def _place(text: str) -> Place | None:
    """Read where the page before ended, written `place~id`."""
    place, _, number = text.rpartition("~")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    return Place(place, int(number)) if is_number and len(place) <= 16 else None
