"""Chooses the scorecards of a call: by local date, then by what they apply to."""

from collections.abc import Iterable, Mapping
from datetime import date

from qa_pipeline.records import Value
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.texts import Language


def in_force(
    cards: Iterable[LoadedScorecard], metadata: Mapping[str, Value], local_date: date
) -> tuple[LoadedScorecard, ...]:
    """Return the scorecards of a call, at most one of each id, in order of id.

    Of each id the newest version in force on `local_date` counts, also where it no longer applies
    to the call. `metadata` holds the manifest's columns; its `language`, where it has one, must be
    the scorecard's.
    """
    newest: dict[str, LoadedScorecard] = {}
    for card in cards:
        if _start(card.scorecard) > local_date:
            continue
        known = newest.get(card.scorecard.scorecard)
        if known is None or _start(known.scorecard) < _start(card.scorecard):
            newest[card.scorecard.scorecard] = card
    return tuple(
        newest[name] for name in sorted(newest) if applies(newest[name].scorecard, metadata)
    )


def facts(metadata: Mapping[str, Value], heard: Language) -> Mapping[str, Value]:
    """Return the manifest's facts; where they name no language, the one that was heard decides.

    A scorecard of another language would only find nothing.
    """
    return {**metadata, "language": metadata.get("language") or heard}


def _start(card: Scorecard) -> date:
    """Return when a scorecard takes effect; one without a date always was."""
    return card.effective_from or date.min


def applies(card: Scorecard, metadata: Mapping[str, Value]) -> bool:
    """Return whether the scorecard is for calls with these facts, whatever the date."""
    if metadata.get("language") not in (None, card.language):
        return False
    return all(
        _as_written(metadata.get(column)) in values for column, values in card.applies_to.items()
    )


def _as_written(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
