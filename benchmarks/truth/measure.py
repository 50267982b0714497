"""Ours and the peers' on calls of the set: perfect words, or words that a recogniser heard."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from benchmarks.truth.frozen import SPOKEN, Dialogue, call_of, read_dialogues
from benchmarks.truth.peers import PEERS
from benchmarks.truth.scoring import MAX_TALK_SHARE, Counts, Hit, count, talk_share
from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Call, Finding
from qa_pipeline.redaction import redact
from qa_pipeline.scorecard.load import load_scorecard
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.texts import Language

SCORECARDS = Path(__file__).parent / "scorecards"
#: Numbers are masked before anything is looked for, as in a night; the key is nobody's secret.
KEY = b"the truth set's own key"


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of one detector: ours, the peer's, calls where it could not look.

    `share_errors` are, for `talk_share`, the differences to the true share.
    """

    ours: Counts = field(default_factory=Counts)
    peer: Counts = field(default_factory=Counts)
    n_not_measured: int = 0
    share_errors: tuple[float, ...] = ()

    def __add__(self, other: "Measured") -> "Measured":
        """Add counts."""
        return Measured(
            self.ours + other.ours,
            self.peer + other.peer,
            self.n_not_measured + other.n_not_measured,
            self.share_errors + other.share_errors,
        )


@cache
def signals(language: Language) -> Mapping[str, Signal]:
    """Return the signals of the truth set's scorecard."""
    return load_scorecard(SCORECARDS / f"truth.{language}.yaml").scorecard.signals


def perfect(dialogue: Dialogue) -> tuple[Call, Call]:
    """Return a dialogue as perfectly heard: masked as it is stored, and as it was said."""
    said = call_of(dialogue)
    masked = redact(said.turns or (), KEY, dialogue.language).turns
    return replace(said, turns=masked), said


def truth_of_recordings() -> list[Dialogue]:
    """Return what is in the recordings, by the synthesiser's times."""
    return list(read_dialogues(SPOKEN))


def measured(dialogue: Dialogue, call: Call, said: Call) -> Iterator[tuple[str, Measured]]:
    """Yield (detector, counts) of every signal in one call.

    `said` is what the peers get: nobody masks numbers for them.
    """
    card = signals(dialogue.language)
    outcomes = detect_all(call, card)
    for name, signal in card.items():
        if name == "steps" and dialogue.queue != "orders":
            continue
        outcome = outcomes[name]
        ours = _hits(name, outcome) if isinstance(outcome, Detected) else []
        theirs = [replace(hit, signal=name) for hit in PEERS[signal.detector](said, signal)]
        yield (
            signal.detector,
            Measured(
                count(dialogue, name, ours),
                count(dialogue, name, theirs),
                int(isinstance(outcome, NotMeasured)),
                _share_errors(dialogue, outcome) if name == "talk_share" else (),
            ),
        )


def by_detector(found: Iterable[tuple[str, Measured]]) -> dict[str, Measured]:
    """Return the sums by detector."""
    sums: dict[str, Measured] = {}
    for detector, one in found:
        sums[detector] = sums.get(detector, Measured()) + one
    return sums


def _hits(name: str, outcome: Detected) -> list[Hit]:
    """Return findings as hits; a talk share over the limit is one of the whole call."""
    if name == "talk_share":
        is_over = outcome.value is not None and outcome.value > MAX_TALK_SHARE
        return [Hit(name, None, None, None)] if is_over else []
    return [Hit(name, f.role, f.start_s, f.end_s, _kind(f)) for f in outcome.findings]


def _kind(finding: Finding) -> str | None:
    """Return the kind as the labels write it."""
    if finding.detector == "hold":
        return "thanked" if finding.value == 1 else None
    return finding.kind.replace(":", "-") if finding.kind else None


def _share_errors(dialogue: Dialogue, outcome: Detected | NotMeasured) -> tuple[float, ...]:
    if isinstance(outcome, NotMeasured) or outcome.value is None:
        return ()
    return (outcome.value - talk_share(dialogue),)
