"""How figures are written, the same in every place: rates in per cent, one decimal."""

from datetime import date
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


def short_period_name(period: str, language: Language) -> str:
    """Write a period alone, where its year is known: October or 10月; a week as its first day."""
    if len(period) == 7:
        month = int(period.split("-")[1])
        return {"en": _MONTHS[month - 1], "zh": f"{month}月"}[language]
    first, last = days_of(period)
    if first == last:
        return _day(first, language)
    return f"{_day(first, language)}–{_day(last, language)}"


def very_short_period_name(period: str, language: Language) -> str:
    """Write a period below a chart: Oct or 10月; a week as its first day, 12 Oct or 10/12."""
    if len(period) == 7:
        return short_period_name(period, language)[: 3 if language == "en" else None]
    return _day(days_of(period)[0], language)


def period_name(period: str, language: Language) -> str:
    """Write "2026-10" as October 2026 or 2026年10月, "2026-10-12..2026-10-18" with both days."""
    year = period[:4]
    name = short_period_name(period, language)
    match language:
        case "en":
            return f"{name} {year}"
        case "zh":
            return f"{year}年{name}"
        case _:
            assert_never(language)


def days_of(period: str) -> tuple[date, date]:
    """Return the first and the last day of a run of days "YYYY-MM-DD..YYYY-MM-DD", or of a day."""
    first, _, last = period.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _day(day: date, language: Language) -> str:
    match language:
        case "en":
            return f"{day.day} {_MONTHS[day.month - 1][:3]}"
        case "zh":
            return f"{day.month}月{day.day}日"
        case _:
            assert_never(language)
