"""Where one party holds a sound, whether in a word or not: what `acoustics.sustained` measured."""

from collections.abc import Iterator

from qa_pipeline.records import Call, Speech
from qa_pipeline.spans import Span, intersection, union

#: The two sounds of "um", or a waver in one, are one sound.
_JOIN_S = 0.1


def held_sounds(call: Call, party: Speech, *, at_least_s: float = 0.0) -> tuple[Span, ...]:
    """Return the tidy stretches of the party's speech in which one sound is held.

    Where none lasts `at_least_s`, as in most calls for a drawl, there may be none.
    """
    held = [s for one in call.sustained or () if one.channel == party.channel for s in one.spans]
    if at_least_s and not _last(held, at_least_s):
        return ()
    return union(intersection(held, party.spans), join_gap_s=_JOIN_S)


def _last(held: list[Span], at_least_s: float) -> bool:
    """Return whether one of the sounds, before it is cut to speech, lasts so long."""
    joined = union(held, join_gap_s=_JOIN_S)
    return any(span.end_s - span.start_s >= at_least_s for span in joined)


def others_speech(call: Call, party: Speech) -> Iterator[Span]:
    """Yield where anybody but the party speaks."""
    for other in call.speech or ():
        if other is not party:
            yield from other.spans
