"""A call's turns as redaction leaves them, for detectors of numbers.

A stored call was redacted before: its tokens are there. On a call that never was (a dialogue, an
example) it is done here first, so that both give the same findings.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from qa_pipeline.detectors.registry import Scope
from qa_pipeline.language.passage import Passage, passage_of
from qa_pipeline.records import Call, Turn
from qa_pipeline.redaction import redact
from qa_pipeline.texts import Language
from qa_pipeline.words import Words

#: Tokens made here are compared within one call and thrown away: the key protects nothing.
_KEY = b"compared within one call"


class SameTurns:
    """Turns as a key: the very same ones, not equal ones, which would cost more than to redact."""

    __slots__ = ("turns",)

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        self.turns = turns

    def __hash__(self) -> int:
        return id(self.turns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameTurns) and other.turns is self.turns


def redacted_turns(call: Call) -> tuple[Turn, ...]:
    """Return the turns of `call` with a typed token in place of every verified number."""
    if call.is_redacted:
        return call.turns or ()
    return _redacted(SameTurns(call.turns or ()), call.language)


@lru_cache(maxsize=1)  # several signals ask for the same call, one after the other
def _redacted(key: SameTurns, language: Language) -> tuple[Turn, ...]:
    return redact(key.turns, _KEY, language).turns


def turns_masked(call: Call, scope: Scope) -> Iterable[int]:
    """Return which of the redacted turns hold a masked word, in order."""
    turns = redacted_turns(call)
    if turns is not call.turns:
        return [i for i, turn in enumerate(turns) if Words.of(turn.words).n_masked]
    script = scope.passage.script
    # Of turns that begin at the same word the last one has it: the others are empty.
    return dict.fromkeys([bisect_right(script.first_words, at) - 1 for at in script.masked])


def redacted_passages(call: Call, scope: Scope) -> Callable[[int], Passage]:
    """Return what gives the redacted turn i ready for searching; the call's own where it is one."""
    turns, own = redacted_turns(call), call.turns or ()
    if turns is own:
        return scope.passage

    @cache
    def passage(index: int) -> Passage:
        if turns[index].words is own[index].words:
            return scope.passage(index)
        return passage_of(turns[index], call.language)

    return passage
