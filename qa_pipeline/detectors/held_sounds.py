"""Where one party holds a sound, whether in a word or not: what `acoustics.sustained` measured."""

from collections.abc import Iterator

from qa_pipeline.records import Call, Speech
from qa_pipeline.spans import Span, intersection, union

#: The two sounds of "um", or a waver in one, are one sound.
_JOIN_S = 0.1


def held_sounds(call: Call, party: Speech) -> tuple[Span, ...]:
    """Return the tidy stretches of the party's speech in which one sound is held."""
    held = (s for one in call.sustained or () if one.channel == party.channel for s in one.spans)
    return union(intersection(held, party.spans), join_gap_s=_JOIN_S)


def others_speech(call: Call, party: Speech) -> Iterator[Span]:
    """Yield where anybody but the party speaks."""
    for other in call.speech or ():
        if other is not party:
            yield from other.spans
