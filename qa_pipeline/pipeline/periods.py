"""Periods: calendar months "YYYY-MM" in the configured time zone."""

import re

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
