"""The words of a call, and what redaction leaves of those that held a number.

Stored calls hold many thousand words, and most are only searched: `Words` keeps them as columns
until somebody asks for a `Word`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from qa_pipeline.later import Later

SensitiveKind = Literal["card", "id", "phone", "email"]


@dataclass(frozen=True, slots=True)
class Masked:
    """What redaction leaves of a number: its kind, digit count, last four as a keyed hash.

    `n_digits` is 0 for an e-mail address, and where a number given in pieces goes on. Where just
    the last four digits were repeated it is 4, and both tokens are the tail's.

    `token` and `tail_token` are keyed hashes of all digits and of the last four: equal numbers have
    equal tokens inside one store, and nothing leads back to the digits.
    """

    kind: SensitiveKind
    n_digits: int
    token: str
    tail_token: str


class Word(NamedTuple):  # there are a thousand in a call
    """A recognised word. `text` keeps its own leading white space and trailing punctuation.

    So a turn's text is the concatenation of its words in both languages. `confidence` is 0-1.
    """

    text: str
    start_s: float
    end_s: float
    confidence: float | None = None
    masked: Masked | None = None


@dataclass(frozen=True, slots=True)
class WordColumns:
    """The words of many turns, field by field: what searching needs, without a `Word` each.

    `masked_at` are the positions of those that redaction masked, in order.
    """

    texts: Sequence[str]
    starts_s: Sequence[float]
    ends_s: Sequence[float]
    confidences: Sequence[float | None]
    masked: Sequence[Masked | None]
    masked_at: Sequence[int]


class Words(Later[Word]):
    """The words `first` to `last` of some columns: a tuple of `Word` to whoever looks into it."""

    __slots__ = ("_columns", "_first", "_last", "_masked_at", "_text")

    def __init__(self, columns: WordColumns, first: int, last: int) -> None:
        # not super().__init__: a shard holds many, and `_all` knows what to make
        self._columns, self._first, self._last = columns, first, last
        self._made: tuple[Word, ...] | None = None
        self._text: str | None = None
        self._masked_at: Sequence[int] | None = None

    @classmethod
    def of(cls, words: Sequence[Word]) -> "Words":
        """Return `words` with their columns at hand."""
        if isinstance(words, Words):
            return words
        columns = WordColumns(
            [word.text for word in words],
            [word.start_s for word in words],
            [word.end_s for word in words],
            [word.confidence for word in words],
            [word.masked for word in words],
            [at for at, word in enumerate(words) if word.masked is not None],
        )
        return cls(columns, 0, len(words))

    @classmethod
    def joined(cls, parts: Sequence[Sequence[Word]]) -> "Words":
        """Return the words of several `parts`, one after the other.

        A stored call's turns are cut from the same columns: joining them costs nothing.
        """
        first = parts[0] if parts else ()
        if not isinstance(first, Words):
            return cls.of(list(chain.from_iterable(parts)))
        columns, at = first._columns, first._first
        for part in parts:
            if not isinstance(part, Words) or part._columns is not columns or part._first != at:
                return cls.of(list(chain.from_iterable(parts)))
            at = part._last
        return cls(columns, first._first, at)

    def __len__(self) -> int:
        return self._last - self._first

    @property
    def text(self) -> str:
        """What was said, the words one after the other."""
        if self._text is None:
            self._text = "".join(self._columns.texts[self._first : self._last])
        return self._text

    @property
    def texts(self) -> Sequence[str]:
        """What was said, word by word."""
        return self._columns.texts[self._first : self._last]

    @property
    def starts_s(self) -> Sequence[float]:
        """When each word begins."""
        return self._columns.starts_s[self._first : self._last]

    @property
    def ends_s(self) -> Sequence[float]:
        """When each word ends."""
        return self._columns.ends_s[self._first : self._last]

    @property
    def confidences(self) -> Sequence[float | None]:
        """How sure each word is, 0-1; None where nobody said."""
        return self._columns.confidences[self._first : self._last]

    @property
    def has_confidence(self) -> bool:
        """Whether every word has a confidence, apart from those that redaction masked."""
        confidences = self.confidences
        if None not in confidences:
            return True
        unsure = {at for at, confidence in enumerate(confidences) if confidence is None}
        return unsure <= {*self.masked_at}

    def masked(self) -> Iterator[tuple[int, Masked]]:
        """Yield the words that redaction masked: their position, and what it left of them."""
        for at in self.masked_at:
            mask = self._columns.masked[self._first + at]
            assert mask is not None  # `masked_at` says so
            yield at, mask

    @property
    def n_masked(self) -> int:
        """How many of the words redaction masked."""
        return len(self.masked_at)

    @property
    def masked_at(self) -> Sequence[int]:
        """The positions of the words that redaction masked, in order."""
        if self._masked_at is None:
            at, first = self._columns.masked_at, self._first
            here = at[bisect_left(at, first) : bisect_left(at, self._last)] if at else at
            self._masked_at = [one - first for one in here]
        return self._masked_at

    def legible(self, blank: str) -> str:
        """Return what was said as one text, every character of a masked word a `blank`."""
        if not self.masked_at:
            return self.text
        texts = list(self.texts)
        for at in self.masked_at:
            texts[at] = blank * len(texts[at])
        return "".join(texts)

    def _all(self) -> tuple[Word, ...]:
        if self._made is None:
            columns, part = self._columns, slice(self._first, self._last)
            self._made = tuple(
                map(
                    Word,
                    columns.texts[part],
                    columns.starts_s[part],
                    columns.ends_s[part],
                    columns.confidences[part],
                    columns.masked[part],
                )
            )
        return self._made
