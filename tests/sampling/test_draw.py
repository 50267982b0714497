"""The draw: frozen values that every machine must repeat."""

import random

import polars as pl
import pytest

from qa_pipeline.errors import WrongUse
from qa_pipeline.sampling.batch import draw_batch, late_calls, size_of_late_batch
from qa_pipeline.sampling.draw import lowest, seed_of, ticket, uniform
from qa_pipeline.sampling.strata import frame_of, stratum_values

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
    frame = frame_of(_evaluations(40), ("group", "machine_verdict"))
    assert frame["call_id"].to_list() == sorted(frame["call_id"].to_list())
    assert frame["stratum"][0] == "A%2FB 100%25/undecided"
    assert stratum_values(frame["stratum"][0]) == ("A/B 100%", "undecided")
    assert frame["stratum"][4] == "订购组/fail"


@pytest.mark.parametrize(("column", "value"), [("shop", "north"), ("cost-centre 1", "8")])
def test_a_manifest_column_makes_strata(column: str, value: str) -> None:
    frame = frame_of(_evaluations(4), (column,))
    assert frame["stratum"].to_list() == ["-", value, "-", value]


def test_unknown_column_is_told_with_the_nearest() -> None:
    with pytest.raises(WrongUse, match="no call has this column") as refused:
        frame_of(_evaluations(4), ("groop",))
    assert "'group'" in refused.value.say("en")
    with pytest.raises(WrongUse):
        frame_of(_evaluations(4), ("shop'] | $..*",))
    with pytest.raises(WrongUse):
        frame_of(_evaluations(4), ("shop\\",))


def test_the_strictest_evaluation_is_the_calls_verdict() -> None:
    evaluations = pl.DataFrame(
        {
            "call_id": ["a", "a", "b", "b", "c", "c", "d"],
            "scorecard_id": ["x", "y", "x", "y", "x", "y", "x"],
            "passed": [True, False, True, None, None, False, True],
            "metadata": ["{}"] * 7,
        }
    )
    strata = dict(frame_of(evaluations, ("machine_verdict",)).iter_rows())
    assert strata == {"a": "fail", "b": "undecided", "c": "fail", "d": "pass"}


def test_batch_is_the_same_in_any_order_of_rows() -> None:
    evaluations = _evaluations(200)
    frames = [
        frame_of(e, ("group", "machine_verdict")) for e in (evaluations, evaluations.reverse())
    ]
    shuffled = frames[0].sample(fraction=1.0, shuffle=True, seed=3)
    first, second, third = (
        draw_batch(f, "2026-11", "1", n_calls=40, minimum=5) for f in (*frames, shuffled)
    )
    assert first == second == third
    assert len(first.drawn) == 40 == sum(s.n_drawn for s in first.strata)
    assert len(first.calls) == 200


def test_probabilities_stand_with_every_stratum() -> None:
    batch = draw_batch(
        frame_of(_evaluations(200), ("group", "machine_verdict")),
        "2026-11",
        "1",
        n_calls=40,
        minimum=5,
    )
    for stratum in batch.strata:
        calls = [call for call in batch.calls if call.stratum == stratum.stratum]
        assert len(calls) == stratum.n_population
        assert sum(call.is_drawn for call in calls) == stratum.n_drawn >= 5
        assert stratum.inclusion_probability == stratum.n_drawn / stratum.n_population
        drawn = max(call.ticket for call in calls if call.is_drawn)
        assert all(call.ticket > drawn for call in calls if not call.is_drawn)


def test_late_calls_form_the_next_batch() -> None:
    frame = frame_of(_evaluations(200), ("group", "machine_verdict"))
    first = draw_batch(frame.head(180), "2026-11", "1", n_calls=40, minimum=5)
    late = late_calls(frame, {call.call_id for call in first.calls})
    assert late["call_id"].to_list() == [f"c{i:03d}" for i in range(180, 200)]


@pytest.mark.parametrize(
    ("n_late", "n_framed", "n"), [(200, 0, 150), (20, 1500, 2), (1, 1500, 1), (700, 1400, 75)]
)
def test_a_late_batch_is_heard_as_often(n_late: int, n_framed: int, n: int) -> None:
    assert size_of_late_batch(150, n_late, n_framed) == n
