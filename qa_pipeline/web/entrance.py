"""Coming in and going out: login by password or by a trusted proxy, logout, choosing a password."""

from starlette.responses import RedirectResponse, Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.store.review.sessions import LASTS
from qa_pipeline.web.guard import proxied
from qa_pipeline.web.pages import back, page
from qa_pipeline.web.visit import COOKIE, SECURE_COOKIE, THEME_COOKIE, Visit
from qa_pipeline.web.wording import Words


def show_login(visit: Visit) -> Response:
    """Show the form, or come in at once where a trusted proxy says who this is."""
    target = _inside(visit.request.query_params.get("next", "/"))
    named = proxied(visit)
    if named is not None:
        user = visit.office.accounts.user(named)
        if user is None or not user.active:
            return page(visit, "login.html.j2", 403, problem="unknown_to_us", next=target)
        return _come_in(visit, user.user, "proxy", target)
    if visit.user is not None:
        return back("/")
    return page(visit, "login.html.j2", problem="", next=target)


def login(visit: Visit) -> Response:
    """Check name and password; wrong tries are counted and, after some, refused unread."""
    office, name, address = visit.office, visit.said("user").strip(), visit.address
    target = _inside(visit.said("next"))
    if not office.sessions.may_try(name, address):
        return page(visit, "login.html.j2", 429, problem="too_many_tries", next=target)
    with office.hashing:
        is_known = office.accounts.knows(name, visit.said("password"))
    if not is_known:
        office.sessions.failed(name, address)
        return page(visit, "login.html.j2", 401, problem="wrong_password", next=target)
    return _come_in(visit, name, "password", target)


def logout(visit: Visit) -> Response:
    """End the session."""
    if visit.session is not None:
        visit.office.sessions.close(visit.session)
    response = back("/login")
    response.delete_cookie(COOKIE)
    response.delete_cookie(SECURE_COOKIE, secure=True)
    return response


def show_password(visit: Visit) -> Response:
    """Show the form for a new password."""
    return page(visit, "password.html.j2", problem="")


def choose_password(visit: Visit) -> Response:
    """Set a new password; every session ends, this one begins anew."""
    office, user = visit.office, visit.who
    with office.hashing:
        if not office.accounts.knows(user.user, visit.said("old")):
            office.sessions.failed(user.user, visit.address)
            problem = Words(visit.language)["wrong_password"]
            return page(visit, "password.html.j2", 401, problem=problem)
        if visit.said("new") != visit.said("again"):
            problem = Words(visit.language)["not_the_same"]
            return page(visit, "password.html.j2", 400, problem=problem)
        try:
            office.accounts.choose(user.user, visit.said("new"))
        except WrongUse as error:
            return page(visit, "password.html.j2", 400, problem=error.say(visit.language))
    return _come_in(visit, user.user, "password", "/")


def set_language(visit: Visit) -> Response:
    """Keep the language that the user reads."""
    visit.office.accounts.speak(visit.who.user, "zh" if visit.said("language") == "zh" else "en")
    return back(_inside(visit.said("next")))


def set_theme(visit: Visit) -> Response:
    """Keep the theme in a cookie: it is this browser's preference."""
    response = back(_inside(visit.said("next")))
    chosen = visit.said("theme")
    if chosen in ("light", "dark"):
        response.set_cookie(THEME_COOKIE, chosen, max_age=31_536_000, samesite="lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def _come_in(visit: Visit, user: str, how: str, target: str) -> Response:
    token = visit.office.sessions.open(user, visit.address, how)
    response = RedirectResponse(target, 303)
    is_secure = visit.office.secure_cookies
    response.set_cookie(
        SECURE_COOKIE if is_secure else COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure,
        path="/",
    )
    return response


def _inside(target: str) -> str:
    """Return a path of ours, the queue for anything that might lead elsewhere."""
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_ours and target.isprintable() else "/"
