"""How loud somebody speaks, turn by turn, by the level track of his channel."""

import math
from collections.abc import Sequence
from functools import lru_cache
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


def track_of(call: Call, party: Speech) -> Track | None:
    """Return the level of the channel on which the party speaks."""
    levels = (track for track in call.tracks or () if track.kind == "level_dbfs")
    if party.channel is None:
        return next((track for track in levels if track.role == party.role), None)
    return next((track for track in levels if track.channel == party.channel), None)


def spoken_turns(call: Call, party: Speech, track: Track) -> list[SpokenTurn]:
    """Return the party's turns of 0.5 s of speech or longer, with their power."""
    others = [s for s in call.speech or () if s is not party]
    levels = np.array(track.values, dtype=np.float64)
    middles_s = _middles_s(1 << levels.size.bit_length(), track.hop_s)[: levels.size]
    shared = [span for s in others if s.channel == party.channel for span in s.spans]
    alone = difference(party.spans, shared) if shared else party.spans
    begun, ended = (np.bincount(at, minlength=levels.size + 1) for at in _frames(alone, middles_s))
    active = (begun - ended).cumsum()[:-1] > 0  # one more edge: where the track ends
    heard = (active & np.isfinite(levels)).nonzero()[0]
    power_until = np.concatenate(([0.0], (10 ** (levels[heard] / 10)).cumsum()))
    turns = joined(party.spans, union([span for s in others for span in s.spans]))
    first, last = heard.searchsorted(_frames(turns, middles_s))
    n_active, power = last - first, power_until[last] - power_until[first]
    return [
        SpokenTurn(span, total, n)
        for span, total, n in zip(turns, power.tolist(), n_active.tolist(), strict=True)
        if n * track.hop_s >= _MIN_ACTIVE_S - TOLERANCE_S
    ]


@lru_cache(maxsize=8)
def _middles_s(n_frames: int, hop_s: float) -> Floats:
    """Return the middle of each frame, for calls of all lengths up to this."""
    return np.asarray((np.arange(n_frames) + 0.5) * hop_s, dtype=np.float64)


def _frames(spans: Sequence[Span], middles_s: Floats) -> Indices:
    """Return the first frame whose middle lies in each span, and the first one after it: 2 rows."""
    borders_s = [[span.start_s for span in spans], [span.end_s for span in spans]]
    return middles_s.searchsorted(np.array(borders_s, dtype=np.float64))


def mean_power(turns: Sequence[SpokenTurn]) -> float:
    """Return the mean power of some turns, each frame weighing the same."""
    return sum([turn.power for turn in turns]) / sum([turn.n_active for turn in turns])


def dbfs(power: float) -> float:
    """Return the level of a mean power, silence at the least."""
    return 10 * math.log10(max(power, _SILENCE))
