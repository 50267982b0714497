"""Periods in the configured time zone: calendar months "YYYY-MM", weeks, days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def checked_period(period: str) -> str:
    """Return the period as it is. Raises WrongUse for anything but "YYYY-MM"."""
    if _PERIOD.fullmatch(period) and not period.startswith("0000"):
        return period
    raise WrongUse(
        "--period",
        Text(en="a period is a calendar month", zh="周期为自然月"),
        Text(en="write YYYY-MM, e.g. 2026-10", zh="写成 YYYY-MM，例如 2026-10"),
        got=period,
    )


def period_before(period: str) -> str:
    """Return the calendar month before `period`."""
    year, month = map(int, period.split("-"))
    return f"{year - 1:04d}-12" if month == 1 else f"{year:04d}-{month - 1:02d}"


@dataclass(frozen=True, slots=True)
class Span:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """The span as it is written: a day, or both ends."""
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


#: Longer runs of days are months' business.
MAX_DAYS = 31


def checked_week(period: str) -> Span:
    """Return the days of an ISO week "2026-W42", or of a run "2026-10-12..2026-10-18".

    Raises WrongUse for anything else, and for more than `MAX_DAYS` days.
    """
    first, dots, last = period.partition("..")
    try:
        if dots:
            span = Span(_day(first), _day(last))
        else:
            year, week = re.fullmatch(r"(\d{4})-W(\d{2})", period).groups()  # type: ignore[union-attr]
            monday = date.fromisocalendar(int(year), int(week), 1)
            span = Span(monday, monday + timedelta(days=6))
    except (AttributeError, ValueError, OverflowError):
        raise _no_week(period) from None
    if not 0 < (span.last - span.first).days < MAX_DAYS:
        raise _no_week(period)
    return span


def checked_day(period: str) -> Span:
    """Return a day "YYYY-MM-DD" as a span. Raises WrongUse for anything else."""
    try:
        return Span(_day(period), _day(period))
    except ValueError:
        raise WrongUse(
            "--period",
            Text(en="a daily report is of one day", zh="日报为某一天"),
            Text(en="write YYYY-MM-DD, e.g. 2026-10-14", zh="写成 YYYY-MM-DD，例如 2026-10-14"),
            got=period,
        ) from None


def months_of(span: Span) -> tuple[str, ...]:
    """Return the calendar months that a span touches, in order."""
    months = {f"{span.first:%Y-%m}", f"{span.last:%Y-%m}"}
    return tuple(sorted(months))


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _no_week(period: str) -> WrongUse:
    return WrongUse(
        "--period",
        Text(
            en=f"a weekly report is of an ISO week or of 2 to {MAX_DAYS} days",
            zh=f"周报为 ISO 周，或 2 至 {MAX_DAYS} 天的区间",
        ),
        Text(
            en="write 2026-W42, or 2026-10-12..2026-10-18",
            zh="写成 2026-W42，或 2026-10-12..2026-10-18",
        ),
        got=period,
    )
