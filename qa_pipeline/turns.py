"""From words and speech to turns: one party's speech joined over short gaps of its own.

A turn goes on over gaps shorter than `TURN_GAP_S` in which nobody else speaks.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qa_pipeline.records import Role, Speech, Turn
from qa_pipeline.spans import Span, union
from qa_pipeline.words import Word

#: A gap from which on a new turn begins (SCORECARD.md, "Finding words").
TURN_GAP_S = 1.0

_ORDER: dict[Role | None, int] = {"agent": 0, "customer": 1, None: 2}


@dataclass(slots=True)
class _Party:
    """One who speaks: a role, or a channel whose role nobody knows."""

    role: Role | None
    channel: int | None
    words: list[Word] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)


def assemble(
    words: Sequence[tuple[Role | None, int | None, Word]], speech: tuple[Speech, ...] | None
) -> tuple[Turn, ...]:
    """Return the turns of (role, channel, word), in order of time; speech without words is none.

    Words of role None form turns by pauses. Without `speech` the words' own times stand for it;
    with it, so do those of words that lie outside all of it.
    """
    parties: dict[Role | tuple[str, int | None], _Party] = {}
    for role, channel, word in words:
        party = parties.setdefault(role or ("channel", channel), _Party(role, channel))
        party.words.append(word)
    for one in speech or ():
        key = one.role or ("channel", one.channel)
        parties.setdefault(key, _Party(one.role, one.channel)).speech.extend(one.spans)
    talk = [(party, _stretches(party)) for party in parties.values()]
    turns = [
        turn
        for party, own in talk
        for turn in _turns_of(
            party, joined(own, union(s for p, spans in talk if p is not party for s in spans))
        )
    ]
    return tuple(sorted(turns, key=lambda t: (t.start_s, t.end_s, _ORDER[t.role], t.channel or 0)))


def _stretches(party: _Party) -> tuple[Span, ...]:
    """Return where `party` speaks: its speech, and words that lie outside all of it."""
    measured = union(party.speech)
    said = (Span(word.start_s, word.end_s) for word in party.words)
    outside = (span for span in said if not touches(span, measured))
    return union((*measured, *(_lasting(span) for span in outside)))


def _lasting(span: Span) -> Span:
    """Give a word without length a moment, so that it is not lost."""
    return span if span.duration_s > 0 else Span(span.start_s, span.start_s + 0.01)


def touches(span: Span, tidy: tuple[Span, ...]) -> bool:
    """Return whether `span` shares time with one of `tidy`, or lies inside without length."""
    after = bisect_right(tidy, span.end_s, key=lambda s: s.start_s)
    return after > 0 and (
        tidy[after - 1].overlap_s(span) > 0
        or tidy[after - 1].start_s <= span.start_s < tidy[after - 1].end_s
        or (after > 1 and tidy[after - 2].overlap_s(span) > 0)
    )


def joined(stretches: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    """Join one party's tidy stretches over gaps < `TURN_GAP_S` in which no other speaks.

    `others` is tidy too.
    """
    turns: list[Span] = []
    began_s = ended_s = -math.inf
    rest = iter(others)
    other = next(rest, None)
    for stretch in stretches:
        start_s = stretch.start_s
        goes_on = start_s - ended_s < TURN_GAP_S
        if goes_on:
            while other is not None and other.end_s <= ended_s:
                other = next(rest, None)
            goes_on = other is None or other.start_s >= start_s
        if goes_on:
            turns[-1] = Span(began_s, stretch.end_s)
        else:
            turns.append(stretch)
            began_s = start_s
        ended_s = stretch.end_s
    return tuple(turns)


def _turns_of(party: _Party, spans: tuple[Span, ...]) -> Iterable[Turn]:
    """Yield the turns: every word goes where it overlaps most, turns without words are left out."""
    held: dict[int, list[Word]] = {}
    for word in sorted(party.words, key=lambda w: (w.start_s, w.end_s)):
        held.setdefault(_home(word, spans), []).append(word)
    for i, words in sorted(held.items()):
        start_s = min(spans[i].start_s, words[0].start_s)
        end_s = max(spans[i].end_s, *(word.end_s for word in words))
        yield Turn(party.role, party.channel, start_s, end_s, tuple(words))


def _home(word: Word, spans: tuple[Span, ...]) -> int:
    """Return the index of the span that `word` overlaps most, else the nearest."""
    said = Span(word.start_s, word.end_s)
    first = max(0, bisect_right(spans, said.start_s, key=lambda s: s.start_s) - 1)
    last = bisect_right(spans, said.end_s, key=lambda s: s.start_s)
    near = range(first, max(last, first + 1))
    return max(near, key=lambda i: (spans[i].overlap_s(said), -_distance_s(spans[i], said), -i))


def _distance_s(a: Span, b: Span) -> float:
    return max(0.0, a.start_s - b.end_s, b.start_s - a.end_s)
