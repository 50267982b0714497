"""Common or individual: the permutation test against exact tails and against brute force."""

import numpy as np
import pytest
from scipy.stats import hypergeom

from qa_pipeline.statistics.concentration import concentration


def test_failures_of_one_agent_are_found() -> None:
    judged = np.full((1, 10), 100)
    failed = np.array([[30, 3, 2, 4, 3, 2, 3, 4, 2, 3]])
    found = concentration(failed, judged)
    assert found.p == pytest.approx(1 / 2000)
    assert found.p_agents[0] < 1e-6
    assert (found.p_agents[1:] > 0.5).all()
    assert found.expected == pytest.approx(np.full(10, 5.6))
    assert found.dispersion > 10


def test_the_tail_of_an_agent_is_exact() -> None:
    judged, failed = np.array([[40, 60, 25]]), np.array([[9, 5, 1]])
    found = concentration(failed, judged)
    exact = hypergeom(125, 15, 40)
    assert found.p_agents[0] == pytest.approx(exact.sf(9) + exact.pmf(9) / 2)


def test_an_agent_of_two_strata_is_compared_within_each() -> None:
    """A whole team that fails often is no agent's own problem; the stratum takes it out."""
    judged = np.array([[200, 200, 0, 0], [0, 0, 200, 200]])
    failed = np.array([[60, 62, 0, 0], [0, 0, 4, 5]])
    found = concentration(failed, judged)
    assert found.p > 0.5
    together = concentration(failed.sum(axis=0)[None, :], judged.sum(axis=0)[None, :])
    assert together.p < 0.01


def test_the_deal_is_the_permutation_of_calls() -> None:
    """The same p as from permuting the failures over the calls one by one."""
    rng = np.random.default_rng(2)
    agent = np.repeat(np.arange(4), [10, 20, 30, 40])
    judged = np.bincount(agent)
    failed = np.array([5, 7, 4, 9])
    outcome = np.arange(100) < failed.sum()
    dealt = np.array(
        [np.bincount(agent, weights=rng.permutation(outcome), minlength=4) for _ in range(3000)]
    )
    scaled = (judged / 4, judged * (100 - judged))  # mean 1/4 of the calls; variance up to a factor
    distance = ((dealt - scaled[0]) ** 2 / scaled[1]).sum(axis=1)
    own = ((failed - scaled[0]) ** 2 / scaled[1]).sum()
    found = concentration(failed[None, :], judged[None, :])
    assert found.p == pytest.approx((distance >= own - 1e-9).mean(), abs=0.035)
    assert 0.05 < found.p < 0.5


@pytest.mark.parametrize("failed", [0, 50])
def test_nothing_or_everything_failed_says_nothing(failed: int) -> None:
    found = concentration(np.full((1, 3), failed), np.full((1, 3), 50))
    assert (found.p, found.dispersion) == (1.0, 1.0)
    assert (found.p_agents >= 0.5).all()


@pytest.mark.slow
def test_even_failures_are_called_uneven_as_rarely_as_said() -> None:
    rng = np.random.default_rng(20261201)
    judged = np.array([[30, 50, 80, 20, 60], [40, 40, 10, 90, 20]])
    small = sum(
        concentration(rng.binomial(judged, [[0.1], [0.3]]), judged, seed=i).p <= 0.05
        for i in range(400)
    )
    assert small / 400 <= 0.075
