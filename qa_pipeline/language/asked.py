"""The lists of phrases that detectors ask for, learned as they ask and searched all at once.

Nobody declares what a scorecard looks for. A list that is new is searched by itself, and from the
next call on together with all the others; what is found is the same.
"""

from collections.abc import Callable, Iterable, Sequence

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Hits, PhraseBook, Phrases, phrase_book, phrase_matcher
from qa_pipeline.language.script import Script
from qa_pipeline.later import once
from qa_pipeline.records import Turn
from qa_pipeline.texts import Language

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
    """A call's turns ready for searching, for the lists that were `asked` for before.

    `hits` returns where phrases stand, turn by turn.
    """

    def __init__(self, turns: Sequence[Turn], language: Language, asked: Asked) -> None:
        self.script = Script(turns, language)
        self._made: dict[int, Passage] = {}
        #: Passages share this, and must not hold what holds them: a call would stay in memory after
        #: it was judged, until Python's garbage collector comes.
        self.hits: Callable[[Phrases], Hits] = _Looking(self.script, asked).hits

    def __call__(self, turn: int) -> Passage:
        """Return turn number `turn` ready for searching."""
        made = self._made.get(turn)
        if made is None:
            made = self._made[turn] = Passage(self.script, turn, self.hits)
        return made

    def turns_saying(self, phrases: Phrases) -> Iterable[int]:
        """Return the turns where a search by text can find one of `phrases`, in order."""
        return self.hits(phrases)


class _Looking:
    """Looks for lists of phrases in a script, for each once."""

    def __init__(self, script: Script, asked: Asked) -> None:
        self._script, self._asked = script, asked
        self._book = asked.book()
        #: By where each list stands in memory, like `Asked`; the lists too, to keep them there.
        self._known: dict[int, tuple[Phrases, Hits]] = {}

    def hits(self, phrases: Phrases) -> Hits:
        known = self._known.get(id(phrases))
        if known is None:
            known = self._known[id(phrases)] = phrases, self._look(phrases)
        return known[1]

    def _look(self, phrases: Phrases) -> Hits:
        number = self._asked.number(phrases)
        if number is not None and number < len(self._found):
            return self._found[number]
        return phrase_matcher(phrases, self._script.language).find(self._script)[0]

    @once
    def _found(self) -> Sequence[Hits]:
        return self._book.find(self._script)
