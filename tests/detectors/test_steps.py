"""`steps`: missing steps, and steps outside the longest ordered run."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.detectors.detect import detect_all
from qa_pipeline.detectors.registry import Detected, NotMeasured
from tests.detectors.looking import drawn, findings, outcome, quotes, signal

STEPS = [
    {"id": "name", "any_of": ["贵姓", "怎么称呼"]},
    {"id": "phone", "any_of": "电话"},
    {"id": "address", "any_of": ["地址"]},
    {"id": "gift", "any_of": ["赠品"], "optional": True},
    {"id": "confirm", "any_of": ["核对"]},
]
FULL = """agent 0-4: 您贵姓？
agent 10-14: 您的电话？
agent 20-24: 您的地址？
agent 30-34: 跟您核对。
"""


def found(text: str, **keys: object) -> list[tuple[str | None, float, float]]:
    return [
        (f.kind, round(f.start_s or 0, 3), round(f.end_s or 0, 3))
        for f in findings(drawn(text), "steps", **{"steps": STEPS, **keys})
    ]


def without(text: str, *numbers: int) -> str:
    return "\n".join(line for i, line in enumerate(text.splitlines()) if i not in numbers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(without(FULL, 1), [("missing:phone", 4, 22)], id="between its neighbours"),
        pytest.param(without(FULL, 0), [("missing:name", 10, 12)], id="from the first speech on"),
        pytest.param(without(FULL, 3), [("missing:confirm", 24, 24)], id="at the end"),
        pytest.param(
            without(FULL, 3) + "\ncustomer 40-50: 再见",
            [("missing:confirm", 24, 50)],
            id="till the end",
        ),
        pytest.param(
            without(FULL, 1, 2),
            [("missing:phone", 4, 32), ("missing:address", 4, 32)],
            id="two in one gap",
        ),
        pytest.param(
            "agent 0-4: 您的电话？\nagent 10-14: 您贵姓？\nagent 20-24: 您的地址？\n"
            "agent 30-34: 跟您核对。",
            [("misplaced:phone", 2, 4)],
            id="the one that came too early",
        ),
        pytest.param(
            FULL + "agent 40-44: 有赠品哦", [("misplaced:gift", 41, 43)], id="optional, too late"
        ),
        pytest.param(
            "agent 0-2: 地址\nagent 4-6: 地址\nagent 10-12: 贵姓\nagent 14-16: 电话\n"
            "agent 20-22: 核对",
            [("misplaced:address", 0, 2)],
            id="said twice, never where it belongs: once, at its first words",
        ),
        pytest.param(
            "agent 0-2: 核对\nagent 4-6: 地址\nagent 8-10: 电话\nagent 12-14: 贵姓",
            [("misplaced:confirm", 0, 2), ("misplaced:address", 4, 6), ("misplaced:phone", 8, 10)],
            id="backwards: the first declared stands",
        ),
    ],
)
def test_hits(text: str, expected: list[tuple[str, float, float]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FULL, id="all in order"),
        pytest.param("agent 0-9: 您怎么称呼，电话和地址说一下，我核对", id="in one turn"),
        pytest.param(
            "agent 0-1: 电话\n" + FULL.replace("0-4", "2-4", 1), id="once too early, then right"
        ),
        pytest.param(FULL + "agent 50-52: 您的电话", id="repeated after the end"),
        pytest.param(
            FULL.replace("agent 20-24", "customer 20-24"),
            id="by the other, where anyone may say it",
        ),
    ],
)
def test_near_misses(text: str) -> None:
    assert found(text) == []


def test_a_role_must_say_its_steps_itself() -> None:
    text = FULL.replace("agent 20-24", "customer 20-24")
    assert found(text, role="agent") == [("missing:address", 14, 32)]


def test_missing_has_no_quote_and_misplaced_shows_the_words() -> None:
    call = drawn("agent 0-4: 您的电话？\nagent 10-14: 您贵姓？\nagent 20-24: 跟您核对。")
    kinds = findings(call, "steps", steps=STEPS, role="agent")
    assert quotes(kinds) == ["电话", None]
    assert [(f.role, f.turn, f.match) for f in kinds] == [
        ("agent", 0, "text"),
        ("agent", None, None),
    ]


def test_one_phrase_may_serve_two_steps() -> None:
    steps = [{"id": "a", "any_of": ["核对地址"]}, {"id": "b", "any_of": ["核对地址", "地址"]}]
    assert found("agent 0-4: 核对地址", steps=steps) == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"first_s": 15}, [("missing:address", 14, 14), ("missing:confirm", 14, 14)]),
        ({"last_turns": 1}, ["missing:name", "missing:phone", "missing:address"]),
        ({"last_s": 1}, ["missing:name", "missing:phone", "missing:address", "missing:confirm"]),
    ],
)
def test_windows(keys: dict[str, int], expected: list[object]) -> None:
    got = found(FULL, **keys)
    assert got == expected or [kind for kind, _, _ in got] == expected


def test_what_is_missing_is_missing_in_the_windows_turns() -> None:
    steps = [{"id": "bye", "any_of": ["再见"]}]
    text = "agent 0-3: 您好\ncustomer 4-60: 我要退货\nagent 61-63: 好的"
    assert found(text, steps=steps, first_turns=1) == [("missing:bye", 0, 3)]
    assert found(text, steps=steps, last_turns=1) == [("missing:bye", 61, 63)]


def test_nothing_is_missing_where_the_anchor_is_not_said() -> None:
    signals = {
        "order": signal("phrase", any_of=["下单"]),
        "it": signal("steps", steps=STEPS, after="order"),
    }
    for text, n in (
        (FULL, 0),
        ("agent 0-1: 帮您下单\n" + FULL.replace("0-4", "2-4", 1), 0),
        (FULL + "agent 40-44: 下单", 4),
    ):
        after_order = detect_all(drawn(text), signals)["it"]
        assert isinstance(after_order, Detected)
        assert len(after_order.findings) == n, text


def test_who_says_nothing_misses_every_step() -> None:
    assert [kind for kind, _, _ in found("customer 0-4: 喂", role="agent")] == [
        "missing:name", "missing:phone", "missing:address", "missing:confirm",
    ]  # fmt: skip
    assert len(found("# duration_s: 30")) == 4


def test_a_customer_who_is_not_understood_may_have_said_it() -> None:
    text = without(FULL, 2) + "\ncustomer 40-50: …"
    assert isinstance(outcome(drawn(text), "steps", steps=STEPS), NotMeasured)
    assert findings(drawn(FULL + "customer 40-50: …"), "steps", steps=STEPS) == ()
    assert len(findings(drawn(text), "steps", steps=STEPS, role="agent")) == 1


# -- the longest ordered run against brute force ------------------------------------------------

_WORDS = ["苹果", "香蕉", "橘子", "西瓜", "葡萄"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=8), st.sets(st.integers(0, 4)))
def test_the_run_is_the_longest_and_ties_go_to_required_steps_and_the_first_declared(
    order: list[int], optional: set[int]
) -> None:
    steps = [
        {"id": f"s{i}", "any_of": [word], "optional": i in optional}
        for i, word in enumerate(_WORDS)
    ]
    lines = [f"agent {2 * i}-{2 * i + 1}: {_WORDS[step]}" for i, step in enumerate(order)]
    kinds = {kind for kind, _, _ in found("\n".join(lines) or "# duration_s: 9", steps=steps)}
    runs = {
        run
        for n in range(len(order) + 1)
        for run in combinations(order, n)
        if all(a < b for a, b in pairwise(run))
    }
    best = min(runs, key=lambda run: (-len(run), len(optional & set(run)), run[::-1]))
    assert kinds == {f"missing:s{i}" for i in range(5) if i not in {*order, *optional}} | {
        f"misplaced:s{i}" for i in set(order) - set(best)
    }
