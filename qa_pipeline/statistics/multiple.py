"""Many comparisons at once: how many of the "changes" would be chance."""

from collections.abc import Sequence

import numpy as np


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Return the adjusted q of each p, in the order given: the false discovery rate at its cut.

    Source: Benjamini & Hochberg 1995, JRSS B 57:289-300.
    """
    if not p:
        return ()
    given = np.asarray(p, dtype=float)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * len(given) / np.arange(1, len(given) + 1)
    adjusted = np.empty_like(scaled)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return tuple(float(q) for q in np.minimum(adjusted, 1.0))
