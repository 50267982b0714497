"""The calls behind a figure of a report: where the reports' links lead."""

from dataclasses import fields
from urllib.parse import urlencode

from starlette.responses import Response

from qa_pipeline.aggregate.behind import CallBehind, Filters, calls_behind
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.month import days_tables, month_tables
from qa_pipeline.pipeline.periods import checked_day, checked_week
from qa_pipeline.render.call_words import OUTCOMES
from qa_pipeline.store.review import audit
from qa_pipeline.web.pages import page
from qa_pipeline.web.periods import asked_period
from qa_pipeline.web.visit import Visit
from qa_pipeline.web.wording import Words

_PER_PAGE = 100
_NAMES = tuple(field.name for field in fields(Filters))


def list_calls(visit: Visit) -> Response:
    """Show the calls that the address' filters let through, of the groups that the lead sees."""
    office, query = visit.office, visit.request.query_params
    asked = {name: query[name] for name in _NAMES if query.get(name)}
    period = query.get("period") or asked_period(visit)
    calls = calls_behind(_tables(visit, period), Filters(**asked))
    seen = [name for name in calls["group"].unique() if visit.who.sees(name)]
    calls = calls.filter(calls["group"].is_in(seen))
    number = _page(query.get("page", "1"))
    shown = calls.slice((number - 1) * _PER_PAGE, _PER_PAGE)
    said = urlencode({"period": period, **asked})
    audit.record(office.database, visit.who.user, "viewed", f"calls {period}"[:255], filters=asked)
    return page(
        visit,
        "calls.html.j2",
        period=period,
        filters=asked,
        n_all=calls.height,
        number=number,
        n_pages=max(1, -(-calls.height // _PER_PAGE)),
        query=said,
        outcomes=_outcomes(visit),
        rows=[_row(visit, CallBehind(*row)) for row in shown.iter_rows()],
    )


def _outcomes(visit: Visit) -> dict[str, str]:
    said = {str(outcome): text.say(visit.language) for outcome, text in OUTCOMES.items()}
    return {**said, "undecided": Words(visit.language).undecided}


def _tables(visit: Visit, period: str) -> MonthTables:
    """Open the tables of a month, a day or a run of days. Raises WrongUse for anything else."""
    store = visit.office.store
    for checked in (checked_day, checked_week):
        try:
            return days_tables(store, checked(period))
        except WrongUse:
            continue
    return month_tables(store, asked_period(visit))


def _row(visit: Visit, call: CallBehind) -> tuple[CallBehind, bool]:
    """Return a call, and whether its verdicts are to be hidden: the lead has yet to hear it."""
    return call, visit.office.queue.is_blind_to(visit.who.user, call.call_id)


def _page(text: str) -> int:
    return min(max(1, int(text)), 100_000) if text.isascii() and text.isdigit() else 1
