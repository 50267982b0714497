"""Weights by inclusion probability give the truth back, whatever a plan raises, owes and floors.

A month of nightly batches and a late one, with everything at once: focus, per-agent quotas that
depend on what earlier batches drew, exempt and fully inspected agents, strata by verdict. The
outcome hangs on the agent, the focus and the verdict, so that an unweighted rate is far off.
"""

import math
import random
from collections import Counter

import pytest

from qa_pipeline.sampling.batch import draw_batch
from qa_pipeline.sampling.capacity import Days, batch_size
from qa_pipeline.sampling.cells import Member
from qa_pipeline.sampling.members import EXEMPT, design_of, level_block
from qa_pipeline.sampling.plan import SamplingPlan

N_DRAWS, N_DAYS = 400, 6
N_WANTED = 120
AGENTS = {f"agent=a{i}": 30 + 25 * i for i in range(6)}
PLAN = SamplingPlan.model_validate(
    {
        "sampling": "all-at-once",
        "strata": ["group", "machine_verdict"],
        "calls": N_WANTED,
        "per_agent": 12,
        "random_floor": 0.3,
        "focus": [{"id": "new", "share": 0.3, "when": {"product": "new"}}],
        "levels": {"exempt": 0.05, "exempt_minimum": 4},
    }
)


def month() -> tuple[list[list[Member]], dict[str, int]]:
    """Return the calls of each batch, and call -> whether people would pass it (1 or 0)."""
    rng = random.Random(20261101)
    batches: list[list[Member]] = [[] for _ in range(N_DAYS + 1)]
    passes: dict[str, int] = {}
    for number, (unit, n_calls) in enumerate(AGENTS.items()):
        for i in range(n_calls):
            is_new = rng.random() < 0.15
            chance = 0.95 - 0.1 * number - (0.25 if is_new else 0)
            call_id = f"{unit}-{i:03d}"
            passes[call_id] = int(rng.random() < chance)
            agrees = rng.random() < 0.85
            verdict = "pass" if bool(passes[call_id]) == agrees else "fail"
            block = "focus=new" if is_new else ""
            if number in (0, 5):
                block = level_block("full" if number == 0 else "exempt", "agent", unit[6:])
            group = "G" if number % 2 else "H"
            member = Member(call_id, f"{group}/{verdict}", verdict, unit, block)
            day = N_DAYS if rng.random() < 0.05 else rng.randrange(N_DAYS)
            batches[day].append(member)
    return batches, passes


def draw(batches: list[list[Member]], seed: str) -> dict[str, float]:
    """Draw the month batch by batch; return drawn call -> its inclusion probability."""
    chance: dict[str, float] = {}
    units: Counter[str] = Counter()
    n_framed = 0
    for number, members in enumerate(batches):
        days = Days(N_DAYS, min(number, N_DAYS), min(number + 1, N_DAYS))
        is_late = number == N_DAYS
        n_calls = (0, len(members)) if is_late else (len(members), 0)
        n = batch_size(N_WANTED, days, n_calls, (n_framed, len(chance)))
        design = design_of(PLAN, members, units, {}, days)
        batch = draw_batch(members, "2026-10", f"{number}", n_calls=n, design=design, seed=seed)
        probability = {s.stratum: s.inclusion_probability for s in batch.strata}
        drawn = {call.call_id: probability[call.stratum] for call in batch.drawn}
        units.update(m.unit for m in members if m.call_id in drawn)
        chance |= drawn
        n_framed += len(members)
    return chance


def mean_and_error(values: list[float]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return mean, spread / math.sqrt(len(values))


@pytest.mark.slow
def test_horvitz_thompson_is_unbiased_over_400_draws_of_an_overlapping_plan() -> None:
    batches, passes = month()
    parts = {unit: {m.call_id for b in batches for m in b if m.unit == unit} for unit in AGENTS}
    parts["new"] = {m.call_id for b in batches for m in b if m.block == "focus=new"}
    parts["machine-passed"] = {m.call_id for b in batches for m in b if m.verdict == "pass"}
    parts["all"] = set(passes)
    totals: dict[str, list[float]] = {name: [] for name in parts}
    sizes: dict[str, list[float]] = {name: [] for name in parts}
    naive: list[float] = []
    for number in range(N_DRAWS):
        chance = draw(batches, f"draw-{number}")
        naive.append(sum(passes[c] for c in chance) / len(chance))
        for name, part in parts.items():
            own = [call_id for call_id in chance if call_id in part]
            totals[name].append(math.fsum(passes[c] / chance[c] for c in own))
            sizes[name].append(math.fsum(1 / chance[c] for c in own))
    for name, part in parts.items():
        truth = sum(passes[call_id] for call_id in part)
        mean, error = mean_and_error(totals[name])
        assert mean == pytest.approx(truth, abs=3.5 * error + 1e-9), name
        n_mean, n_error = mean_and_error(sizes[name])
        assert n_mean == pytest.approx(len(part), abs=3.5 * n_error + 1e-9), name
    mean, error = mean_and_error(naive)
    assert abs(mean - sum(passes.values()) / len(passes)) > 10 * error, "a plan that tilts nothing"


def test_every_agent_gets_the_quota_and_the_exempt_one_the_floor() -> None:
    batches, _ = month()
    unit_of = {m.call_id: m.unit for b in batches for m in b}
    exempt = {m.unit for b in batches for m in b if m.block == EXEMPT}
    for number in range(10):
        heard = Counter(unit_of[call_id] for call_id in draw(batches, f"draw-{number}"))
        for unit, n_calls in AGENTS.items():
            if unit in exempt:
                assert 4 <= heard[unit] <= 0.2 * n_calls
            elif unit == "agent=a0":
                assert heard[unit] == n_calls, "fully inspected"
            else:
                assert heard[unit] >= 12
