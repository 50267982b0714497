"""Coaching notes: what an agent is to practise, from which call, and later whether it helped."""

from starlette.responses import Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text
from qa_pipeline.web.access import NotFound
from qa_pipeline.web.pages import back, page
from qa_pipeline.web.visit import Visit


def list_notes(visit: Visit) -> Response:
    """Show the notes on agents of the user's groups, newest first."""
    office = visit.office
    notes = office.decisions.notes()
    labels = office.labels({n.call_id for n in notes if n.call_id})
    seen = [
        n
        for n in notes
        if visit.who.sees(labels.get(n.call_id, (None, None))[0] if n.call_id else None)
    ]
    return page(visit, "coaching.html.j2", notes=seen, titles=office.titles)


def add_note(visit: Visit) -> Response:
    """Add a note on the agent of the call that the address names."""
    case = visit.about.case
    if case is None:
        raise NotFound
    if case.agent_id is None:
        raise WrongUse(
            f"call {case.call.call_id}",
            Text(en="nobody knows whose call this is", zh="该通话没有客服编号"),
            Text(en="give agent_id in the manifest", zh="请在清单中提供 agent_id"),
        )
    criterion = visit.said("criterion")
    known = {v.criterion for e in case.evaluations for v in e.verdicts}
    visit.office.decisions.coach(
        visit.who.user,
        case.agent_id,
        visit.said("plan"),
        call_id=case.call.call_id,
        criterion=criterion if criterion in known else None,
    )
    return back("/coaching")


def take_up(visit: Visit) -> Response:
    """Say what is done about an item that the statistics found."""
    note = visit.about.note
    if note is None:
        raise NotFound
    visit.office.decisions.take_up(visit.who.user, note.id, visit.said("plan"))
    return back("/coaching")


def check_note(visit: Visit) -> Response:
    """Say whether a note helped."""
    note = visit.about.note
    if note is None:
        raise NotFound
    visit.office.decisions.check(visit.who.user, note.id, visit.said("outcome"))
    return back("/coaching")
