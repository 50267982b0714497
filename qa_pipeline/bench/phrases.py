"""Phrases of scorecards and hesitation words: how many of those said were found where they stand.

Each phrase is looked for on its own, by the program's own detector, said by anyone: a signal's
role, window, anchors and excuses are about judging, not about hearing. In the truth a phrase to be
found by sound is looked for as text.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa_pipeline.bench.alignment import Step
from qa_pipeline.bench.scores import Finds
from qa_pipeline.bench.spoken import Spoken
from qa_pipeline.bench.streams import Aligned
from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding, Match, Turn
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.signals import PhraseSignal
from qa_pipeline.texts import Language

_FILLERS = "fillers"
Found = Mapping[str, tuple[Finding, ...] | None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A phrase of one or several signals (`scorecard/signal`)."""

    phrase: str
    match: Match
    language: Language
    signals: tuple[str, ...]


def listed(cards: Iterable[LoadedScorecard]) -> tuple[Listed, ...]:
    """Return every phrase of the scorecards' phrase signals once, in order of first mention."""
    named: dict[tuple[str, Match, Language], dict[str, None]] = {}
    for card in cards:
        own = card.scorecard
        for name, signal in own.signals.items():
            if isinstance(signal, PhraseSignal):
                for phrase in signal.any_of or sum(signal.all_of or (), ()):
                    key = (phrase, signal.match, own.language)
                    named.setdefault(key, {})[f"{own.scorecard}/{name}"] = None
    return tuple(Listed(*key, tuple(signals)) for key, signals in named.items())


def count_finds(
    streams: Sequence[Aligned], language: Language, phrases: Sequence[Listed]
) -> tuple[Finds, Mapping[Listed, Finds | None]]:
    """Return the finds of hesitation words, and of each phrase of the language.

    None: the phrase could not be looked for in what was heard.
    """
    own = {f"phrase_{i}": p for i, p in enumerate(phrases) if p.language == language}
    fillers = PhraseSignal(detector="phrase", any_of=lexicon(language).fillers)
    asked = {name: _signal(phrase, phrase.match) for name, phrase in own.items()}
    written: Match = "text"
    true = {name: _signal(p, written if p.match == "sound" else p.match) for name, p in own.items()}
    counted: dict[str, Finds | None] = dict.fromkeys((_FILLERS, *own), Finds())
    for stream in streams:
        said = _find(stream.stream.said, language, true | {_FILLERS: fillers})
        heard = _find(stream.stream.heard, language, asked | {_FILLERS: fillers})
        for name, before in counted.items():
            found = _paired(said[name], heard[name], stream)
            counted[name] = None if before is None or found is None else before + found
    return counted[_FILLERS] or Finds(), {own[name]: counted[name] for name in own}


def _signal(phrase: Listed, match: Match) -> PhraseSignal:
    return PhraseSignal(detector="phrase", any_of=(phrase.phrase,), match=match)


def _find(
    turns: tuple[Turn, ...], language: Language, signals: Mapping[str, PhraseSignal]
) -> Found:
    """Return the findings of each signal; None where it could not look.

    The call has no speech beside its words: words that nobody heard are missed, not unmeasured.
    """
    end_s = max((turn.end_s for turn in turns), default=0.0)
    call = Call("bench", language, "imported", end_s, turns, None)
    outcomes = detect_all(call, signals)
    return {
        name: outcome.findings if isinstance(outcome, Detected) else None
        for name, outcome in outcomes.items()
    }


def _paired(
    said: tuple[Finding, ...] | None, heard: tuple[Finding, ...] | None, stream: Aligned
) -> Finds | None:
    if said is None or heard is None:
        return None
    return paired(
        [_units(finding, stream.said) for finding in said],
        [_units(finding, stream.heard) for finding in heard],
        stream.steps,
    )


def paired(said: Sequence[range], heard: Sequence[range], steps: Sequence[Step]) -> Finds:
    """Return how many of the findings in the truth have one of their own in what was heard.

    Findings are ranges of units. A pair shares a step of the alignment, so that neither a shift in
    time nor a truth without times matters.
    """
    partners = _partners(steps)
    left = list(heard)
    n_found = 0
    for units in said:
        own = {partner for unit in units if (partner := partners.get(unit)) is not None}
        match = next((found for found in left if own.intersection(found)), None)
        if match is not None:
            left.remove(match)
            n_found += 1
    return Finds(len(said), n_found, len(left))


def _partners(steps: Sequence[Step]) -> Mapping[int, int]:
    return {
        step.truth: step.heard
        for step in steps
        if step.truth is not None and step.heard is not None
    }


def _units(finding: Finding, units: Sequence[Spoken]) -> range:
    """Return which units a finding stands on: those of its turn that lie inside it."""
    assert finding.start_s is not None  # the call is timed
    assert finding.end_s is not None
    assert finding.turn is not None  # phrases are found in turns
    first = bisect_left(units, finding.turn, key=lambda unit: unit.turn)
    last = bisect_right(units, finding.turn, key=lambda unit: unit.turn)
    start_s, end_s = finding.start_s - TOLERANCE_S, finding.end_s + TOLERANCE_S
    inside = [i for i in range(first, last) if start_s <= units[i].middle_s <= end_s]
    return range(inside[0], inside[-1] + 1) if inside else range(0)
