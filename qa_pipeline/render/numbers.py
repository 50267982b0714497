"""How figures are written, the same in every place: rates in per cent, one decimal."""

from typing import assert_never

from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Language

NONE = "–"
_MINUS = "\N{MINUS SIGN}"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def count(n: int) -> str:
    """Write a number of things: 1,478."""
    return f"{n:,}"


def percent(rate: float) -> str:
    """Write a rate of 0-1: 84.2%."""
    return f"{100 * rate:.1f}%"


def percent_range(interval: Interval) -> str:
    """Write an interval of rates: 78.9–88.6%."""
    return f"{100 * interval.low:.1f}–{100 * interval.high:.1f}%"


def points(difference: float) -> str:
    """Write a difference of rates in percentage points, always with its sign: +3.2."""
    shown = f"{100 * abs(difference):.1f}"
    if float(shown) == 0:
        return "0.0"
    return f"{_MINUS if difference < 0 else '+'}{shown}"


def points_range(interval: Interval, language: Language) -> str:
    """Write an interval of differences: −1.0 to +7.4."""
    between = {"en": " to ", "zh": " 至 "}[language]
    return f"{points(interval.low)}{between}{points(interval.high)}"


def effective(n: float | None) -> str:
    """Write an effective sample size: 85, or "all" as ∞ where every call was heard."""
    if n is None:
        return NONE
    return "∞" if n == float("inf") else f"{n:,.0f}"


def clock(seconds: float | None) -> str:
    """Write a time in a call: 1:23."""
    if seconds is None:
        return NONE
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def short_month_name(period: str, language: Language) -> str:
    """Write the month of a period alone: October or 10月."""
    month = int(period.split("-")[1])
    return {"en": _MONTHS[month - 1], "zh": f"{month}月"}[language]


def month_name(period: str, language: Language) -> str:
    """Write a period "2026-10" as October 2026 or 2026年10月."""
    year, month = period.split("-")
    match language:
        case "en":
            return f"{_MONTHS[int(month) - 1]} {year}"
        case "zh":
            return f"{year}年{int(month)}月"
        case _:
            assert_never(language)
