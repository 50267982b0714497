"""Which scorecards judge a call: the newest in force of each id, where it applies."""

from datetime import date

import pytest

from qa_pipeline.records import Value
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.selection import in_force
from tests.scorecard.cards import edited, load

DAY = date(2026, 11, 20)


def card(name: str, version: int, start: str | None = None, applies: str = "") -> LoadedScorecard:
    keys = f"language: zh\n{f'effective_from: {start}' if start else ''}\n{applies}"
    return load(
        edited(("order-line", name), ("version: 3", f"version: {version}"), ("language: zh", keys))
    )


def chosen(
    cards: list[LoadedScorecard], metadata: dict[str, Value] | None = None, day: date = DAY
) -> list[tuple[str, int]]:
    found = in_force(cards, metadata or {}, day)
    return [(c.scorecard.scorecard, c.scorecard.version) for c in found]


def test_the_newest_in_force_is_used_whatever_the_order_of_files() -> None:
    cards = [card("a", 3, "2026-11-20"), card("a", 1), card("a", 2, "2026-10-01")]
    assert chosen(cards) == [("a", 3)]
    assert chosen(cards[::-1]) == [("a", 3)]
    assert chosen(cards, day=date(2026, 11, 19)) == [("a", 2)]
    assert chosen(cards, day=date(2026, 9, 30)) == [("a", 1)]


def test_the_first_day_belongs_to_the_new_version() -> None:
    cards = [card("a", 1, "2026-10-01")]
    assert chosen(cards, day=date(2026, 10, 1)) == [("a", 1)]
    assert chosen(cards, day=date(2026, 9, 30)) == []


def test_each_id_that_matches_gives_one() -> None:
    cards = [card("b", 1), card("a", 1), card("c", 1, applies="applies_to: {queue: [x]}")]
    assert chosen(cards) == [("a", 1), ("b", 1)]


def test_an_old_version_does_not_come_back_where_the_new_one_does_not_apply() -> None:
    cards = [card("a", 1), card("a", 2, "2026-10-01", "applies_to: {queue: [vip]}")]
    assert chosen(cards, {"queue": "orders"}) == []
    assert chosen(cards, {"queue": "orders"}, date(2026, 9, 1)) == [("a", 1)]


@pytest.mark.parametrize(
    ("applies", "metadata", "matches"),
    [
        ("{queue: [orders, vip]}", {"queue": "vip"}, True),
        ("{queue: orders}", {"queue": "orders"}, True),
        ("{queue: orders}", {"queue": "Orders"}, False),
        ("{queue: orders}", {"queue": None}, False),
        ("{queue: orders}", {}, False),
        ("{queue: orders, segment: retail}", {"queue": "orders", "segment": "vip"}, False),
        ("{queue: orders, segment: retail}", {"queue": "orders", "segment": "retail"}, True),
        ("{line: 4}", {"line": 4}, True),
        ("{line: 4}", {"line": "4"}, True),
        ('{line: "4"}', {"line": 4}, True),
        ('{test: "true"}', {"test": True}, True),
    ],
)
def test_columns_are_compared_as_they_are_written(
    applies: str, metadata: dict[str, Value], matches: bool
) -> None:
    assert bool(chosen([card("a", 1, applies=f"applies_to: {applies}")], metadata)) is matches


def test_a_call_of_another_language_is_not_for_this_scorecard() -> None:
    assert chosen([card("a", 1)], {"language": "zh"}) == [("a", 1)]
    assert chosen([card("a", 1)], {"language": "en"}) == []
