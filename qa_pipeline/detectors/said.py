"""What a party says of numbers, order numbers and listed phrases, for `read_back` to compare."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from qa_pipeline.detectors.redacted import SameTurns, redacted_passages, redacted_turns
from qa_pipeline.detectors.registry import Scope
from qa_pipeline.language.normalise import Normalised, normalise, normalise_all
from qa_pipeline.language.search import search
from qa_pipeline.language.units import units_of
from qa_pipeline.later import once
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.redaction.masking import TAIL_DIGITS, is_tail, shown
from qa_pipeline.redaction.reading import has_numerals
from qa_pipeline.redaction.sayings import Part, sayings
from qa_pipeline.redaction.streams import Piece, Stream, streams_of, texts_of
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: A number has as many digits, an order number as many letters and digits, of these so many digits.
_MIN_LENGTH, _MIN_DIGITS = 5, 3


@dataclass(frozen=True, slots=True)
class Said:
    """A number, order number or phrase as one party says it, in pieces `(turn, start, end)`.

    `what` is equal for equal ones, `tail` for equal last digits (None for phrases). `counts`:
    it has to be repeated; what is too short for that may still repeat something.
    """

    kind: str
    what: str
    tail: str | None
    counts: bool
    pieces: tuple[Piece, ...]

    @property
    def first(self) -> int:
        """The turn in which it begins."""
        return self.pieces[0][0]

    @property
    def last(self) -> int:
        """The turn in which it ends."""
        return self.pieces[-1][0]

    def repeats(self, given: "Said", *, by_tail: bool) -> bool:
        """Return whether this says what was `given`; by its tail too, where that is enough."""
        if self.kind == "phrase" or given.kind == "phrase":
            return self.kind == given.kind and self.what == given.what
        if by_tail and self.tail is not None and self.tail == given.tail:
            return True
        if given.kind in ("number", "order"):
            return self.kind in ("number", "order") and given.what in self.what
        return self.what == given.what


class Sayings:
    """A call's turns, redacted, with what either party says in them, each read once."""

    def __init__(self, call: Call, scope: Scope, phrases: tuple[str, ...]) -> None:
        self.turns = redacted_turns(call)
        self.passage = redacted_passages(call, scope)
        self.language = call.language
        self._phrases = phrases
        self._numbers = _numbers_in(SameTurns(self.turns), call.language)

    def given(self, role: Role) -> list[Said]:
        """Return what `role` says that counts, in order of turns."""
        return self._in_order(role, self._numbers.given(role), listed=True)

    def like(self, role: Role, given: Iterable[Said]) -> list[Said]:
        """Return what `role` says of the kinds that were `given`, in order of turns."""
        kinds = {said.kind for said in given}
        found: list[Said] = []
        if kinds & {"number", "order"}:
            found = self._numbers.all_of(role)
        return self._in_order(role, found, listed="phrase" in kinds)

    def _in_order(self, role: Role, numbers: Iterable[Said], *, listed: bool) -> list[Said]:
        found = (*numbers, *self._masked(role), *(self._listed(role) if listed else ()))
        return sorted(found, key=lambda said: said.pieces)

    def _listed(self, role: Role) -> Iterator[Said]:
        """Yield the listed phrases."""
        for index, turn in enumerate(self.turns if self._phrases else ()):
            if turn.role == role and turn.words:
                passage = self.passage(index)
                for place in search(passage, self._phrases, "text"):
                    units = units_of(passage.text[place.start : place.end], self.language).units
                    what = " ".join(unit.symbol for unit in units)
                    yield Said("phrase", what, None, True, ((index, place.start, place.end),))

    def _masked(self, role: Role) -> Iterable[Said]:
        """Return the numbers that redaction masked, pieces put together."""
        found: list[Said] = []
        latest: dict[str, int] = {}
        for index, turn in enumerate(self.turns):
            if turn.role != role:
                continue
            words = Words.of(turn.words)
            for position, masked in words.masked():
                if masked.kind == "email":
                    continue
                start = sum(map(len, words.texts[:position]))
                text = words.texts[position]
                mask = shown(masked, self.language, goes_on=not masked.n_digits)
                at = start + len(text)
                start += max(0, text.find(mask))
                piece = (index, start, min(start + len(mask), at))
                if masked.n_digits:
                    latest[masked.token] = len(found)
                    counts = not is_tail(masked)
                    said = Said(masked.kind, masked.token, masked.tail_token, counts, (piece,))
                    found.append(said)
                elif (begun := latest.get(masked.token)) is not None:
                    found[begun] = replace(found[begun], pieces=(*found[begun].pieces, piece))
        return found


class _Numbers:
    """The legible numbers that each party of a call says, read when somebody asks for them."""

    def __init__(self, turns: tuple[Turn, ...], language: Language) -> None:
        self._turns, self._language = turns, language
        self._texts = texts_of(turns)
        self._read: dict[int, list[Said]] = {}

    def given(self, role: Role) -> list[Said]:
        """Return what `role` says that counts."""
        if not _is_long(self._texts.get(role, "")):
            return []
        found: list[Said] = []
        for at in self._of(role):
            counting = [said for said in self._in(at) if said.counts]
            if counting and _is_long(self._streams[at].text):
                found += counting
        return found

    def all_of(self, role: Role) -> list[Said]:
        """Return all that `role` says."""
        return [said for at in self._of(role) for said in self._in(at)]

    @once
    def _streams(self) -> list[Stream]:
        return streams_of(self._turns, self._language)

    @once
    def _plain(self) -> Sequence[Normalised]:
        return normalise_all([stream.text for stream in self._streams])

    def _of(self, role: Role) -> list[int]:
        first_turns = (stream.turns[0] for stream in self._streams)
        return [at for at, turn in enumerate(first_turns) if self._turns[turn].role == role]

    def _in(self, at: int) -> list[Said]:
        known = self._read.get(at)
        if known is None:
            known = self._read[at] = list(_numbers(self._streams[at], self._plain[at]))
        return known


@lru_cache(maxsize=4)  # several signals ask for the same call, one after the other
def _numbers_in(turns: SameTurns, language: Language) -> _Numbers:
    return _Numbers(turns.turns, language)


def _is_long(text: str) -> bool:
    """Return whether a text may hold a number that counts."""
    return has_numerals(normalise(text).text, at_least=_MIN_DIGITS)


def _numbers(stream: Stream, plain: Normalised) -> Iterator[Said]:
    """Yield the numbers that are legible, and each saying of several as a whole."""
    for saying in sayings(plain):
        numbers = tuple(_apart(saying.parts))
        for parts in numbers:
            pieces = tuple(stream.pieces(parts[0].start, parts[-1].end))
            if said := _number(parts, pieces):
                yield said
        if len(numbers) > 1 and (
            whole := _number(saying.parts, tuple(stream.pieces(saying.start, saying.end)))
        ):
            yield replace(whole, counts=False)


def _apart(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """Yield the numbers in a saying: one, or several that each are long enough to be one.

    Letters after a mark begin an order number. Digits in groups of five or more are numbers of
    their own; in shorter groups they are one number (1380 0138 000).
    """
    starts = [i for i, part in enumerate(parts) if i and part.opens and part.code[0].isalpha()]
    for first, last in pairwise([0, *starts, len(parts)]):
        opens = [i for i in range(first + 1, last) if parts[i].opens]
        groups = [parts[a:b] for a, b in pairwise([first, *opens, last])]
        if all(sum(len(part.code) for part in group) >= _MIN_LENGTH for group in groups):
            yield from groups
        else:
            yield parts[first:last]


def _number(parts: tuple[Part, ...], pieces: tuple[Piece, ...]) -> Said | None:
    """Return a number as it was said, None for one that is too short to repeat anything."""
    code = "".join(part.code for part in parts)
    n_digits = sum(character.isdigit() for character in code)
    if n_digits < min(TAIL_DIGITS, _MIN_DIGITS):
        return None
    is_amount = len(parts) == 1 and parts[0].is_amount
    counts = len(code) >= _MIN_LENGTH and n_digits >= _MIN_DIGITS and not is_amount
    kind = "number" if code.isdigit() else "order"
    return Said(kind, code, code[-TAIL_DIGITS:], counts, pieces)
