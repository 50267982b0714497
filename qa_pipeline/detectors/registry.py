"""What a detector is: a versioned pure function from a call, a signal and a scope to findings.

Scorecards name a detector's uses "signals"; expressions turn what it found into opinions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from qa_pipeline.language.asked import Passages
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Phrases
from qa_pipeline.language.search import Place, placed, search
from qa_pipeline.records import Call, Finding, Match, Role, Turn
from qa_pipeline.spans import Span
from qa_pipeline.texts import Text

#: Whether a hit counts, by its start and the index of its turn (None: the one that began last).
Admits = Callable[[float, int | None], bool]
Need = Literal["words", "roles", "speech", "speech_per_role", "tracks", "metadata"]


class Scope(NamedTuple):
    """Where a signal may look: its name, whose speech (None: anyone), and which hits count.

    `admits(start_s, turn)` says whether a hit that starts there lies in the signal's window and
    on the right side of its anchors; `turn` is the index of the hit's turn, None for what belongs
    to the turn that began last.
    `passage(i)` is the call's turn i ready for searching; `turns` are those of the role, by index,
    in which anything can count; `inside(spans)` is what of tidy spans lies in the window. A hit
    counts only if every word in it has at least `min_confidence`.
    """

    signal: str
    role: Role | None
    admits: Admits
    passage: Passages
    turns: Mapping[int, Turn]
    min_confidence: float | None = None
    inside: Callable[[tuple[Span, ...]], tuple[Span, ...]] = tuple

    def turns_saying(self, *lists: Phrases) -> Sequence[tuple[int, Turn]]:
        """Return the turns where a search by text can find what counts; others need none."""
        said = [turns for one in lists if (turns := self.passage.hits(one))]
        numbers = said[0] if len(said) == 1 else sorted(set().union(*said))
        return [(index, self.turns[index]) for index in numbers if index in self.turns]

    def saying(self, wanted: Phrases, how: Match) -> Iterator[tuple[int, Passage, list[Place]]]:
        """Yield the turns that say `wanted`, with where it stands; some of it may not count."""
        if how == "text":
            for index, hits in self.passage.hits(wanted).items():
                if index in self.turns:
                    passage = self.passage(index)
                    yield index, passage, placed(passage, hits)
            return
        for index in self.turns:
            passage = self.passage(index)
            if places := search(passage, wanted, how):
                yield index, passage, places

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
