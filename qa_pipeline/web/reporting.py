"""The monthly report in place, and reviews as a table to take along; both are told in the audit."""

import csv
import io
from datetime import datetime

from starlette.responses import HTMLResponse, Response

from qa_pipeline.pipeline.listing import harmless
from qa_pipeline.render.monthly import monthly_html
from qa_pipeline.render.pages import csp_hash, style
from qa_pipeline.store.review import audit
from qa_pipeline.web.pages import page
from qa_pipeline.web.periods import asked_period, known_periods
from qa_pipeline.web.visit import Visit

_COLUMNS = (
    "call_id", "group", "agent_id", "scorecard_id", "scorecard_version", "reviewer", "revision",
    "author", "blind", "passed", "score", "created_at", "published_at", "correction",
)  # fmt: skip
_CHUNK = 400


def show_report(visit: Visit) -> Response:
    """Show the report of a month inside the page."""
    period = asked_period(visit)
    return page(visit, "report.html.j2", period=period, periods=known_periods(visit))


def report_page(visit: Visit) -> Response:
    """Return the report itself: one self-contained page under its own policy."""
    office, period = visit.office, asked_period(visit)
    audit.record(office.database, visit.who.user, "viewed", f"report {period}")
    month = office.month(period)
    made_at = datetime.now(office.settings.zone)
    response = HTMLResponse(monthly_html(month, office.titles, visit.language, made_at))
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{csp_hash(style())}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    return response


def export_reviews(visit: Visit) -> Response:
    """Return every revision of a month's reviews as CSV that a spreadsheet does not run."""
    office, period = visit.office, asked_period(visit)
    ids = sorted({review.call_id for review in office.store.ledger.reviews(period)})
    labels = office.labels(ids)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    n_rows = 0
    for i in range(0, len(ids), _CHUNK):
        for review in office.reviews.of_calls(ids[i : i + _CHUNK]):
            group, agent_id = labels.get(review.call_id, (None, None))
            if not visit.who.sees(group):
                continue
            facts = {"group": group, "agent_id": agent_id}
            values = (facts[n] if n in facts else getattr(review, n) for n in _COLUMNS)
            writer.writerow([harmless(value) for value in values])
            n_rows += 1
    audit.record(office.database, visit.who.user, "exported", f"reviews {period}", rows=n_rows)
    content = "\ufeff" + file.getvalue()
    name = f"reviews-{period}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
