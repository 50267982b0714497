"""How loud somebody speaks, turn by turn, by the level track of his channel."""

import math
from collections.abc import Sequence
from typing import NamedTuple

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
_SILENCE = 10 ** (SILENCE_DBFS / 10)


class SpokenTurn(NamedTuple):
    """One go of a party's speech: its power, full scale 1, summed over `n_active` frames."""

    span: Span
    power: float
    n_active: int

    @property
    def level_dbfs(self) -> float:
        """The mean level of its frames."""
        return _dbfs(self.power / self.n_active)


def track_of(call: Call, party: Speech) -> Track | None:
    """Return the level of the channel on which the party speaks."""
    levels = (track for track in call.tracks or () if track.kind == "level_dbfs")
    if party.channel is None:
        return next((track for track in levels if track.role == party.role), None)
    return next((track for track in levels if track.channel == party.channel), None)


def spoken_turns(call: Call, party: Speech, track: Track) -> list[SpokenTurn]:
    """Return the party's turns of 0.5 s of speech or longer, with their power."""
    others = tuple(s for s in call.speech or () if s is not party)
    levels = np.array(track.values, dtype=np.float64)
    middles_s = np.asarray((np.arange(levels.size) + 0.5) * track.hop_s, dtype=np.float64)
    alone = difference(
        party.spans, (x for s in others if s.channel == party.channel for x in s.spans)
    )
    edges = _frames(alone, middles_s)
    begun, ended = (np.bincount(at, minlength=levels.size + 1) for at in edges)
    active = np.cumsum(begun - ended)[:-1] > 0  # one more edge: where the track ends
    heard = np.flatnonzero(active & np.isfinite(levels))
    power_until = np.concatenate(([0.0], np.cumsum(10 ** (levels[heard] / 10))))
    turns = joined(party.spans, union(span for s in others for span in s.spans))
    first, last = (np.searchsorted(heard, frames) for frames in _frames(turns, middles_s))
    n_active, power = last - first, power_until[last] - power_until[first]
    return [
        SpokenTurn(span, total, n)
        for span, total, n in zip(turns, power.tolist(), n_active.tolist(), strict=True)
        if n * track.hop_s >= _MIN_ACTIVE_S - TOLERANCE_S
    ]


def _frames(spans: Sequence[Span], middles_s: Floats) -> tuple[Indices, Indices]:
    """Return the first frame whose middle lies in each span, and the first one after it."""
    first = np.searchsorted(middles_s, [span.start_s for span in spans])
    return first, np.searchsorted(middles_s, [span.end_s for span in spans])


def mean_level_dbfs(turns: Sequence[SpokenTurn]) -> float:
    """Return the mean level of some turns, each frame weighing the same."""
    return _dbfs(sum([turn.power for turn in turns]) / sum([turn.n_active for turn in turns]))


def _dbfs(power: float) -> float:
    return 10 * math.log10(max(power, _SILENCE))
