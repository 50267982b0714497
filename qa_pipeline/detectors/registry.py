"""What a detector is: a versioned pure function from a call, a signal and a scope to findings.

Scorecards name a detector's uses "signals"; expressions turn what it found into opinions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from qa_pipeline.language.asked import Passages
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Phrases
from qa_pipeline.language.search import Place, placed, search
from qa_pipeline.records import Call, Finding, Match, Role, Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Text

#: Says of a hit's start and the index of its turn (None where it has none) whether it counts.
Admits = Callable[[float, int | None], bool]
Need = Literal["words", "roles", "speech", "speech_per_role", "tracks", "metadata"]


class Scope(NamedTuple):
    """Where a signal may look: its name, whose speech (None: anyone), and which hits count.

    `admits(start_s, turn)` says whether a hit that starts there lies in the signal's window and
    on the right side of its anchors; `turn` is the index of the hit's turn, None where it has none.
    `passage(i)` is the call's turn i ready for searching; `reaches(i)` says whether anything in it
    can count (None: in every turn); `inside(spans)` is what of tidy spans lies in the window. A hit
    counts only if every word in it has at least `min_confidence`.
    """

    signal: str
    role: Role | None
    admits: Admits
    passage: Passages
    reaches: Callable[[int], bool] | None
    min_confidence: float | None = None
    inside: Callable[[tuple[Span, ...]], tuple[Span, ...]] = tuple

    def turns_saying(self, call: Call, *lists: Phrases) -> Iterator[tuple[int, Turn]]:
        """Yield the role's turns where a search by text can find what counts; others need none."""
        said = [turns for one in lists if (turns := self.passage.turns_saying(one))]
        if not said or not call.turns or call.turns_of(self.role) is None:
            return
        for index in sorted(set().union(*said)) if len(said) > 1 else said[0]:
            turn = call.turns[index]
            if self.role in (None, turn.role) and (self.reaches is None or self.reaches(index)):
                yield index, turn

    def saying(
        self, call: Call, wanted: Phrases, how: Match
    ) -> Iterator[tuple[int, Passage, list[Place]]]:
        """Yield the role's turns that say `wanted`, with where it stands; some may not count."""
        if how == "text":
            for index, _ in self.turns_saying(call, wanted):
                passage = self.passage(index)
                yield index, passage, placed(passage, passage.hits(wanted))
            return
        for index, _ in self.turns_within(call):
            passage = self.passage(index)
            if places := search(passage, wanted, how):
                yield index, passage, places

    def turns_within(self, call: Call) -> Iterator[tuple[int, Turn]]:
        """Yield the role's turns where a hit can count."""
        turns, reaches = call.turns_of(self.role) or (), self.reaches
        return iter(turns) if reaches is None else (one for one in turns if reaches(one[0]))

    def trusts(self, passage: Passage, start: int, end: int) -> bool:
        """Return whether the words in `passage.text[start:end]` are sure enough."""
        if self.min_confidence is None:
            return True
        confidence = passage.confidence(start, end)
        return confidence is not None and confidence >= self.min_confidence


class Found(NamedTuple):
    """The detector looked: findings in order of time, perhaps none; its value if any."""

    findings: tuple[Finding, ...]
    value: float | None = None


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The detector could not look, and why. Never the same as "found nothing"."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Detector:
    """A registered detector; `version` is raised when its answers change."""

    name: str
    version: int
    needs: frozenset[Need]
    find: Callable[[Call, Any, Scope], Found | NotMeasured]


class Detected(NamedTuple):
    """One signal's outcome, with what expressions need to form its measures.

    `speech_s` is the seconds of the signal's role inside its window (for `per_minute`), `talk_s`
    the seconds from the call's first to its last speech (for `share`); None where not measured.
    """

    signal: str
    findings: tuple[Finding, ...]
    value: float | None
    speech_s: float | None
    talk_s: float | None
