"""The way into every handler: session, rule, CSRF, subject, then the handler in a thread.

A request that changes something must come from a page of ours (Origin) and bring back the token of
its session; the login has no session yet and goes by its Origin alone.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from qa_pipeline.errors import QaError
from qa_pipeline.web.access import NotFound, Rule, find
from qa_pipeline.web.office import Office
from qa_pipeline.web.pages import refusal
from qa_pipeline.web.visit import COOKIE, SECURE_COOKIE, Visit

Handler = Callable[[Visit], Response]

MAX_BODY: Final = 1_100_000  # a scorecard is 1 MB at most
_CHANGES: Final = frozenset({"POST"})


def guarded(
    office: Office, rule: Rule, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler behind its rule."""

    async def answer(request: Request) -> Response:
        body = b""
        if request.method in _CHANGES:
            if not comes_from_us(request):
                return await to_thread.run_sync(_refused, office, request, 403)
            body = await _body(request)
            if len(body) > MAX_BODY:
                return await to_thread.run_sync(_refused, office, request, 413)
        return await to_thread.run_sync(_answer, office, rule, handler, request, body)

    return answer


def _answer(
    office: Office, rule: Rule, handler: Handler, request: Request, body: bytes
) -> Response:
    visit = Visit(office, request)
    _recognise(visit)
    try:
        visit.form = _form(request, body)
    except (ValueError, RecursionError):
        return refusal(visit, 400)
    if rule.role is not None:
        if visit.user is None:
            return _to_login(visit)
        if request.method in _CHANGES and not _has_token(visit):
            return refusal(visit, 403)
        if visit.user.one_time and not rule.before_change:
            return RedirectResponse("/password", 303)
        if not visit.user.is_at_least(rule.role):
            return refusal(visit, 404)
    try:
        if visit.user is not None:
            params, query = request.path_params, request.query_params
            visit.about = find(office, visit.user, rule, params, query)
        return handler(visit)
    except NotFound:
        return refusal(visit, 404)
    except QaError as error:
        return refusal(visit, 409, error)


def comes_from_us(request: Request) -> bool:
    """Return whether the browser says that a page of this very host sent the request."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site") == "same-origin"


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return body


def _form(request: Request, body: bytes) -> Mapping[str, Any]:
    """Return the fields of a form or the members of a JSON object. Raises ValueError."""
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        value = json.loads(body)
        if not isinstance(value, dict):
            raise ValueError("not an object")
        return value
    if kind != "application/x-www-form-urlencoded":
        raise ValueError("not a form")
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=500):
        known = fields.get(name)
        several = [*known, value] if isinstance(known, list) else [known, value]
        fields[name] = value if known is None else several
    return fields


def _recognise(visit: Visit) -> None:
    """Find the session of the cookie; where a trusted proxy names somebody else, theirs."""
    office, cookies = visit.office, visit.request.cookies
    token = cookies.get(SECURE_COOKIE if office.secure_cookies else COOKIE, "")
    session = office.sessions.session(token) if token else None
    user = office.accounts.user(session.user) if session else None
    named = proxied(visit)
    if session is None or user is None or not user.active:
        return
    if named is not None and named != user.user:
        return
    visit.session, visit.user = session, user


def proxied(visit: Visit) -> str | None:
    """Return whom a trusted proxy has logged in, None where none did."""
    proxy = visit.office.proxy
    if proxy is None or not proxy.trusts(visit.address):
        return None
    return visit.request.headers.get(proxy.header) or None


def _has_token(visit: Visit) -> bool:
    sent = visit.request.headers.get("x-csrf-token") or visit.said("csrf")
    wanted = visit.session.csrf if visit.session else ""
    return bool(wanted) and hmac.compare_digest(sent.encode(), wanted.encode())


def _to_login(visit: Visit) -> Response:
    request = visit.request
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"error": "login"}, 401)
    if request.method in _CHANGES:
        return RedirectResponse("/login", 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = request.url_for("login").include_query_params(next=asked)
    return RedirectResponse(f"{target.path}?{target.query}", 303)


def _refused(office: Office, request: Request, status: int) -> Response:
    return refusal(Visit(office, request), status)
