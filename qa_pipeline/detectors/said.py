"""What a party says of numbers, order numbers and listed phrases, for `read_back` to compare."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from qa_pipeline.detectors.amounts import is_amount
from qa_pipeline.detectors.redacted import redacted_passages, redacted_turns, turns_masked
from qa_pipeline.detectors.registry import Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.back_channels import passing
from qa_pipeline.language.normalise import Normalised
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.search import search
from qa_pipeline.language.units import units_of
from qa_pipeline.later import once
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.redaction.masking import TAIL_DIGITS, is_tail, shown
from qa_pipeline.redaction.reading import has_numerals
from qa_pipeline.redaction.sayings import Part, parts_in
from qa_pipeline.redaction.streams import Piece, Stream, party_of, side_by_side
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: A number has as many digits, an order number as many letters and digits, of these so many digits.
_MIN_LENGTH, _MIN_DIGITS = 5, 3
#: What has fewer digits repeats nothing.
_LEAST_TOLD = min(TAIL_DIGITS, _MIN_DIGITS)
_PIECES = attrgetter("pieces")


class Said(NamedTuple):
    """A number, order number or phrase as one party says it, in pieces `(turn, start, end)`.

    `what` is equal for equal ones, `tail` for equal last digits (None for phrases). `length`: how
    many letters and digits it has. `counts`: it has to be repeated; an amount, or what is too short
    for that, may still repeat something.
    """

    kind: str
    what: str
    tail: str | None
    length: int
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


class Repeats:
    """What one party says, to be asked what of the other's it repeats."""

    def __init__(self, said: Iterable[Said]) -> None:
        #: Each with the turn in which it ends.
        self._phrases: list[tuple[str, int]] = []
        self._numbers: list[tuple[str, int]] = []
        self._masked: list[tuple[str, int]] = []
        self._tails: list[tuple[str, int]] = []
        kinds = {"phrase": self._phrases, "number": self._numbers, "order": self._numbers}
        for one in said:
            kinds.get(one.kind, self._masked).append((one.what, one.last))
            if one.tail is not None:
                self._tails.append((one.tail, one.last))

    def turns(self, given: Said, *, by_tail: bool) -> Sequence[int]:
        """Return the turns in which what was `given` ends; its tail too, where that is enough."""
        if given.kind == "phrase":
            return [turn for what, turn in self._phrases if what == given.what]
        if given.kind in ("number", "order"):
            turns = [turn for what, turn in self._numbers if given.what in what]
        else:
            turns = [turn for what, turn in self._masked if what == given.what]
        if by_tail:
            turns += [turn for tail, turn in self._tails if tail == given.tail]
        return turns


class Sayings:
    """A call's turns, redacted, with what either party says in them, each read once."""

    def __init__(self, call: Call, scope: Scope, phrases: tuple[str, ...]) -> None:
        self.turns = redacted_turns(call)
        self.passage = redacted_passages(call, scope)
        self.language = call.language
        self._phrases = phrases
        self._turns_masked = turns_masked(call, scope)
        self._numbers = _numbers_in(self.turns, self.passage, call.language)

    def given(self, role: Role) -> list[Said]:
        """Return what `role` says that counts, in order of turns."""
        return self._in_order(role, self._numbers.given(role), listed=True)

    def like(self, role: Role, given: Iterable[Said]) -> list[Said]:
        """Return what `role` says of the kinds that were `given`, in order of turns."""
        kinds = {said.kind for said in given}
        found: Sequence[Said] = ()
        if kinds & {"number", "order"}:
            found = self._numbers.all_of(role)
        return self._in_order(role, found, listed="phrase" in kinds)

    def _in_order(self, role: Role, numbers: Iterable[Said], *, listed: bool) -> list[Said]:
        found = (*numbers, *self._masked(role), *(self._listed(role) if listed else ()))
        return sorted(found, key=_PIECES)

    def _listed(self, role: Role) -> Iterator[Said]:
        """Yield the listed phrases."""
        for index in self._where_listed():
            if self.turns[index].role == role:
                passage = self.passage(index)
                for place in search(passage, self._phrases, "text"):
                    units = units_of(passage.text[place.start : place.end], self.language).units
                    what = " ".join(unit.symbol for unit in units)
                    piece = (index, place.start, place.end)
                    yield Said("phrase", what, None, len(what), True, (piece,))

    def _where_listed(self) -> Iterable[int]:
        """Return the turns that may hold a listed phrase."""
        if not self._phrases:
            return ()
        if isinstance(self.passage, Passages):
            return self.passage.turns_saying(self._phrases)
        return range(len(self.turns))

    def _masked(self, role: Role) -> Iterable[Said]:
        """Return the numbers that redaction masked, pieces put together."""
        found: list[Said] = []
        latest: dict[str, int] = {}
        for index in self._turns_masked:
            if self.turns[index].role != role:
                continue
            words = Words.of(self.turns[index].words)
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
                    keys = masked.kind, masked.token, masked.tail_token
                    found.append(Said(*keys, masked.n_digits, counts, (piece,)))
                elif (begun := latest.get(masked.token)) is not None:
                    found[begun] = found[begun]._replace(pieces=(*found[begun].pieces, piece))
        return found


class _Numbers:
    """The legible numbers that each party of a call says."""

    def __init__(
        self, turns: Sequence[Turn], plain: Sequence[Normalised], language: Language
    ) -> None:
        self._plain = plain
        self._texts = [one.text for one in plain]
        self._parties = [party_of(turn) for turn in turns]
        self._language = language
        self._all: dict[Role, Sequence[Said]] = {}

    @once
    def _passing(self) -> Sequence[bool]:
        """Whether each turn is nothing but back-channels and digits."""
        return [*map(passing(self._language).is_all_of, self._texts)]

    def given(self, role: Role) -> Sequence[Said]:
        """Return what `role` says that counts."""
        return [said for said in self.all_of(role) if said.counts]

    def all_of(self, role: Role) -> Sequence[Said]:
        """Return all that `role` says."""
        if role not in self._all:
            stream = side_by_side(role, self._parties, self._texts, self._passing)
            self._all[role] = _numbers_of(stream, self._plain, self._language)
        return self._all[role]


def _numbers_of(stream: Stream, plain: Sequence[Normalised], language: Language) -> Sequence[Said]:
    """Return the legible numbers in a stream of normalised text, and each saying of several.

    `plain` are all turns of the call: the numbers' places are those in the turns' own texts.
    """
    found = []
    for saying in parts_in(stream.text, _LEAST_TOLD):
        numbers = _apart(saying)
        found += [said for parts in numbers if (said := _number(parts, stream, plain, language))]
        if len(numbers) > 1 and (whole := _number(saying, stream, plain, language)):
            found.append(whole._replace(counts=False))
    return found


def _number(
    parts: Sequence[Part], stream: Stream, plain: Sequence[Normalised], language: Language
) -> Said | None:
    """Return a number as it was said, None for one that is too short to repeat anything."""
    code = "".join([part.code for part in parts])
    is_number = code.isdigit()
    n_digits = len(code) if is_number else sum(map(str.isdigit, code))
    if n_digits < _LEAST_TOLD:
        return None
    is_spoken_amount = len(parts) == 1 and parts[0].is_amount
    counts = len(code) >= _MIN_LENGTH and n_digits >= _MIN_DIGITS and not is_spoken_amount
    counts = counts and not is_amount(parts, stream.text, language)
    pieces = tuple(
        [
            (turn, plain[turn].starts[start], plain[turn].ends[end - 1])
            for turn, start, end in stream.pieces(parts[0].start, parts[-1].end)
        ]
    )
    if is_number:
        return Said("number", code, code[-TAIL_DIGITS:], len(code), counts, pieces)
    said = stream.text[parts[0].start : parts[-1].end]
    counts = counts and has_numerals(said, _MIN_DIGITS)  # fewer are an amount: app 三百
    return Said("order", code, code[-TAIL_DIGITS:], len(code), counts, pieces)


#: By what makes a call's turns ready for searching, and gone together with it.
_READ: WeakKeyDictionary[Callable[[int], Passage], _Numbers] = WeakKeyDictionary()


def _numbers_in(
    turns: Sequence[Turn], passage: Callable[[int], Passage], language: Language
) -> _Numbers:
    """Return the numbers of a call, read once however many signals ask for them."""
    known = _READ.get(passage)
    if known is None:
        if isinstance(passage, Passages):
            plain = passage.script.plain
        else:
            plain = [passage(index).plain for index in range(len(turns))]
        known = _READ[passage] = _Numbers(turns, plain, language)
    return known


def _apart(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """Return the numbers in a saying: one, or several that each are long enough to be one.

    Letters after a mark begin an order number. Digits in groups of five or more are numbers of
    their own; in shorter groups they are one number (1380 0138 000).
    """
    if len(parts) == 1:
        return [parts]
    begin = [part.opens for part in parts]
    if True not in begin[1:]:
        return [parts]
    opens = [i for i, opens in enumerate(begin) if opens and i]
    orders = [i for i in opens if parts[i].code[0].isalpha()]
    found: list[Sequence[Part]] = []
    for first, last in pairwise([0, *orders, len(parts)]):
        inside = [i for i in opens if first < i < last]
        groups = [parts[a:b] for a, b in pairwise([first, *inside, last])]
        if all(sum(len(part.code) for part in group) >= _MIN_LENGTH for group in groups):
            found += groups
        else:
            found.append(parts[first:last])
    return found
