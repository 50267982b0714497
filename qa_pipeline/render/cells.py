"""Cells of tables: a figure as people read it, and as a spreadsheet calculates with it."""

from datetime import date

from qa_pipeline.aggregate.figures import Change
from qa_pipeline.render.document import Cell, Row, Tone
from qa_pipeline.render.numbers import NONE, count, percent, percent_range, points, points_range
from qa_pipeline.render.wording import WORDS
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Language


def text(shown: str, detail: str = "", *, tone: Tone = "", link: str | None = None) -> Cell:
    """Return words; `detail` stands softer below them."""
    return Cell(shown, shown, detail, tone=tone, link=link)


def named(name: str | None, language: Language) -> str:
    """Return a group's name, or what all groups together are called."""
    return name if name is not None else WORDS["all_groups"].say(language)


def number(n: int | None, detail: str = "", *, link: str | None = None) -> Cell:
    """Return a count, a dash where there is none."""
    return Cell(NONE if n is None else count(n), n, detail, link=link if n else None)


def rate(interval: Interval | None, note: str = "", *, link: str | None = None) -> Cell:
    """Return a rate with its interval, or the note that says why there is none."""
    if interval is None:
        return Cell(note or NONE, None, tone="note")
    return Cell(
        percent(interval.value), interval.value, percent_range(interval), interval.low,
        interval.high, link=link,
    )  # fmt: skip


def share(part: int, whole: int, *, link: str | None = None) -> Cell:
    """Return a plain share with its counts below."""
    if whole == 0:
        return Cell(NONE)
    counts = f"{count(part)} / {count(whole)}"
    return Cell(percent(part / whole), part / whole, counts, part, whole, link)


def plain_rate(value: float | None) -> Cell:
    """Return a rate that has no interval."""
    return Cell(NONE) if value is None else Cell(percent(value), value)


def change(
    found: Change | None, language: Language, *, up_is_good: bool = True, note: str = ""
) -> Cell:
    """Return a change in points; an arrow stands only with evidence."""
    if found is None:
        return Cell(note or WORDS["not_compared"].say(language), None, tone="note")
    d = found.difference
    tone: Tone = ""
    arrow = ""
    if found.direction is not None:
        arrow = {"up": "▲ ", "down": "▼ "}[found.direction]
        tone = "good" if (found.direction == "up") == up_is_good else "bad"
    return difference(d, language, tone=tone, arrow=arrow)


def difference(d: Interval, language: Language, *, tone: Tone = "", arrow: str = "") -> Cell:
    """Return a difference of rates in points with its interval."""
    return Cell(
        f"{arrow}{points(d.value)}", 100 * d.value, points_range(d, language), 100 * d.low,
        100 * d.high, tone=tone,
    )  # fmt: skip


def coefficient(found: Interval | None, note: str = "") -> Cell:
    """Return a coefficient of agreement with its interval."""
    if found is None:
        return Cell(note or NONE, None, tone="note")
    return Cell(
        f"{found.value:.2f}".replace("-", "\N{MINUS SIGN}"), found.value,
        f"{found.low:.2f}–{found.high:.2f}".replace("-", "\N{MINUS SIGN}"), found.low, found.high,
    )  # fmt: skip


def day(when: date) -> Cell:
    """Return a date."""
    return Cell(when.isoformat(), when)


def row(*cells: Cell, is_overall: bool = False) -> Row:
    """Return a row."""
    return Row(cells, is_overall)
