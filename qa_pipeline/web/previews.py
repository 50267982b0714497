"""Previewing an edited scorecard at the desk: the question, its progress, and the answer."""

from starlette.responses import HTMLResponse, Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.render.pages import csp_hash, style
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.store.review import audit
from qa_pipeline.texts import Text
from qa_pipeline.web.pages import back, page
from qa_pipeline.web.periods import asked_period, known_periods
from qa_pipeline.web.previewing import EDIT, Asking, Preview
from qa_pipeline.web.visit import Visit


def show_preview(visit: Visit) -> Response:
    """Show the form, and how far the person's last preview is."""
    preview = visit.office.previews.of(visit.who.user)
    return page(
        visit,
        "preview.html.j2",
        preview=preview,
        problem=preview.error.say(visit.language) if preview and preview.error else "",
        cards=sorted(visit.office.cards),
        periods=known_periods(visit),
        period=preview.period if preview else asked_period(visit),
    )


def start_preview(visit: Visit) -> Response:
    """Check the edit and begin to work out what it would have done.

    Raises DocumentRefused with every fault of the edit, WrongUse for what cannot be asked.
    """
    office, period = visit.office, checked_period(visit.said("period"))
    card, _, version = visit.said("old").rpartition("@")
    known = {f"{name}@{number}": loaded for (name, number), loaded in office.cards.items()}
    old = known.get(visit.said("old"))
    if old is None:
        raise WrongUse(
            "old",
            Text(en="no version to compare with", zh="没有可比较的版本"),
            Text(en="choose one of the list", zh="请在列表中选择"),
        )
    text = visit.said("text").replace("\r\n", "\n")
    read_scorecard(text.encode(), EDIT)
    ask = Asking(text, old.where, office.store.path, office.settings, visit.language)
    office.previews.start(visit.who.user, Preview(visit.said("old"), period), ask)
    subject = f"scorecard {card} v{version}"
    audit.record(office.database, visit.who.user, "previewed", subject, period=period)
    return back("/scorecards/impact")


def preview_page(visit: Visit) -> Response:
    """Return the answer itself: one self-contained page under its own policy."""
    preview = visit.office.previews.of(visit.who.user)
    if preview is None or preview.html is None:
        return back("/scorecards/impact")
    sheet = csp_hash(style(("qa_pipeline.render", "impact.css")))
    response = HTMLResponse(preview.html)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{sheet}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    return response
