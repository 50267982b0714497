"""What a report is written from: figures, names, the reader's language, where links lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.render.links import Links
from qa_pipeline.render.report_words import report_words_in
from qa_pipeline.render.titles import Titles
from qa_pipeline.render.wording import words_in
from qa_pipeline.texts import Language, Text

Audience = Literal["training", "management"]


@dataclass(frozen=True, slots=True)
class Edition:
    """A report for one reader; `audience` None is everybody: every section, every name."""

    month: Month
    titles: Titles
    language: Language
    links: Links
    audience: Audience | None = None

    @property
    def words(self) -> dict[str, str]:
        """Every word of the report; a week's report speaks of weeks."""
        words = words_in(self.language) | report_words_in(self.language)
        return {key: self.of_period(word) for key, word in words.items()}

    def say(self, text: Text) -> str:
        """Return a sentence of ours, which holds nobody's words, in the reader's language."""
        return self.of_period(text.say(self.language))

    def of_period(self, said: str) -> str:
        """Return what was written of a month as the report of a week or a day says it."""
        return as_said_of(self.month.period, said)

    def criterion(self, scorecard_id: str, criterion: str) -> str:
        """Return a criterion's title."""
        return self.titles.criterion(scorecard_id, criterion, self.language)


def cadence(period: str) -> Literal["daily", "weekly", "monthly"]:
    """Return how often reports of such a period are made."""
    return {7: "monthly", 10: "daily"}.get(len(period), "weekly")  # type: ignore[return-value]


def as_said_of(period: str, said: str) -> str:
    """Put the period's own word in the place of "month"; nobody's words may stand in `said`."""
    for month, other in _IN_PLACE_OF_MONTH[cadence(period)]:
        said = said.replace(month, other)
    return said


_IN_PLACE_OF_MONTH: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "monthly": (),
        "weekly": (
            ("Monthly", "Weekly"), ("Month", "Week"), ("month", "week"), ("质检月报", "质检周报"),
            ("上月", "上周"), ("本月", "本周"), ("下月", "下周"), ("全月", "全周"), ("月份", "周"),
        ),
        "daily": (
            ("Monthly quality report", "Daily listening detail"), ("Month", "Day"),
            ("month", "day"),
            ("This day", "That day"), ("this day", "that day"), ("last day", "the day before"),
            ("质检月报", "质检日报"), ("上月", "前一日"), ("本月", "当日"), ("全月", "全天"),
        ),
    }
)  # fmt: skip
