"""What one party says in one go, also across back-channels: numbers are given in pieces.

Between the pieces the other party says 嗯 or repeats the digits; neither ends a number.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa_pipeline.language.back_channels import is_passing
from qa_pipeline.language.units import BLANK
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: Stands between two turns of a stream: white space to every reader, and a cut.
JOINT = "\n"

#: A role, a channel whose role nobody knows, or None where even the channel is unknown.
Party = str | int | None

#: A stretch of one turn's text: (index of the turn, start, end).
Piece = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Stream:
    """Turns of one party as one text; `starts[i]` is where the text of turn `turns[i]` begins."""

    turns: tuple[int, ...]
    starts: tuple[int, ...]
    text: str

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return what `text[start:end]` covers as (turn, start, end) in each turn's own text."""
        if len(self.turns) == 1:
            return [(self.turns[0], start, end)]
        found = []
        first = bisect_right(self.starts, start) - 1
        for i in range(first, len(self.turns)):
            turn_end = self.starts[i + 1] - len(JOINT) if i + 1 < len(self.turns) else end
            piece = max(start, self.starts[i]), min(end, turn_end)
            if piece[0] < piece[1]:
                found.append((self.turns[i], piece[0] - self.starts[i], piece[1] - self.starts[i]))
        return found


def party_of(turn: Turn) -> Party:
    """Return who speaks: a role, or where nobody knows it the channel."""
    return turn.role or turn.channel


def texts_of(turns: Sequence[Turn]) -> Mapping[Party, str]:
    """Return all that each party says as one text, of which every stream of his is a part."""
    said: dict[Party, list[str]] = {}
    for turn in turns:
        said.setdefault(party_of(turn), []).append(legible(turn))
    return {party: JOINT.join(texts) for party, texts in said.items()}


def streams_of(turns: Sequence[Turn], language: Language) -> list[Stream]:
    """Return every turn exactly once, joined with its party's next over others that only pass."""
    texts = [legible(turn) for turn in turns]
    passing = [is_passing(text, language) for text in texts]
    open_streams: dict[Party, list[int]] = {}
    closed: list[list[int]] = []
    for i, turn in enumerate(turns):
        if not passing[i]:
            for other in [party for party in open_streams if party != party_of(turn)]:
                closed.append(open_streams.pop(other))
        open_streams.setdefault(party_of(turn), []).append(i)
    closed += open_streams.values()
    return [_stream(members, texts) for members in closed]


def stream_with(
    at: int, parties: Sequence[Party], texts: Sequence[str], passes: Callable[[int], bool]
) -> Stream:
    """Return that one of `streams_of` which turn `at` is in, looking around it alone.

    `parties` and `texts` are whose the turns are and what they say, `passes(i)` says whether turn
    i only passes.
    """
    party = parties[at]
    members = [at]
    for others in (range(at - 1, -1, -1), range(at + 1, len(parties))):
        for i in others:
            if parties[i] == party:
                members.append(i)
            elif not passes(i):
                break
    return _stream(sorted(members), texts)


def _stream(members: Sequence[int], texts: Sequence[str]) -> Stream:
    if len(members) == 1:
        return Stream((members[0],), (0,), texts[members[0]])
    said = [texts[i] for i in members]
    starts = accumulate((len(text) + len(JOINT) for text in said[:-1]), initial=0)
    return Stream(tuple(members), tuple(starts), JOINT.join(said))


def legible(turn: Turn) -> str:
    """Return the turn's words as one text, in which words masked before are blank."""
    return Words.of(turn.words).legible(BLANK)
