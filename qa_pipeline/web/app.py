"""The application: the table of routes behind their rules, and headers on every answer."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qa_pipeline.web import static
from qa_pipeline.web.guard import guarded
from qa_pipeline.web.office import Office
from qa_pipeline.web.pages import refusal
from qa_pipeline.web.routes import ROUTES
from qa_pipeline.web.visit import Visit

_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, Any, _Send], Awaitable[None]]

#: What every answer carries; pages replace the policy by their own.
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class _Headers:
    """Adds what an answer does not carry itself."""

    def __init__(self, app: _App) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: Any, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: _Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                given = {name.lower() for name, _ in headers}
                headers += [
                    (name.encode(), value.encode())
                    for name, value in _HEADERS.items()
                    if name.encode() not in given
                ]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)


def create_app(office: Office) -> Starlette:
    """Return the application over an open store."""

    def no_such_page(request: Request, _: Exception) -> Response:
        return refusal(Visit(office, request), 404)

    def wrong_method(request: Request, _: Exception) -> Response:
        return refusal(Visit(office, request), 405)

    routes = [
        Route(r.path, guarded(office, r.rule, r.handler), methods=[r.method], name=r.name)
        for r in ROUTES
    ]
    routes.append(Route("/static/{mark}/{name:path}", static.serve, name="static"))
    app = Starlette(
        routes=routes,
        middleware=[Middleware(_Headers)],
        exception_handlers={404: no_such_page, 405: wrong_method},
    )
    app.router.redirect_slashes = False  # an address is what the table says
    return app
