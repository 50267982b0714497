"""Words that ask for patience shortly before a silence: they excuse it, or make it a hold."""

from collections.abc import Iterator
from functools import cache

from qa_pipeline.detectors.listening import plain_of, turns_near
from qa_pipeline.detectors.registry import Scope
from qa_pipeline.language.back_channels import Listening, listening
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import normalise
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.search import Place, search
from qa_pipeline.records import Call
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language

#: How long before a silence its announcement may end (SCORECARD.md).
_BEFORE_S = 10.0


def announcements(
    call: Call, phrases: tuple[str, ...], scope: Scope, silence: Span
) -> Iterator[tuple[int, Passage, Place]]:
    """Yield where somebody asks for patience before `silence`: the turn's index, and the place.

    The latest turns come first. It ends within 10 s before the silence, with nothing in between but
    back-channels and replies like 谢谢. A customer who reports having been told to wait
    (你让我稍等) asks for nothing, nor do words that were heard too unsurely.
    """
    for index, passage, place in _said(call, phrases, scope, silence):
        if (
            scope.trusts(passage, place.start, place.end)
            and not _reported(passage, place)
            and _only_agreed(call, scope, index, silence)
        ):
            yield index, passage, place


def left_unexcused(
    call: Call,
    scope: Scope,
    silence: Span,
    excused_by: tuple[str, ...],
    excused_max_s: float | None,
) -> tuple[Span, bool] | None:
    """Return what no announcement excuses of `silence`, and whether that is but the excess.

    None where all of it is excused. The words must have been measured.
    """
    if next(announcements(call, excused_by, scope, silence), None) is None:
        return silence, False
    if excused_max_s is None or silence.duration_s <= excused_max_s + TOLERANCE_S:
        return None
    return Span(silence.start_s + excused_max_s, silence.end_s), True


def _said(
    call: Call, phrases: tuple[str, ...], scope: Scope, silence: Span
) -> Iterator[tuple[int, Passage, Place]]:
    """Yield what of `phrases` is said before `silence` begins and ends within 10 s before."""
    if not phrases or not call.turns_of(None):
        return
    until_s = silence.start_s + TOLERANCE_S
    from_s = silence.start_s - _BEFORE_S - TOLERANCE_S
    saying = scope.passage.hits(phrases)
    near = Span(silence.start_s - _BEFORE_S - 1, silence.start_s)
    for index in filter(saying.__contains__, reversed(turns_near(call, scope, near))):
        passage = scope.passage(index)
        for place in search(passage, phrases, "text"):
            start_s, end_s = passage.span_s(place.start, place.end)
            if start_s < until_s and from_s <= end_s:
                yield index, passage, place


def _reported(passage: Passage, place: Place) -> bool:
    """Return whether a customer reports what he was told (你让我稍等), not what he does."""
    if passage.role == "agent":
        return False
    shipped = lexicon(passage.language)
    start, _ = passage.sentence(place.start, place.end)
    own = search(passage, shipped.not_reported, "text")
    return any(
        start <= told.start <= place.start
        and _leads_to(passage.text[told.end : place.start], passage.language)
        and not any(one.overlaps(told.start, told.end) for one in own)
        for told in search(passage, shipped.reported, "text")
    )


def _leads_to(between: str, language: Language) -> bool:
    """Return whether a report goes on over what stands between: perhaps small words, no mark."""
    plain = normalise(between).text
    if not all(character.isalpha() or character in " '" for character in plain):
        return False
    small = listening(language, lexicon(language).reported_over)
    return not plain.strip() or small.is_all_of(plain)


def _only_agreed(call: Call, scope: Scope, announced: int, silence: Span) -> bool:
    """Return whether every turn between that of the words and `silence` only agrees to wait."""
    turns = call.turns or ()
    words = agreeing(call.language)
    for index in range(announced + 1, len(turns)):
        turn = turns[index]
        if turn.start_s >= silence.start_s:
            break  # so do all that follow
        if turn.words and not words.is_all_of(plain_of(scope.passage(index))):
            return False
    return True


@cache
def agreeing(language: Language) -> Listening:
    """Return what leaves an announcement as it is: back-channels, and replies like 谢谢."""
    shipped = lexicon(language)
    return listening(language, (*shipped.back_channels, *shipped.wait_replies))
