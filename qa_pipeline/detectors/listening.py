"""Speech that takes no turn: somebody only lets the other know that he is listening."""

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import NotMeasured, Scope
from qa_pipeline.language.back_channels import Listening
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.units import BLANK
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.spans import Span
from qa_pipeline.words import Words

#: Sounds this long are speech, whether or not a word of them was recognised (SCORECARD.md).
SHORT_S = 1.5


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


def plain_of(passage: Passage) -> str:
    """Return all that is said in a turn, normalised: masked words as they stand."""
    plain = passage.plain.text  # which is there by now, and blank where masked
    return normalise(passage.text).text if BLANK in plain else plain


def _plain_in(call: Call, scope: Scope, role: Role, span: Span) -> str:
    """Return the words of `role` whose middle lies in `span`, normalised, no space around them."""
    start_s, end_s = span.start_s, span.end_s
    near = [
        one
        for one in call.turns_of(role) or ()
        if one[1].start_s <= end_s and start_s <= one[1].end_s
    ]
    if len(near) == 1 and _holds_all(span, near[0][1]):
        return plain_of(scope.passage(near[0][0])).strip()
    said = " ".join([_said_in(turn, span) for _, turn in near])  # of several turns, as words
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
