"""Our pitch track against librosa's pYIN, an independent method, on a spoken call.

pYIN needs a hop of about 10 ms (it tracks a path), so it is no substitute at ours of 100 ms.
"""

import warnings

import numpy as np
import pytest

from qa_pipeline.acoustics.tracks import TRACK_HOP_S, pitch_track
from qa_pipeline.audio.decode import decode
from qa_pipeline.audio.probe import probe
from qa_pipeline.spans import Span
from tests.conftest import ROOT

HOP_S = 0.01


@pytest.mark.slow
def test_voiced_frames_agree_with_pyin() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of numba's, at import
        import librosa

        recording = probe(ROOT / "qa_pipeline" / "demo" / "recordings" / "zh-15.wav")
        heard = decode(recording)
        rate_hz = heard.sample_rate_hz
        samples = heard.samples[0][: 30 * rate_hz]
        theirs, _, _ = librosa.pyin(
            samples,
            fmin=60,
            fmax=400,
            sr=rate_hz,
            frame_length=512,
            hop_length=int(HOP_S * rate_hz),
        )
    ours = pitch_track(samples, rate_hz, (Span(0, 30),), 0).values
    pairs = [
        (mine, theirs[round(i * TRACK_HOP_S / HOP_S)])
        for i, mine in enumerate(ours)
        if mine is not None and not np.isnan(theirs[round(i * TRACK_HOP_S / HOP_S)])
    ]
    n_theirs = np.count_nonzero(~np.isnan(theirs[:: round(TRACK_HOP_S / HOP_S)]))
    apart = np.array([abs(mine / other - 1) for mine, other in pairs])
    assert len(pairs) > 0.7 * n_theirs
    assert np.median(apart) < 0.02
    assert np.mean(apart > 0.1) < 0.1
