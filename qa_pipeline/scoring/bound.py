"""A scorecard made ready to judge: expressions read once, each criterion with what it needs."""

from dataclasses import dataclass

from qa_pipeline.detectors.detect import Detection
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.model import Criterion, Scorecard
from qa_pipeline.scoring.asked import Asked, asked, with_anchors


@dataclass(frozen=True, slots=True)
class BoundCriterion:
    """A criterion with what it asks. `signals` are those it needs, their anchors included."""

    section: str
    criterion: Criterion
    fatal: bool
    when: Asked | None
    pass_if: Asked | None
    signals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A scorecard ready to judge; criteria in report order, the signals that they need."""

    loaded: LoadedScorecard
    criteria: tuple[BoundCriterion, ...]
    detection: Detection

    @property
    def card(self) -> Scorecard:
        """The scorecard."""
        return self.loaded.scorecard


def bind(loaded: LoadedScorecard) -> Bound:
    """Return the scorecard with its expressions read."""
    card = loaded.scorecard
    criteria = tuple(
        _bound(card, section.id, criterion)
        for section in card.sections
        for criterion in section.criteria
    )
    names = {name for criterion in criteria for name in criterion.signals}
    names.update(with_anchors(card.signals, card.count))
    detection = Detection({name: s for name, s in card.signals.items() if name in names})
    return Bound(loaded, criteria, detection)


def _bound(card: Scorecard, section: str, criterion: Criterion) -> BoundCriterion:
    when = asked(criterion.when, card.signals) if criterion.when else None
    pass_if = asked(criterion.pass_if, card.signals) if criterion.pass_if else None
    named = {use.leaf.signal for one in (when, pass_if) if one for use in one.uses}
    return BoundCriterion(
        section=section,
        criterion=criterion,
        fatal=card.severities[criterion.severity].fatal,
        when=when,
        pass_if=pass_if,
        signals=frozenset(with_anchors(card.signals, {*named, *criterion.hints})),
    )
