"""The draw: frozen values that every machine must repeat."""

import random

import polars as pl
import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.sampling.batch import Batch, draw_batch
from qa_pipeline.sampling.capacity import Days, batch_size
from qa_pipeline.sampling.cells import Design, Member
from qa_pipeline.sampling.draw import lowest, seed_of, ticket, uniform
from qa_pipeline.sampling.strata import calls_with_verdicts, strata_of, stratum_values

SEED = "2026-11|loans"
CALLS = [f"call-{i:04d}" for i in range(1, 1001)]


def test_ticket_oracles() -> None:
    assert seed_of("2026-11", "loans") == SEED
    assert f"{ticket('call-0001', SEED):016x}" == "b97defd46d87b869"
    assert f"{ticket('call-0002', SEED):016x}" == "0983bfc396cc5fb7"
    assert uniform("call-0001", SEED) == pytest.approx(0.724577893603, abs=5e-13)
    assert uniform("call-0002", SEED) == pytest.approx(0.037166581393, abs=5e-13)


def test_bottom_five_oracle_in_any_order_of_rows() -> None:
    expected = ("call-0907", "call-0171", "call-0133", "call-0667", "call-0067")
    assert lowest(CALLS, 5, SEED) == expected
    shuffled = CALLS.copy()
    random.Random(1).shuffle(shuffled)
    assert lowest(shuffled + CALLS, 5, SEED) == expected


def test_a_long_chinese_stratum_is_a_seed_too() -> None:
    """BLAKE2b refuses keys over 64 bytes; 22 characters of Chinese are 66."""
    long = seed_of("2026-11", "电话销售中心华东区域订购热线第一客户服务小组/undecided")
    assert ticket("call-0001", long) != ticket("call-0001", long + "x")
    assert 0 <= uniform("call-0001", long) < 1


def test_tickets_are_even() -> None:
    """Ten equal bins of 1,000 tickets stay near 100 each: chi-square, 9 d.f., 0.1 % point 27.9."""
    bins = [0] * 10
    for call_id in CALLS:
        bins[int(uniform(call_id, SEED) * 10)] += 1
    assert sum((n - 100) ** 2 / 100 for n in bins) < 27.9


def _strata(evaluations: pl.DataFrame, *names: str) -> dict[str, str]:
    calls = calls_with_verdicts(evaluations)
    return dict(zip(calls["call_id"], strata_of(calls, names), strict=True))


def _members(evaluations: pl.DataFrame) -> list[Member]:
    return [Member(*row) for row in _strata(evaluations, "group", "machine_verdict").items()]


def _drawn(members: list[Member]) -> Batch:
    return draw_batch(members, "2026-11", "1", n_calls=40, design=Design(minimum=5))


def _evaluations(n: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "call_id": [f"c{i:03d}" for i in range(n)],
            "scorecard_id": ["order-line"] * n,
            "group": ["订购组" if i % 3 else "A/B 100%" for i in range(n)],
            "passed": [None if i % 10 == 0 else i % 4 != 0 for i in range(n)],
            "metadata": [
                '{"shop": "north", "cost-centre 1": 8}' if i % 2 else "{}" for i in range(n)
            ],
        },
        schema_overrides={"passed": pl.Boolean},
    )


def test_frame_and_names_of_strata() -> None:
    strata = _strata(_evaluations(40), "group", "machine_verdict")
    assert list(strata) == sorted(strata)
    assert strata["c000"] == "A%2FB 100%25/undecided"
    assert stratum_values(strata["c000"]) == ("A/B 100%", "undecided")
    assert strata["c004"] == "订购组/fail"


@pytest.mark.parametrize(("column", "value"), [("shop", "north"), ("cost-centre 1", "8")])
def test_a_manifest_column_makes_strata(column: str, value: str) -> None:
    assert [*_strata(_evaluations(4), column).values()] == ["-", value, "-", value]


def test_unknown_column_is_told_with_the_nearest() -> None:
    with pytest.raises(WrongUse, match="no call has this column") as refused:
        _strata(_evaluations(4), "groop")
    assert "'group'" in refused.value.say("en")
    with pytest.raises(WrongUse):
        _strata(_evaluations(4), "shop'] | $..*")
    with pytest.raises(WrongUse):
        _strata(_evaluations(4), "shop\\")


def test_the_strictest_evaluation_is_the_calls_verdict() -> None:
    evaluations = pl.DataFrame(
        {
            "call_id": ["a", "a", "b", "b", "c", "c", "d"],
            "scorecard_id": ["x", "y", "x", "y", "x", "y", "x"],
            "passed": [True, False, True, None, None, False, True],
            "metadata": ["{}"] * 7,
        }
    )
    assert _strata(evaluations, "machine_verdict") == {
        "a": "fail",
        "b": "undecided",
        "c": "fail",
        "d": "pass",
    }


def test_batch_is_the_same_in_any_order_of_rows() -> None:
    evaluations = _evaluations(200)
    members = _members(evaluations)
    shuffled = random.Random(3).sample(members, len(members))
    first, second, third = (_drawn(m) for m in (members, _members(evaluations.reverse()), shuffled))
    assert first == second == third
    assert len(first.drawn) == 40 == sum(s.n_drawn for s in first.strata)
    assert len(first.calls) == 200


def test_probabilities_stand_with_every_stratum() -> None:
    batch = _drawn(_members(_evaluations(200)))
    for stratum in batch.strata:
        calls = [call for call in batch.calls if call.stratum == stratum.stratum]
        assert len(calls) == stratum.n_population
        assert sum(call.is_drawn for call in calls) == stratum.n_drawn >= 5
        assert stratum.inclusion_probability == stratum.n_drawn / stratum.n_population
        drawn = max(call.ticket for call in calls if call.is_drawn)
        assert all(call.ticket > drawn for call in calls if not call.is_drawn)


@pytest.mark.parametrize(
    ("days", "n_calls", "framed", "n"),
    [
        pytest.param((30, 0, 30), (200, 0), (0, 0), 150, id="the-month-at-once"),
        pytest.param((30, 0, 10), (200, 0), (0, 0), 50, id="ten-days-of-it"),
        pytest.param((30, 10, 11), (20, 0), (200, 50), 5, id="the-next-day"),
        pytest.param((31, 0, 31), (900, 0), (0, 0), 150, id="no-call-is-lost-to-rounding"),
        pytest.param((30, 30, 30), (0, 20), (1500, 150), 2, id="late-calls-as-often"),
        pytest.param((30, 30, 30), (0, 1), (1500, 150), 1, id="never-none"),
        pytest.param((30, 30, 30), (0, 700), (1400, 150), 75, id="many-late"),
        pytest.param((30, 10, 20), (100, 40), (200, 50), 60, id="new-and-late"),
        pytest.param((30, 10, 20), (0, 40), (200, 50), 10, id="days-without-calls"),
    ],
)
def test_what_a_batch_takes_of_the_month(
    days: tuple[int, int, int], n_calls: tuple[int, int], framed: tuple[int, int], n: int
) -> None:
    assert batch_size(150, Days(*days), n_calls, framed) == n
