"""Flagged and listed calls: heard for a reason, once, never twice, and never instead of chance."""

import polars as pl

from qa_pipeline.sampling.draw import lowest, seed_of
from qa_pipeline.sampling.plan import Flagged
from qa_pipeline.sampling.strata import flagged_calls
from qa_pipeline.sampling.targets import BackCheckList, back_checked, flagged

NAMES = ("2026-10", "")


def calls(n: int = 20) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "call_id": [f"c{i:02d}" for i in range(n)],
            "machine_verdict": [
                "fail" if i < 5 else "undecided" if i < 8 else "pass" for i in range(n)
            ],
            "metadata": [f'{{"order_id": "{i // 2}"}}' if i % 5 else "{}" for i in range(n)],
            "fatal_failed": [i < 3 for i in range(n)],
            "fatal_not_measured": [i == 7 for i in range(n)],
            "undecided": [5 <= i < 8 for i in range(n)],
        }
    )


def test_flags_say_what_the_machine_found_and_the_gravest_names_the_call() -> None:
    verdicts = pl.DataFrame(
        {
            "call_id": ["a", "a", "b", "c", "d"],
            "fatal": [True, False, True, False, True],
            "outcome": ["fail", "not_measured", "not_measured", "fail", "pass"],
        }
    )
    judged = pl.DataFrame(
        {"call_id": ["a", "b", "c", "d"], "machine_verdict": ["fail", "undecided", "fail", "pass"]}
    )
    told = flagged_calls(judged, verdicts)
    assert told["fatal_failed"].to_list() == [True, False, False, False]
    assert told["fatal_not_measured"].to_list() == [False, True, False, False]
    assert told["flag"].to_list() == ["fatal_failed", "fatal_not_measured", "machine_failed", None]


def test_flagged_calls_are_those_of_the_rule_that_nobody_hears_yet() -> None:
    targets = flagged(calls(), [(Flagged(rule="fatal_failed"), None)], {"c01"}, NAMES)
    assert [(t.call_id, t.reason, t.rule) for t in targets] == [
        ("c00", "flagged", "fatal_failed"),
        ("c02", "flagged", "fatal_failed"),
    ]
    assert {(t.n_population, t.n_picked) for t in targets} == {(3, 2)}


def test_a_limit_takes_the_lowest_tickets_and_two_rules_share_no_call() -> None:
    rules = [(Flagged(rule="undecided", most=2), 2), (Flagged(rule="fatal_not_measured"), None)]
    targets = flagged(calls(), rules, set(), NAMES)
    chosen = lowest(["c05", "c06", "c07"], 2, seed_of("2026-10", "flagged=undecided"))
    assert {t.call_id for t in targets if t.rule == "undecided"} == set(chosen)
    assert len({t.call_id for t in targets}) == len(targets)
    assert flagged(calls(), [(Flagged(rule="undecided", most=2), 0)], set(), NAMES) == []


def test_a_list_finds_every_call_of_an_order_and_tells_what_it_does_not_find() -> None:
    complaints = BackCheckList("complaints", "order_id", ("3", "1", "999", "x"))
    targets, [listed] = back_checked(calls(), [complaints], {"c06"}, NAMES)
    assert [t.call_id for t in targets] == ["c02", "c03", "c07"]
    assert (listed.n_wanted, listed.n_calls, listed.n_heard_already) == (4, 4, 1)
    assert listed.unknown == ("999", "x")


def test_lists_by_call_id_and_by_a_column_that_no_call_has() -> None:
    by_id = BackCheckList("a", "call_id", ("c04", "c04x"))
    nowhere = BackCheckList("b", "ticket", ("7",))
    targets, listed = back_checked(calls(), [by_id, nowhere], set(), NAMES)
    assert [t.call_id for t in targets] == ["c04"]
    assert [one.unknown for one in listed] == [("c04x",), ("7",)]


def test_a_call_on_two_lists_is_heard_once() -> None:
    one, two = (
        BackCheckList("a", "call_id", ("c04",)),
        BackCheckList("b", "call_id", ("c04", "c05")),
    )
    targets, listed = back_checked(calls(), [one, two], set(), NAMES)
    assert [(t.call_id, t.rule) for t in targets] == [("c04", "a"), ("c05", "b")]
    assert [found.n_heard_already for found in listed] == [0, 1]
