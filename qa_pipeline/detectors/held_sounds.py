"""Where one party holds a sound, whether in a word or not: what `acoustics.sustained` measured."""

from collections.abc import Callable, Iterator

from qa_pipeline.records import Call, Speech
from qa_pipeline.spans import Span, intersection, union

#: The two sounds of "um", or a waver in one, are one sound.
_JOIN_S = 0.1


def held_sounds(call: Call, party: Speech, may_count: Callable[[Span], bool]) -> tuple[Span, ...]:
    """Return the tidy stretches of the party's speech in which one sound is held.

    `may_count` says of a sound, before it is cut to speech, whether some part of it may be of use:
    mostly none is, and the others are left out before they cost anything.
    """
    held = [s for one in call.sustained or () if one.channel == party.channel for s in one.spans]
    sounds = [sound for sound in union(held, join_gap_s=_JOIN_S) if may_count(sound)]
    if not sounds:
        return ()
    return union(intersection(intersection(held, sounds), party.spans), join_gap_s=_JOIN_S)


def others_speech(call: Call, party: Speech) -> Iterator[Span]:
    """Yield where anybody but the party speaks."""
    for other in call.speech or ():
        if other is not party:
            yield from other.spans
