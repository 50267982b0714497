"""Which stretches of turns are masked: verified numbers, and what says them again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Turn
from qa_pipeline.redaction.masking import TAIL_DIGITS, Mask, tail_of
from qa_pipeline.redaction.reading import digit_runs
from qa_pipeline.redaction.sayings import Saying
from qa_pipeline.redaction.streams import Party, Piece, Stream, legible, party_of
from qa_pipeline.words import Masked

#: Digits from which on a repeated part of a number says something of it.
_ECHO_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A verified number of the call: its token, and where it was said, by whom."""

    token: Masked
    said: list[tuple[Party, list[Piece]]]


@dataclass(slots=True)
class Masks:
    """The masks of each turn, as they are found; `known` are the numbers by their digits."""

    turns: Sequence[Turn]
    of: defaultdict[int, list[Mask]]
    known: dict[str, Known]

    def know(self, canonical: str, token: Masked, pieces: list[Piece]) -> None:
        """Remember where a number was said; addresses have no other forms."""
        if token.kind != "email":
            known = self.known.setdefault(canonical, Known(token, []))
            known.said.append((party_of(self.turns[pieces[0][0]]), pieces))

    def add(self, pieces: Sequence[Piece], token: Masked) -> bool:
        """Mask `pieces` of turns as one number, if none of it is masked yet."""
        if any(
            start < mask.end and mask.start < end
            for turn, start, end in pieces
            for mask in self.of[turn]
        ):
            return False
        for part, (turn, start, end) in enumerate(pieces):
            self.of[turn].append(Mask(start, end, token, goes_on=part > 0))
        return True

    def add_other_forms(self, said: Sequence[tuple[Stream, Saying]]) -> None:
        """Mask verified numbers that are said in a form in which none is verified."""
        for stream, saying in said:
            for canonical, known in self.known.items():
                if (place := saying.find(canonical)) is not None:
                    pieces = stream.pieces(*place)
                    if self.add(pieces, replace(known.token, n_digits=len(canonical))):
                        self.know(canonical, known.token, pieces)

    def add_tails(self, said: Sequence[tuple[Stream, Saying]]) -> None:
        """Mask the last four digits of a number where another party says just them, later."""
        for stream, saying in said:
            if len(saying.code) != TAIL_DIGITS:
                continue
            pieces = stream.pieces(*saying.place(saying.parts))
            turn = pieces[0][0]
            for canonical, known in self.known.items():
                if canonical.endswith(saying.code) and any(
                    party != party_of(self.turns[turn]) and given[0][0] < turn
                    for party, given in known.said
                ):
                    self.add(pieces, tail_of(known.token))

    def add_echoes(self) -> None:
        """Mask what another party repeats of a number that is given in several pieces."""
        for canonical, known in self.known.items():
            for _, pieces in known.said:
                if len(pieces) > 1:
                    for turn, start, end in _echoes(self.turns, pieces, canonical):
                        if all(end <= m.start or m.end <= start for m in self.of[turn]):
                            self.of[turn].append(Mask(start, end, known.token, goes_on=True))


def _echoes(turns: Sequence[Turn], pieces: Sequence[Piece], canonical: str) -> Iterator[Piece]:
    """Yield where the other party repeats parts of a number given in several pieces."""
    own = {turn for turn, _, _ in pieces}
    for index in range(min(own), min(max(own) + 2, len(turns))):
        if index in own or party_of(turns[index]) == party_of(turns[min(own)]):
            continue
        for digits, start, end in digit_runs(normalise(legible(turns[index]))):
            if len(digits) >= _ECHO_DIGITS and digits in canonical:
                yield index, start, end
