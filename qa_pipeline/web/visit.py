"""One request by one person: who, in which language, about what, with which form."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from qa_pipeline.store.review.accounts import User
from qa_pipeline.store.review.sessions import Session
from qa_pipeline.texts import Language
from qa_pipeline.web.access import About
from qa_pipeline.web.office import Office

#: The cookie of a session; browsers take `__Host-` over HTTPS alone.
COOKIE, SECURE_COOKIE = "qa_session", "__Host-qa_session"
THEME_COOKIE = "qa_theme"


@dataclass(slots=True)
class Visit:
    """What a handler knows of a request. `nonce` lets this page's own styles in."""

    office: Office
    request: Request
    user: User | None = None
    session: Session | None = None
    about: About = field(default_factory=About)
    form: Mapping[str, Any] = field(default_factory=dict)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def who(self) -> User:
        """The user, where the route's rule asks for one."""
        assert self.user is not None  # the rule was checked
        return self.user

    @property
    def address(self) -> str:
        """The address that the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def language(self) -> Language:
        """The user's language, else what the browser asks for, else Chinese."""
        if self.user is not None and self.user.language is not None:
            return self.user.language
        asked = self.request.headers.get("accept-language", "zh").lower()
        return "zh" if asked.startswith("zh") or "zh" in asked.split(",")[0] else "en"

    @property
    def theme(self) -> str:
        """The chosen theme: "light", "dark", or "" for what the machine is set to."""
        chosen = self.request.cookies.get(THEME_COOKIE, "")
        return chosen if chosen in ("light", "dark") else ""

    def said(self, name: str) -> str:
        """Return a field of the form as text, "" where it is not there."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else str(value)

    def chosen(self, name: str) -> list[str]:
        """Return every value of a field of the form."""
        value = self.form.get(name, [])
        return [str(v) for v in value] if isinstance(value, list) else [str(value)]
