"""Which of a scorecard's phrases calls ever hold: looked for together until one is heard.

A phrase that was heard (and escaped its signal's `except`) is looked for no more, so that after a
few hundred calls only the rare ones are left.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected
from qa_pipeline.documents import Path
from qa_pipeline.records import Call
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.signal_keys import Whose
from qa_pipeline.scorecard.signals import HoldSignal, PhraseSignal, Signal
from qa_pipeline.scorecard.wording import written_phrases

#: Lists of words that either party may say, or the other one than the signal's role; those of all
#: other keys are said by the role.
_EITHERS = frozenset((
    ("dead_air", "excused_by"), ("slow_answer", "excused_by"), ("slow_answer", "back_channels"),
    ("slow_answer", "line_checks"), ("repeated_question", "not_heard"),
    ("repeated_question", "question_words"),
))  # fmt: skip
_THE_OTHERS = frozenset((("read_back", "of"), ("read_back", "corrected_by")))
_OTHER: Mapping[Whose, Whose] = {"agent": "customer", "customer": "agent", "any": "any"}
#: Looks for something: each way of looking is a copy of it.
_ANY = PhraseSignal(detector="phrase", any_of=("something",))
_BARE, _FOUND, _ESCAPED = "bare {}", "found {} {}", "escaped {} {}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A phrase of a signal and where it stands in the file.

    `is_looked_for`: it is what a `phrase` signal finds; `is_excusable`: and `except` may apply.
    """

    signal: str
    phrase: str
    path: Path
    is_looked_for: bool
    is_excusable: bool


@dataclass(slots=True)
class _Watch:
    """Phrases that are looked for in one way: the same speaker, match and exceptions."""

    signal: PhraseSignal
    open: list[Listed]


class Phrases:
    """Looks for a scorecard's phrases, windows and anchors left aside: said at all, or never.

    `heard` counts the calls in which a phrase stood, up to the first in which no `except` excused
    it; `escaped` the phrases that were met without an excuse; `n_settled` tells when `signals`
    changed.
    """

    def __init__(self, loaded: LoadedScorecard) -> None:
        self._watches = list(_watches(loaded))
        self.heard: Counter[Path] = Counter()
        self.escaped: set[Path] = set()
        self.n_settled = 0

    def signals(self) -> dict[str, Signal]:
        """Return what to look for beside the scorecard's own signals."""
        return {
            _BARE.format(i): _only(watch.signal, watch.open)
            for i, watch in enumerate(self._watches)
            if watch.open
        }

    def add(self, call: Call, outcomes: Mapping[str, object]) -> None:
        """Count the phrases of a call, given the outcomes of `signals`."""
        for i, watch in enumerate(self._watches):
            outcome = outcomes.get(_BARE.format(i))
            if isinstance(outcome, Detected) and outcome.findings:
                self._tell_apart(call, watch)

    def _tell_apart(self, call: Call, watch: _Watch) -> None:
        """Look for each open phrase of a watch alone, with and without its exceptions."""
        single: dict[str, Signal] = {}
        for n, listed in enumerate(watch.open):
            single[_FOUND.format("", n)] = _only(watch.signal, (listed,))
            if listed.is_excusable:
                single[_ESCAPED.format("", n)] = watch.signal.model_copy(
                    update={"any_of": (listed.phrase,)}
                )
        outcomes = detect_all(call, single)
        left = []
        for n, listed in enumerate(watch.open):
            if not _fires(outcomes[_FOUND.format("", n)]):
                left.append(listed)
                continue
            self.heard[listed.path] += 1
            if _fires(outcomes.get(_ESCAPED.format("", n), outcomes[_FOUND.format("", n)])):
                self.escaped.add(listed.path)
            else:
                left.append(listed)
        self.n_settled += len(watch.open) - len(left)
        watch.open = left


def _fires(outcome: object) -> bool:
    return isinstance(outcome, Detected) and bool(outcome.findings)


def _only(signal: PhraseSignal, listed: Iterable[Listed]) -> PhraseSignal:
    phrases = tuple(dict.fromkeys(one.phrase for one in listed))
    return signal.model_copy(update={"any_of": phrases, "except_": ()})


def listed_phrases(loaded: LoadedScorecard) -> Iterator[Listed]:
    """Yield every phrase that the scorecard lists, in the order of the file."""
    for name, keys in loaded.document.data.get("signals", {}).items():
        for path, phrase in written_phrases(keys, ("signals", name)):
            is_looked_for = path[2] in ("any_of", "all_of")
            is_excusable = is_looked_for and bool(keys.get("except"))
            yield Listed(name, phrase, path, is_looked_for, is_excusable)


def _watches(loaded: LoadedScorecard) -> Iterator[_Watch]:
    watches: dict[PhraseSignal, _Watch] = {}
    for listed in listed_phrases(loaded):
        like = _looked_for(listed, loaded.scorecard.signals[listed.signal])
        watches.setdefault(like, _Watch(like, [])).open.append(listed)
    yield from watches.values()


def _looked_for(listed: Listed, signal: Signal) -> PhraseSignal:
    """Return how `signal` looks for a phrase of its lists, whichever phrase it is."""
    how: dict[str, object] = {"role": _whose(signal, str(listed.path[2]))}
    if isinstance(signal, PhraseSignal):
        how |= {"match": signal.match, "inflect": signal.inflect}
        if listed.is_excusable:
            how |= {"except_": signal.except_, "except_within": signal.except_within}
    return _ANY.model_copy(update=how)


def _whose(signal: Signal, key: str) -> Whose:
    """Return who says the words that `key` of a signal lists."""
    if (signal.detector, key) in _EITHERS:
        return "any"
    if (signal.detector, key) in _THE_OTHERS:
        return _OTHER[signal.role]
    is_agents = isinstance(signal, HoldSignal) and signal.role == "any"  # unless it says otherwise
    return "agent" if is_agents else signal.role
