"""Scorecards at the desk: read them, and check an edit before its file is put in force.

Putting a scorecard in force stays with its file: nothing here writes one.
"""

from pathlib import Path

from starlette.responses import Response

from qa_pipeline.errors import DocumentRefused, QaError
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import CheckReport, check
from qa_pipeline.web.access import NotFound
from qa_pipeline.web.pages import page
from qa_pipeline.web.visit import Visit

_WHERE = "scorecard.yaml"


def list_scorecards(visit: Visit) -> Response:
    """Show every scorecard of the directory, newest version first, and which were used."""
    used = {(s.scorecard_id, s.version): s.sha256 for s in visit.office.store.ledger.scorecards()}
    cards = sorted(
        visit.office.cards.values(),
        key=lambda c: (c.scorecard.scorecard, -c.scorecard.version),
    )
    return page(visit, "scorecards.html.j2", cards=cards, used=used)


def show_scorecard(visit: Visit) -> Response:
    """Show a scorecard: its sections in report order, and its text."""
    params = visit.request.path_params
    loaded = visit.office.cards.get((str(params["card"]), int(params["version"])))
    if loaded is None:
        raise NotFound
    try:
        text = Path(loaded.where).read_text(encoding="utf-8")
    except OSError:
        text = ""  # the file went away since it was read
    return page(visit, "scorecard.html.j2", card=loaded.scorecard, text=text)


def check_scorecard(visit: Visit) -> Response:
    """Check an edit: every fault with its line and column, then every example."""
    text = visit.said("text").replace("\r\n", "\n")
    faults: tuple[QaError, ...] = ()
    report: CheckReport | None = None
    try:
        report = check(read_scorecard(text.encode(), _WHERE))
    except DocumentRefused as refused:
        faults = refused.errors
    return page(
        visit,
        "scorecheck.html.j2",
        text=text,
        faults=[fault.say(visit.language) for fault in faults],
        report=report,
        broken=[e.say(visit.language) for e in report.broken] if report else [],
        warnings=[e.say(visit.language) for e in report.warnings] if report else [],
    )


def show_check(visit: Visit) -> Response:
    """Show an empty form for an edit."""
    return page(
        visit, "scorecheck.html.j2", text="", faults=[], report=None, broken=[], warnings=[]
    )
