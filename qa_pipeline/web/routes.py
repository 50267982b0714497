"""Every route of the page: its method, its rule, and what answers. There is no other way in."""

from dataclasses import dataclass
from typing import Final, Literal

from qa_pipeline.web import desk_work, entrance, media
from qa_pipeline.web.access import Rule
from qa_pipeline.web.guard import Handler


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A route. `name` is for `url_for`."""

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    rule: Rule
    name: str = ""


_PUBLIC: Final = Rule(None)
_USER: Final = Rule("reviewer")
_WORK: Final = Rule("reviewer", "assignment")
_CALL: Final = Rule("reviewer", "call")

ROUTES: Final[tuple[PageRoute, ...]] = (
    PageRoute("GET", "/login", entrance.show_login, _PUBLIC, "login"),
    PageRoute("POST", "/login", entrance.login, _PUBLIC),
    PageRoute("POST", "/logout", entrance.logout, Rule("reviewer", before_change=True)),
    PageRoute("GET", "/password", entrance.show_password, Rule("reviewer", before_change=True)),
    PageRoute("POST", "/password", entrance.choose_password, Rule("reviewer", before_change=True)),
    PageRoute("POST", "/language", entrance.set_language, Rule("reviewer", before_change=True)),
    PageRoute("POST", "/theme", entrance.set_theme, Rule("reviewer", before_change=True)),
    PageRoute("GET", "/", desk_work.show_queue, _USER),
    PageRoute("GET", "/next", desk_work.to_next, _USER),
    PageRoute("GET", "/work/{number:int}", desk_work.show_work, _WORK),
    PageRoute("POST", "/work/{number:int}/marks", desk_work.add_mark, _WORK),
    PageRoute("POST", "/work/{number:int}/submit", desk_work.submit, _WORK),
    PageRoute("POST", "/work/{number:int}/reopen", desk_work.reopen, _WORK),
    PageRoute("POST", "/work/{number:int}/back", desk_work.give_back, _WORK),
    PageRoute("GET", "/audio", media.audio, _CALL),
    PageRoute("GET", "/peaks", media.peaks, _CALL),
    PageRoute("GET", "/words", media.words, _CALL),
    PageRoute("GET", "/tracks", media.tracks, _CALL),
)
