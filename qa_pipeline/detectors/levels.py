"""How loud somebody speaks, turn by turn, by the level track of his channel."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_pipeline.acoustics.tracks import SILENCE_DBFS, Floats
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Speech, Track
from qa_pipeline.spans import Span, difference, union
from qa_pipeline.turns import joined

Indices = NDArray[np.int64]

#: A level means little on less speech than this: a breath, a click.
_MIN_ACTIVE_S = 0.5


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One go of a party's speech: its power, full scale 1, summed over `n_active` frames."""

    span: Span
    power: float
    n_active: int


def track_of(call: Call, party: Speech) -> Track | None:
    """Return the level of the channel on which the party speaks."""
    levels = (track for track in call.tracks or () if track.kind == "level_dbfs")
    if party.channel is None:
        return next((track for track in levels if track.role == party.role), None)
    return next((track for track in levels if track.channel == party.channel), None)


def spoken_turns(call: Call, party: Speech, track: Track) -> Iterator[SpokenTurn]:
    """Yield the party's turns of 0.5 s of speech or longer, with their power."""
    others = tuple(s for s in call.speech or () if s is not party)
    alone = difference(
        party.spans, (x for s in others if s.channel == party.channel for x in s.spans)
    )
    levels = np.array(track.values, dtype=np.float64)
    middles_s = (np.arange(levels.size) + 0.5) * track.hop_s
    active = np.zeros(levels.size + 1)
    np.add.at(active, np.searchsorted(middles_s, [s.start_s for s in alone]), 1)
    np.add.at(active, np.searchsorted(middles_s, [s.end_s for s in alone]), -1)
    active = np.cumsum(active)[:-1] * np.isfinite(levels)
    power = np.zeros(levels.size)
    power[active > 0] = 10 ** (levels[active > 0] / 10)
    spans = joined(party.spans, union(span for s in others for span in s.spans))
    first = np.searchsorted(middles_s, [s.start_s for s in spans])
    last = np.searchsorted(middles_s, [s.end_s for s in spans])
    sums = zip(spans, _between(power, first, last), _between(active, first, last), strict=True)
    for span, total, n in sums:
        if n * track.hop_s >= _MIN_ACTIVE_S - TOLERANCE_S:
            yield SpokenTurn(span, float(total), round(n))


def _between(values: Floats, first: Indices, last: Indices) -> Floats:
    """Return the sums of `values[first:last]`, for many at once."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(sums[last] - sums[first])


def mean_level_dbfs(turns: Sequence[SpokenTurn]) -> float:
    """Return the mean level of some turns, each frame weighing the same."""
    power = sum(turn.power for turn in turns) / sum(turn.n_active for turn in turns)
    return 10 * math.log10(max(power, 10 ** (SILENCE_DBFS / 10)))
