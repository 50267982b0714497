"""The lists of phrases that detectors ask for, learned as they ask and searched all at once.

Nobody declares what a scorecard looks for. A list that is new is searched by itself, and from the
next call on together with all the others; what is found is the same.
"""

from collections.abc import Callable, Mapping, Sequence

from qa_pipeline.language.normalise import Normalised, normalise_all
from qa_pipeline.language.passage import Looked, Passage
from qa_pipeline.language.phrases import Hit, PhraseBook, Phrases, phrase_book
from qa_pipeline.language.units import BLANK, edged, symbols_of
from qa_pipeline.later import once
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: Lists made anew for every call would fill the memory: beyond so many, each is searched alone.
_MAX_LISTS = 1024


class Asked:
    """The lists that were asked for in calls of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._lists: list[Phrases] = []
        self._by_value: dict[Phrases, int] = {}
        #: To hash ten thousand phrases takes longer than to search a turn, so a list is known by
        #: where it stands in memory; `_kept` makes sure that nothing else will stand there.
        self._by_place: dict[int, int] = {}
        self._kept: list[Phrases] = []
        self._book = phrase_book((), language)

    def number(self, phrases: Phrases) -> int | None:
        """Return the list's number, a new one if need be; None where there are too many lists."""
        known = self._by_place.get(id(phrases))
        if known is not None or len(self._kept) >= _MAX_LISTS:
            return known
        number = self._by_value.setdefault(phrases, len(self._lists))
        if number == len(self._lists):
            self._lists.append(phrases)
        self._by_place[id(phrases)] = number
        self._kept.append(phrases)
        return number

    def book(self) -> PhraseBook:
        """Return all the lists so far, compiled."""
        if len(self._book.phrases) < len(self._lists):
            self._book = phrase_book(self._lists, self._language)
        return self._book


class Passages:
    """A call's turns ready for searching, for the lists that were `asked` for before."""

    def __init__(self, turns: Sequence[Turn], language: Language, asked: Asked) -> None:
        self._turns, self._language, self._asked = turns, language, asked
        self._book = asked.book()

    def __call__(self, turn: int) -> Passage:
        """Return turn number `turn` ready for searching."""
        return self._passages[turn]

    @once
    def _plain(self) -> Sequence[Normalised]:
        return normalise_all([Words.of(turn.words).legible(BLANK) for turn in self._turns])

    @once
    def _passages(self) -> Sequence[Passage]:
        return [
            Passage(turn, self._language, self._look_in(i), plain)
            for i, (turn, plain) in enumerate(zip(self._turns, self._plain, strict=True))
        ]

    def turns_saying(self, phrases: Phrases) -> Sequence[int]:
        """Return the turns where a search by text can find one of `phrases`, in order."""
        number = self._asked.number(phrases)
        if number is None or number >= len(self._book.phrases):
            return range(len(self._turns))
        return sorted(self._hits.get(number, ()))

    @once
    def _hits(self) -> Mapping[int, Mapping[int, list[Hit]]]:
        return self._book.look(
            [edged(symbols_of(plain.text, self._language)) for plain in self._plain]
        )

    def _look_in(self, turn: int) -> Callable[[Phrases], Looked | None]:
        number_of, phrases_of, hits = self._asked.number, self._book.phrases, self._hits

        def look(phrases: Phrases) -> Looked | None:
            number = number_of(phrases)
            if number is None or number >= len(phrases_of):
                return None
            found = hits.get(number)
            return phrases_of[number], () if found is None else found.get(turn, ())

        return look
