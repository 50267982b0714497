"""What of an agent's bad month will pass by itself: regression to the mean, put into a number."""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


def expected_shares(failed: Counts, judged: Counts) -> npt.NDArray[np.float64]:
    """Return the failure share that each agent [n_agents] will have if nothing is done.

    Who was picked for a high share had bad luck too. The share is drawn towards that of all agents
    by as much as chance, rather than the agents, makes them differ.

    Source: empirical Bayes, Efron & Morris 1975, JASA 70:311-319; variance between agents after
    DerSimonian & Laird 1986, Controlled Clinical Trials 7:177-188.
    """
    mean = failed.sum() / judged.sum()
    shares = failed / judged
    within = mean * (1 - mean) / judged
    if mean in (0.0, 1.0) or len(failed) < 2:
        return np.full(len(failed), mean)
    weights = 1 / within
    spread = float((weights * (shares - mean) ** 2).sum()) - (len(failed) - 1)
    between = max(0.0, spread / float(weights.sum() - (weights**2).sum() / weights.sum()))
    kept = between / (between + within)
    expected: npt.NDArray[np.float64] = mean + kept * (shares - mean)
    return expected
