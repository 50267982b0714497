"""Rendering: every page from one environment, escaped, under one strict policy."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa_pipeline.errors import QaError
from qa_pipeline.render.pages import environment
from qa_pipeline.scoring.totals import shown_score
from qa_pipeline.texts import Text
from qa_pipeline.web.static import address_of
from qa_pipeline.web.visit import Visit
from qa_pipeline.web.wording import STATUS, Words


def page(visit: Visit, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page. Whatever people or calls said is escaped."""
    html = (
        _environment()
        .get_template(template)
        .render(
            v=visit,
            w=Words(visit.language),
            language=visit.language,
            user=visit.user,
            csrf=visit.session.csrf if visit.session else "",
            nonce=visit.nonce,
            here=visit.request.url.path,
            static=address_of,
            **context,
        )
    )
    response = HTMLResponse(html, status)
    response.headers["Content-Security-Policy"] = policy(visit.nonce)
    return response


def warm_up() -> None:
    """Compile the templates that a reviewer sees all day."""
    for name in ("queue.html.j2", "call.html.j2"):
        _environment().get_template(name)


def policy(nonce: str) -> str:
    """Return the policy of our pages: scripts are files of ours, styles too, or carry the nonce."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; media-src 'self'; connect-src 'self'; frame-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def refusal(visit: Visit, status: int, error: QaError | None = None) -> Response:
    """Return why not, as a page or for a script as JSON."""
    what = STATUS.get(status, STATUS[400])
    said = what if error is None else Text(en=error.say("en"), zh=error.say("zh"))
    message = said.say(visit.language)
    wants = visit.request.headers.get("accept", "")
    if wants.startswith("application/json"):
        return JSONResponse({"error": message}, status)
    return page(visit, "error.html.j2", status, message=message)


def back(path: str, **query: str) -> RedirectResponse:
    """Return the way to another page of ours."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


@cache
def _environment() -> Environment:
    filters = {"clock": clock, "score": score, "number": number}
    made = environment("qa_pipeline.web", filters)
    made.globals.update(nav_lead=nav_lead, nav_admin=nav_admin)
    return made


def nav_lead(words: Words) -> list[tuple[str, str]]:
    """Return where a lead may go besides."""
    return [(f"/{name}", words[name]) for name in _LEAD]


def nav_admin(words: Words) -> list[tuple[str, str]]:
    """Return where an administrator may go besides."""
    return [(f"/{name}", words[name]) for name in _ADMIN]


_LEAD = (
    "reviews", "appeals", "disagreements", "calibrations", "coaching", "desk", "scorecards",
    "report",
)  # fmt: skip
_ADMIN = ("users", "audit")


def clock(seconds: float) -> str:
    """Return 754.6 as 12:34."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60:02d}" if hours else f"{rest // 60}"
    return f"{hours}:{minutes}:{rest % 60:02d}" if hours else f"{minutes}:{rest % 60:02d}"


def score(value: float | None) -> str:
    """Return a score to one decimal, rounded down; a dash where there is none."""
    return "–" if value is None else shown_score(value)


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:g}"
