"""What a page of impact is made of: the figures, both scorecards, and the differences in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from qa_pipeline.aggregate.impact import Impact
from qa_pipeline.render.titles import Titles
from qa_pipeline.scorecard.diff import Difference, differences
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.texts import Language


@dataclass(frozen=True, slots=True)
class ImpactSubject:
    """The answer to "what if", with the names of everything in it.

    `ranks` are a class's colour: 0 fatal, 1 the next, 2 all others.
    """

    impact: Impact
    old: LoadedScorecard
    new: LoadedScorecard
    zone: ZoneInfo
    differences: tuple[Difference, ...]
    titles: Titles
    ranks: Mapping[str, int]

    @classmethod
    def of(
        cls, impact: Impact, old: LoadedScorecard, new: LoadedScorecard, zone: ZoneInfo
    ) -> "ImpactSubject":
        """Name the parts of the figures by both scorecards; the new version's titles stand."""
        ranks: dict[str, int] = {}
        for one in impact.classes:
            n_others = sum(rank > 0 for rank in ranks.values())
            ranks[one.severity] = 0 if one.is_fatal else min(2, 1 + n_others)
        return cls(
            impact, old, new, zone, differences(old.scorecard, new.scorecard),
            Titles.of((old, new)), ranks,
        )  # fmt: skip

    def scorecard(self, language: Language) -> str:
        """Return the new scorecard's title."""
        return self.titles.scorecard(self.new.scorecard.scorecard, language)

    def criterion(self, name: str, language: Language) -> str:
        """Return a criterion's title, from whichever version has one."""
        for card in (self.new.scorecard, self.old.scorecard):
            title = self.titles.criterion(card.scorecard, name, language)
            if title != name:
                return title
        return name
