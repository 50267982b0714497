"""Every route of the page: its method, its rule, and what answers. There is no other way in."""

from dataclasses import dataclass
from typing import Final, Literal

from qa_pipeline.web import (
    administration,
    after,
    calibrating,
    coaching,
    desk,
    desk_work,
    entrance,
    media,
    previews,
    reporting,
    standards,
)
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
_LEAD: Final = Rule("lead")
_LEAD_CALL: Final = Rule("lead", "call")
_LEAD_REVIEW: Final = Rule("lead", "review")
_ADMIN: Final = Rule("admin")

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
    PageRoute("GET", "/call", after.show_any_call, _LEAD_CALL),
    PageRoute("GET", "/reviews", after.list_reviews, _LEAD),
    PageRoute("GET", "/reviews.csv", reporting.export_reviews, _LEAD),
    PageRoute("GET", "/reviews/{number:int}", after.show_review, _LEAD_REVIEW),
    PageRoute("POST", "/reviews/{number:int}/publish", after.publish, _LEAD_REVIEW),
    PageRoute("POST", "/reviews/{number:int}/correct", after.correct, _LEAD_REVIEW),
    PageRoute("POST", "/reviews/{number:int}/appeal", after.appeal, _LEAD_REVIEW),
    PageRoute("GET", "/appeals", after.list_appeals, _LEAD),
    PageRoute("POST", "/appeals/{number:int}/decide", after.decide, Rule("lead", "appeal")),
    PageRoute("GET", "/disagreements", after.list_disagreements, _LEAD),
    PageRoute("POST", "/disagreements", after.resolve, _LEAD_CALL),
    PageRoute("GET", "/calibrations", calibrating.list_calibrations, _LEAD),
    PageRoute("POST", "/calibrations", calibrating.open_calibration, _LEAD_CALL),
    PageRoute(
        "GET",
        "/calibrations/{number:int}",
        calibrating.show_calibration,
        Rule("lead", "calibration"),
    ),
    PageRoute(
        "POST",
        "/calibrations/{number:int}/close",
        calibrating.close_calibration,
        Rule("lead", "calibration"),
    ),
    PageRoute("GET", "/coaching", coaching.list_notes, _LEAD),
    PageRoute("POST", "/coaching", coaching.add_note, _LEAD_CALL),
    PageRoute("POST", "/coaching/{number:int}/plan", coaching.take_up, Rule("lead", "note")),
    PageRoute("POST", "/coaching/{number:int}/check", coaching.check_note, Rule("lead", "note")),
    PageRoute("GET", "/desk", desk.show_desk, _LEAD),
    PageRoute("GET", "/scorecards", standards.list_scorecards, _LEAD),
    PageRoute("GET", "/scorecards/check", standards.show_check, _LEAD),
    PageRoute("POST", "/scorecards/check", standards.check_scorecard, _LEAD),
    PageRoute("GET", "/scorecards/impact", previews.show_preview, Rule("lead", "report")),
    PageRoute("POST", "/scorecards/impact", previews.start_preview, Rule("lead", "report")),
    PageRoute("GET", "/scorecards/impact/page", previews.preview_page, Rule("lead", "report")),
    PageRoute("GET", "/scorecards/{card}/{version:int}", standards.show_scorecard, _LEAD),
    PageRoute("GET", "/report", reporting.show_report, Rule("lead", "report")),
    PageRoute("GET", "/report/page", reporting.report_page, Rule("lead", "report")),
    PageRoute("GET", "/users", administration.list_users, _ADMIN),
    PageRoute("POST", "/users", administration.add_user, _ADMIN),
    PageRoute("POST", "/users/change", administration.change_user, _ADMIN),
    PageRoute("POST", "/users/reset", administration.reset_user, _ADMIN),
    PageRoute("GET", "/audit", administration.show_audit, _ADMIN),
)
