"""What a party says of numbers, order numbers and listed phrases, for `read_back` to compare."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from qa_pipeline.detectors.redacted import redacted_passages, redacted_turns
from qa_pipeline.detectors.registry import Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.back_channels import is_passing_in
from qa_pipeline.language.normalise import Normalised
from qa_pipeline.language.passage import Passage
from qa_pipeline.language.search import search
from qa_pipeline.language.units import BLANK, units_of
from qa_pipeline.later import once
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.redaction.masking import TAIL_DIGITS, is_tail, shown
from qa_pipeline.redaction.reading import has_numerals, where_numerals
from qa_pipeline.redaction.sayings import Part, parts_in
from qa_pipeline.redaction.streams import Piece, Stream, party_of, stream_with
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: A number has as many digits, an order number as many letters and digits, of these so many digits.
_MIN_LENGTH, _MIN_DIGITS = 5, 3
_PIECES = attrgetter("pieces")


class Said(NamedTuple):
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
                    yield Said("phrase", what, None, True, ((index, place.start, place.end),))

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
        for index in self._numbers.masked:
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
                    said = Said(masked.kind, masked.token, masked.tail_token, counts, (piece,))
                    found.append(said)
                elif (begun := latest.get(masked.token)) is not None:
                    found[begun] = found[begun]._replace(pieces=(*found[begun].pieces, piece))
        return found


class _Numbers:
    """The legible numbers that each party of a call says, read where numerals stand at all."""

    def __init__(
        self, turns: Sequence[Turn], plain: Sequence[Normalised], language: Language
    ) -> None:
        self._plain, self._language = plain, language
        self._texts = [one.text for one in plain]
        self._parties = [party_of(turn) for turn in turns]
        self._streams: dict[int, _Read] = {}
        self._passing: dict[int, bool] = {}
        self._given: dict[Role, Sequence[Said]] = {}
        self._all: dict[Role, Sequence[Said]] = {}

    @once
    def masked(self) -> Sequence[int]:
        """The turns that redaction masked something in, and perhaps some more."""
        return [i for i, text in enumerate(self._texts) if BLANK in text]

    def given(self, role: Role) -> Sequence[Said]:
        """Return what `role` says that counts."""
        if role not in self._given:
            streams = self._with_numerals(role, _MIN_DIGITS)
            self._given[role] = [s for stream in streams for s in stream.numbers if s.counts]
        return self._given[role]

    def all_of(self, role: Role) -> Sequence[Said]:
        """Return all that `role` says."""
        if role not in self._all:
            streams = self._with_numerals(role, 2)
            self._all[role] = [said for stream in streams for said in stream.numbers]
        return self._all[role]

    def _with_numerals(self, role: Role, at_least: int) -> Iterable["_Read"]:
        """Return the streams of `role` that hold so many numerals in a row."""
        own = [i for i, party in enumerate(self._parties) if party == role]
        found: dict[_Read, bool] = {}
        for at, surely in where_numerals([self._texts[i] for i in own], at_least).items():
            stream = self._stream(own[at])
            found[stream] = surely or found.get(stream, False)
        return [
            stream
            for stream, surely in found.items()
            if surely or has_numerals(stream.text, at_least)
        ]

    def _stream(self, at: int) -> "_Read":
        known = self._streams.get(at)
        if known is None:
            stream = stream_with(at, self._parties, self._texts, self._passes)
            known = _Read(stream, self._plain)
            self._streams.update(dict.fromkeys(stream.turns, known))
        return known

    def _passes(self, index: int) -> bool:
        known = self._passing.get(index)
        if known is None:
            known = self._passing[index] = is_passing_in(self._texts[index], self._language)
        return known


class _Read:
    """A stream of normalised `text` with the numbers in it; `plain` are all turns of the call."""

    def __init__(self, stream: Stream, plain: Sequence[Normalised]) -> None:
        self.text = stream.text
        self._stream, self._plain = stream, plain

    @once
    def numbers(self) -> Sequence[Said]:
        """The numbers that are legible, and each saying of several as a whole."""
        found = []
        for saying in parts_in(self.text):
            numbers = _apart(saying)
            found += [said for parts in numbers if (said := self._number(parts))]
            if len(numbers) > 1 and (whole := self._number(saying)):
                found.append(whole._replace(counts=False))
        return found

    def _number(self, parts: Sequence[Part]) -> Said | None:
        """Return a number as it was said, None for one that is too short to repeat anything."""
        code = "".join([part.code for part in parts])
        n_digits = len(code) if code.isdigit() else sum(map(str.isdigit, code))
        if n_digits < min(TAIL_DIGITS, _MIN_DIGITS):
            return None
        is_amount = len(parts) == 1 and parts[0].is_amount
        counts = len(code) >= _MIN_LENGTH and n_digits >= _MIN_DIGITS and not is_amount
        kind = "number" if code.isdigit() else "order"
        return Said(kind, code, code[-TAIL_DIGITS:], counts, tuple(self._pieces(parts)))

    def _pieces(self, parts: Sequence[Part]) -> Iterator[Piece]:
        """Yield where the turns' own texts say the parts."""
        for turn, start, end in self._stream.pieces(parts[0].start, parts[-1].end):
            yield turn, self._plain[turn].starts[start], self._plain[turn].ends[end - 1]


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
