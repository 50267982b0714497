"""Speech that takes no turn: somebody only lets the other know that he is listening."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter
from weakref import WeakKeyDictionary

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import NotMeasured, Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.back_channels import Listening
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.units import BLANK
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.spans import Span
from qa_pipeline.words import Words

#: Sounds this long are speech, whether or not a word of them was recognised (SCORECARD.md).
SHORT_S = 1.5

_START_S = attrgetter("start_s")
#: When the turns up to each turn of a call have ended, by what makes them ready for searching.
_ENDED_S: WeakKeyDictionary[Passages, Sequence[float]] = WeakKeyDictionary()


def deaf(call: Call, role: Role) -> NotMeasured | None:
    """Return why no back-channel of `role` could be known as one."""
    return words_unmeasured(call, role) if call.turns_of(role) is None else unheard(call, role)


def is_short(span: Span) -> bool:
    """Return whether `span` is shorter than 1.5 s."""
    return span.duration_s < SHORT_S - TOLERANCE_S


def only_listens(call: Call, scope: Scope, role: Role, span: Span, words: Listening) -> bool:
    """Return whether `span` of that speech is `words` alone, or short and without any.

    What was said must have been measured.
    """
    said = _plain_in(call, scope, role, span)
    return words.is_all_of(said) if said else is_short(span)


def turns_near(call: Call, scope: Scope, span: Span) -> range:
    """Return a stretch of the call's turns that holds all that touch `span`.

    Looked for by halving: a looping recogniser makes thousands of turns.
    """
    turns = call.turns or ()
    ended_s = _ENDED_S.get(scope.passage)
    if ended_s is None:
        ended_s = [*accumulate((turn.end_s for turn in turns), max)]
        _ENDED_S[scope.passage] = ended_s
    return range(bisect_left(ended_s, span.start_s), bisect_right(turns, span.end_s, key=_START_S))


def plain_of(passage: Passage) -> str:
    """Return all that is said in a turn, normalised: masked words as they stand."""
    plain = passage.plain.text  # which is there by now, and blank where masked
    return normalise(passage.text).text if BLANK in plain else plain


def _plain_in(call: Call, scope: Scope, role: Role, span: Span) -> str:
    """Return the words of `role` whose middle lies in `span`, normalised, no space around them."""
    start_s, turns = span.start_s, call.turns or ()
    near = [
        index
        for index in turns_near(call, scope, span)
        if turns[index].role == role and start_s <= turns[index].end_s
    ]
    if len(near) == 1 and _holds_all(span, turns[near[0]]):
        return plain_of(scope.passage(near[0])).strip()
    said = " ".join([_said_in(turns[index], span) for index in near])  # of several, as words
    return normalise(said).text.strip()


def _holds_all(span: Span, turn: Turn) -> bool:
    """Return whether the turn, or the middle of each of its words, lies in `span`."""
    if span.start_s <= turn.start_s and turn.end_s <= span.end_s:
        return True
    words = Words.of(turn.words)
    middles_s = [(a + b) / 2 for a, b in zip(words.starts_s, words.ends_s, strict=True)]
    return bool(middles_s) and span.start_s <= min(middles_s) and max(middles_s) <= span.end_s


def _said_in(turn: Turn, span: Span) -> str:
    if span.start_s <= turn.start_s and turn.end_s <= span.end_s:
        return turn.text
    return "".join(
        word.text
        for word in turn.words
        if span.start_s <= (word.start_s + word.end_s) / 2 <= span.end_s
    )
