"""Cells: every call in one, none without a chance, and what floors, shares and quotas promise."""

from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.sampling.cells import Cell, Design, Fixed, Member, block_sizes, cells_of

VERDICTS = ("pass", "fail")


def calls(n: int, unit: str = "agent=A", block: str = "", group: str = "G") -> list[Member]:
    """Draw up `n` calls of an agent, every fifth failed by the machine."""
    found = ["fail" if i % 5 == 0 else "pass" for i in range(n)]
    return [
        Member(f"{unit}-{block}-{i:04d}", f"{group}/{v}", v, unit, block)
        for i, v in enumerate(found)
    ]


def drawn_of(cells: tuple[Cell, ...], **of: str) -> int:
    """Return the calls drawn in cells whose members all have these labels."""
    return sum(
        cell.n_drawn
        for cell in cells
        if all(getattr(m, key) == value for m in cell.members for key, value in of.items())
    )


@pytest.mark.parametrize(
    ("sizes", "n", "design", "expected"),
    [
        pytest.param({"": 100}, 20, {}, {"": 20}, id="only-the-rest"),
        pytest.param(
            {"": 900, "f": 100}, 100, {"raised": {"f": 0.3}}, {"": 70, "f": 30}, id="raised"
        ),
        pytest.param(
            {"": 100, "f": 900},
            100,
            {"raised": {"f": 0.3}},
            {"": 10, "f": 90},
            id="a-focus-on-most-calls-is-not-lowered",
        ),
        pytest.param(
            {"": 100, "f": 900},
            100,
            {"raised": {"f": 0.3}, "random_floor": 0.3},
            {"": 30, "f": 70},
            id="the-floor-holds-against-it",
        ),
        pytest.param(
            {"": 900, "f": 10}, 100, {"raised": {"f": 0.3}}, {"": 90, "f": 10}, id="all-of-a-few"
        ),
        pytest.param({"f": 900}, 100, {"raised": {"f": 0.3}}, {"f": 100}, id="nothing-but-focus"),
        pytest.param(
            {"": 900, "l": 40},
            100,
            {"fixed": {"l": Fixed(1.0)}},
            {"": 60, "l": 40},
            id="a-level-comes-first",
        ),
        pytest.param(
            {"": 900, "l": 200},
            100,
            {"fixed": {"l": Fixed(1.0)}, "random_floor": 0.3},
            {"": 30, "l": 200},
            id="full-inspection-leaves-the-floor",
        ),
        pytest.param({"l": 7}, 100, {"fixed": {"l": Fixed(0.5)}}, {"l": 4}, id="half-of-seven"),
        pytest.param(
            {"": 100, "l": 250}, 50, {"fixed": {"l": Fixed(0.02)}}, {"": 45, "l": 5},
            id="two-percent-of-250-is-5",
        ),
    ],
)  # fmt: skip
def test_blocks(
    sizes: dict[str, int], n: int, design: dict[str, Any], expected: dict[str, int]
) -> None:
    assert block_sizes(sizes, n, Design(**design)) == expected


def test_without_anything_special_cells_are_the_strata() -> None:
    cells = cells_of(calls(50) + calls(50, group="H"), 20, Design(minimum=2))
    assert [cell.name for cell in cells] == ["G/fail", "G/pass", "H/fail", "H/pass"]
    assert [cell.n_drawn for cell in cells] == [2, 8, 2, 8]


def test_agents_who_are_owed_calls_get_them_and_the_others_stay_in_their_strata() -> None:
    members = calls(200, "agent=A") + calls(6, "agent=B") + calls(2, "agent=C")
    cells = cells_of(members, 20, Design(minimum=2, quotas={"agent=B": 4, "agent=C": 4}))
    assert drawn_of(cells, unit="agent=B") == 4
    assert drawn_of(cells, unit="agent=C") == 2, "no more than there are"
    assert drawn_of(cells, unit="agent=A") == 14
    assert {cell.name for cell in cells} == {
        "G/fail",
        "G/pass",
        "G/fail/agent=B",
        "G/pass/agent=B",
        "G/fail/agent=C",
        "G/pass/agent=C",
    }


def test_quotas_beyond_the_wanted_calls_win() -> None:
    members = [m for i in range(10) for m in calls(20, f"agent={i}")]
    cells = cells_of(members, 15, Design(quotas={f"agent={i}": 3 for i in range(10)}))
    assert sum(cell.n_drawn for cell in cells) == 30


@pytest.mark.parametrize(
    ("n_owed", "names"),
    [
        pytest.param(4, {"G/pass/agent=A", "G/fail/agent=A", "H/pass/agent=A", "H/fail/agent=A"},
                     id="every-stratum"),
        pytest.param(3, {"*/pass/agent=A", "*/fail/agent=A"}, id="by-verdict"),
        pytest.param(1, {"*/agent=A"}, id="together"),
    ],
)  # fmt: skip
def test_a_small_quota_is_split_as_far_as_it_goes(n_owed: int, names: set[str]) -> None:
    members = calls(40) + [
        Member(f"h{m.call_id}", m.stratum.replace("G", "H"), m.verdict, m.unit) for m in calls(40)
    ]
    cells = cells_of(members, n_owed, Design(quotas={"agent=A": n_owed}))
    assert {cell.name for cell in cells} == names
    assert sum(cell.n_drawn for cell in cells) == n_owed


def test_a_quota_is_met_over_all_blocks_that_an_agents_calls_stand_in() -> None:
    members = calls(40, "agent=A") + calls(10, "agent=A", "focus=new") + calls(400, "agent=B")
    design = Design(minimum=2, quotas={"agent=A": 12}, raised={"focus=new": 0.2})
    cells = cells_of(members, 40, design)
    assert drawn_of(cells, unit="agent=A") >= 12
    assert drawn_of(cells, block="focus=new") >= 8


def test_names_with_slashes_stay_apart() -> None:
    members = calls(20, "agent=a/b") + calls(20, "agent=a%2Fb")
    cells = cells_of(members, 8, Design(quotas={"agent=a/b": 4, "agent=a%2Fb": 4}))
    assert len({cell.name for cell in cells}) == len(cells) == 4


def test_a_name_too_long_for_the_ledger_is_hashed_and_stays_unique() -> None:
    members = [
        Member(f"{end}{i}", "组" * 300 + end, "pass") for end in ("甲", "乙") for i in range(9)
    ]
    names = [cell.name for cell in cells_of(members, 8, Design(minimum=2))]
    assert [len(name) for name in names] == [255, 255]
    assert names[0] != names[1]


def test_neyman_weighs_strata_by_their_spread() -> None:
    members = calls(1000)
    design = Design(minimum=2, spreads={"G/pass": 0.1, "G/fail": 0.4})
    drawn = {cell.name: cell.n_drawn for cell in cells_of(members, 60, design)}
    assert drawn == {"G/fail": 30, "G/pass": 30}, "200 x 0.4 = 800 x 0.1"


_LABELS = st.lists(
    st.tuples(
        st.sampled_from(("G", "H", "J")),
        st.sampled_from(VERDICTS),
        st.sampled_from(("agent=a", "agent=b", "agent=c", "agent=d")),
        st.sampled_from(("", "", "focus=f", "focus=g", "level=full agent=a", "level=exempt")),
    ),
    min_size=1,
    max_size=120,
)


@given(_LABELS, st.integers(1, 200), st.dictionaries(
    st.sampled_from(("agent=a", "agent=b", "agent=c", "agent=nobody")), st.integers(1, 9)
))  # fmt: skip
def test_every_call_has_one_cell_and_a_chance_and_every_promise_holds(
    labels: list[tuple[str, str, str, str]], n: int, quotas: dict[str, int]
) -> None:
    members = [
        Member(f"c{i:03d}", f"{group}/{verdict}", verdict, unit, block)
        for i, (group, verdict, unit, block) in enumerate(labels)
    ]
    design = Design(
        minimum=2,
        quotas=quotas,
        random_floor=0.3,
        raised={"focus=f": 0.3, "focus=g": 0.2},
        fixed={"level=full agent=a": Fixed(1.0), "level=exempt": Fixed(0.02)},
    )
    cells = cells_of(members, n, design)
    assert Counter(m for cell in cells for m in cell.members) == Counter(members)
    assert len({cell.name for cell in cells}) == len(cells)
    assert all(1 <= cell.n_drawn <= len(cell.members) for cell in cells)
    in_block = Counter(m.block for m in members)
    assert drawn_of(cells, block="level=full agent=a") == in_block["level=full agent=a"]
    by_unit = Counter(m.unit for m in members)
    for unit, quota in quotas.items():
        assert drawn_of(cells, unit=unit) >= min(quota, by_unit[unit])
    if {"pass"} & {m.verdict for m in members if not m.block and m.unit not in quotas}:
        assert drawn_of(cells, verdict="pass") >= 1, "what the machine passed is heard too"


def test_the_result_does_not_hang_on_the_order_of_calls() -> None:
    members = [m for u, b in product("ab", ("", "focus=f")) for m in calls(30, f"agent={u}", b)]
    design = Design(quotas={"agent=a": 5}, raised={"focus=f": 0.4}, minimum=2)
    forth = {c.name: (c.n_drawn, set(c.members)) for c in cells_of(members, 25, design)}
    back = {c.name: (c.n_drawn, set(c.members)) for c in cells_of(members[::-1], 25, design)}
    assert forth == back


def test_a_level_hears_the_share_it_says_exactly() -> None:
    """0.07 x 100 is 7.000000000000001 in floating point; eight calls would be one too many."""
    assert [Fixed(share).of(100) for share in (0.07, 0.14, 0.28, 0.29, 0.57)] == [
        7, 14, 28, 29, 57,
    ]  # fmt: skip
    assert Fraction(str(0.07)) * 100 == 7
