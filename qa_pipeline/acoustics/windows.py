"""Recognition windows: the stretches that a recogniser hears one by one.

Speech closer than a gap is heard together, so that words keep their context; silence is not
heard at all, because recognisers invent words there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa_pipeline.spans import Span, gaps, union

#: Where to cut speech that never pauses, given the earliest and latest second.
Cut = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """What speech is heard together: gaps shorter than `join_gap_s` and windows of `max_window_s`.

    The defaults suit Whisper, which was trained on windows of 30 s.
    """

    join_gap_s: float = 1.0
    max_window_s: float = 30.0


def middle(start_s: float, end_s: float) -> float:
    """Cut half-way."""
    return (start_s + end_s) / 2


def speech_windows(
    speech: Iterable[Span],
    *,
    limits: WindowLimits,
    pad_s: float,
    duration_s: float,
    cut: Cut = middle,
) -> tuple[Span, ...]:
    """Return disjoint windows over `speech`, within the limits, its padding too.

    Every window is a run of speech joined over short gaps, padded by up to `pad_s` into the silence
    around it. A run that is too long is split at its longest pause, again and again; speech without
    a pause is cut where `cut` says.
    """
    tidy = union(speech)
    pieces: list[Span] = []
    for run in union(tidy, join_gap_s=limits.join_gap_s):
        inside = tuple(s for s in tidy if run.start_s <= s.start_s < run.end_s)
        pieces.extend(_split(inside, limits.max_window_s - 2 * pad_s, cut))
    return _padded(pieces, pad_s, duration_s)


def _split(run: tuple[Span, ...], limit_s: float, cut: Cut) -> list[Span]:
    whole = Span(run[0].start_s, run[-1].end_s)
    if whole.duration_s <= limit_s:
        return [whole]
    pauses = gaps(run)
    if pauses:
        longest = max(pauses, key=lambda pause: pause.duration_s)
        left = tuple(s for s in run if s.end_s <= longest.start_s)
        right = tuple(s for s in run if s.start_s >= longest.end_s)
        return _split(left, limit_s, cut) + _split(right, limit_s, cut)
    earliest, latest = whole.start_s + limit_s / 2, whole.start_s + limit_s
    at_s = min(max(cut(earliest, latest), earliest), latest)
    rest = _split((Span(at_s, whole.end_s),), limit_s, cut)
    return [Span(whole.start_s, at_s), *rest]


def _padded(pieces: list[Span], pad_s: float, duration_s: float) -> tuple[Span, ...]:
    """Grow every piece by `pad_s`, at most half-way to its neighbour."""
    grown: list[Span] = []
    for i, piece in enumerate(pieces):
        before_s = (piece.start_s - pieces[i - 1].end_s) / 2 if i else piece.start_s
        after_s = (
            (pieces[i + 1].start_s - piece.end_s) / 2
            if i + 1 < len(pieces)
            else max(0.0, duration_s - piece.end_s)
        )
        grown.append(Span(piece.start_s - min(pad_s, before_s), piece.end_s + min(pad_s, after_s)))
    return tuple(grown)
