"""Addresses in the review page: from a figure to the calls behind it."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below `base`, the review page's own; without one there are none."""

    base: str | None = None
    period: str = ""

    def call(self, call_id: str) -> str | None:
        """Return where a call is heard."""
        return self._to("call", call=call_id)

    def calls(self, **filters: str | None) -> str | None:
        """Return where the calls of the period are listed that the filters let through.

        Filters: `group`, `agent`, `scorecard`, `criterion`, `severity`, `signal`, `outcome` (pass,
        fail, not_measured, undecided), `heard` (any, random, targeted, blind, twice), `reviewer`.
        """
        return self._to("calls", period=self.period, **filters)

    def of_period(self, period: str) -> "Links":
        """Return the links of another period."""
        return Links(self.base, period)

    def _to(self, page: str, **query: str | None) -> str | None:
        if self.base is None:
            return None
        return f"{self.base}/{page}?{urlencode({k: v for k, v in query.items() if v is not None})}"


def links_below(address: str | None, period: str) -> Links:
    """Return links below an address. Raises WrongUse for one that no browser would open as a page.

    An empty address stands for the page's own host: reports shown within the review page.
    """
    if not address:
        return Links(address, period)
    try:
        parts = urlsplit(address)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
    except ValueError:
        is_page = False
    if not is_page:
        raise WrongUse(
            "--review-url",
            Text(en="this is no address of a review page", zh="这不是复核页面的地址"),
            Text(
                en="write it as the browser shows it, e.g. https://qa.example/",
                zh="按浏览器地址栏的写法填写，例如 https://qa.example/",
            ),
            got=address,
        )
    return Links(address.rstrip("/"), period)
