"""What one party says in one go, also across back-channels: numbers are given in pieces.

Between the pieces the other party says 嗯 or repeats the digits; neither ends a number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

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
        starts = self.starts
        first = bisect_right(starts, start) - 1
        if first + 1 == len(starts) or end < starts[first + 1]:  # mostly one turn says it all
            return [(self.turns[first], start - starts[first], end - starts[first])]
        found = []
        for i in range(first, bisect_left(starts, end)):
            turn_end = starts[i + 1] - len(JOINT) if i + 1 < len(starts) else end
            piece = max(start, starts[i]), min(end, turn_end)
            if piece[0] < piece[1]:
                found.append((self.turns[i], piece[0] - starts[i], piece[1] - starts[i]))
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


def side_by_side(
    party: Party, parties: Sequence[Party], texts: Sequence[str], passing: Sequence[bool]
) -> Stream:
    """Return all of a party's `streams_of` as one, a BLANK between them: no number goes over it.

    `parties` and `texts` are whose the turns are and what they say, `passing` which of them only
    pass.
    """
    members = [i for i, other in enumerate(parties) if other == party]
    joints = [
        BLANK if False in passing[before + 1 : after] else JOINT
        for before, after in pairwise(members)
    ]
    return _joined(members, texts, joints)


def _stream(members: Sequence[int], texts: Sequence[str]) -> Stream:
    return _joined(members, texts, [JOINT] * (len(members) - 1))


def _joined(members: Sequence[int], texts: Sequence[str], joints: Sequence[str]) -> Stream:
    said = [texts[i] for i in members]
    starts = accumulate([len(text) + len(JOINT) for text in said[:-1]], initial=0)
    text = "".join(chain.from_iterable(zip(said, (*joints, ""), strict=False)))
    return Stream(tuple(members), tuple(starts), text)


def legible(turn: Turn) -> str:
    """Return the turn's words as one text, in which words masked before are blank."""
    return Words.of(turn.words).legible(BLANK)
