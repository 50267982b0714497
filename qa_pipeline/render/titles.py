"""Names for ids: what scorecards call their criteria, sections and classes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa_pipeline.errors import QaError
from qa_pipeline.texts import Language

if TYPE_CHECKING:
    from qa_pipeline.scorecard.load import LoadedScorecard

#: A title as scorecards give it: one a language, or in one language alone.
Title = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles by scorecard id and criterion id; where there is none, the id stands in its place."""

    scorecards: Mapping[str, Title] = field(default_factory=dict)
    criteria: Mapping[tuple[str, str], Title] = field(default_factory=dict)
    severities: Mapping[str, Title] = field(default_factory=dict)

    @classmethod
    def of_directory(cls, directory: Path) -> "Titles":
        """Read the titles of a directory's scorecards; none where it cannot be read."""
        from qa_pipeline.scorecard.load import load_directory

        try:
            return cls.of(load_directory(directory))
        except QaError:
            return cls()

    @classmethod
    def of(cls, loaded: "Sequence[LoadedScorecard]") -> "Titles":
        """Take the titles of these scorecards; those of the newest version stand."""
        cards = [each.scorecard for each in sorted(loaded, key=lambda each: each.scorecard.version)]
        return cls(
            {card.scorecard: card.title for card in cards if card.title},
            {
                (card.scorecard, criterion.id): criterion.title
                for card in cards
                for section in card.sections
                for criterion in section.criteria
                if criterion.title
            },
            {
                severity: declared.title
                for card in cards
                for severity, declared in card.severities.items()
                if declared.title
            },
        )

    def scorecard(self, scorecard_id: str, language: Language) -> str:
        """Return a scorecard's title."""
        return _said(self.scorecards.get(scorecard_id), language, scorecard_id)

    def criterion(self, scorecard_id: str, criterion: str, language: Language) -> str:
        """Return a criterion's title."""
        return _said(self.criteria.get((scorecard_id, criterion)), language, criterion)

    def severity_title(self, severity: str, language: Language) -> str:
        """Return a class's title, empty where it has none."""
        return _said(self.severities.get(severity), language, "")


def _said(title: Title | None, language: Language, otherwise: str) -> str:
    if not title:
        return otherwise
    return title.get(language) or next(iter(title.values()))
